// What is sent: too much, too little, of another type, in pieces, not JSON,
// or JSON with one of the traps that parsers leave open.

import assert from 'node:assert/strict';
import test from 'node:test';
import { cgi, cgiHeaders, good, refused } from '../lib/expect.mjs';
import { purchase, useSite, wire } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

const SUBMIT = '/v1/partner/actions/submit';
const MIB = 1024 * 1024;

const send = (body, headers = {}) => acme.post(SUBMIT, body, { headers });
const count = async () => good(await acme.get('/v1/partner/actions'))
    .pagination.total;

/** A purchase of so many bytes. */
function padded(size) {
	const text = JSON.stringify(purchase());
	return text + ' '.repeat(size - text.length);
}

test('413: one byte more than a MiB', async () => {
	good(await send(padded(MIB)));
	for (const size of [MIB + 1, 2 * MIB, 4 * MIB]) {
		refused(await send(padded(size)), 413, 'PAYLOAD_TOO_LARGE');
		refused(await send(padded(size), { 'X-Signature': 'x' }),
		    413, 'PAYLOAD_TOO_LARGE');
	}
	assert.equal((await send(padded(8 * MIB))).status, 413);
	good(await send(padded(1000)));
});

for (const type of ['text/plain', 'application/x-www-form-urlencoded',
    'application/jsonp', 'application/problem+json', 'json', '*/*',
    'text/json', 'application/json/x', undefined])
	test(`415: ${type}`, async () => {
		refused(await send(JSON.stringify(purchase()),
		    { 'Content-Type': type }),
		    415, 'UNSUPPORTED_MEDIA_TYPE');
	});

for (const type of ['application/json', 'application/json; charset=utf-8',
    'application/json;charset=UTF-8', 'Application/JSON',
    'application/json ; x=y'])
	test(`taken for JSON: ${type}`, async () => {
		good(await send(JSON.stringify(purchase()),
		    { 'Content-Type': type }));
	});

test('no body is an object without members', async () => {
	for (const headers of [{}, { 'Content-Type': 'text/plain' },
	    { 'Content-Type': undefined }])
		for (const body of [undefined, ''])
			refused(await send(body, headers), 400,
			    'INVALID_REQUEST', ['/idempotencyKey',
				'/actionType', '/stakeholders']);
});

/** The bytes of a request whose body comes in pieces of these sizes. */
function chunked(body, ...sizes) {
	const bytes = Buffer.from(body);
	const headers = { ...acme.headers('POST', SUBMIT, body),
	    'Content-Length': undefined, 'Transfer-Encoding': 'chunked' };
	const parts = [wire('POST', site.prefix + SUBMIT, headers)];
	for (let at = 0; at < bytes.length;) {
		const part = bytes.subarray(at, at + (sizes.shift() ?? 1e9));
		parts.push(Buffer.from(`${part.length.toString(16)}\r\n`),
		    part, Buffer.from('\r\n'));
		at += part.length;
	}
	return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

test('a chunked body, in one piece and in many', async () => {
	for (const sizes of [[], [1, 2, 3], Array(50).fill(1)]) {
		const answer = await site.raw(
		    chunked(JSON.stringify(purchase()), ...sizes));
		assert.equal(answer.status, 200, answer.text);
	}
	const large = await site.raw(chunked(padded(MIB + 1), 70000, 70000));
	/* Of this mod_fcgid says so itself, and says it with a 500. */
	assert.equal(large.status,
	    site.server === 'apache-fcgid' ? 500 : 413);
});

test('a body that ends too early books nothing', async () => {
	const before = await count();
	const bytes = acme.wire('POST', SUBMIT, { body: purchase() });
	for (const part of [bytes.length - 1, bytes.length - 100]) {
		const { status } = await site.raw(bytes.subarray(0, part),
		    { end: true, wait_ms: 1000 });
		assert.ok([0, 400, 408, 500].includes(status), `${status}`);
	}
	assert.equal(await count(), before);
});

/** A purchase to the program itself, as CGI. */
function toProgram(body, changes, sent = body) {
	return cgi(site, 'actions', {
		...cgiHeaders(acme.headers('POST', SUBMIT, body)),
		REQUEST_METHOD: 'POST', REQUEST_URI: SUBMIT,
		CONTENT_LENGTH: String(Buffer.byteLength(body)), ...changes,
	}, sent);
}

test('400 INCOMPLETE_BODY: shorter than it was said to be', async () => {
	const body = JSON.stringify(purchase());
	refused(await toProgram(body, {}, body.slice(0, -1)),
	    400, 'INCOMPLETE_BODY');
	refused(await toProgram(body, {}, ''), 400, 'INCOMPLETE_BODY');
	refused(await toProgram(body, { CONTENT_LENGTH: '12x' }),
	    400, 'INCOMPLETE_BODY');
	refused(await toProgram(body, { CONTENT_LENGTH: '-1' }),
	    400, 'INCOMPLETE_BODY');
	refused(await toProgram(body, { CONTENT_LENGTH: '9'.repeat(30) }),
	    413, 'PAYLOAD_TOO_LARGE');
	good(await toProgram(body, {}, `${body} and more`));
});

test('as plain CGI a chunked body has no length', async () => {
	const body = JSON.stringify(purchase());
	const changes = { CONTENT_LENGTH: '',
	    HTTP_TRANSFER_ENCODING: 'chunked' };
	good(await toProgram(body, changes));
	refused(await toProgram(padded(MIB + 1), changes),
	    413, 'PAYLOAD_TOO_LARGE');
});

test('a body that a GET has is not read', async () => {
	const target = '/v1/partner/actions';
	for (const body of ['{', 'x'])
		good(await cgi(site, 'actions', {
			...cgiHeaders(acme.headers('GET', target, body)),
			REQUEST_METHOD: 'GET', REQUEST_URI: target,
			CONTENT_LENGTH: '1', CONTENT_TYPE: 'text/plain',
		}, body));
});

const deep = (depth) => '['.repeat(depth) + ']'.repeat(depth);

for (const [name, body, pointer = ''] of [
	['single quotes', "{'a':1}"], ['no quotes', '{a:1}'],
	['a value in single quotes', "{\"a\":'1'}", '/a'],
	['NaN', '{"amount":NaN}', '/amount'],
	['Infinity', '{"amount":-Infinity}', '/amount'],
	['a NUL, escaped', '{"a":"x\\u0000y"}', '/a'],
	['a NUL in a name', '{"x\\u0000y":1}'],
	['a NUL byte', '{"a":"\u0000"}', '/a'],
	['a duplicate', '{"a":1,"b":2,"a":1}', '/a'],
	['a duplicate, escaped', '{"a":1,"\\u0061":1}', '/a'],
	['a duplicate inside', '{"x":[{"a":1,"a":2}]}', '/x/0/a'],
	['2^63', '{"tokens":9223372036854775808}', '/tokens'],
	['-2^63-1', '{"n":[1,-9223372036854775809]}', '/n/1'],
	['depth 17', `{"a":${deep(16)}}`, `/a${'/0'.repeat(15)}`],
	['depth 100000', deep(100000), '/0'.repeat(16)],
	['a comma too many', '{"a":1,}'], ['in a list', '{"a":[1,]}', '/a/1'],
	['a comma too few', '{"a":1 "b":2}'], ['a comment', '{/* */"a":1}'],
	['another comment', '{"a":1} // x'], ['hex', '{"a":0x10}'],
	['a plus', '{"a":+1}', '/a'], ['no digit', '{"a":.5}', '/a'],
	['no digit after', '{"a":5.}', '/a'], ['-', '{"a":-}', '/a'],
	['no exponent', '{"a":1e}', '/a'], ['zeros', '{"a":007}', '/a'],
	['TRUE', '{"a":TRUE}', '/a'], ['undefined', '{"a":undefined}', '/a'],
	['a line in a text', '{"a":"x\ny"}', '/a'],
	['a tab in a text', '{"a":"x\ty"}', '/a'],
	['a wrong escape', '{"a":"\\x41"}', '/a'],
	['half an escape', '{"a":"\\u12"}', '/a'],
	['half a pair', '{"a":"\\ud83c"}', '/a'],
	['a pair reversed', '{"a":"\\udf97\\ud83c"}', '/a'],
	['two objects', '{} {}'], ['something after', '{"a":1}x'],
	['nothing but space', ' \r\n\t'], ['one brace', '{'],
	['the end missing', '{"a":"b', '/a'], ['a closing one', '}'],
	['a byte order mark', '\ufeff{}'], ['a form feed', '\f{}'],
	['XML', '<a/>'], ['a form', 'amount=5&currency=USD'],
	['no UTF-8', Buffer.from('{"a":"\xff"}', 'latin1'), '/a'],
	['half a character', Buffer.from('{"a":"\xc3"}', 'latin1'), '/a'],
	['overlong', Buffer.from('{"a":"\xc0\xaf"}', 'latin1'), '/a'],
	['a surrogate', Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'), '/a'],
	['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
])
	test(`400 MALFORMED_JSON: ${name}`, async () => {
		const { errors } = refused(await send(body),
		    400, 'MALFORMED_JSON');
		assert.equal(errors.length, 1);
		if (pointer !== '')
			assert.equal(errors[0].pointer, pointer);
		assert.match(errors[0].detail, /^Byte \d+: /);
	});

for (const body of ['[]', '1', '"x"', 'null', 'true', '[{}]'])
	test(`400 INVALID_REQUEST: ${body} is JSON, but no object`,
	    async () => {
		refused(await send(body), 400, 'INVALID_REQUEST', ['']);
	    });

test('JSON that is at the edge of what is taken', async () => {
	const text = () => JSON.stringify(purchase({ metadata: '@' }));
	for (const metadata of [`{"a":${deep(14)}}`,
	    '{"n":[9223372036854775807,-9223372036854775808,1E5,-0.0]}',
	    '{"\\u0061":"\\u0001\\/\\b\\f","":{"":{}}}'])
		good(await send(` \t\r\n${text().replace('"@"', metadata)}\n`));
});

test('all faults of a body at once, each with its pointer', async () => {
	refused(await send({
		idempotencyKey: '', actionType: 'purchase', amount: '5',
		currency: 'DOLLARS', stakeholders: [
			{ stakeholderTypeCode: 'x', partnerUserId: 7,
			    userEmail: 'nobody', userFirstName: [] },
			'jane',
			{ partnerUserId: 'a/b', userLastName: {} },
		], autoCreateUsers: 'yes', campaignId: 'x', tokenPoolId: 5,
		occurredAt: 'now', metadata: [],
	}), 400, 'INVALID_REQUEST', [
		'/idempotencyKey', '/actionType', '/amount', '/currency',
		'/stakeholders/0/stakeholderTypeCode',
		'/stakeholders/0/partnerUserId', '/stakeholders/0/userEmail',
		'/stakeholders/0/userFirstName', '/stakeholders/1',
		'/stakeholders/2/stakeholderTypeCode',
		'/stakeholders/2/partnerUserId',
		'/stakeholders/2/userLastName', '/autoCreateUsers',
		'/campaignId', '/tokenPoolId', '/occurredAt', '/metadata',
	]);
});

test('very many faults are told of up to a limit', async () => {
	const { errors } = refused(await send({
		stakeholders: Array(20).fill(Object.fromEntries(
		    ['stakeholderTypeCode', 'partnerUserId', 'userEmail',
			'userFirstName', 'userLastName']
		    .map((name) => [name, 5]))),
	}), 400, 'INVALID_REQUEST');
	assert.ok(errors.length >= 50 && errors.length <= 100);
});

test('types are never converted', async () => {
	for (const [name, value] of [['autoCreateUsers', 'true'],
	    ['autoCreateUsers', 1], ['idempotencyKey', 5],
	    ['currency', ['USD']], ['occurredAt', 1746876000],
	    ['stakeholders', {}], ['metadata', '{}'], ['amount', '5']])
		refused(await acme.submit({ [name]: value }),
		    400, 'INVALID_REQUEST', [`/${name}`]);
});

test('a hundred thousand names cost no more than reading them', async () => {
	const names = Array.from({ length: 80000 }, (_, i) => `"k${i}":1`);
	const began = Date.now();
	refused(await send(`{${names.join(',')}}`), 400, 'INVALID_REQUEST');
	assert.ok(Date.now() - began < 5000);
});
