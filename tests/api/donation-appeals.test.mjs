// Gifts to appeals, through fundraisers, with perks that run out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { allow, gifts, give, pay, start, step } from '../lib/gifts.mjs';
import { housekeep } from '../lib/cron.mjs';
import { sql } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite({ procs: 4 });
await sql(site, 'INSERT INTO nonprofits (slug, name, created_at)' +
    " VALUES ('hope', 'Hope', 0)");
const shop = await site.partner();
await allow(shop, '--currencies', 'USD EUR JPY');
const mine = ['--partner', shop.slug, '--side', 'test'];
const appeal = (...words) => site.cli('appeal', ...words, ...mine);
const { id: appealId } = await appeal('create', '--nonprofit',
    'american-red-cross', '--title', 'Shelter', '--currency', 'USD',
    '--goal', '100');
const perk = (...words) => appeal('perk', '--appeal', String(appealId),
    '--title', 'Scarf', ...words);
const seen = async () => good(await site.request('GET',
    `/v1/partner/appeals/${appealId}?key=${shop.publishableKey}`));
const left = async (id) => (await seen()).perks
    .find((p) => p.id === id).remaining;

test('whose appeal, which fundraiser, which perk', async () => {
	const { id: other } = await appeal('create', '--nonprofit', 'hope',
	    '--title', 'Hope', '--currency', 'USD');
	const { id: fundraiserId } = await appeal('fundraiser', '--appeal',
	    String(appealId), '--title', 'Ada runs');
	const { id } = await perk();
	refused(await give(shop, { appealId: 99 }), 422, 'APPEAL_NOT_FOUND');
	refused(await give(shop, { appealId: other }), 400,
	    'INVALID_REQUEST', ['/appealId']);
	refused(await give(shop, { appealId, fundraiserId: 99 }), 422,
	    'FUNDRAISER_NOT_FOUND');
	refused(await give(shop, { appealId: other, nonprofitSlug: 'hope',
		fundraiserId }), 422, 'FUNDRAISER_NOT_FOUND');
	refused(await give(shop, { fundraiserId }), 400, 'INVALID_REQUEST',
	    ['/fundraiserId']);
	refused(await give(shop, { perk: { id } }), 400, 'INVALID_REQUEST',
	    ['/perk']);
	refused(await give(shop, { appealId, perk: { id: 99 } }), 422,
	    'PERK_NOT_FOUND');
	refused(await give(shop, { appealId: other, nonprofitSlug: 'hope',
		perk: { id } }), 422, 'PERK_NOT_FOUND');
	await start(shop, { appealId, fundraiserId, perk: { id,
		multiplier: 2, answer: 'blue' } });
	const row = (await gifts(shop)).at(-1);
	assert.deepEqual([row.appeal, row.fundraiser, row.perk,
		row.perk_times, row.perk_answer],
	[appealId, fundraiserId, id, 2, 'blue']);
	const stranger = await site.partner();
	refused(await give(stranger, { appealId }), 422, 'APPEAL_NOT_FOUND');
});

test('a perk has its price, for each of it, in any currency', async () => {
	const { id } = await perk('--min-amount', '20');
	const ask = (amount, more = {}) => give(shop, { amount, appealId,
		perk: { id }, ...more });
	refused(await ask(1999), 400, 'INVALID_REQUEST', ['/amount']);
	good(await ask(2000));
	refused(await ask(3999, { perk: { id, multiplier: 2 } }), 400,
	    'INVALID_REQUEST', ['/amount']);
	good(await ask(4000, { perk: { id, multiplier: 2 } }));
	refused(await ask(2000, { currency: 'EUR' }), 422,
	    'NO_EXCHANGE_RATE');
	await site.cli('rate', 'set', '--from', 'EUR', '--to', 'USD',
	    '--rate', '1.10', '--day', '2025-05-10');
	good(await ask(2000, { currency: 'EUR' }));
	refused(await ask(1800, { currency: 'EUR' }), 400,
	    'INVALID_REQUEST', ['/amount']);
	refused(await give(shop, { appealId, currency: 'JPY' }), 422,
	    'NO_EXCHANGE_RATE');
});

test('two donors never have the last one', async () => {
	const { id } = await perk('--stock', '5');
	const answers = await Promise.all(Array.from({ length: 24 },
	    (_, i) => give(shop, { appealId, perk: { id },
		donorEmail: `donor${i}@example.org` })));
	const had = answers.filter(({ status }) => status === 200);
	assert.equal(had.length, 5);
	for (const answer of answers)
		if (answer.status !== 200)
			refused(answer, 409, 'PERK_SOLD_OUT');
	assert.equal(await left(id), 0);
	refused(await give(shop, { appealId, perk: { id } }), 409,
	    'PERK_SOLD_OUT');
});

test('what is not paid is free again, and late payers may miss it',
    async () => {
	const { id } = await perk('--stock', '1');
	const ask = () => start(shop, { appealId, perk: { id } });
	const first = await ask();
	site.clock.advance(86400);
	await housekeep(site);
	assert.equal(await left(id), 1);
	const second = await ask();
	await pay(site, second, '0077');
	await step(site, second, 'fail');
	assert.equal(await left(id), 1);
	await pay(site, first);
	assert.equal(await left(id), 0);
	await pay(site, second);
	const rows = (await gifts(shop)).slice(-2);
	assert.deepEqual(rows.map((r) => [r.status, r.perk, r.perk_times]),
	    [[3, id, 1], [3, null, 0]]);
	await step(site, first, 'refund');
	assert.equal(await left(id), 1);
	const held = await ask();
	await step(site, first, 'refund');
	await step(site, second, 'refund');
	assert.equal(await left(id), 0);
	await pay(site, held);
});

test('the appeal counts what is paid, and no more what is paid back',
    async () => {
	const { raised, donors } = await seen();
	const counted = async () => {
		const now = await seen();
		return [now.raised - raised, now.donors - donors];
	};
	const usd = await start(shop, { appealId });
	assert.deepEqual(await counted(), [0, 0]);
	await pay(site, usd);
	await pay(site, usd);
	assert.deepEqual(await counted(), [2500, 1]);
	const eur = await start(shop, { appealId, currency: 'EUR',
		amount: 1001 });
	await pay(site, eur);
	assert.deepEqual(await counted(), [3601, 2]);
	await site.cli('donation', 'refund', '--donation', eur,
	    '--amount', '5.00');
	assert.deepEqual(await counted(), [3051, 2]);
	await step(site, eur, 'refund');
	assert.deepEqual(await counted(), [2500, 1]);
	await step(site, usd, 'refund');
	await step(site, usd, 'refund');
	assert.deepEqual(await counted(), [0, 0]);
});

test('who gives again and again is one donor', async () => {
	const { raised, donors } = await seen();
	const counted = async () => {
		const now = await seen();
		return [now.raised - raised, now.donors - donors];
	};
	const id = await start(shop, { appealId, frequency: 'monthly' });
	await pay(site, id);
	await step(site, id, 'renew');
	await step(site, id, 'renew');
	assert.deepEqual(await counted(), [7500, 1]);
	const [, , last] = (await gifts(shop)).slice(-3);
	assert.equal(last.iteration, 3);
	const [{ donationId }] = await site.cli('donation', 'list',
	    '--partner', shop.slug, '--side', 'test', '--limit', '1');
	await site.cli('donation', 'refund', '--donation', donationId);
	assert.deepEqual(await counted(), [5000, 1]);
	await step(site, id, 'refund');
	assert.deepEqual(await counted(), [2500, 0]);
});
