// almoner webhook verify: what goes wrong with a webhook's signature is done
// here on purpose, and must be found, by its name.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import test from 'node:test';
import { almoner, file, lines, sample, verify } from '../lib/webhook.mjs';
import { run } from '../lib/process.mjs';

const mac = (key, text, form = 'hex') =>
	createHmac('sha256', key).update(text).digest(form);
const key = (secret) => Buffer.from(secret.slice(6), 'base64');
const value = (d) => JSON.parse(d.body);
const time = (d) => d.headers['x-sir-timestamp'];

/** The delivery with other headers. */
const headed = (d, headers) =>
	({ ...d, headers: { ...d.headers, ...headers } });
const signed = (d, signature) =>
	headed(d, { 'x-sir-signature': `sha256=${signature}` });
const spelled = (text) => text.replace(/"(:|,)/g, '"$1 ')
    .replaceAll('ë', '\\u00eb');

for (const format of ['sir', 'standard', 'chuffed', 'qiibee'])
	test(`${format}: right, by its headers and by its name`, async () => {
		const made = await sample(format);
		for (const words of [[], ['--format', format]]) {
			const said = await verify(made, ...words);
			assert.ok(said.right && said.accepted, said.details);
			assert.equal(said.format, format);
		}
	});

const LIST = [
	/* The secret. */
	['SECRET_OTHER', 'sir', (d) => ({ ...d, secret: `${d.secret}0` })],
	['SECRET_OTHER', 'standard',
		(d) => ({ ...d, secret: `whsec_${'A'.repeat(32)}` })],
	['SECRET_OTHER', 'standard', (d) => ({ ...d, secret: 'no base64' })],
	['SECRET_OTHER', 'chuffed', (d) => ({ ...d, secret: 'x' })],
	['SECRET_OTHER', 'qiibee', (d) => ({ ...d, secret: 'almoner:x' })],
	['SECRET_OTHER', 'sir', (d) => ({ ...d, secret: '' })],
	['SECRET_SPACE', 'sir', (d) => ({ ...d, secret: `${d.secret}\n` })],
	['SECRET_SPACE', 'standard',
		(d) => ({ ...d, secret: ` ${d.secret}` })],
	['SECRET_SPACE', 'chuffed',
		(d) => ({ ...d, secret: `${d.secret}\r\n` })],
	['SECRET_SPACE', 'qiibee', (d) => ({ ...d, secret: `${d.secret} ` })],
	['SECRET_QUOTED', 'sir', (d) => ({ ...d, secret: `"${d.secret}"` })],
	['SECRET_CUT', 'sir', (d) => ({ ...d, secret: d.secret.slice(6) })],
	['SECRET_WITHOUT_PREFIX', 'sir', (d) => signed(d,
		mac(d.secret.slice(6), `${time(d)}.${d.body}`))],
	['SECRET_LINE_END', 'sir', (d) => signed(d,
		mac(`${d.secret}\n`, `${time(d)}.${d.body}`))],
	['SECRET_AS_BASE64', 'qiibee', (d) => ({ ...d,
		secret: Buffer.from(d.secret).toString('base64') })],
	['SECRET_AS_BASE64', 'qiibee', (d) => ({ ...d,
		secret: d.headers.authorization })],
	['KEY_UNBASE64', 'sir', (d) => signed(d,
		mac(key(d.secret), `${time(d)}.${d.body}`))],
	['KEY_AS_BYTES', 'sir', (d) => signed(d, mac(
		Buffer.from(d.secret.slice(6), 'hex'),
		`${time(d)}.${d.body}`))],
	['KEY_AS_TEXT', 'standard', (d) => headed(d, {
		'webhook-signature': `v1,${mac(d.secret,
			`${d.headers['webhook-id']}.${
			d.headers['webhook-timestamp']}.${d.body}`,
			'base64')}` })],

	/* The body. */
	...['sir', 'standard', 'chuffed'].flatMap((format) => [
		['BODY_RESPELLED', format, (d) => ({ ...d,
			body: JSON.stringify(value(d), null, 2) })],
		['BODY_RESPELLED', format, (d) => ({ ...d,
			body: spelled(d.body) })],
		['BODY_LINE_END', format,
			(d) => ({ ...d, body: `${d.body}\n` })],
		['BODY_MARKED', format,
			(d) => ({ ...d, body: `\ufeff${d.body}` })],
		['BODY_CHANGED', format, (d) => ({ ...d,
			body: d.body.replace(/^\{/, '{"a":1,') })],
		['BODY_CHANGED', format, (d) => ({ ...d, body: '' })],
		['BODY_CHANGED', format, (d) => ({ ...d, body: 'no JSON' })],
		[['BODY_CHANGED', 'BODY_LENGTH'], format, (d) => headed(
			{ ...d, body: d.body.slice(0, -1) },
			{ 'content-length': String(
				Buffer.byteLength(d.body)) })],
	]),
	['BODY_CHANGED', 'sir', (d) => ({ ...d, body: JSON.stringify(
		Object.fromEntries(Object.entries(value(d)).sort())) })],
	['BODY_EMPTY', 'sir', (d) => signed(d, mac(d.secret, `${time(d)}.`))],
	['BODY_AS_OBJECT', 'sir', (d) => signed(d,
		mac(d.secret, `${time(d)}.[object Object]`))],
	['BODY_RESPELLED', 'sir', (d) => signed(d, mac(d.secret,
		`${time(d)}.${JSON.stringify(value(d), null, 2)}`))],

	/* How they were joined, and what was made of it. */
	['OTHER_FORMAT', 'sir', (d) => signed(d, mac(d.secret, d.body))],
	['OTHER_FORMAT', 'sir', (d) => headed(d, { 'x-sir-signature':
		d.headers['webhook-signature'] }),
		['SIGNATURE_PREFIX', 'SIGNATURE_AS_BASE64']],
	['OTHER_FORMAT', 'chuffed', (d) => headed(d, {
		'x-sir-timestamp': '1', signature: mac(d.secret,
			`1.${d.body}`) }), [], ['--format', 'chuffed']],
	['NO_DOTS', 'sir', (d) => signed(d,
		mac(d.secret, `${time(d)}${d.body}`))],
	['ORDER', 'sir', (d) => signed(d,
		mac(d.secret, `${d.body}.${time(d)}`))],
	['NOT_HMAC', 'sir', (d) => signed(d, createHash('sha256')
	    .update(`${d.secret}${time(d)}.${d.body}`).digest('hex'))],
	['NOT_HMAC', 'chuffed', (d) => headed(d, { signature:
		createHash('sha256').update(d.body + d.secret)
		    .digest('hex') })],
	['NOT_HMAC', 'chuffed', (d) => headed(d, { signature:
		createHash('sha256').update(d.body).digest('hex') })],
	[['KEY_UNBASE64', 'BODY_LINE_END'], 'sir', (d) => signed(
		{ ...d, body: `${d.body}\n` },
		mac(key(d.secret), `${time(d)}.${d.body}`))],

	/* The signature's own spelling. */
	['SIGNATURE_AS_BASE64', 'sir', (d) => signed(d,
		mac(d.secret, `${time(d)}.${d.body}`, 'base64'))],
	['SIGNATURE_AS_BASE64', 'chuffed', (d) => headed(d,
		{ signature: mac(d.secret, d.body, 'base64') })],
	['SIGNATURE_AS_HEX', 'standard', (d) => headed(d, {
		'webhook-signature': `v1,${Buffer.from(
			d.headers['webhook-signature'].slice(3), 'base64')
		    .toString('hex')}` })],
	['SIGNATURE_PREFIX', 'sir', (d) => headed(d, { 'x-sir-signature':
		d.headers['x-sir-signature'].slice(7) })],
	['SIGNATURE_PREFIX', 'chuffed', (d) => headed(d, { signature:
		`sha256=${d.headers.signature}` })],
	['SIGNATURE_MALFORMED', 'sir', (d) => signed(d, 'undefined')],
	['SIGNATURE_MALFORMED', 'chuffed', (d) => headed(d,
		{ signature: '' })],
	['NOT_BASIC', 'qiibee', (d) => headed(d,
		{ authorization: `Bearer ${d.secret}` })],

	/* Headers, and the format. */
	['HEADER_MISSING', 'sir', (d) => headed(d,
		{ 'x-sir-timestamp': undefined })],
	['HEADER_MISSING', 'standard', (d) => headed(d,
		{ 'webhook-id': undefined })],
	['HEADER_MISSING', 'chuffed', (d) => ({ ...d, headers: {} })],
	[['HEADER_MISSING', 'OTHER_FORMAT'], 'chuffed', (d) => d, [],
		['--format', 'qiibee']],
	[['HEADER_MISSING', 'HEADER_MISSING', 'OTHER_FORMAT'], 'standard',
		(d) => d, [], ['--format', 'sir']],
];

for (const [codes, format, change, before = [], words = []] of LIST)
	test(`${format}: ${[codes].flat().join(' and ')} (${change})`
	    .replace(/\s+/g, ' '), async () => {
		const said = await verify(change(await sample(format)),
		    ...words);
		assert.deepEqual(said.codes.sort(),
		    [codes, before].flat().sort(), said.details);
		assert.ok(!said.accepted);
	});

test('sir: the secret from before the change', async () => {
	const old = (await sample('sir')).secret;
	const made = await sample('sir', '--old', old);
	assert.deepEqual((await verify({ ...made, secret: old })).codes,
	    ['SECRET_OLD']);
	assert.ok((await verify({ ...made, secret: old },
	    '--format', 'standard')).accepted);
});

const AT = 1746868320;

for (const [off, code] of [[300, null], [301, 'TIME_OLD'],
    [86400, 'TIME_OLD'], [-300, null], [-301, 'TIME_AHEAD']])
	for (const format of ['sir', 'standard'])
		test(`${format}: seen ${off} s after it was sent`, async () => {
			const said = await verify(
			    await sample(format, '--at', String(AT)),
			    '--at', String(AT + off));
			assert.ok(said.right);
			assert.deepEqual(said.codes, code ? [code] : []);
		});

test('an old one says how to say when it came', async () => {
	const said = await verify(await sample('sir', '--at',
	    '2025-05-10T09:12:00Z'));
	assert.deepEqual(said.codes, ['TIME_OLD']);
	assert.match(said.details, /--at/);
});

test('a time that is none', async () => {
	for (const text of ['', 'now', '1746868320123', '-5', '1.5']) {
		const made = await sample('sir');
		const said = await verify(headed(made, {
			'x-sir-timestamp': text, 'x-sir-signature':
			`sha256=${mac(made.secret, `${text}.${made.body}`)}`,
		}));
		assert.deepEqual(said.codes, ['TIME_FORMAT']);
	}
});

test('as it goes over the wire, or by options alone', async () => {
	const { secret, headers, body } = await sample('sir');
	const ask = async (...words) => {
		const { code, stdout } = await run(almoner,
		    ['webhook', 'verify', '--secret', secret, ...words]);
		assert.equal(code, 0, stdout);
		assert.match(stdout, /signature is right.*sir/);
	};
	for (const start of ['POST /hook HTTP/1.1\r\n', ''])
		await ask('--request',
		    file(`${start}${lines(headers)}\r\n${body}`));
	await ask('--request',
	    file(`${lines(headers)}\n${body}`.replaceAll('\r', '')));
	await ask('--signature', headers['x-sir-signature'],
	    '--timestamp', headers['x-sir-timestamp'], '--body', body);
	const other = await sample('standard');
	const { code } = await run(almoner, ['webhook', 'verify',
		'--secret', `@${file(`${other.secret}\n`)}`,
		'--format', 'standard', '--id', other.headers['webhook-id'],
		'--timestamp', other.headers['webhook-timestamp'],
		'--signature', other.headers['webhook-signature'],
		'--body', `@${file(other.body)}`]);
	assert.equal(code, 0);
});

test('questions that cannot be answered', async () => {
	const text = file('no headers\r\n\r\n{}');
	for (const words of [[], ['--secret', 'x'],
	    ['--body', '{}'], ['--secret', 'x', '--body', '@/nowhere'],
	    ['--secret', 'x', '--request', '/nowhere'],
	    ['--secret', 'x', '--request', text],
	    ['--secret', 'x', '--body', '{}', '--format', 'xml'],
	    ['--secret', 'x', '--body', '{}', '--at', 'noon']]) {
		const { code, stderr } = await run(almoner,
		    ['webhook', 'verify', ...words]);
		assert.equal(code, 2, words.join(' '));
		assert.match(stderr, /webhook verify --help/);
	}
});
