// What Stripe tells of payments: only what it signed counts, once, in any
// order, and for its own side.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { balance, good, refused } from '../lib/expect.mjs';
import { allow, charge, checkout, event, gifts, give, invoice, SECRETS,
    startStripe, status, tell, useStripe, webhooks } from '../lib/stripe.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
await useStripe(site, await startStripe());
const shop = await site.partner();
await allow(shop);

const COMPLETED = 'checkout.session.completed';

const link = async (wish = {}, partner = shop) =>
	good(await give(partner, wish)).partnerDonationId;

async function told(type, object, options) {
	const what = event(type, object);
	const answer = await tell(site, what, options);
	assert.equal(answer.status, 204, answer.text);
	assert.equal(answer.text, '');
	return what;
}

/** Not now: Stripe sends again what is not answered with 2xx. */
const later = async (type, object) => refused(
    await tell(site, event(type, object)), 409, 'INVALID_TRANSITION');

async function is(id, wanted, partner = shop) {
	const seen = await status(partner, id);
	assert.equal(seen.status, wanted);
	return seen;
}

const nobody = { id: 'cus_1', object: 'customer' };

test('what Stripe signed is taken', async () => {
	await told('customer.created', nobody);
	for (const timestamp of [site.clock.now() - 300,
		site.clock.now() + 86400])
		await told('customer.created', nobody, { timestamp });
	const payload = JSON.stringify(event('customer.created', nobody));
	const right = webhooks.generateTestHeaderString({ payload,
		secret: SECRETS.test, timestamp: site.clock.now() });
	const [t, v1] = right.split(',');
	const wrong = `v1=${'0'.repeat(64)}`;
	for (const header of [`${t},${wrong},${v1},v0=1`, `${v1},${t}`,
		`a=b,,${t},v1=zz,${v1}`])
		assert.equal((await tell(site, payload, { header })).status,
		    204, header);
});

test('the vector that its library made', async () => {
	const now = site.clock.now();
	site.clock.set(1700000000);
	const body = '{"id":"evt_1","object":"event",' +
	    '"type":"checkout.session.completed"}';
	site.configure({ stripe_secret: 'whsec_test' });
	await site.restart();
	/* Genuine, and then it lacks its data. */
	refused(await tell(site, body, { header: 't=1700000000,v1=670e223f1' +
	    '9f12fb09ef0441261722546140dc296175e11939853a461c6642659' }),
	    400, 'INVALID_REQUEST', ['/data']);
	site.clock.set(now);
	site.configure({ stripe_secret: SECRETS.live });
	await site.restart();
});

test('what it did not sign is refused, and nothing of it read', async () => {
	const id = await link();
	const payload = JSON.stringify(event(COMPLETED, checkout(id)));
	const now = site.clock.now();
	const sign = (secret, text, t = now) => `t=${t},v1=${createHmac(
	    'sha256', secret).update(`${t}.${text}`).digest('hex')}`;
	const right = sign(SECRETS.test, payload);
	for (const header of [null, '', 't=', 'v1=', `t=${now}`, 'x',
		right.replace('v1', 'v0'), right.slice(0, -1),
		right.slice(0, -1) + (right.endsWith('0') ? '1' : '0'),
		right.replace(`t=${now}`, `t=${now + 1}`),
		right.replace(/^t=\d+,/, ''), right.replace('t=', 't=+'),
		right.replace('t=', 't=0'), sign('', payload),
		sign('whsec_other', payload), sign(SECRETS.test, `${payload} `),
		sign(SECRETS.test, payload, now - 301)])
		refused(await tell(site, payload, { header }), 401,
		    'INVALID_SIGNATURE');
	for (const body of ['', '{', '[1]', 'null'])
		refused(await tell(site, body, { header: right }), 401,
		    'INVALID_SIGNATURE');
	refused(await tell(site, '{'), 400, 'MALFORMED_JSON');
	await is(id, 'PENDING');
});

test('paid: tokens once, however often it is told', async () => {
	const id = await link({ donorEmail: null });
	const what = await told(COMPLETED, checkout(id));
	const { tokensDistributed } = await is(id, 'COMPLETED');
	assert.ok(tokensDistributed > 0);
	for (let i = 0; i < 3; i++)
		assert.equal((await tell(site, what)).status, 204);
	/* Another event of the same. */
	await told('checkout.session.async_payment_succeeded', checkout(id));
	await told('checkout.session.async_payment_failed', checkout(id));
	await told('checkout.session.expired', checkout(id));
	await is(id, 'COMPLETED');
	assert.equal((await balance(shop, 'zoe@example.org')).lifetimeEarned,
	    tokensDistributed);
	const row = (await gifts(shop)).at(-1);
	assert.equal(row.first_name, 'Zoë von');
	assert.equal(row.last_name, 'Sample');
	assert.equal(row.reference, `pi_${id}`);
});

test('the same event at the same moment, many times', async () => {
	const id = await link({ donorEmail: 'many@example.org' });
	const what = event(COMPLETED, checkout(id));
	const answers = await Promise.all(Array.from({ length: 8 },
	    () => tell(site, what)));
	assert.deepEqual(answers.map((a) => a.status), Array(8).fill(204));
	const { tokensDistributed } = await is(id, 'COMPLETED');
	assert.equal((await balance(shop, 'many@example.org')).lifetimeEarned,
	    tokensDistributed);
});

test('unpaid yet: processing, then success or failure', async () => {
	const [good1, bad, late] = [await link(), await link(), await link()];
	for (const id of [good1, bad, late]) {
		await told(COMPLETED, checkout(id,
		    { payment_status: 'unpaid' }));
		await is(id, 'PROCESSING');
	}
	await told('checkout.session.async_payment_succeeded',
	    checkout(good1));
	await is(good1, 'COMPLETED');
	await told('checkout.session.async_payment_failed',
	    checkout(bad, { payment_status: 'unpaid' }));
	await is(bad, 'FAILED');
	/* Told in the wrong order: the end stays the end. */
	await told('checkout.session.async_payment_succeeded', checkout(late));
	await told(COMPLETED, checkout(late, { payment_status: 'unpaid' }));
	await is(late, 'COMPLETED');
});

test('expired, and paid all the same', async () => {
	const id = await link();
	await told('checkout.session.expired', checkout(id,
	    { payment_status: 'unpaid', status: 'expired' }));
	await is(id, 'EXPIRED');
	await told(COMPLETED, checkout(id));
	await is(id, 'COMPLETED');
});

test('what is none of ours is taken, and does nothing', async () => {
	const id = await link();
	const before = await gifts(shop);
	for (const ours of ['don_1', 'f'.repeat(24), '', null])
		await told(COMPLETED, checkout(ours, { payment_intent: 'pi_x',
			metadata: ours === null ? null :
			    { partner_donation_id: ours } }));
	await told('invoice.paid', invoice('don_2', 'in_x'));
	await told('invoice.paid', { id: 'in_y', object: 'invoice' });
	await told('charge.refunded', charge({ payment_intent: 'pi_y',
		amount_refunded: 100 }));
	await told('charge.dispute.created', charge({ id: 'dp_1' }));
	assert.deepEqual(await gifts(shop), before);
	await is(id, 'PENDING');
});

test('each account tells of its own side alone', async () => {
	const live = await site.partner({ side: 'live' });
	const [ours, theirs] = [await link(), await link({}, live)];
	await told(COMPLETED, checkout(theirs));
	await told(COMPLETED, checkout(ours), { secret: SECRETS.live });
	await is(ours, 'PENDING');
	await is(theirs, 'PENDING', live);
	await told(COMPLETED, checkout(theirs), { secret: SECRETS.live });
	await is(theirs, 'COMPLETED', live);
});

const monthly = (wish) => link({ frequency: 'monthly', ...wish });
const first = (id, changes) => checkout(id, { mode: 'subscription',
	payment_intent: null, invoice: `in_${id}_1`,
	subscription: `sub_${id}`, ...changes });
const created = { billing_reason: 'subscription_create' };

const series = async (id) => (await gifts(shop))
    .filter((row) => row.subscription === `sub_${id}`)
    .map(({ reference, iteration, status: now }) =>
	[reference.replace(`in_${id}_`, ''), iteration, now]);

test('the first of a series is told twice, and counted once', async () => {
	for (const order of [[0, 1], [1, 0]]) {
		const id = await monthly();
		const both = [
			() => told(COMPLETED, first(id)),
			() => told('invoice.paid', invoice(id, `in_${id}_1`,
			    created)),
		];
		for (const which of order) {
			await both[which]();
			await is(id, 'COMPLETED');
		}
		assert.deepEqual(await series(id), [['1', 1, 3]]);
	}
});

test('renewals are donations of their own, in any order', async () => {
	const id = await monthly({ donorEmail: 'each-month@example.org' });
	await later('invoice.paid', invoice(id, `in_${id}_2`));
	assert.deepEqual(await series(id), []);
	await told(COMPLETED, first(id));
	for (const n of [3, 2, 2, 4, 1, 3])
		await told('invoice.paid', invoice(id, `in_${id}_${n}`,
		    n === 1 ? created : {}));
	assert.deepEqual(await series(id),
	    [['1', 1, 3], ['3', 2, 3], ['2', 3, 3], ['4', 4, 3]]);
	const { tokensDistributed } = await is(id, 'COMPLETED');
	const { lifetimeEarned } =
	    await balance(shop, 'each-month@example.org');
	assert.equal(lifetimeEarned, 4 * tokensDistributed);
});

test('an older invoice, and one whose metadata was cleared', async () => {
	const id = await monthly();
	await told(COMPLETED, first(id));
	const details = { metadata: { partner_donation_id: id } };
	await told('invoice.paid', invoice(id, `in_${id}_2`, { parent:
	    undefined, subscription: `sub_${id}`,
	    subscription_details: details }));
	await told('invoice.paid', invoice(id, `in_${id}_3`, { parent: {
		subscription_details: { metadata: {},
			subscription: `sub_${id}` } } }));
	assert.deepEqual((await series(id)).map(([name]) => name),
	    ['1', '2', '3']);
});

test('a month for nothing, and one of another amount', async () => {
	const id = await monthly({ amount: 1000, tipAmount: 100,
		donorEmail: 'changes@example.org' });
	await told(COMPLETED, first(id));
	for (const [n, amount_paid] of [[2, 0], [3, 1100], [4, 2100], [5, 50]])
		await told('invoice.paid', invoice(id, `in_${id}_${n}`,
		    { amount_paid }));
	const rows = (await gifts(shop))
	    .filter((row) => row.subscription === `sub_${id}`);
	assert.deepEqual(rows.map((row) => [row.amount, row.tip]),
	    [[1000, 100], [1000, 100], [2000, 100], [1000, 100]]);
});
