// What donors read who come back to us, and that no page or answer that
// needs no secret shows who they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, NO_ID, refused } from '../lib/expect.mjs';
import { donor, give, pay, plain, secrets, shown, start, status, step, told,
    visit } from '../lib/gifts.mjs';
import { sql } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const shop = await site.partner();
const HOSTILE = `"><img src=x onerror=alert(1)>'&<script>"`;
await sql(site, 'INSERT INTO nonprofits (slug, name, created_at) VALUES' +
    ` ('hostile', '${HOSTILE.replaceAll("'", "''")}', 0)`);

const thanks = async (id) => told(await visit(site, id, 'thanks'));
const cancelled = async (id) => told(await visit(site, id, 'cancelled'));

test('what it says, in each state', async () => {
	const id = await start(shop);
	const sum = 'To American Red Cross Donation 25.00 USD How often once';
	assert.equal(await thanks(id), 'Thank you! We have not been told of ' +
	    'the payment yet. That takes a moment: load this page again to ' +
	    `see whether it has arrived. ${sum} You have not paid? Pay now`);
	assert.equal(await cancelled(id),
	    `Nothing was paid ${sum} You can still give. Pay now`);
	assert.ok(shown(await visit(site, id, 'thanks'))
	    .includes(`<a href="${site.base}/v1/checkout/${id}">Pay now</a>`));
	await pay(site, id, '0077');
	assert.match(await thanks(id), /^Thank you! Your bank is still to /);
	assert.equal(await cancelled(id), await thanks(id));
	await step(site, id, 'fail');
	assert.equal(await thanks(id), 'The payment did not succeed Nothing ' +
	    `was charged. ${sum}`);
	await pay(site, id);
	assert.equal(await thanks(id), `Thank you for your donation! ${sum} ` +
	    'You were rewarded with 175 tokens.');
	assert.equal(await cancelled(id), await thanks(id));
	await step(site, id, 'refund');
	assert.equal(await thanks(id), `Your donation was paid back ${sum}`);
});

test('a live donor is thanked as well; nobody else is there', async () => {
	site.configure({ every_org_token: 't', every_org_secret: 's' });
	await site.restart();
	const live = await shop.newKey({ side: 'live' });
	const id = await start(live, { provider: 'every.org' });
	assert.match(await thanks(id), /^Thank you! We have not been told/);
	for (const none of [NO_ID, 'x', id.replace(/.$/, 'g')])
		for (const page of ['thanks', 'cancelled'])
			told(await visit(site, none, page), 404);
	assert.equal((await site.request('GET',
	    `/v1/checkout/${id}/other`, {})).status, 404);
});

test('names that were meant to be markup are text', async () => {
	const id = await start(shop, { nonprofitSlug: 'hostile' });
	for (const page of ['', 'thanks', 'cancelled']) {
		const html = shown(await visit(site, id, page));
		assert.ok(plain(html).includes(`To ${HOSTILE} Donation`));
		assert.doesNotMatch(html, /<img|<script/);
	}
	const html = shown(await site.request('GET',
	    `/v1/partner/donate/hostile?key=${shop.publishableKey}`));
	assert.ok(plain(html).includes(`Donate to ${HOSTILE}`));
	assert.doesNotMatch(html, /<img|<script/);
});

/** All that can be asked without a secret, of one donation. */
async function* answers(id) {
	const headers = { 'X-Partner-Key': shop.publishableKey };
	yield visit(site, id);
	yield visit(site, id, 'thanks');
	yield visit(site, id, 'cancelled');
	yield pay(site, id, '0002');
	for (const target of [`donations/status/${id}`, 'config',
	    'organizations', 'organizations/american-red-cross'])
		yield site.request('GET', `/v1/partner/${target}`,
		    { headers });
}

test('no answer to a publishable key, and no page, shows the donor',
    async () => {
	const wish = { ...donor, frequency: 'monthly' };
	const first = await give(shop, wish, { headers: {
		'Idempotency-Key': 'donor' } });
	const id = good(first).partnerDonationId;
	const again = await give(shop, wish, { headers: {
		'Idempotency-Key': 'donor' } });
	const other = await give(shop, { ...wish, amount: 1 });
	const scan = ({ text, headers }) => {
		for (const secret of secrets)
			assert.ok(!text.includes(secret) &&
			    !JSON.stringify(headers).includes(secret), text);
	};
	[first, again, other].forEach(scan);
	for (const then of [null, 'pay', 'renew', 'refund']) {
		if (then === 'pay')
			scan(await pay(site, id));
		else if (then !== null)
			scan(await step(site, id, then));
		for await (const answer of answers(id))
			scan(answer);
	}
});

test('status: an id that is guessed, or another\u2019s, is nobody\u2019s',
    async () => {
	const other = await site.partner();
	const live = await shop.newKey({ side: 'live' });
	const [mine, theirs] = [await start(shop), await start(other)];
	const ask = (partner, id) => site.request('GET',
	    `/v1/partner/donations/status/${id}`,
	    { headers: { 'X-Partner-Key': partner.publishableKey } });
	good(await ask(shop, mine));
	const bodies = [];
	for (const [partner, id] of [[shop, theirs], [other, mine],
	    [live, mine], [shop, NO_ID], [shop, 'x'], [shop, shop.tokenPoolId],
	    [shop, mine.replace(/.$/, (c) => c === '0' ? '1' : '0')]]) {
		const { requestId, ...rest } = refused(await ask(partner, id),
		    404, 'NOT_FOUND');
		bodies.push(JSON.stringify(rest));
		assert.match(requestId, /^req_/);
	}
	assert.equal(new Set(bodies).size, 1);
	refused(await ask({ publishableKey: shop.secretKey }, mine), 401,
	    'INVALID_KEY');
	assert.equal((await status(shop, mine)).status, 'PENDING');
});
