// What partners are told of donations: events with the whole of it, and the
// donation webhook in the format "chuffed", which another site takes.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import { test } from 'node:test';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { balance, good } from '../lib/expect.mjs';
import { addWebhook, configureHooks, deliver, startReceiver }
    from '../lib/hooks.mjs';
import { root } from '../lib/servers.mjs';
import { useSite } from '../lib/site.mjs';
import { allow, charge, checkout, event, gifts, give, invoice, startStripe,
    tell, useStripe } from '../lib/stripe.mjs';

const SECRET = 'a secret of both ends';
const fits = addFormats(new Ajv({ allErrors: true, strictTypes: false }))
    .compile(JSON.parse(fs.readFileSync(
    `${root}/tests/vectors/donation-webhook.schema.json`, 'utf8')));

const site = await useSite();
await configureHooks(site);
await useStripe(site, await startStripe());
const shop = await site.partner();
const elsewhere = await site.partner();
await allow(shop);
const of = (partner) => ['--partner', partner.slug, '--side', 'test'];
await site.cli('rate', 'set', '--from', 'EUR', '--to', 'USD', '--rate',
    '1.10', '--day', '2025-05-10');
const { id: appealId } = await site.cli('appeal', 'create', ...of(shop),
    '--nonprofit', 'american-red-cross', '--title', 'Well "Ü"',
    '--currency', 'USD');
const { id: perkId } = await site.cli('appeal', 'perk', ...of(shop),
    '--appeal', String(appealId), '--title', 'T-shirt');
const { id: fundraiserId } = await site.cli('appeal', 'fundraiser',
    ...of(shop), '--appeal', String(appealId), '--title', 'Zoë runs');
const receiver = await startReceiver();
await addWebhook(shop, { url: receiver.url, format: 'chuffed',
	secret: SECRET, events: String(2 ** 18) });
await site.cli('inbound', 'set', ...of(elsewhere), '--format', 'chuffed',
    '--secret', SECRET);

const confirm = async (type, object) => {
	const answer = await tell(site, event(type, object));
	assert.equal(answer.status, 204, answer.text);
};

/** The webhook of what was just confirmed, checked. */
async function delivered(count = 1) {
	receiver.got.length = 0;
	await deliver(site);
	assert.equal(receiver.got.length, count);
	return receiver.got.map(({ body, headers }) => {
		assert.equal(headers.signature, createHmac('sha256', SECRET)
		    .update(body).digest('hex'));
		const read = JSON.parse(body);
		assert.ok(fits(read), JSON.stringify(fits.errors));
		return read.data;
	});
}

/** A gift that was paid by Stripe: its id and what the webhook says. */
async function paid(wish, changes) {
	const { partnerDonationId: id } = good(await give(shop, wish));
	await confirm('checkout.session.completed',
	    checkout(id, changes?.(id)));
	const [data] = await delivered();
	return { id, data };
}

test('once, with no more than must be', async () => {
	const { id, data } = await paid({ donorEmail: null },
	    () => ({ customer_details: null }));
	const [row] = (await gifts(shop)).slice(-1);
	assert.deepEqual(data, {
		id: row.id, created_at: '2025-05-10T11:20:00Z',
		donation: { amount: 2500, currency: 'USD' },
		total: { amount: 2500, currency: 'USD' },
		donation_converted: { amount: 2500, currency: 'USD' },
		recurring: false, recurring_period: null,
		recurring_iteration: 1, payment_type: 'stripe',
		visibility: 'visible', payment_vendor: { name: 'stripe',
			reference: `pi_${id}` },
		recipient: { type: 'campaign', id: 0 },
		campaign: { id: 0, title: 'American Red Cross' },
		identity: { email: '', first_name: '', last_name: '',
			subscriptions: { campaign: false }, address: '',
			phone: '' },
		perk: null,
	});
});

const EVERYTHING = { amount: 5000, currency: 'EUR', tipAmount: 500,
	frequency: 'monthly', donorEmail: 'zoe@example.org',
	firstName: 'Zoë', lastName: "O'Sample", visibility: 'anonymous',
	subscribe: true, address: '1 "Main" St\nTown', phone: '+1 555',
	appealId, fundraiserId,
	perk: { id: perkId, multiplier: 2, answer: 'M' } };
const first = (id) => ({ mode: 'subscription', payment_intent: null,
	invoice: `in_${id}_1`, subscription: `sub_${id}` });

test('each month, anonymous, for a fundraiser, with a perk', async () => {
	const { id, data } = await paid(EVERYTHING, first);
	const { id: number, created_at, ...rest } = data;
	assert.ok(number > 0 && created_at !== '');
	assert.deepEqual(rest, {
		donation: { amount: 5000, currency: 'EUR' },
		total: { amount: 5500, currency: 'EUR' },
		donation_converted: { amount: 5500, currency: 'USD' },
		recurring: true, recurring_period: 'monthly',
		recurring_iteration: 1, payment_type: 'stripe',
		visibility: 'anonymous', payment_vendor: { name: 'stripe',
			reference: `in_${id}_1` },
		recipient: { type: 'fundraiser', id: fundraiserId },
		campaign: { id: appealId, title: 'Well "Ü"' },
		identity: { email: 'zoe@example.org', first_name: 'Zoë',
			last_name: "O'Sample",
			subscriptions: { campaign: true },
			address: '1 "Main" St\nTown', phone: '+1 555' },
		perk: { title: 'T-shirt', multiplier: 2, answer: 'M' },
	});
	/* The rate of the day on which each is paid; a perk thanks once. */
	site.clock.advance(86400);
	await site.cli('rate', 'set', '--from', 'EUR', '--to', 'USD',
	    '--rate', '1.20', '--day', '2025-05-11');
	await confirm('invoice.paid', invoice(id, `in_${id}_2`));
	const [second] = await delivered();
	assert.equal(second.recurring_iteration, 2);
	assert.notEqual(second.id, number);
	assert.deepEqual(second.donation_converted,
	    { amount: 6000, currency: 'USD' });
	assert.equal(second.perk, null);
});

for (const frequency of ['weekly', 'yearly'])
	test(`${frequency}, to the appeal`, async () => {
		const { data } = await paid({ frequency, appealId }, first);
		assert.equal(data.recurring_period, frequency);
		assert.deepEqual(data.recipient,
		    { type: 'campaign', id: appealId });
	});

test('what is not paid is not told of in this format', async () => {
	good(await give(shop));
	const { partnerDonationId: id } = good(await give(shop));
	await confirm('checkout.session.async_payment_failed', checkout(id));
	await delivered(0);
});

test('the other end of it rewards the donor', async () => {
	await paid({ donorEmail: 'both@example.org', amount: 4000 });
	const [{ body, headers }] = receiver.got;
	for (let i = 0; i < 2; i++) {
		const answer = await site.request('POST',
		    '/v1/inbound/chuffed', { body, headers: {
			'Content-Type': headers['content-type'],
			Signature: headers.signature } });
		assert.equal(answer.status, 204, answer.text);
	}
	assert.deepEqual(await balance(elsewhere, 'both@example.org'),
	    await balance(shop, 'both@example.org'));
});

const events = async (type) => good(await shop.get(
    `/v1/partner/events?type=${type}&limit=1`)).data[0];

test('events say the whole of it', async () => {
	const { id } = await paid({ ...EVERYTHING, currency: 'USD',
		frequency: 'once', partnerUserId: 'user_7',
		donorEmail: 'seven@example.org', referralCode: 'R1',
		metadata: { cart: 1 } });
	const { type, data } = await events('donation.completed');
	assert.equal(type, 'donation.completed');
	const { actionId, tokensDistributed, ...rest } = data;
	assert.match(actionId, /^[0-9a-f]{24}$/);
	assert.ok(tokensDistributed > 0);
	assert.deepEqual(rest, {
		partnerDonationId: id, status: 'COMPLETED',
		provider: 'stripe', providerReference: `pi_${id}`,
		frequency: 'once', recurringIteration: 1, amount: 5000,
		tipAmount: 500, refundedAmount: 0, disputedAmount: 0,
		currency: 'USD',
		nonprofit: { slug: 'american-red-cross',
			name: 'American Red Cross' },
		donor: { partnerUserId: 'user_7', email: 'seven@example.org',
			firstName: 'Zoë', lastName: "O'Sample",
			address: '1 "Main" St\nTown', phone: '+1 555',
			anonymous: true, subscribed: true },
		appealId, fundraiserId, perk: { id: perkId, title: 'T-shirt',
			multiplier: 2, answer: 'M' },
		referralCode: 'R1', metadata: { cart: 1 },
		createdAt: '2025-05-11T11:20:00Z',
		paidAt: '2025-05-11T11:20:00Z',
	});
	const confirmed = await events('donation.payment_confirmed');
	assert.deepEqual(confirmed.data, data);
	await confirm('charge.refunded', charge({ amount_refunded: 5500,
		payment_intent: `pi_${id}` }));
	const refunded = await events('donation.refunded');
	assert.equal(refunded.data.status, 'REFUNDED');
	assert.equal(refunded.data.refundedAmount, 5500);
});

test('a failed one is told of with nulls', async () => {
	const { partnerDonationId: id } = good(await give(shop,
	    { donorEmail: null }));
	await confirm('checkout.session.async_payment_failed',
	    checkout(id, { payment_status: 'unpaid' }));
	const { data } = await events('donation.failed');
	assert.equal(data.partnerDonationId, id);
	for (const name of ['providerReference', 'appealId', 'fundraiserId',
		'perk', 'actionId', 'paidAt', 'metadata'])
		assert.equal(data[name], null, name);
	assert.equal(data.tokensDistributed, 0);
});
