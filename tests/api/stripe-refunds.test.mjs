// Money that Stripe paid back: what is new of it is taken from the reward,
// in proportion, however often and in whatever order it is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balance, good, refused } from '../lib/expect.mjs';
import { allow, charge, checkout, event, gifts, give, invoice, startStripe,
    status, tell, useStripe } from '../lib/stripe.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
await useStripe(site, await startStripe());
const shop = await site.partner();
await allow(shop);
await site.rule({ slug: shop.slug, type: 'DONATION', perUnit: 10 });

const link = async (wish = {}) =>
	good(await give(shop, wish)).partnerDonationId;

async function told(type, object) {
	const answer = await tell(site, event(type, object));
	assert.equal(answer.status, 204, answer.text);
}

const refund = (amount, what) => told('charge.refunded',
    charge({ amount_refunded: amount, ...what }));

let donors = 0;

/** A gift that was paid: its id and its donor's e-mail. */
async function paid(wish, changes = {}) {
	const donorEmail = `donor-${++donors}@example.org`;
	const id = await link({ donorEmail, ...wish });
	await told('checkout.session.completed', checkout(id, changes));
	return { id, donorEmail, intent: { payment_intent: `pi_${id}` } };
}

const row = async (at = -1) => (await gifts(shop)).at(at);

const has = async (email, tokens) => assert.equal(
    (await balance(shop, email)).available, tokens);

test('in parts, cumulative, out of order, then all of it', async () => {
	const { id, donorEmail, intent } =
	    await paid({ amount: 10000 });
	await has(donorEmail, 1000);
	await refund(2500, intent);
	await has(donorEmail, 750);
	assert.equal((await status(shop, id)).status, 'COMPLETED');
	assert.equal((await row()).refunded, 2500);
	await refund(2500, intent);
	await refund(1000, intent);
	await has(donorEmail, 750);
	await refund(3333, intent);
	await has(donorEmail, 667);
	await refund(10000, intent);
	await has(donorEmail, 0);
	assert.equal((await status(shop, id)).status, 'REFUNDED');
	await refund(2500, intent);
	await refund(10000, intent);
	await has(donorEmail, 0);
	assert.equal((await row()).refunded, 10000);
});

test('the tip is part of what is paid back', async () => {
	const { id, donorEmail, intent } =
	    await paid({ amount: 10000, tipAmount: 1000 });
	await refund(5500, intent);
	await has(donorEmail, 500);
	await refund(11000, intent);
	await has(donorEmail, 0);
	assert.equal((await status(shop, id)).status, 'REFUNDED');
});

test('what was spent already is owed', async () => {
	const { donorEmail, intent } = await paid({ amount: 10000 });
	good(await shop.post(`/v1/partner/users/${donorEmail}/redeem`,
	    { tokens: 900, idempotencyKey: `spent-${donorEmail}` }));
	await refund(10000, intent);
	const { available, debt } = await balance(shop, donorEmail);
	assert.deepEqual([available, debt], [0, 900]);
});

test('told before the payment is: later, please', async () => {
	const donorEmail = 'early@example.org';
	const id = await link({ donorEmail, amount: 1000 });
	const early = event('charge.refunded', charge({ amount_refunded: 500,
		payment_intent: `pi_${id}`,
		/* A charge has the metadata of its payment. */
		metadata: { partner_donation_id: id } }));
	refused(await tell(site, early), 409, 'INVALID_TRANSITION');
	await told('checkout.session.completed', checkout(id));
	assert.equal((await tell(site, early)).status, 204);
	await has(donorEmail, 50);
});

test('in the units of Stripe', async () => {
	const { donorEmail, intent } =
	    await paid({ amount: 10000, currency: 'ISK' });
	await refund(250000, intent);
	assert.equal((await row()).refunded, 2500);
	await has(donorEmail, 75000);
});

const first = (id) => ({ mode: 'subscription', payment_intent: null,
	invoice: `in_${id}_1`, subscription: `sub_${id}` });

const paidBy = (invoiceName, intent) => told('invoice_payment.paid', {
	id: `inpay_${invoiceName}`, object: 'invoice_payment',
	invoice: invoiceName, status: 'paid',
	payment: { type: 'payment_intent', payment_intent: intent },
});

/** A series of two, and what its payments are called. */
async function series(tellIntents) {
	const donorEmail = `donor-${++donors}@example.org`;
	const id = await link({ donorEmail, amount: 1000,
		frequency: 'monthly' });
	const [one, two] = [`in_${id}_1`, `in_${id}_2`];
	if (tellIntents)
		await paidBy(one, `pi_${id}_1`);
	await told('checkout.session.completed', checkout(id, first(id)));
	await told('invoice.paid', invoice(id, two));
	if (tellIntents)
		await paidBy(two, `pi_${id}_2`);
	await has(donorEmail, 200);
	return { id, donorEmail, one, two };
}

test('of a series one payment, told by its invoice', async () => {
	const { id, donorEmail } = await series(true);
	await refund(1000, { payment_intent: `pi_${id}_2` });
	await has(donorEmail, 100);
	assert.deepEqual([(await row(-2)).status, (await row()).status],
	    [3, 6]);
	await refund(500, { payment_intent: `pi_${id}_1` });
	await has(donorEmail, 50);
});

test('told before anybody says which payment it was', async () => {
	const { id, donorEmail, two } = await series(false);
	await refund(500, { payment_intent: `pi_${id}_2` });
	await refund(250, { payment_intent: `pi_${id}_2` });
	await has(donorEmail, 200);
	await paidBy(two, `pi_${id}_2`);
	await has(donorEmail, 150);
	await refund(1000, { payment_intent: `pi_${id}_2` });
	await has(donorEmail, 100);
	/* Before the payment itself is told of. */
	await paidBy(`in_${id}_3`, `pi_${id}_3`);
	await refund(1000, { payment_intent: `pi_${id}_3` });
	await told('invoice.paid', invoice(id, `in_${id}_3`));
	await has(donorEmail, 100);
	assert.equal((await row()).status, 6);
});

test('the same in the words of older versions', async () => {
	const { id, donorEmail, one } = await series(false);
	await refund(1000, { payment_intent: `pi_${id}_1`, invoice: one });
	await has(donorEmail, 100);
	await told('invoice.paid', invoice(id, `in_${id}_3`,
	    { payment_intent: `pi_${id}_3`, charge: 'ch_3' }));
	await has(donorEmail, 200);
	await refund(1000, { payment_intent: `pi_${id}_3` });
	await has(donorEmail, 100);
});

test('a pool that cannot pay: rewarded once it can', async () => {
	const poor = await site.partner({ tokens: 0 });
	const id = good(await give(poor)).partnerDonationId;
	await told('checkout.session.completed', checkout(id));
	const seen = await status(poor, id);
	assert.deepEqual([seen.status, seen.tokensDistributed],
	    ['COMPLETED', 0]);
	/* Paid back before it was rewarded: then it never is. */
	await refund(2500, { payment_intent: `pi_${id}` });
	assert.equal((await status(poor, id)).status, 'REFUNDED');
	const [gift] = await gifts(poor);
	assert.deepEqual([gift.action, gift.reward_at], [null, null]);
});
