// POST /donations/create-link: each field, its limits, and whom it refuses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, ID, refused, rows } from '../lib/expect.mjs';
import { allow, gifts, give, start, status } from '../lib/gifts.mjs';
import { sql } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const LINK = '/v1/partner/donations/create-link';
const site = await useSite();
const shop = await site.partner();
await allow(shop, '--currencies', 'USD EUR JPY KWD', '--return-hosts',
    'shop.example .pages.example');
await sql(site, 'INSERT INTO nonprofits (slug, name, created_at)' +
    " VALUES ('gone', 'Gone', 0)");
await site.cli('nonprofit', 'deactivate', 'gone');

const wrong = async (wish, ...pointers) => refused(await give(shop, wish),
    400, 'INVALID_REQUEST', pointers);

test('a link, as the first example of a page asks for it', async () => {
	const { donationLink, partnerDonationId: id, expiresAt } =
	    good(await give(shop, { frequency: 'once', provider: 'stripe',
		firstName: 'Jane', lastName: 'Doe' }));
	assert.match(id, ID);
	assert.equal(donationLink, `${site.base}/v1/checkout/${id}`);
	assert.equal(Date.parse(expiresAt) / 1000,
	    site.clock.now() + 86400);
	assert.deepEqual(await status(shop, id), { partnerDonationId: id,
		status: 'PENDING', amount: 2500, currency: 'USD',
		tokensDistributed: 0, nonprofit: { slug: 'american-red-cross',
			name: 'American Red Cross' } });
});

test('all that a page can say is kept', async () => {
	const wish = { nonprofitSlug: 'american-red-cross', amount: 3000,
		currency: 'EUR', frequency: 'yearly', provider: 'sandbox',
		donorEmail: 'Jane@Example.com', firstName: 'Jane',
		lastName: 'Doe', referralCode: 'spring', visibility:
		'anonymous', partnerUserId: 'user_42', subscribe: true,
		address: '1 Main St', phone: '+1 555', metadata: { a: [1] },
		successUrl: 'https://shop.example/ok',
		cancelUrl: 'https://eu.pages.example/no' };
	await start(shop, wish);
	const row = (await gifts(shop)).at(-1);
	assert.deepEqual([row.amount, row.currency, row.frequency,
		row.provider, row.email, row.first_name, row.last_name,
		row.referral_code, row.anonymous, row.external_id,
		row.subscribed, row.address, row.phone, row.metadata,
		row.success_url, row.cancel_url, row.tip],
	[3000, 'EUR', 4, 3, 'jane@example.com', 'Jane', 'Doe', 'spring', 1,
		'user_42', 1, '1 Main St', '+1 555', '{"a":[1]}',
		wish.successUrl, wish.cancelUrl, 0]);
});

test('amounts: whole minor units, from 50 on', async () => {
	for (const amount of [50, 99999999])
		await start(shop, { amount });
	for (const amount of [49, 1, 0, -2500, 100000000, 25.5, '2500', null,
	    true, [2500]])
		await wrong({ amount }, '/amount');
	await wrong({ amount: undefined }, '/amount');
	const { errors: [{ detail }] } = await wrong({ amount: 49 }, '/amount');
	assert.match(detail, /^At least 50: it is in minor units/);
});

test('currencies: with no minor unit, and with three digits', async () => {
	await start(shop, { currency: 'JPY', amount: 50 });
	await wrong({ currency: 'JPY', amount: 49 }, '/amount');
	await start(shop, { currency: 'KWD', amount: 500 });
	await wrong({ currency: 'KWD', amount: 499 }, '/amount');
	for (const currency of ['GBP', 'usd', 'XXY', 'US', 'USDX', 7, null])
		await wrong({ currency }, '/currency');
});

test('words that are none of ours', async () => {
	for (const [field, values] of Object.entries({
		frequency: ['daily', 'Once', '', 1],
		provider: ['paypal', 'Stripe', 'everyorg', 3],
		visibility: ['hidden', true],
		subscribe: ['yes', 1],
		donorEmail: ['jane', '@', 'a b@example.org', 7],
		partnerUserId: ['', 'x'.repeat(256), 7],
		firstName: ['x'.repeat(129), 7], lastName: ['x'.repeat(129)],
		referralCode: ['x'.repeat(129)], phone: ['x'.repeat(129)],
		address: ['x'.repeat(501)],
		nonprofitSlug: ['', 'x'.repeat(81), 7],
		tipAmount: [-1, 1.5, '1'], tipPercent: [-1, 101, 1.5],
		appealId: [0, -1, 'one'], fundraiserId: [0, 'one'],
		metadata: [[1], 'text'],
		perk: [1, 'perk', []],
	}))
		for (const value of values)
			await wrong({ [field]: value }, `/${field}`);
	await wrong({ appealId: 1, perk: {} }, '/perk/id');
	await wrong({ appealId: 1, perk: { id: 1, multiplier: 0 } },
	    '/perk/multiplier');
	await wrong({ appealId: 1, perk: { id: 1, multiplier: 101,
		answer: 'x'.repeat(501) } },
	'/perk/multiplier', '/perk/answer');
});

test('all that is wrong is told at once', () => wrong({ amount: 'x',
	currency: 'dollars', frequency: 'now', donorEmail: '' },
'/amount', '/currency', '/frequency', '/donorEmail'));

test('a field that is null or empty says nothing', async () => {
	await start(shop, { donorEmail: null, firstName: null, lastName: '',
		tipAmount: null, tipPercent: null, referralCode: null,
		partnerUserId: null, address: null, phone: null,
		appealId: null, fundraiserId: null, perk: null,
		successUrl: null, cancelUrl: null, metadata: null });
	const row = (await gifts(shop)).at(-1);
	assert.deepEqual([row.email, row.first_name, row.tip, row.metadata],
	    [null, null, 0, null]);
});

test('nonprofits: by slug or EIN, and none that takes no gifts', async () => {
	refused(await give(shop, { nonprofitSlug: 'nobody' }),
	    422, 'NONPROFIT_NOT_FOUND');
	refused(await give(shop, { nonprofitSlug: 'gone' }),
	    422, 'NONPROFIT_INACTIVE');
	await start(shop, { nonprofitSlug: '53-0196605' });
});

test('a tip: by amount or percent, if the partner has one', async () => {
	const payer = await site.partner();
	refused(await give(payer, { tipAmount: 100 }), 400,
	    'INVALID_REQUEST', ['/tipAmount']);
	refused(await give(payer, { tipPercent: 10 }), 400,
	    'INVALID_REQUEST', ['/tipPercent']);
	await start(payer, { tipAmount: 0, tipPercent: 0 });
	await allow(payer, '--tip', '10');
	refused(await give(payer, { tipAmount: 100, tipPercent: 10 }), 400,
	    'INVALID_REQUEST', ['/tipPercent']);
	for (const wish of [{ tipAmount: 123 }, { tipPercent: 10 },
	    { tipPercent: 100 }, { amount: 55, tipPercent: 10 },
	    { amount: 54, tipPercent: 10 }])
		await start(payer, wish);
	assert.deepEqual((await gifts(payer)).slice(1).map(({ tip }) => tip),
	    [123, 250, 2500, 6, 5]);
	const config = good(await site.request('GET',
	    `/v1/partner/config?key=${payer.publishableKey}`));
	assert.deepEqual(config.tipConfig,
	    { enabled: true, defaultPercent: 10 });
	await allow(payer, '--tip', 'off');
	refused(await give(payer, { tipPercent: 10 }), 400,
	    'INVALID_REQUEST', ['/tipPercent']);
});

test('providers: played for a test key, refused to a live one', async () => {
	const live = await shop.newKey({ side: 'live' });
	for (const provider of [undefined, 'stripe', 'every.org',
	    'sandbox']) {
		refused(await give(live, { provider }), 422,
		    'PROVIDER_NOT_CONFIGURED');
		await start(shop, { provider });
		assert.equal((await gifts(shop)).at(-1).provider, 3);
	}
	await wrong({ provider: 'every.org', frequency: 'weekly' },
	    '/frequency');
	await wrong({ provider: 'every.org', frequency: 'yearly' },
	    '/frequency');
	await start(shop, { provider: 'every.org', frequency: 'monthly' });
	const none = await rows(site, 'SELECT count(*) AS n FROM donations d' +
	    " JOIN tenants t ON t.id = d.tenant WHERE t.side = 'live'");
	assert.deepEqual(none, [{ n: 0 }]);
});

test('Every.org takes no tip for others', async () => {
	const payer = await site.partner();
	await allow(payer, '--tip', '10');
	refused(await give(payer, { provider: 'every.org', tipPercent: 5 }),
	    400, 'INVALID_REQUEST', ['/tipPercent']);
	refused(await give(payer, { provider: 'every.org', tipAmount: 5 }),
	    400, 'INVALID_REQUEST', ['/tipAmount']);
});

test('who may not ask', async () => {
	refused(await give(shop, {}, { headers: {
		'X-Partner-Key': shop.secretKey } }), 401, 'INVALID_KEY');
	refused(await give(shop, {}, { headers: {
		'X-Partner-Key': undefined } }), 401, 'MISSING_CREDENTIALS');
	refused(await give(shop, {}, { headers: {
		'X-Partner-Key': `pk_test_${'0'.repeat(64)}` } }),
	401, 'INVALID_KEY');
	/* The address carries a key for a GET alone. */
	refused(await site.request('POST',
	    `${LINK}?key=${shop.publishableKey}`, { body: '{}', headers: {
		'Content-Type': 'application/json' } }),
	401, 'MISSING_CREDENTIALS');
	refused(await site.request('GET', LINK, { headers: {
		'X-Partner-Key': shop.publishableKey } }),
	405, 'METHOD_NOT_ALLOWED');
	refused(await give(shop, {}, { headers: {
		'Content-Type': 'text/plain' } }), 415,
	'UNSUPPORTED_MEDIA_TYPE');
	const own = await shop.newKey({ origin: 'https://shop.example' });
	for (const Origin of ['https://evil.example', 'null',
	    'https://shop.example.evil.example', 'http://shop.example'])
		refused(await give(own, {}, { headers: { Origin } }), 403,
		    'ORIGIN_NOT_ALLOWED');
	good(await give(own, {}, { headers: {
		Origin: 'https://shop.example' } }));
});

test('what is not known is ignored, and named', async () => {
	const answer = await give(shop, { donorEmial: 'x@example.org' });
	good(answer);
	assert.equal(answer.headers['x-ignored-fields'], '/donorEmial');
});
