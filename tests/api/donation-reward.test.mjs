// The tokens of a donation: when the pool is empty, for whom, and until when;
// and what is left of a donor who is erased, or of a sandbox that is reset.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { housekeep } from '../lib/cron.mjs';
import { balance, good, refused, rows } from '../lib/expect.mjs';
import { donor, gifts, give, pay, start, status, step, told, visit }
    from '../lib/gifts.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const shop = await site.partner();
const tokens = async (user, partner = shop) =>
	(await balance(partner, user)).available;
const events = async (partner, type) => good(await partner.get(
    `/v1/partner/events?type=${type}&at=${site.clock.now()}`))
    .pagination.total;

async function paid(wish, partner = shop) {
	const id = await start(partner, wish);
	await pay(site, id);
	return status(partner, id);
}

test('the pool is empty: paid all the same, rewarded later', async () => {
	const poor = await site.partner({ tokens: 100 });
	const seen = await paid({ partnerUserId: 'waits' }, poor);
	assert.deepEqual([seen.status, seen.tokensDistributed],
	    ['COMPLETED', 0]);
	assert.equal(await events(poor, 'action.failed'), 1);
	assert.equal(await events(poor, 'donation.completed'), 1);
	await housekeep(site);
	assert.equal((await gifts(poor))[0].action, null);
	await site.cli('pool', 'allocate', '--pool', poor.tokenPoolId,
	    '--partner', poor.slug, '--side', 'test', '--tokens', '100');
	await housekeep(site);
	assert.equal((await gifts(poor))[0].action, null);
	site.clock.advance(3600);
	await housekeep(site);
	await housekeep(site);
	assert.equal((await status(poor, seen.partnerDonationId))
	    .tokensDistributed, 175);
	assert.equal(await tokens('waits', poor), 175);
	assert.equal(await events(poor, 'action.failed'), 1);
	assert.equal(await events(poor, 'donation.completed'), 1);
});

test('paid back meanwhile: the rest is rewarded, or nothing', async () => {
	const poor = await site.partner({ tokens: 100 });
	const [part, all] = [await paid({ partnerUserId: 'part' }, poor),
		await paid({ partnerUserId: 'all' }, poor)];
	await site.cli('donation', 'refund', '--donation',
	    part.partnerDonationId, '--amount', '10.00');
	await step(site, all.partnerDonationId, 'refund');
	await site.cli('pool', 'allocate', '--pool', poor.tokenPoolId,
	    '--partner', poor.slug, '--side', 'test', '--tokens', '1000');
	site.clock.advance(3600);
	await housekeep(site);
	assert.equal(await tokens('part', poor), 105);
	refused(await poor.get('/v1/partner/users/all'), 404, 'NOT_FOUND');
	await step(site, part.partnerDonationId, 'refund');
	assert.equal(await tokens('part', poor), 0);
});

test('nobody said who gives: no tokens, and nothing is due', async () => {
	const seen = await paid({ donorEmail: null });
	assert.deepEqual([seen.status, seen.tokensDistributed],
	    ['COMPLETED', 0]);
	const row = (await gifts(shop)).at(-1);
	assert.deepEqual([row.action, row.reward_at], [null, null]);
});

test('an address and an id of two people: the id decides', async () => {
	await paid({ partnerUserId: 'one', donorEmail: 'one@example.org' });
	await paid({ partnerUserId: 'two', donorEmail: 'one@example.org' });
	assert.equal(await tokens('one'), 175);
	assert.equal(await tokens('two'), 175);
	await paid({ donorEmail: 'ONE@example.org' });
	assert.equal(await tokens('one'), 350);
});

/** Which of the texts stand in the database or in its log? */
const traces = (texts) => texts.filter((text) => ['', '-wal'].some((end) => {
	const name = `${site.dir}/data/ledger.db${end}`;
	return fs.existsSync(name) && fs.readFileSync(name).includes(text);
}));
const texts = ['zoe.private', 'Zo\u00ebprivate', "O'Private",
	'Private Road', '1555PRIVATE', 'private_42', 'privateref',
	'privatenote'];

test('a donor who is erased leaves no trace', async () => {
	const headers = { 'Idempotency-Key': 'kept' };
	const wish = { ...donor, frequency: 'monthly' };
	const { partnerDonationId: id } =
	    good(await give(shop, wish, { headers }));
	await pay(site, id);
	await start(shop, { ...donor, partnerUserId: undefined });
	await start(shop, { ...donor, donorEmail: undefined });
	assert.deepEqual(traces(texts), texts);
	const erased = await shop.signed('DELETE',
	    '/v1/partner/users/private_42');
	assert.equal(erased.status, 204, erased.text);
	assert.deepEqual(traces(texts), []);
	assert.equal((await status(shop, id)).status, 'COMPLETED');
	told(await visit(site, id, 'thanks'));
	await step(site, id, 'renew');
	const row = (await gifts(shop)).at(-1);
	assert.deepEqual([row.iteration, row.status, row.email, row.action,
		row.forgotten], [2, 3, null, null, 1]);
	await step(site, id, 'refund');
	await site.verify();
});

test('who never was rewarded is erased as well, by address', async () => {
	await start(shop, { ...donor, partnerUserId: undefined });
	await paid({ ...donor, partnerUserId: undefined, currency: 'USD' },
	    await site.partner());
	site.clock.advance(1);
	const name = encodeURIComponent(donor.donorEmail.toUpperCase());
	const erase = () => shop.signed('DELETE', `/v1/partner/users/${name}`);
	assert.equal((await erase()).status, 204);
	assert.equal((await gifts(shop)).at(-1).email, null);
	site.clock.advance(1);
	refused(await erase(), 404, 'NOT_FOUND');
	assert.deepEqual(await rows(site, 'SELECT count(*) AS n FROM' +
	    ' donations WHERE forgotten = 0 AND email LIKE \'%private%\''),
	[{ n: 1 }]);
});

test('a reset forgets donations, and keeps appeals', async () => {
	const own = await site.partner();
	const mine = ['--partner', own.slug, '--side', 'test'];
	const { id: appealId } = await site.cli('appeal', 'create',
	    '--nonprofit', 'american-red-cross', '--title', 'A',
	    '--currency', 'USD', ...mine);
	const { partnerDonationId: id } = await paid({ appealId,
		donorEmail: 'own@reset.example' }, own);
	good(await own.post('/v1/partner/sandbox/reset'));
	assert.deepEqual(await rows(site, 'SELECT count(*) AS n FROM' +
	    " donations WHERE email = 'own@reset.example'"), [{ n: 0 }]);
	told(await visit(site, id), 404);
	const again = await paid({ appealId }, own);
	assert.notEqual(again.partnerDonationId, id);
	assert.deepEqual((await site.cli('appeal', 'list', ...mine))
	    .map(({ raised, donors }) => [raised, donors]), [[2500, 1]]);
});
