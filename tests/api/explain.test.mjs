// almoner explain: every mistake that it knows is made here, and must be
// found, by its name; what is right must be called right; and no secret may
// ever be printed.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import fs from 'node:fs';
import test from 'node:test';
import { sha256, sign, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const live = await site.createKey({ slug: acme.slug, side: 'live' });
const second = await acme.newKey();
const stranger = await site.partner();

const SUBMIT = '/v1/partner/actions/submit';
const LIST = '/v1/partner/users/zo%C3%AB%40x.example?z=a%20b&m=%3d1&a=x+y';
const body = '{"idempotencyKey": "é/<1>", "list":[1, {"b":2, "a":[]}],' +
    '"amount":49.90, "whole": 50.00,\r\n "flag":true}\n';
const value = JSON.parse(body);

let files = 0;

/** Write it where the site's user can read it. */
function file(text) {
	const name = `${site.dir}/paste-${++files}`;
	fs.writeFileSync(name, text);
	fs.chmodSync(name, 0o644);
	return name;
}

const credentials = (keys, more = {}) => file(JSON.stringify({
	baseUrl: site.base, publishableKey: keys.publishableKey,
	secretKey: keys.secretKey, hmacSecret: keys.hmacSecret, ...more,
}));
const ours = credentials(acme);

/** Everything that must never be printed. */
const secrets = [acme, live, second, stranger].map((k) => k.hmacSecret);

/** Run it: {code, right, accepted, codes, text, findings}. */
async function explain(...words) {
	const { code, stdout, stderr } =
	    await site.tryCli('explain', ...words, '--json');
	for (const secret of secrets)
		assert.ok(!(stdout + stderr).includes(secret));
	assert.equal(stderr, '');
	const said = JSON.parse(stdout);
	assert.equal(code, said.signatureRight ? 0 : 1, stdout);
	assert.equal(said.accepted, said.findings.length === 0);
	return {
		code, right: said.signatureRight, accepted: said.accepted,
		off: said.clockOffSeconds, text: said.signedText,
		codes: said.findings.map((f) => f.code),
		details: said.findings.map((f) => f.detail).join('\n'),
	};
}

const wrong = async (expected, ...words) => {
	const answer = await explain(...words);
	assert.deepEqual(answer.codes, [expected].flat(), answer.details);
	return answer;
};

/** A request, its signature made by `how` of what it is made of. */
function make(how = undefined, changes = {}) {
	const r = {
		timestamp: String(site.clock.now()), method: 'POST',
		target: SUBMIT, body, key: acme.secretKey,
		secret: acme.hmacSecret, ...changes,
	};
	r.hash = sha256(r.body);
	r.text = `${r.timestamp}${r.method}${r.target}${r.hash}`;
	r.signature = how === undefined ? mac(r.secret, r.text) : how(r);
	return r;
}

const mac = (secret, text, form = 'hex') =>
	createHmac('sha256', secret).update(text).digest(form);

/** As it goes over the wire. */
const wire = (r, more = '') => `${r.method} ${r.target} HTTP/1.1\r\n` +
	`Host: shop.example\r\nX-Partner-Key: ${r.key}\r\n` +
	`X-Timestamp: ${r.timestamp}\r\nX-Signature: ${r.signature}\r\n` +
	`Content-Length: ${Buffer.byteLength(r.body)}\r\n${more}\r\n${r.body}`;

/** By the partner, with their file, and by the operator, with the books. */
const asked = (r, ...words) => [
	['--request', file(wire(r)), '--credentials', ours, ...words],
	['--request', file(wire(r)), ...words],
];

const get = { method: 'GET', target: LIST, body: '' };
const [PATH, QUERY] = LIST.split(/(?=\?)/);

const py = (v, spaces = true) => {
	const [comma, colon] = spaces ? [', ', ': '] : [',', ':'];
	if (Array.isArray(v))
		return `[${v.map((e) => py(e, spaces)).join(comma)}]`;
	if (v !== null && typeof v === 'object')
		return `{${Object.entries(v).map(([k, e]) =>
			JSON.stringify(k) + colon + py(e, spaces))
		    .join(comma)}}`;
	return v === 50 ? '50.0' : JSON.stringify(v);
};
const ascii = (text) => text.replace(/[\u0080-\uffff]/g, (c) =>
	`\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const sorted = (v) => Array.isArray(v) ? v.map(sorted) :
	v !== null && typeof v === 'object' ? Object.fromEntries(
	    Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v;

/** Signed as if another body were sent. */
const bodyOf = (other) => (r) =>
	mac(r.secret, `${r.timestamp}${r.method}${r.target}${sha256(other)}`);
const pathOf = (other) => (r) =>
	mac(r.secret, `${r.timestamp}${r.method}${other}${r.hash}`);
const keyOf = (change) => (r) => mac(change(r.secret), r.text);
const textOf = (join) => (r) => mac(r.secret, join(r));

for (const [code, what, how, changes] of [
	['SECRET_AS_BYTES', '32 bytes', keyOf((s) => Buffer.from(s, 'hex'))],
	['SECRET_LINE_END', 'LF', keyOf((s) => `${s}\n`)],
	['SECRET_LINE_END', 'CR LF', keyOf((s) => `${s}\r\n`)],
	['SECRET_SPACE', 'behind', keyOf((s) => `${s} `)],
	['SECRET_SPACE', 'before', keyOf((s) => ` ${s}`)],
	['SECRET_QUOTED', '"', keyOf((s) => `"${s}"`)],
	['SECRET_QUOTED', '\'', keyOf((s) => `'${s}'`)],
	['SECRET_UPPER_CASE', '', keyOf((s) => s.toUpperCase())],
	['SECRET_UNBASE64', '', keyOf((s) => Buffer.from(s, 'base64'))],
	['KEY_AS_SECRET', 'sk', keyOf(() => acme.secretKey)],
	['KEY_AS_SECRET', 'pk', keyOf(() => acme.publishableKey)],
	[['KEY_AS_SECRET', 'SECRET_WITHOUT_PREFIX'], 'digits',
		keyOf(() => acme.secretKey.slice(8))],
	['NO_SECRET', '', keyOf(() => '')],

	['BODY_RESPELLED', 'JSON.stringify', bodyOf(JSON.stringify(value))],
	['BODY_RESPELLED', 'compact, digits kept',
		bodyOf(body.replace(/(?<=[,:])\s+|\s+$/g, ''))],
	['BODY_RESPELLED', 'json.dumps', bodyOf(ascii(py(value)))],
	['BODY_RESPELLED', 'ensure_ascii', bodyOf(py(value))],
	['BODY_RESPELLED', 'separators', bodyOf(ascii(py(value, false)))],
	['BODY_RESPELLED', 'str()', bodyOf(py(value).replaceAll('"', '\'')
	    .replace('true', 'True'))],
	['BODY_RESPELLED', 'json_encode',
		bodyOf(ascii(JSON.stringify(value).replaceAll('/', '\\/')))],
	['BODY_RESPELLED', 'JSON_UNESCAPED_UNICODE',
		bodyOf(JSON.stringify(value).replaceAll('/', '\\/'))],
	['BODY_RESPELLED', 'JSON_UNESCAPED_SLASHES',
		bodyOf(ascii(JSON.stringify(value)))],
	['BODY_RESPELLED', 'json.Marshal', bodyOf(JSON.stringify(value)
	    .replaceAll('<', '\\u003c').replaceAll('>', '\\u003e'))],
	['BODY_RESPELLED', 'two spaces',
		bodyOf(JSON.stringify(value, null, 2))],
	['BODY_RESPELLED', 'four spaces',
		bodyOf(JSON.stringify(value, null, 4))],
	['BODY_RESPELLED', 'tabs', bodyOf(JSON.stringify(value, null, '\t'))],
	['BODY_RESPELLED', 'sorted', bodyOf(JSON.stringify(sorted(value)))],
	['BODY_RESPELLED', 'sort_keys', bodyOf(ascii(py(sorted(value))))],
	['BODY_LINE_END', 'LF more', bodyOf(`${body}\n`)],
	['BODY_LINE_END', 'CR LF more', bodyOf(`${body}\r\n`)],
	['BODY_LINE_END', 'without', bodyOf(body.trimEnd())],
	['BODY_LINE_ENDS', 'LF', bodyOf(body.replaceAll('\r\n', '\n'))],
	['BODY_LINE_ENDS', 'CR LF', bodyOf(body.replace(/\r?\n/g, '\r\n'))],
	['BODY_EMPTY', '', bodyOf('')],
	['BODY_AS_OBJECT', 'JavaScript', bodyOf('[object Object]')],
	['BODY_AS_OBJECT', 'PHP', bodyOf('Array')],
	['BODY_QUOTED', '', bodyOf(JSON.stringify(body))],
	['BODY_MARKED', '', bodyOf(`\ufeff${body}`)],
	['BODY_LATIN1', '', bodyOf(Buffer.from(body, 'latin1'))],
	...['{}', '[]', 'null', '""', 'undefined', 'None'].map((said) =>
		['BODY_NOT_SENT', said, bodyOf(said), get]),

	['HASH_LEFT_OUT', '', textOf((r) => r.text.slice(0, -64))],
	['HASH_LEFT_OUT', 'GET', textOf((r) => r.text.slice(0, -64)), get],
	['HASH_AS_BYTES', '', textOf((r) => Buffer.concat([
		Buffer.from(r.text.slice(0, -64)),
		Buffer.from(r.hash, 'hex')]))],
	['HASH_UPPER_CASE', '', textOf((r) => r.text.slice(0, -64) +
		r.hash.toUpperCase())],
	['HASH_AS_BASE64', '', textOf((r) => r.text.slice(0, -64) +
		Buffer.from(r.hash, 'hex').toString('base64'))],
	['BODY_NOT_HASHED', '', textOf((r) => r.text.slice(0, -64) + r.body)],
	['HASH_OF_HASH', '', textOf((r) => r.text.slice(0, -64) +
		sha256(r.hash))],

	['METHOD_CASE', '', textOf((r) => r.text.replace('POST', 'post'))],
	['METHOD_LEFT_OUT', '', textOf((r) => r.text.replace('POST', ''))],
	...['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((m) =>
		['METHOD_OTHER', m, textOf((r) => r.text.replace('POST', m))]),
	['METHOD_OTHER', 'POST',
		textOf((r) => r.text.replace('GET', 'POST')), get],
	['TIME_LEFT_OUT', '', textOf((r) => r.text.slice(10))],
	['TIME_OTHER', '2 s before', textOf((r) =>
		`${r.timestamp - 2}${r.text.slice(10)}`)],
	['TIME_OTHER', '299 s after', textOf((r) =>
		`${Number(r.timestamp) + 299}${r.text.slice(10)}`)],
	['TIME_IN_MILLISECONDS', 'any',
		textOf((r) => `${r.timestamp}123${r.text.slice(10)}`)],
	['TIME_IN_MILLISECONDS', 'whole',
		textOf((r) => `${r.timestamp}000${r.text.slice(10)}`)],
	['TIME_IN_MILLISECONDS', 'float',
		textOf((r) => `${r.timestamp}.0${r.text.slice(10)}`)],
	['TIME_AS_DATE', '', textOf((r) =>
		`${new Date(r.timestamp * 1000).toISOString()
		    .replace('.000', '')}${r.text.slice(10)}`)],
	['TIME_AS_DATE', 'toISOString', textOf((r) =>
		`${new Date(r.timestamp * 1000).toISOString()}` +
		r.text.slice(10))],

	['PATH_WITHOUT_QUERY', '', pathOf(PATH), get],
	['QUERY_ADDED', '', pathOf(`${SUBMIT}?`)],
	['QUERY_WITHOUT_MARK', '', pathOf(LIST.replace('?', '')), get],
	['QUERY_SORTED', '', pathOf(`${PATH}?a=x+y&m=%3d1&z=a%20b`), get],
	['QUERY_DECODED', '',
		pathOf(PATH + decodeURIComponent(QUERY)), get],
	['QUERY_OTHER_ESCAPES', '+',
		pathOf(PATH + QUERY.replace('%20', '+')), get],
	['QUERY_OTHER_ESCAPES', '%20',
		pathOf(PATH + QUERY.replace('+', '%20')), get],
	['QUERY_OTHER_ESCAPES', 'case',
		pathOf(PATH + QUERY.replace('%3d', '%3D')), get],
	['QUERY_OTHER_ESCAPES', 'again',
		pathOf(PATH + QUERY.replaceAll('%', '%25')), get],
	['PATH_DECODED', '', pathOf(decodeURIComponent(PATH) + QUERY), get],
	['PATH_OTHER_ESCAPES', 'encodeURI',
		pathOf(LIST.replace('%40', '@')), get],
	['PATH_OTHER_ESCAPES', 'more', pathOf(SUBMIT + '%40'),
		{ target: `${SUBMIT}@` }],
	['PATH_OTHER_ESCAPES', 'case',
		pathOf(LIST.replace('%C3%AB', '%c3%ab')), get],
	['PATH_OTHER_ESCAPES', 'again',
		pathOf(PATH.replaceAll('%', '%25') + QUERY), get],
	['PATH_WITHOUT_V1', '/v1', pathOf(SUBMIT.slice(3))],
	['PATH_WITHOUT_V1', '/v1/partner', pathOf(SUBMIT.slice(11))],
	['PATH_WITHOUT_SLASH', '', pathOf(SUBMIT.slice(1))],
	['PATH_OTHER_SLASH', 'more', pathOf(`${SUBMIT}/`)],
	['PATH_OTHER_SLASH', 'less', pathOf(SUBMIT),
		{ target: `${SUBMIT}/` }],
	['PATH_LEFT_OUT', '', pathOf('')],
	['PATH_WITH_HOST', '', pathOf(`shop.example${SUBMIT}`)],
	['PATH_WITH_HOST', 'https', pathOf(`https://shop.example${SUBMIT}`)],
	['PATH_WITH_HOST', 'http', pathOf(`http://shop.example${SUBMIT}`)],

	['ORDER', 'method first', textOf((r) =>
		`${r.method}${r.target}${r.timestamp}${r.hash}`)],
	['ORDER', 'backwards', textOf((r) =>
		`${r.hash}${r.target}${r.method}${r.timestamp}`)],
	...['\n', '.', ':', '|', ' ', ',', '&', '-', '\r\n', '\\n'].map((by) =>
		['SEPARATORS', JSON.stringify(by), textOf((r) =>
			[r.timestamp, r.method, r.target, r.hash].join(by))]),
	['HMAC_SWAPPED', 'long', (r) => mac(r.text, r.secret)],
	['NOT_HMAC', 'secret first', (r) => sha256(r.secret + r.text)],
	['NOT_HMAC', 'secret last', (r) => sha256(r.text + r.secret)],
	['HASHED_TWICE', '', textOf((r) => sha256(r.text))],

	['SIGNATURE_AS_BASE64', '', (r) => mac(r.secret, r.text, 'base64')],
	['SIGNATURE_AS_BASE64', 'url',
		(r) => mac(r.secret, r.text, 'base64url')],
	['SIGNATURE_AS_BASE64', 'of hex', (r) => Buffer.from(
		mac(r.secret, r.text)).toString('base64')],
	['SIGNATURE_DRESSED', 'sha256=',
		(r) => `sha256=${mac(r.secret, r.text)}`],
	['SIGNATURE_DRESSED', 'quotes',
		(r) => `"${mac(r.secret, r.text)}"`],
	...['md5', 'sha1', 'sha384', 'sha512'].map((hash) =>
		['SIGNATURE_NOT_SHA256', hash, (r) => createHmac(hash,
			r.secret).update(r.text).digest('hex')]),
	['SIGNATURE_MALFORMED', 'short', (r) =>
		mac(r.secret, r.text).slice(1)],
	['SIGNATURE_MALFORMED', 'words', () => 'undefined'],
	['UNEXPLAINED', 'another secret',
		keyOf(() => sha256('some other secret'))],
	['UNEXPLAINED', 'another body', bodyOf('{"other":1}')],

	[['PATH_WITHOUT_QUERY', 'SEPARATORS'], 'two at once', textOf((r) =>
		[r.timestamp, r.method, PATH, r.hash].join('\n')), get],
	[['SECRET_AS_BYTES', 'PATH_WITHOUT_V1', 'BODY_RESPELLED'],
		'three at once', (r) => mac(Buffer.from(r.secret, 'hex'),
		`${r.timestamp}POST${SUBMIT.slice(3)}` +
		sha256(JSON.stringify(value)))],
	[['SIGNATURE_AS_BASE64', 'HASH_LEFT_OUT'], 'of two sorts', (r) =>
		mac(r.secret, r.text.slice(0, -64), 'base64')],
])
	test(`${[code].flat().join(' and ')}${what && `: ${what}`}`,
	    async () => {
		const r = make(how, changes);
		for (const words of asked(r)) {
			const answer = await wrong(code, ...words);
			assert.equal(answer.text, r.text);
		}
	});

test('the short text is a key as well as a long one', async () => {
	const r = make((q) => mac(q.text.slice(0, -64), q.secret),
	    { target: '/v1/x', body: '', method: 'GET' });
	for (const words of asked(r))
		await wrong(['HASH_LEFT_OUT', 'HMAC_SWAPPED'], ...words);
});

test('what is right is right, POST and GET', async () => {
	for (const changes of [{}, get, { body: '' }])
		for (const words of asked(make(undefined, changes))) {
			const answer = await explain(...words);
			assert.deepEqual([answer.right, answer.accepted,
				answer.off], [true, true, 0]);
		}
	/* The server takes hex of either case. */
	for (const words of asked(make((r) =>
		mac(r.secret, r.text).toUpperCase())))
		assert.ok((await explain(...words)).accepted);
});

test('people read sentences', async () => {
	const r = make();
	const [words] = asked(r);
	const good = await site.tryCli('explain', ...words);
	assert.equal(good.code, 0);
	assert.match(good.stdout, /^The signature is right\.$/m);
	assert.match(good.stdout, /^The timestamp is 0 s from our clock/m);

	const bad = await site.tryCli('explain',
	    ...asked(make(bodyOf(JSON.stringify(value))))[0]);
	assert.equal(bad.code, 1);
	assert.match(bad.stdout, /^The signature is wrong\.$/m);
	assert.match(bad.stdout, /JSON\.stringify/);
	assert.ok(bad.stdout.includes(r.text));
});

// Keys and secrets of several sets ----------------------------------------

test('the other environment, another set, nobody\'s', async () => {
	const mixed = (key, secret) => make(undefined,
	    { key: key.secretKey, secret: secret.hmacSecret });
	const both = (a, b) => ['--credentials', credentials(a), '--other',
		credentials(b)];
	for (const [code, key, secret] of [
		['OTHER_ENVIRONMENT', acme, live],
		['OTHER_ENVIRONMENT', live, acme],
		['OTHER_SET', acme, second],
		['OTHER_SET', second, acme],
	]) {
		const name = file(wire(mixed(key, secret)));
		const known = await wrong(code, '--request', name,
		    ...both(key, secret));
		assert.match(known.details, /Take key and secret from one/);
		await wrong(code, '--request', name, ...both(secret, key));
		const { details } = await wrong(code, '--request', name);
		assert.ok(details.includes(key.keyId) &&
		    details.includes(secret.keyId), details);
		await wrong('UNEXPLAINED', '--request', name,
		    '--credentials', credentials(key));
		await wrong('UNKNOWN_KEY', '--request', name,
		    '--credentials', credentials(secret));
	}
	/* Another partner's secret is nothing that we may find. */
	const name = file(wire(mixed(acme, stranger)));
	await wrong('UNEXPLAINED', '--request', name);
	await wrong('UNKNOWN_KEY', '--request', file(wire(make(undefined,
	    { key: `sk_test_${'0'.repeat(64)}` }))));
});

test('a set may be named by any of its names', async () => {
	const r = make();
	const words = ['--timestamp', r.timestamp, '--signature', r.signature,
		'--method', 'POST', '--path', SUBMIT, '--body', body];
	for (const key of [acme.secretKey, acme.publishableKey, acme.keyId])
		assert.ok((await explain('--key', key, ...words)).accepted);
	for (const key of ['key_000000000000000000000000', 'key_x', 'x',
		'pk_test_0'])
		await wrong('UNKNOWN_KEY', '--key', key, ...words);
});

test('a set that is revoked, expired, or of a stopped partner', async () => {
	const expired = await site.partner({
		expires: new Date((site.clock.now() - 60) * 1000)
		    .toISOString(),
	});
	const pending = await site.partner({ approve: false, side: 'live' });
	const revoked = await acme.newKey();
	await site.cli('key', 'revoke', '--key', revoked.keyId);
	for (const [code, set] of [['KEY_EXPIRED', expired],
	    ['KEY_REVOKED', revoked], ['PARTNER_NOT_APPROVED', pending]]) {
		const answer = await explain('--request', file(wire(make(
		    undefined, { key: set.secretKey,
			secret: set.hmacSecret }))));
		assert.deepEqual([answer.right, answer.accepted,
			answer.codes], [true, false, [code]]);
	}
});

// The clock ---------------------------------------------------------------

const at = (seconds) => make(undefined,
    { timestamp: String(site.clock.now() + seconds) });

test('300 seconds are taken, 301 are not', async () => {
	for (const [seconds, codes] of [[300, []], [-300, []],
	    [301, ['CLOCK_OFF']], [-301, ['CLOCK_OLD']]])
		for (const words of asked(at(seconds))) {
			const answer = await explain(...words);
			assert.equal(answer.right, true);
			assert.equal(answer.off, seconds);
			assert.deepEqual(answer.codes, codes);
		}
});

test('--at and the answer\'s Date say when it arrived', async () => {
	const now = site.clock.now();
	const [words] = asked(at(-7000));
	assert.ok((await explain(...words, '--at', String(now - 7010)))
	    .accepted);
	assert.ok((await explain(...words, '--at',
	    new Date((now - 6900) * 1000).toISOString())).accepted);
	assert.deepEqual((await explain(...words, '--at', String(now))).codes,
	    ['CLOCK_OFF']);

	const r = at(-7000);
	const verbose = (date) => ['--request', file([
		'*   Trying 127.0.0.1:8080...',
		...wire({ ...r, body: '' }, 'Content-Length: ' +
		    `${Buffer.byteLength(body)}\r\n`).trimEnd()
		    .split('\r\n').map((line) => `> ${line}`), '>',
		'* upload completely sent off: 61 bytes',
		'< HTTP/1.1 401 Unauthorized',
		`< Date: ${date.toUTCString()}`, '<', '{"type":"x"}',
	].join('\n')), '--body', body, '--credentials', ours];
	const early = await explain(...verbose(
	    new Date((now - 6990) * 1000)));
	assert.deepEqual([early.accepted, early.off], [true, -10]);
	assert.deepEqual((await explain(...verbose(
	    new Date(now * 1000)))).codes, ['CLOCK_OFF']);
});

test('another time zone, another unit, no number', async () => {
	for (const [code, timestamp] of [
		['CLOCK_ZONE', site.clock.now() + 7200],
		['CLOCK_ZONE', site.clock.now() + 19800 + 12],
		['CLOCK_OFF', site.clock.now() + 7650],
		['CLOCK_OFF', site.clock.now() + 86400],
		['CLOCK_MILLISECONDS', `${site.clock.now()}123`],
		['CLOCK_MILLISECONDS', `${site.clock.now()}123456`],
		['CLOCK_FORMAT', `${site.clock.now()}.5`],
		['CLOCK_FORMAT', 'now'],
		['CLOCK_FORMAT', '-5'],
	])
		for (const words of asked(make(undefined,
		    { timestamp: String(timestamp) }))) {
			const answer = await explain(...words);
			assert.deepEqual([answer.right, answer.codes],
			    [true, [code]], answer.details);
		}
	const [words] = asked(at(-7200));
	assert.deepEqual((await explain(...words, '--at',
	    String(site.clock.now()))).codes, ['CLOCK_ZONE']);
	await wrong(['TIME_IN_SECONDS', 'CLOCK_MILLISECONDS'], ...asked(
	    make((r) => mac(r.secret, r.text.replace('123POST', 'POST')),
		{ timestamp: `${site.clock.now()}123` }))[0]);
});

// What people paste -------------------------------------------------------

/** A curl command; `data` are the words that say the body. */
const curl = (r, data, url = `https://shop.example/give${r.target}`) =>
	`curl -sS -X ${r.method} "${url}" \\\n  -o /dev/null ` +
	`-H 'X-Partner-Key: ${r.key}' \\\n` +
	`  -H "x-timestamp: ${r.timestamp}" ` +
	`--header='X-Signature: ${r.signature}' \\\n  ${data}\n`;

const quote = (text) => `'${text.replaceAll('\'', '\'\\\'\'')}'`;

test('a curl command, however it says its body', async () => {
	const r = make();
	const plain = make(undefined, { body: '{"a":"it\'s $5 \\\\"}' });
	const named = file(body);
	for (const [request, data] of [
		[r, `--data-binary ${quote(body)}`],
		[r, `--data-raw ${quote(body)}`],
		[r, `-d${quote(body)}`],
		[r, `--json ${quote(body)}`],
		[r, `--data-binary @${named}`],
		[r, `--data-binary $'${body.replaceAll('\r', '\\r')
		    .replaceAll('\n', '\\n').replace('é', '\\u00e9')}'`],
		[plain, `-d ${quote(plain.body)} | jq .`],
		[plain, '-d "{\\"a\\":\\"it\'s \\$5 \\\\\\\\\\"}"; echo'],
	]) {
		const answer = await explain('--request',
		    file(curl(request, data)), '--credentials', ours);
		assert.deepEqual(answer.codes, [], data + answer.details);
	}
	const listed = make(undefined, get);
	for (const text of [
		curl(listed, '').replace('-X GET ', '-m5 '),
		`$ ${curl(listed, '')}`,
		curl(listed, `-G -d 'a=x+y'`, 'https://shop.example/give' +
		    listed.target.replace('&a=x+y', '')),
		curl(make(undefined, { ...get, method: 'HEAD' }), '-I')
		    .replace('-X HEAD', ''),
	])
		assert.ok((await explain('--request', file(text),
		    '--credentials', ours)).accepted, text);
});

test('the folder, the host, curl -d @FILE', async () => {
	const named = file('{"a":1,\n"b":2}\n');
	const r = (path) => curl(make(pathOf(path)),
	    `--data-binary ${quote(body)}`);
	await wrong('PATH_WITH_FOLDER', '--credentials', ours, '--request',
	    file(r(`/give${SUBMIT}`)));
	await wrong('PATH_WITH_HOST', '--credentials', ours, '--request',
	    file(r(`https://shop.example/give${SUBMIT}`)));
	const sent = make(bodyOf('{"a":1,\n"b":2}\n'),
	    { body: '{"a":1,"b":2}' });
	await wrong('BODY_CURL_DATA', '--credentials', ours, '--request',
	    file(curl(sent, `-d @${named}`)));
	/* With --path the file of keys says where the site is. */
	const there = make(pathOf(`https://a.example/give${SUBMIT}`));
	await wrong('PATH_WITH_HOST', '--credentials', credentials(acme,
	    { baseUrl: 'https://a.example/give/' }), '--path', SUBMIT,
	    '--body', body, '--timestamp', there.timestamp, '--signature',
	    there.signature);
});

test('what curl printed after the command counts more', async () => {
	const r = make();
	const command = curl({ ...r, timestamp: '$now',
		signature: '$signature' }, `--data-binary ${quote(body)}`);
	const printed = wire({ ...r, body: '' }).trimEnd().split('\r\n')
	    .filter((line) => !line.startsWith('Content-Length'))
	    .map((line) => `> ${line}`).join('\n');
	assert.ok((await explain('--credentials', ours, '--request',
	    file(`${command}* Trying\n${printed}\n>\n`))).accepted);
});

test('a paste that is not byte for byte', async () => {
	const r = make();
	const text = wire(r);
	await wrong(['BODY_LENGTH', 'UNEXPLAINED'], '--credentials', ours,
	    '--request', file(text.replace('"flag":true', '')));
	/* A line end more is the editor's. */
	assert.ok((await explain('--credentials', ours, '--request',
	    file(`${text}\n`))).accepted);
	assert.ok((await explain('--credentials', ours, '--request',
	    file(`${text.replace(/Content-Length.*\r\n/, '')}\n`))).accepted);
});

test('headers that are missing or come twice', async () => {
	const text = wire(make());
	for (const name of ['X-Partner-Key', 'X-Timestamp', 'X-Signature']) {
		const line = new RegExp(`${name}.*\r\n`);
		const { details } = await wrong('MISSING_HEADER',
		    '--credentials', ours, '--request',
		    file(text.replace(line, '')));
		assert.ok(details.includes(name));
		await wrong('HEADER_TWICE', '--credentials', ours,
		    '--request', file(text.replace(line, '$&$&')));
	}
	await wrong('NO_V1', '--credentials', ours, '--request',
	    file(text.replace('/v1/', '/')));
	await wrong('NO_V1', '--credentials', ours, '--request',
	    file(text.replace('/v1/', '/?x=/v1/')));
});

test('a terminal is shown no control characters', async () => {
	const target = '/v1/partner/users/%1b%5b31m';
	const [words] = asked(make(pathOf('/v1/partner/users/\x1b[31m'),
	    { ...get, target }));
	await wrong('PATH_DECODED', ...words);
	const { stdout } = await site.tryCli('explain', ...words);
	assert.match(stdout, /users\/\?\[31m/);
	assert.ok(!stdout.includes('\x1b'));
});

test('a long body takes no long time', async () => {
	const long = JSON.stringify({ a: 'é'.repeat(200000),
		b: Array(20000).fill({ c: 1 }) });
	const r = make(() => '0'.repeat(64), { body: long });
	const started = Date.now();
	await wrong('UNEXPLAINED', '--credentials', ours, '--request',
	    file(wire(r)));
	assert.ok(Date.now() - started < 60000);
});

test('what cannot be read is said', async () => {
	const r = make();
	const good = ['--timestamp', r.timestamp, '--signature', r.signature];
	for (const [said, ...words] of [
		[/--request, --url or --path/, '--credentials', ours],
		[/whose is it/, '--path', SUBMIT, ...good],
		[/cannot read/, '--request', `${site.dir}/none`],
		[/cannot read/, '--path', SUBMIT, '--body', '@none',
			'--credentials', ours, ...good],
		[/neither a curl command/, '--request', file('hello\n'),
			'--credentials', ours],
		[/cannot be read here: say --body/, '--credentials', ours,
			'--request', file(curl(r, '-d @none.json'))],
		[/--body, as @FILE/, '--credentials', ours, '--request',
			file(wire(r).split('\r\n\r\n')[0].split('\r\n')
			    .map((line) => `> ${line}`).join('\n'))],
		[/is a variable/, '--credentials', ours, '--request',
			file(curl({ ...r, signature: '$s' }, '-d x'))],
		[/--at is unix seconds/, '--credentials', ours, '--path',
			SUBMIT, '--at', 'noon', ...good],
		[/beside --credentials/, '--other', ours, '--path', SUBMIT,
			'--key', acme.keyId, ...good],
		[/hmacSecret/, '--credentials', file('{"secretKey":' +
		    '"sk_test_0"}'), '--path', SUBMIT, ...good],
	]) {
		const { code, stdout, stderr } =
		    await site.tryCli('explain', ...words);
		assert.equal(code, 2, stdout + stderr);
		assert.match(stderr, said);
	}
	assert.ok((await explain('--credentials', ours, '--request',
	    file(curl(r, '-d @none.json')), '--body', body)).accepted);
});
