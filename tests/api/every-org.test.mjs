// Every.org: a link with what we know, and its word of a charge, which is
// not signed: only who knows the address can say it, and only of a donation
// that began there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balance, good, refused } from '../lib/expect.mjs';
import { sql } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';
import { allow, gifts, give, startStripe, status, useStripe }
    from '../lib/stripe.mjs';

const SECRET = 'known-to-nobody-else-0123456789';
const TOKEN = 'f0e1d2c3';

const site = await useSite();
site.configure({ every_org_token: TOKEN, every_org_secret: SECRET });
await useStripe(site, await startStripe());
const shop = await site.partner({ side: 'live' });
await allow(shop);

const link = async (wish = {}) => good(await give(shop,
    { provider: 'every.org', ...wish }));

let charges = 0;

/** As its documentation shows it, with what should differ. */
const word = (id, changes = {}) => ({
	chargeId: `charge-${++charges}`, partnerDonationId: id,
	partnerMetadata: {}, firstName: 'Zoë', lastName: 'Sample',
	email: 'zoe@example.org', toNonprofit: { slug: 'redcross',
		ein: '53-0196605', name: 'American Red Cross' },
	amount: '25.00', netAmount: '24.10', currency: 'USD',
	frequency: 'One-time', donationDate: '2025-05-10T11:21:00.000Z',
	publicTestimony: 'Go!', privateNote: null, fromFundraiser: null,
	paymentMethod: 'card', ...changes,
});

const say = (body, secret = SECRET) => site.request('POST',
    `/v1/inbound/every-org/${secret}`, { body: typeof body === 'string' ?
	body : JSON.stringify(body),
	headers: { 'Content-Type': 'application/json' } });

const taken = async (body) => {
	const answer = await say(body);
	assert.equal(answer.status, 204, answer.text);
};

test('the link: parameters before the hash, in major units', async () => {
	const { donationLink, partnerDonationId: id } = await link({
		amount: 123456, frequency: 'monthly', firstName: 'Zoë',
		lastName: 'O’Neil & Söhne', donorEmail: 'a+b@example.org',
		successUrl: 'https://shop.example/thanks?x=1#top',
		cancelUrl: 'https://shop.example/' });
	const url = new URL(donationLink);
	assert.equal(url.origin + url.pathname,
	    'https://www.every.org/american-red-cross');
	assert.equal(url.hash, '#/donate');
	assert.deepEqual(Object.fromEntries(url.searchParams), {
		amount: '1234.56', frequency: 'MONTHLY', currency: 'USD',
		first_name: 'Zoë', last_name: 'O’Neil & Söhne',
		email: 'a+b@example.org', partner_donation_id: id,
		webhook_token: TOKEN,
		success_url: 'https://shop.example/thanks?x=1&donation=' +
		    `${id}#top`,
		exit_url: 'https://shop.example/' });
	const yen = new URL((await link({ currency: 'JPY', amount: 500,
		donorEmail: null })).donationLink).searchParams;
	assert.deepEqual([yen.get('amount'), yen.get('frequency'),
		yen.has('email')], ['500', 'ONCE', false]);
});

test('what Every.org cannot do is refused', async () => {
	const wish = { provider: 'every.org' };
	for (const frequency of ['weekly', 'yearly'])
		refused(await give(shop, { ...wish, frequency }), 400,
		    'INVALID_REQUEST', ['/frequency']);
	refused(await give(shop, { ...wish, tipAmount: 1 }), 400,
	    'INVALID_REQUEST', ['/tipAmount']);
	refused(await give(shop, { ...wish, tipPercent: 1 }), 400,
	    'INVALID_REQUEST', ['/tipPercent']);
});

test('a test key never leads there', async () => {
	const tried = await site.partner();
	const { donationLink, partnerDonationId: id } =
	    good(await give(tried, { provider: 'every.org' }));
	assert.equal(donationLink, `${site.base}/v1/checkout/${id}`);
	refused(await say(word(id)), 404, 'NOT_FOUND');
});

test('told with the secret: paid, rewarded, once', async () => {
	const { partnerDonationId: id } = await link({ donorEmail: null });
	const charged = word(id);
	await taken(charged);
	await taken(charged);
	await taken({ ...charged, email: 'other@example.org' });
	const seen = await status(shop, id);
	assert.equal(seen.status, 'COMPLETED');
	assert.equal((await balance(shop, 'zoe@example.org')).available,
	    seen.tokensDistributed);
	assert.equal((await gifts(shop)).length, 3);
});

test('the donor changed the amount', async () => {
	const { partnerDonationId: id } = await link();
	await taken(word(id, { amount: '1000.00' }));
	assert.equal((await status(shop, id)).amount, 100000);
});

test('a wrong secret is refused, however it begins', async () => {
	const { partnerDonationId: id } = await link();
	for (const secret of ['x', SECRET.slice(0, -1), `${SECRET}x`,
		SECRET.toUpperCase(), '%00', encodeURIComponent('"'),
		`${SECRET}%20`])
		assert.ok([400, 401, 404].includes(
		    (await say(word(id), secret)).status), secret);
	for (const secret of ['x', `${SECRET}x`])
		refused(await say('{', secret), 401, 'INVALID_SIGNATURE');
	refused(await say(word(id), ''), 404, 'NOT_FOUND');
	assert.equal((await status(shop, id)).status, 'PENDING');
});

test('of another donation, nonprofit or currency: refused', async () => {
	await sql(site, 'INSERT INTO nonprofits (slug, name, ein, created_at)' +
	    " VALUES ('cats', 'Cats', 123456789, 0)");
	const { partnerDonationId: id } = await link();
	const bad = (body, ...fields) => say(body).then((answer) =>
		refused(answer, 400, 'INVALID_REQUEST', fields));
	for (const none of [undefined, null, 'don_1', '0'.repeat(24)])
		refused(await say(word(none)), 404, 'NOT_FOUND');
	const { partnerDonationId: stripe } = good(await give(shop));
	refused(await say(word(stripe)), 404, 'NOT_FOUND');
	for (const toNonprofit of [{ slug: 'cats' }, { ein: '12-3456789' }, {},
		{ slug: 'cats', ein: '530196604' }])
		await bad(word(id, { toNonprofit }), '/toNonprofit');
	await bad(word(id, { currency: 'EUR' }), '/currency');
	for (const amount of ['0.00', '-1', '1.001', 'ten', ''])
		await bad(word(id, { amount }), '/amount');
	assert.equal((await status(shop, id)).status, 'PENDING');
	for (const toNonprofit of [{ slug: 'american-red-cross' },
		{ ein: '530196605' }]) {
		const { partnerDonationId: other } = await link();
		await taken(word(other, { toNonprofit }));
	}
});

test('one charge pays one donation', async () => {
	const [{ partnerDonationId: one }, { partnerDonationId: two }] =
	    [await link(), await link()];
	const charged = word(one);
	await taken(charged);
	refused(await say({ ...charged, partnerDonationId: two }), 400,
	    'INVALID_REQUEST', ['/chargeId']);
	assert.equal((await status(shop, two)).status, 'PENDING');
});

test('each month a donation of its own', async () => {
	const { partnerDonationId: id } = await link({ frequency: 'monthly',
		donorEmail: 'monthly@example.org' });
	const months = [1, 2, 3].map(() => word(id, { frequency: 'Monthly' }));
	months[2].amount = '50.00';
	for (const n of [0, 1, 0, 2, 1, 2])
		await taken(months[n]);
	const rows = (await gifts(shop))
	    .filter((row) => row.email === 'monthly@example.org');
	assert.deepEqual(rows.map((r) => [r.iteration, r.amount, r.status]),
	    [[1, 2500, 3], [2, 2500, 3], [3, 5000, 3]]);
	const { tokensDistributed } = await status(shop, id);
	assert.equal((await balance(shop, 'monthly@example.org')).available,
	    4 * tokensDistributed);
});

test('without a secret nobody is listened to', async () => {
	const { partnerDonationId: id } = await link();
	site.configure({ every_org_secret: undefined });
	await site.restart();
	refused(await say(word(id)), 401, 'INVALID_SIGNATURE');
	refused(await give(shop, { provider: 'every.org' }), 422,
	    'PROVIDER_NOT_CONFIGURED');
});
