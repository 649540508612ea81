// almoner donation list, show, refund: what the operator sees and books.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balance, NO_ID } from '../lib/expect.mjs';
import { donor, pay, start, status, step } from '../lib/gifts.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const shop = await site.partner();
const mine = ['--partner', shop.slug, '--side', 'test'];
const list = (...words) => site.cli('donation', 'list', ...mine, ...words);
const ids = async (...words) => (await list(...words))
    .map(({ donationId }) => donationId);
const refund = (id, ...words) => site.cli('donation', 'refund',
    '--donation', id, ...words);
const tokens = async (user) => (await balance(shop, user)).available;
const iso = (s) => new Date(s * 1000).toISOString();

const begun = site.clock.now();
const first = await start(shop, donor);
site.clock.advance(60);
const second = await start(shop, { partnerUserId: 'payer' });
site.clock.advance(60);
const third = await start(shop);
await pay(site, second);
await pay(site, third, '0077');

test('list: newest first, by status, by time', async () => {
	assert.deepEqual(await ids(), [third, second, first]);
	assert.deepEqual(await ids('--status', 'COMPLETED'), [second]);
	assert.deepEqual(await ids('--status', 'PROCESSING'), [third]);
	assert.deepEqual(await ids('--status', 'FAILED'), []);
	assert.deepEqual(await ids('--from', iso(begun + 60)),
	    [third, second]);
	assert.deepEqual(await ids('--to', iso(begun + 60)),
	    [second, first]);
	assert.deepEqual(await ids('--from', iso(begun + 61), '--to',
	    iso(begun + 119)), []);
	assert.deepEqual(await ids('--limit', '1'), [third]);
	assert.deepEqual(await ids('--limit', '1', '--status', 'PENDING'),
	    [first]);
	const { stdout } = await site.tryCli('donation', 'list', ...mine);
	assert.match(stdout, new RegExp(`${second} +COMPLETED +2500 +0 +0 +` +
	    'USD +once +1 +american-red-cross +175 +sandbox'));
	for (const words of [['--status', 'PAID'], ['--from', 'yesterday'],
	    ['--limit', '0'], ['--limit', '101']])
		assert.equal((await site.tryCli('donation', 'list', ...mine,
		    ...words)).code, 2);
	assert.deepEqual(await site.cli('donation', 'list', '--partner',
	    shop.slug, '--side', 'live'), []);
});

test('show: with the donor', async () => {
	const shown = await site.cli('donation', 'show', '--donation', first);
	assert.deepEqual([shown.donationId, shown.status, shown.email,
		shown.firstName, shown.lastName, shown.partnerUserId,
		shown.address, shown.phone, shown.reference],
	[first, 'PENDING', donor.donorEmail, donor.firstName, donor.lastName,
		donor.partnerUserId, donor.address, donor.phone, null]);
	for (const id of [NO_ID, 'x', shop.tokenPoolId]) {
		const { code, stderr } = await site.tryCli('donation', 'show',
		    '--donation', id);
		assert.equal(code, 1);
		assert.match(stderr, /almoner donation list shows them/);
	}
});

test('refund: in parts, then the rest', async () => {
	const part = await refund(second, '--amount', '10');
	assert.deepEqual([part.status, part.refunded], ['COMPLETED', 1000]);
	assert.equal(await tokens('payer'), 105);
	for (const amount of ['15.01', '0', '-1', '1.001', 'all'])
		assert.equal((await site.tryCli('donation', 'refund',
		    '--donation', second, '--amount', amount)).code, 2);
	await refund(second, '--amount', '0.01');
	const rest = await refund(second);
	assert.deepEqual([rest.status, rest.refunded], ['REFUNDED', 2500]);
	assert.equal(await tokens('payer'), 0);
	assert.equal((await status(shop, second)).status, 'REFUNDED');
});

test('refund: only what was paid', async () => {
	for (const [id, says] of [[first, 'PENDING'], [second, 'REFUNDED'],
	    [third, 'PROCESSING']]) {
		const { code, stderr } = await site.tryCli('donation',
		    'refund', '--donation', id);
		assert.equal(code, 1);
		assert.match(stderr, new RegExp(`It is ${says}: only what`));
	}
	await step(site, third, 'confirm');
	const { stdout } = await site.tryCli('donation', 'refund',
	    '--donation', third);
	assert.doesNotMatch(stdout, /paid back at/);
});
