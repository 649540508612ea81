// What is kept of an action as it was told: when it happened, and metadata.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

const SUBMIT = '/v1/partner/actions/submit';

const show = (id) => acme.get(`/v1/partner/actions/${id}`);

/** A purchase whose metadata is written just so. */
const noted = (text) => acme.post(SUBMIT, JSON.stringify(
    purchase({ metadata: '@' })).replace('"@"', text));

for (const [told, kept] of [
	['2025-05-01T10:00:00Z', '2025-05-01T10:00:00Z'],
	['2025-05-01T10:00:00+02:00', '2025-05-01T08:00:00Z'],
	['2025-05-01T00:30:00-01:30', '2025-05-01T02:00:00Z'],
	['2025-05-01t10:00:00.5z', '2025-05-01T10:00:00.500Z'],
	['2025-05-01T10:00:00.123456Z', '2025-05-01T10:00:00.123Z'],
	['2024-02-29T23:59:59Z', '2024-02-29T23:59:59Z'],
	['1970-01-01T00:00:01Z', '1970-01-01T00:00:01Z'],
])
	test(`occurredAt ${told}`, async () => {
		const { actionId } = good(await acme.submit(
		    { occurredAt: told }));
		assert.equal(good(await show(actionId)).occurredAt, kept);
	});

for (const told of ['yesterday', '', '2025-05-01', '2025-05-01T10:00:00',
    '2025-02-29T00:00:00Z', '2025-13-01T00:00:00Z', '1746876000',
    '2025-05-01T24:00:00Z', '1969-12-31T23:59:59Z', '2025-05-01 10:00:00Z',
    '2025-05-01T10:00:00+2', 1746876000, true])
	test(`occurredAt ${told} is refused`, async () => {
		refused(await acme.submit({ occurredAt: told }),
		    400, 'INVALID_REQUEST', ['/occurredAt']);
	});

for (const text of [
	'{}', '{"a":null,"b":[],"c":{},"d":[[1],{"e":false}]}',
	'{"z":1,"a":2,"m":3}',
	'{"price":0.1000,"big":12345678901234567.123,"small":1e-30}',
	'{"most":9223372036854775807,"least":-9223372036854775808}',
	'{"huge":123456789012345678901234567890.5,"e":1E400}',
	'{"text":"Zo\u00eb \u{1f397} \u0141 / \\\\ \\" \\n"}',
	'{"":"","a/b":"~","\u{1f397}":1}',
	'{"__proto__":1,"constructor":"x"}',
])
	test(`metadata comes back as given: ${text}`, async () => {
		const answer = await noted(text);
		const { actionId } = good(answer);
		assert.ok((await show(actionId)).text.includes(
		    `"metadata":${text}`), (await show(actionId)).text);
		const list = await acme.get('/v1/partner/actions?limit=1');
		assert.ok(list.text.includes(`"metadata":${text}`));
	});

test('metadata in other words means the same', async () => {
	const { actionId } = good(await noted(
	    '{ "a" : "\\u00e9\\ud83c\\udf97\\/", "b":\r\n[ 1 ,2 ] }'));
	const { metadata } = good(await show(actionId));
	assert.deepEqual(metadata, { a: '\u00e9\u{1f397}/', b: [1, 2] });
});

test('without metadata there is none', async () => {
	for (const metadata of [undefined, null]) {
		const { actionId } = good(await acme.submit({ metadata }));
		assert.equal(good(await show(actionId)).metadata, null);
	}
});

const members = (count) => Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`k${i}`, i]));
const bytes = (count) => ({ t: 'x'.repeat(count - '{"t":""}'.length) });

test('metadata has at most 50 members and 16 KiB', async () => {
	good(await acme.submit({ metadata: members(50) }));
	good(await acme.submit({ metadata: { deep: members(51) } }));
	good(await acme.submit({ metadata: bytes(16384) }));
	for (const metadata of [members(51), bytes(16385),
	    { t: '\u00eb'.repeat(8192) }, 'text', 7, [], true])
		refused(await acme.submit({ metadata }),
		    400, 'INVALID_REQUEST', ['/metadata']);
});

test('spaces do not count as metadata', async () => {
	good(await noted(`{${' '.repeat(20000)}"a":1}`));
});

test('a fault inside metadata has its own pointer', async () => {
	for (const [text, pointer] of [
		['{"a":{"b":1,"b":2}}', '/metadata/a/b'],
		['{"a":[0,18446744073709551616]}', '/metadata/a/1'],
		['{"a":"\\u0000"}', '/metadata/a'],
		['{"a":"\\ud800"}', '/metadata/a'],
		['{"a~b/c":NaN}', '/metadata/a~0b~1c'],
		['{"a":01}', '/metadata/a'],
	])
		refused(await noted(text), 400, 'MALFORMED_JSON', [pointer]);
});

test('what is not known is ignored and named', async () => {
	const answer = await acme.submit({ ammount: 3, 'a/b,c d': 1,
	    stakeholders: [{ stakeholderTypeCode: 'CUSTOMER',
	    partnerUserId: 'user_42', nick: 'J' }] });
	good(answer);
	assert.deepEqual(answer.headers['x-ignored-fields'].split(', ')
	    .sort(), ['/ammount', '/a~1b%2Cc%20d', '/stakeholders/0/nick']);
	const more = await acme.submit(Object.fromEntries(
	    Array.from({ length: 500 }, (_, i) => [`unknown_${i}`, i])));
	good(more);
	assert.ok(more.headers['x-ignored-fields'].length < 8192);
	const evil = await acme.submit({ 'x\r\nSet-Cookie: a=b': 1 });
	good(evil);
	assert.equal(evil.headers['set-cookie'], undefined);
	assert.equal(evil.headers['x-ignored-fields'],
	    '/x%0D%0ASet-Cookie:%20a=b');
});
