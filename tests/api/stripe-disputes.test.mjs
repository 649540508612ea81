// Money that a donor's bank takes back through Stripe, and gives again: in
// any order, twice, late, in part, and beside refunds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { housekeep } from '../lib/cron.mjs';
import { balance, good, rows } from '../lib/expect.mjs';
import { allow, charge, checkout, event, gifts, give, invoice, SECRETS,
    startStripe, status, tell, useStripe } from '../lib/stripe.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
await useStripe(site, await startStripe());
const shop = await site.partner();
await allow(shop);
await site.rule({ slug: shop.slug, type: 'DONATION', perUnit: 10 });

let at = 1746876000;

/** It happened a day after the one before, or at `created`. */
const later = (type, object, created = at += 86400) =>
	({ ...event(type, object), created });

async function told(what, options) {
	const answer = await tell(site, what, options);
	assert.equal(answer.status, 204, answer.text);
}

const refund = (id, amount) => told(later('charge.refunded', charge({
	amount_refunded: amount, payment_intent: `pi_${id}` })));

/** As the pinned version has it. */
const dispute = (id, changes) => ({
	id: `du_${id}`, object: 'dispute', amount: 10000, charge: `ch_${id}`,
	balance_transactions: [], currency: 'usd', evidence: {},
	evidence_details: { due_by: 1747876000, has_evidence: false },
	is_charge_refundable: false, livemode: false, metadata: {},
	payment_intent: `pi_${id}`, reason: 'fraudulent',
	status: 'needs_response', ...changes,
});

const says = (what, id, changes, created) => later(
    `charge.dispute.${what}`, dispute(id, changes), created);
const opened = (id, more, t) => says('created', id, more, t);
const taken = (id, more, t) => says('funds_withdrawn', id, more, t);
const won = (id, more, t) => says('closed', id, { status: 'won', ...more }, t);
const back = (id, more, t) => says('funds_reinstated', id,
    { status: 'won', ...more }, t);
const lost = (id, more, t) => says('closed', id,
    { status: 'lost', ...more }, t);

let donors = 0;

async function begun(wish) {
	const donorEmail = `donor-${++donors}@example.org`;
	const { partnerDonationId: id } = good(await give(shop,
	    { donorEmail, amount: 10000, ...wish }));
	return { id, donorEmail, row: async () => (await gifts(shop)).find(
	    ({ email }) => email === donorEmail) };
}

async function paid(wish) {
	const gift = await begun(wish);
	await told(event('checkout.session.completed', checkout(gift.id)));
	return gift;
}

async function is({ id, donorEmail }, expected) {
	const { available, debt } = await balance(shop, donorEmail);
	const shown = await site.cli('donation', 'show', '--donation', id);
	assert.deepEqual([(await status(shop, id)).status, available, debt,
		shown.refunded, shown.disputed, shown.disputeStatus],
	expected);
}

test('taken, told twice: once, and all of it', async () => {
	const gift = await paid();
	await is(gift, ['COMPLETED', 1000, 0, 0, 0, null]);
	const first = opened(gift.id);
	await told(first);
	await told(first);
	await is(gift, ['COMPLETED', 1000, 0, 0, 0, 'needs_response']);
	const now = taken(gift.id);
	await told(now);
	await is(gift, ['REFUNDED', 0, 0, 0, 10000, 'needs_response']);
	await told(now);
	await told({ ...now, id: `${now.id}_again` });
	await told(lost(gift.id));
	await is(gift, ['REFUNDED', 0, 0, 0, 10000, 'lost']);
});

test('won: it is rewarded again, once, and can be taken again', async () => {
	const gift = await paid();
	await told(taken(gift.id));
	await told(back(gift.id));
	await is(gift, ['COMPLETED', 1000, 0, 0, 0, 'won']);
	await told(won(gift.id));
	await told(back(gift.id));
	await is(gift, ['COMPLETED', 1000, 0, 0, 0, 'won']);
	await told(taken(gift.id, { status: 'lost' }));
	await is(gift, ['REFUNDED', 0, 0, 0, 10000, 'lost']);
	await told(back(gift.id));
	await is(gift, ['COMPLETED', 1000, 0, 0, 0, 'won']);
	/* What is refunded then comes out of the rewards that are left. */
	await refund(gift.id, 2500);
	await is(gift, ['COMPLETED', 750, 0, 2500, 0, 'won']);
	await refund(gift.id, 10000);
	await is(gift, ['REFUNDED', 0, 0, 10000, 0, 'won']);
	const keys = await rows(site, 'SELECT idempotency_key AS k FROM' +
	    ` actions WHERE idempotency_key LIKE '%${gift.id}%' ORDER BY id`);
	assert.deepEqual(keys.map(({ k }) => k), [
		`donation:stripe:pi_${gift.id}`,
		`donation:stripe:pi_${gift.id}:again:1`,
		`donation:stripe:pi_${gift.id}:again:2`]);
});

test('in any order', async () => {
	const [a, b, c, d] = [await paid(), await paid(), await paid(),
		await paid()];
	const early = (at += 86400);
	await told(back(a.id));
	await told(taken(a.id, {}, early));
	await told(opened(a.id, {}, early));
	await is(a, ['COMPLETED', 1000, 0, 0, 0, 'won']);
	await told(won(b.id));
	await told(taken(b.id, {}, early));
	await told(back(b.id, {}, at));
	await is(b, ['COMPLETED', 1000, 0, 0, 0, 'won']);
	await told(lost(c.id));
	await told(taken(c.id, {}, early));
	await told(opened(c.id, {}, early));
	await is(c, ['REFUNDED', 0, 0, 0, 10000, 'lost']);
	/* All in one second. */
	await told(taken(d.id, {}, early));
	await told(opened(d.id, {}, early));
	await told(won(d.id, {}, early));
	await told(taken(d.id, {}, early));
	await is(d, ['COMPLETED', 1000, 0, 0, 0, 'won']);
});

test('an inquiry takes nothing', async () => {
	const gift = await paid();
	await told(opened(gift.id, { status: 'warning_needs_response' }));
	await told(says('closed', gift.id, { status: 'warning_closed' }));
	await is(gift, ['COMPLETED', 1000, 0, 0, 0, 'warning_closed']);
	/* Prevented: what is told of the money decides, before or after. */
	await told(says('closed', gift.id, { status: 'prevented' }));
	await told(taken(gift.id, { status: 'prevented' }, at - 1));
	await is(gift, ['REFUNDED', 0, 0, 0, 10000, 'prevented']);
});

test('a part, in proportion, and its tip', async () => {
	const gift = await paid({ tipAmount: 2500 });
	await told(taken(gift.id, { amount: 5000 }));
	await is(gift, ['COMPLETED', 600, 0, 0, 5000, 'needs_response']);
	await told(won(gift.id, { amount: 5000 }));
	await is(gift, ['COMPLETED', 1000, 0, 0, 0, 'won']);
	/* Two disputes of one charge. */
	await told(taken(gift.id, { id: 'du_x', amount: 2500 }));
	await told(taken(gift.id, { id: 'du_y', amount: 10000 }));
	await is(gift, ['REFUNDED', 0, 0, 0, 12500, 'needs_response']);
	await told(won(gift.id, { id: 'du_y', amount: 10000 }));
	await is(gift, ['COMPLETED', 800, 0, 0, 2500, 'won']);
});

test('never more than refunds have left', async () => {
	const gift = await paid();
	await refund(gift.id, 4000);
	await told(taken(gift.id));
	await is(gift, ['REFUNDED', 0, 0, 4000, 10000, 'needs_response']);
	/* What was refunded comes back, the rest does not. */
	await told(back(gift.id, { status: 'lost' }));
	await is(gift, ['REFUNDED', 0, 0, 4000, 10000, 'lost']);
	await told(won(gift.id));
	await is(gift, ['COMPLETED', 600, 0, 4000, 0, 'won']);
	await refund(gift.id, 10000);
	await told(taken(gift.id, { id: 'du_late' }));
	await is(gift, ['REFUNDED', 0, 0, 10000, 10000, 'needs_response']);
	await told(won(gift.id, { id: 'du_late' }));
	await is(gift, ['REFUNDED', 0, 0, 10000, 0, 'won']);
});

test('what was spent is owed, and paid when it is won', async () => {
	const gift = await paid();
	good(await shop.post(`/v1/partner/users/${gift.donorEmail}/redeem`,
	    { tokens: 900, idempotencyKey: `spent-${gift.id}` }));
	await told(taken(gift.id));
	await is(gift, ['REFUNDED', 0, 900, 0, 10000, 'needs_response']);
	await told(won(gift.id));
	await is(gift, ['COMPLETED', 100, 0, 0, 0, 'won']);
});

test('told before the payment is', async () => {
	const gift = await begun();
	await told(taken(gift.id));
	await told(event('checkout.session.completed', checkout(gift.id)));
	await is(gift, ['REFUNDED', 0, 0, 0, 10000, 'needs_response']);
});

test('a series: only the payment that is meant', async () => {
	const { id, donorEmail } = await begun({ frequency: 'monthly' });
	const one = `in_${id}_1`, two = `in_${id}_2`, intent = `pi_${id}_2`;
	await told(event('checkout.session.completed', checkout(id, {
		mode: 'subscription', payment_intent: null, invoice: one,
		subscription: `sub_${id}` })));
	await told(event('invoice.paid', invoice(id, two)));
	await told(taken(id, { payment_intent: intent }));
	assert.equal((await balance(shop, donorEmail)).available, 2000);
	/* Now it is known of which invoice that was. */
	await told(event('invoice_payment.paid', { id: `inpay_${two}`,
		object: 'invoice_payment', invoice: two, status: 'paid',
		payment: { type: 'payment_intent', payment_intent: intent },
	}));
	assert.equal((await balance(shop, donorEmail)).available, 1000);
	assert.deepEqual((await gifts(shop)).slice(-2).map((gift) =>
		[gift.iteration, gift.status, gift.disputed]),
	[[1, 3, 0], [2, 6, 10000]]);
});

test('currencies: units of Stripe, and one that is not the gift\'s',
    async () => {
	const krona = await paid({ currency: 'ISK' });
	await told(taken(krona.id, { currency: 'isk', amount: 250000 }));
	assert.equal((await krona.row()).disputed, 2500);
	const yen = await paid({ currency: 'JPY' });
	await told(taken(yen.id, { currency: 'jpy', amount: 2500 }));
	assert.equal((await yen.row()).disputed, 2500);
	const other = await paid();
	await told(taken(other.id, { currency: 'eur', amount: 9100 }));
	assert.equal((await other.row()).disputed, 10000);
	const none = await paid();
	await told(taken(none.id, { currency: null, amount: undefined }));
	assert.equal((await none.row()).disputed, 10000);
	const odd = await paid();
	await told(taken(odd.id, { currency: 'u' }));
	assert.equal((await odd.row()).disputed, 10000);
});

test('an appeal: what it raised, its donors and its perk', async () => {
	const name = ['--partner', shop.slug, '--side', 'test'];
	await site.cli('appeal', 'create', ...name, '--title', 'Winter',
	    '--nonprofit', 'american-red-cross', '--currency', 'USD');
	await site.cli('appeal', 'perk', ...name, '--appeal', '1', '--title',
	    'A scarf', '--stock', '1');
	const wish = { appealId: 1, perk: { id: 1 } };
	const gift = await paid(wish);
	const shows = async (...expected) => {
		const { raised, donors: count, perks } = good(await shop.get(
		    '/v1/partner/appeals/1', { key: 'pk' }));
		assert.deepEqual([raised, count, perks[0].remaining],
		    expected);
	};
	await shows(10000, 1, 0);
	await told(taken(gift.id));
	await shows(0, 0, 1);
	await told(won(gift.id));
	await shows(10000, 1, 0);
	await told(taken(gift.id));
	/* Another donor takes the last one meanwhile. */
	await paid(wish);
	await told(won(gift.id));
	await shows(20000, 2, 0);
	assert.equal((await gift.row()).perk, null);
});

const tokens = async (partner, user) =>
	(await balance(partner, user)).available;

async function paidTo(partner, donorEmail) {
	const { partnerDonationId: id } = good(await give(partner,
	    { donorEmail }));
	await told(event('checkout.session.completed', checkout(id)));
	return id;
}

test('a pool that cannot pay again: later, less what went back', async () => {
	const poor = await site.partner({ tokens: 175 });
	const waits = await paidTo(poor, 'waits@example.org');
	await told(taken(waits, { amount: 2500 }));
	await paidTo(poor, 'swift@example.org');
	await told(won(waits, { amount: 2500 }));
	assert.equal(await tokens(poor, 'waits@example.org'), 0);
	await refund(waits, 1000);
	await site.cli('pool', 'allocate', '--pool', poor.tokenPoolId,
	    '--partner', poor.slug, '--side', 'test', '--tokens', '1000');
	await housekeep(site);
	assert.equal(await tokens(poor, 'waits@example.org'), 0);
	site.clock.advance(86400);
	await housekeep(site);
	await housekeep(site);
	assert.equal(await tokens(poor, 'waits@example.org'), 105);
	await refund(waits, 2500);
	assert.equal(await tokens(poor, 'waits@example.org'), 0);
	good(await poor.post('/v1/partner/sandbox/reset'));
	assert.deepEqual(await gifts(poor), []);
});

test('never rewarded, taken, won: rewarded then', async () => {
	const poor = await site.partner({ tokens: 0 });
	const id = await paidTo(poor, 'first@example.org');
	await told(taken(id, { amount: 2500 }));
	assert.equal((await gifts(poor))[0].reward_at, null);
	await site.cli('pool', 'allocate', '--pool', poor.tokenPoolId,
	    '--partner', poor.slug, '--side', 'test', '--tokens', '1000');
	await told(won(id, { amount: 2500 }));
	assert.equal(await tokens(poor, 'first@example.org'), 175);
});

test('who was erased meanwhile is not made known again', async () => {
	const gift = await paid();
	await told(taken(gift.id));
	const erased = await shop.signed('DELETE',
	    `/v1/partner/users/${gift.donorEmail}`);
	assert.equal(erased.status, 204, erased.text);
	await told(won(gift.id));
	assert.equal((await status(shop, gift.id)).status, 'COMPLETED');
	assert.equal((await gifts(shop)).at(-1).email, null);
	assert.deepEqual(await rows(site, 'SELECT r.action, r.reward_at FROM' +
	    ' donation_rewards r JOIN donations d ON d.tenant = r.tenant' +
	    ' AND d.id = r.donation WHERE d.forgotten = 1'),
	[{ action: null, reward_at: null }]);
});

test('partners are told', async () => {
	const own = await site.partner();
	const id = await paidTo(own, 'told@example.org');
	await told(opened(id, { amount: 2500 }));
	await told(taken(id, { amount: 2500 }));
	const listed = async (type) => good(await own.get(
	    `/v1/partner/events?type=${type}&at=${site.clock.now()}`)).data
	    .map(({ data }) => [data.status, data.refundedAmount,
		data.disputedAmount]);
	assert.deepEqual(await listed('donation.refunded'),
	    [['REFUNDED', 0, 2500]]);
	assert.deepEqual(await listed('donation.reinstated'), []);
	await told(won(id, { amount: 2500 }));
	await told(back(id, { amount: 2500 }));
	assert.deepEqual(await listed('donation.reinstated'),
	    [['COMPLETED', 0, 0]]);
});

test('of whom it is not: nothing', async () => {
	const gift = await paid();
	await told(taken(gift.id), { secret: SECRETS.live });
	await told(taken(gift.id, { payment_intent: null }));
	await told(taken(gift.id, { payment_intent: 'pi_of_others' }));
	await is(gift, ['COMPLETED', 1000, 0, 0, 0, null]);
	await refund(gift.id, 100);
	await is(gift, ['COMPLETED', 990, 0, 100, 0, null]);
	assert.deepEqual(await rows(site, 'SELECT stage FROM disputes' +
	    " WHERE payment = 'pi_of_others'"), [{ stage: 1 }]);
});
