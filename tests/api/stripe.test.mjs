// Stripe's checkout: what we ask for is, byte for byte, what its own library
// asks for, and what comes back becomes a link.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { sql } from '../lib/hooks.mjs';
import { allow, asked, gifts, give, KEYS, library, startStripe, status,
    useStripe } from '../lib/stripe.mjs';
import { useSite } from '../lib/site.mjs';

const ODD = "Ärzte [ohne] Grenzen – 国境なき, 100% & l'été = ça! *(+~)";

const site = await useSite();
const api = await startStripe();
await useStripe(site, api);
const shop = await site.partner();
await allow(shop);
await sql(site, 'INSERT INTO nonprofits (slug, name, created_at)' +
    ` VALUES ('odd', '${ODD.replaceAll("'", "''")}', 0)`);

/** The session of a gift, in the words of Stripe's library. */
function wanted(id, wish) {
	const { currency = 'USD', amount = 2500, tipAmount = 0 } = wish;
	const interval = { weekly: 'week', monthly: 'month',
		yearly: 'year' }[wish.frequency];
	const metadata = { partner_donation_id: id };
	const line = (unit_amount, name) => ({ quantity: 1, price_data: {
		currency: currency.toLowerCase(), unit_amount,
		product_data: { name },
		...(interval ? { recurring: { interval } } : {}),
	} });
	const own = `${site.base}/v1/checkout/${id}/thanks`;
	const { successUrl, cancelUrl = own.replace(/thanks$/, 'cancelled') } =
	    wish;
	const mark = successUrl?.includes('?') ? '&' : '?';
	return {
		success_url: successUrl === undefined ? own : successUrl
		    .replace(/#|$/, (end) => `${mark}donation=${id}${end}`),
		cancel_url: cancelUrl, client_reference_id: id,
		...(wish.donorEmail === null ? {} :
		    { customer_email: wish.donorEmail ?? 'jane@example.com' }),
		metadata,
		...(interval ? { mode: 'subscription' } :
		    { mode: 'payment', submit_type: 'donate' }),
		line_items: [line(amount, `Donation to ${
		    wish.nonprofitSlug === 'odd' ? ODD :
		    'American Red Cross'}`),
		...(tipAmount > 0 ?
		    [line(tipAmount, 'Tip for the platform')] : [])],
		[interval ? 'subscription_data' : 'payment_intent_data']:
		    { metadata },
	};
}

const WISHES = [
	{}, { frequency: 'once' }, { frequency: 'weekly' },
	{ frequency: 'monthly', tipAmount: 250 }, { frequency: 'yearly' },
	{ tipAmount: 1 }, { amount: 99999999, donorEmail: null },
	{ currency: 'JPY', amount: 3000, tipAmount: 300 },
	{ currency: 'KWD', amount: 5500, frequency: 'monthly' },
	{ nonprofitSlug: 'odd', donorEmail: "o'b+[x]@example.org" },
	{ nonprofitSlug: 'odd', frequency: 'yearly', tipAmount: 77 },
	{ successUrl: 'https://shop.example/ta?a[b]=%5B1%5D&c=é#!/x?y',
		cancelUrl: 'https://shop.example/*' },
	{ successUrl: 'https://shop.example/(danke)' },
];

for (const wish of WISHES)
	test(`the bytes of Stripe's library: ${JSON.stringify(wish)}`,
	    async () => {
		api.got.length = 0;
		const link = good(await give(shop, wish));
		const id = link.partnerDonationId;
		await library(api).checkout.sessions.create(wanted(id, wish),
		    { idempotencyKey: id });
		assert.equal(api.got.length, 2);
		const [ours, theirs] = api.got.map(asked);
		assert.deepEqual(ours, theirs);
		assert.equal(ours.auth, `Bearer ${KEYS.test}`);
		assert.equal(ours.key, id);
		assert.match(ours.version, /^\d{4}-\d\d-\d\d\.[a-z]+$/);
	});

test('the link is told, and kept with the session', async () => {
	api.got.length = 0;
	const link = good(await give(shop));
	assert.match(link.donationLink,
	    /^https:\/\/checkout\.stripe\.com\/c\/pay\/cs_test_1#/);
	const [row] = (await gifts(shop)).slice(-1);
	assert.equal(row.link, link.donationLink);
	assert.equal(row.session, 'cs_test_1');
	assert.equal(row.expires_at, Date.parse(link.expiresAt));
	assert.equal((await status(shop, link.partnerDonationId)).status,
	    'PENDING');
});

test('a live key asks with the live key', async () => {
	const live = await site.partner({ side: 'live' });
	api.got.length = 0;
	good(await give(live));
	assert.equal(asked(api.got[0]).auth, `Bearer ${KEYS.live}`);
});

test('a live key without an account is refused, a test key plays',
    async () => {
	const live = await site.partner({ side: 'live' });
	site.configure({ stripe_key: undefined, stripe_test_key: undefined });
	await site.restart();
	refused(await give(live), 422, 'PROVIDER_NOT_CONFIGURED');
	const { donationLink, partnerDonationId: id } =
	    good(await give(shop));
	assert.equal(donationLink, `${site.base}/v1/checkout/${id}`);
	await useStripe(site, api);
});

test('currencies that Stripe counts in units of its own', async () => {
	for (const [currency, amount, unit] of [['ISK', 5000, 500000],
		['UGX', 7000, 700000], ['MGA', 12300, 123],
		['JPY', 5000, 5000], ['KWD', 12340, 12340]]) {
		api.got.length = 0;
		good(await give(shop, { currency, amount }));
		assert.equal(asked(api.got[0]).form[
		    'line_items[0][price_data][unit_amount]'], String(unit));
	}
	refused(await give(shop, { currency: 'KWD', amount: 12345 }), 400,
	    'INVALID_REQUEST', ['/amount']);
	refused(await give(shop, { currency: 'KWD', amount: 12340,
		tipAmount: 7 }), 400, 'INVALID_REQUEST', ['/tipAmount']);
	refused(await give(shop, { currency: 'KWD', amount: 12340,
		tipPercent: 11 }), 400, 'INVALID_REQUEST', ['/tipPercent']);
	refused(await give(shop, { currency: 'MGA', amount: 12345 }), 400,
	    'INVALID_REQUEST', ['/amount']);
});
