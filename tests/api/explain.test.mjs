// almoner explain: every mistake that it knows is made here, and must be
// found, by its name.  What people paste is in explain-paste.test.mjs.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { body, bodyOf, explainer, get, mac, pathOf, SUBMIT }
    from '../lib/explain.mjs';
import { sha256, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const { asked, make, wrong } = explainer(site, acme);

const value = JSON.parse(body);
const LIST = get.target;
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
	['SWAPPED', 'long', (r) => mac(r.text, r.secret)],
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
		await wrong(['HASH_LEFT_OUT', 'SWAPPED'], ...words);
});
