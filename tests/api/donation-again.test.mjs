// The same request for a link again, and several at once: one donation, and
// one answer.  And a browser's preflights.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { gifts, give } from '../lib/gifts.mjs';
import { sql, tenantOf } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const LINK = '/v1/partner/donations/create-link';
const site = await useSite();
const shop = await site.partner();
const keyed = (key, wish) => give(shop, wish,
    { headers: { 'Idempotency-Key': key } });
const count = async () => (await gifts(shop)).length;

test('the same key gets the first answer again', async () => {
	const before = await count();
	const first = good(await keyed('one'));
	site.clock.advance(60);
	const again = await keyed('one');
	assert.deepEqual(good(again), first);
	assert.equal(again.headers['idempotent-replayed'], 'true');
	assert.equal(await count(), before + 1);
	assert.notDeepEqual(good(await keyed('two')), first);
});

test('the same key with another body is refused', async () => {
	good(await keyed('other'));
	refused(await keyed('other', { amount: 2501 }), 422,
	    'IDEMPOTENCY_KEY_REUSED');
});

test('no key, no memory', async () => {
	const before = await count();
	good(await give(shop));
	good(await give(shop));
	assert.equal(await count(), before + 2);
});

test('a refusal may be tried again with the same key', async () => {
	refused(await keyed('mended', { amount: 1 }), 400,
	    'INVALID_REQUEST');
	good(await keyed('mended', { amount: 100 }));
});

test('of many at once one makes a donation', async () => {
	const before = await count();
	const answers = await Promise.all(Array.from({ length: 12 },
	    () => keyed('at once')));
	const made = answers.filter(({ status }) => status === 200);
	assert.ok(made.length > 0);
	for (const answer of answers)
		if (answer.status !== 200) {
			refused(answer, 409, 'IN_PROGRESS');
			assert.equal(answer.headers['retry-after'], '1');
		}
	assert.equal(new Set(made.map(({ text }) => text)).size, 1);
	assert.equal(await count(), before + 1);
	assert.equal(good(await keyed('at once')).partnerDonationId,
	    made[0].body.partnerDonationId);
});

test('a key is of its partner and side', async () => {
	const other = await site.partner();
	const mine = good(await keyed('shared'));
	const theirs = good(await give(other, {},
	    { headers: { 'Idempotency-Key': 'shared' } }));
	assert.notEqual(mine.partnerDonationId, theirs.partnerDonationId);
});

test('what is kept of it goes after a day', async () => {
	const first = good(await keyed('a day'));
	site.clock.advance(86401);
	assert.notDeepEqual(good(await keyed('a day')), first);
});

test('keys that are none', async () => {
	for (const key of ['x'.repeat(256)])
		refused(await keyed(key), 400, 'INVALID_REQUEST');
});

test('preflights: any origin may ask, for what there is', async () => {
	for (const [target, methods] of [[LINK, 'POST'],
	    ['/v1/partner/donations/status/1', 'GET, HEAD'],
	    ['/v1/partner/config', 'GET, HEAD']]) {
		const { status, headers, text } = await site.request('OPTIONS',
		    target, { headers: { Origin: 'https://shop.example',
			'Access-Control-Request-Method': 'POST',
			'Access-Control-Request-Headers':
			    'content-type,x-partner-key,idempotency-key' } });
		assert.equal(status, 204, text);
		assert.equal(headers['access-control-allow-origin'],
		    'https://shop.example');
		assert.equal(headers['access-control-allow-methods'], methods);
		assert.equal(headers['access-control-allow-headers'],
		    'content-type, x-partner-key, idempotency-key');
		assert.equal(headers['access-control-max-age'], '7200');
		assert.equal(headers.vary, 'Origin');
	}
});

test('answers and refusals alike say who may read them', async () => {
	for (const wish of [{}, { amount: 1 }]) {
		const { headers } = await give(shop, wish, { headers: {
			Origin: 'https://shop.example' } });
		assert.equal(headers['access-control-allow-origin'],
		    'https://shop.example');
		assert.equal(headers['access-control-allow-credentials'],
		    undefined);
		assert.equal(headers['set-cookie'], undefined);
	}
});

test('a donation of a batch that broke down is none', async () => {
	const tenant = await tenantOf(shop);
	const [{ n }] = await sql(site, 'SELECT count(*) AS n FROM replays' +
	    ` WHERE tenant = ${tenant} AND status = 0`);
	assert.equal(n, 0);
});
