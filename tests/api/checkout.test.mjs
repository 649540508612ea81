// The sandbox's checkout: its cards, what the bank says later, renewals and
// refunds; twice, in the wrong order, too late, and by those who should not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balance, NO_ID } from '../lib/expect.mjs';
import { housekeep } from '../lib/cron.mjs';
import { allow, form, gifts, led, pay, plain, shown, start, status, step,
    told, visit } from '../lib/gifts.mjs';
import { sql } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite({ procs: 4 });
const shop = await site.partner();
await allow(shop, '--return-hosts', 'shop.example', '--tip', '10');
const successUrl = 'https://shop.example/ok';
const back = (id) => `${successUrl}?donation=${id}`;
const is = async (id) => (await status(shop, id)).status;
const escaped = (text) => text.replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const tokens = async (user) => (await balance(shop, user)).available;

test('the page says what is to be paid, to whom, how often', async () => {
	const id = await start(shop, { tipAmount: 250,
		frequency: 'monthly' });
	const text = told(await visit(site, id));
	assert.match(text,
	    /^Sandbox checkout This is a test: nothing is charged/);
	assert.match(text, new RegExp('To American Red Cross Donation 25.00 ' +
	    'USD Tip for the platform 2.50 USD Together 27.50 USD How often ' +
	    'every month Card number Pay Cancel Cards to try'));
	const yen = await start(await site.partner().then(async (p) => {
		await allow(p, '--currencies', 'JPY KWD');
		return p;
	}), { currency: 'JPY', amount: 3000 });
	assert.match(told(await visit(site, yen)), /Donation 3000 JPY/);
});

test('…4242 pays, and the donor is led back', async () => {
	const id = await start(shop, { successUrl, partnerUserId: 'payer' });
	assert.equal(led(await pay(site, id)), back(id));
	const seen = await status(shop, id);
	assert.deepEqual([seen.status, seen.tokensDistributed],
	    ['COMPLETED', 175]);
	assert.equal(await tokens('payer'), 175);
});

test('…0002 is declined, and another card is good', async () => {
	const id = await start(shop, { successUrl });
	const html = shown(await pay(site, id, '0002'), 402);
	assert.match(html, /<div class="alert" role="alert">/);
	assert.match(html, new RegExp('<p class="wrong" id="card-wrong">The ' +
	    'card was declined: try another one.</p>\n<input id="card" ' +
	    'name="card"[^>]* aria-invalid="true" ' +
	    'aria-describedby="card-wrong" value="4000 0000 0000 0002">'));
	assert.equal(await is(id), 'PENDING');
	assert.equal(led(await pay(site, id)), back(id));
	assert.equal(await is(id), 'COMPLETED');
});

test('…0077 is late: the bank pays, or it does not', async () => {
	for (const [how, what, then] of [
		['confirm', 'COMPLETED', 'It is paid.'],
		['fail', 'FAILED',
			'The payment failed. It can be tried again.'],
	]) {
		const id = await start(shop, { successUrl });
		assert.equal(led(await pay(site, id, '0077')), back(id));
		assert.equal(await is(id), 'PROCESSING');
		assert.match(told(await visit(site, id)),
		    /The bank has not decided yet/);
		const page = `${site.base}/v1/checkout/${id}`;
		assert.equal(led(await step(site, id, how)), page);
		assert.equal(await is(id), what);
		assert.ok(told(await visit(site, id)).includes(then));
	}
});

test('numbers that are no card of ours, kept as they were typed',
    async () => {
	const id = await start(shop);
	for (const card of ['', '42', '4242424242424243', 'abc',
	    '"><script>alert(1)</script>']) {
		const html = shown(await pay(site, id, card), 402);
		assert.match(plain(html), /That is none of the cards below/);
		assert.ok(html.includes(` value="${escaped(card)}">`));
	}
	shown(await step(site, id, 'pay'), 402);
	assert.equal(await is(id), 'PENDING');
	led(await pay(site, id, ' 4242-4242 42424242 '));
});

test('twice, at once, and after it was paid: it is paid once', async () => {
	const id = await start(shop, { successUrl, partnerUserId: 'twice' });
	const answers = await Promise.all(Array.from({ length: 8 },
	    () => pay(site, id)));
	for (const answer of answers)
		assert.equal(led(answer), back(id));
	for (const card of ['4242', '0077'])
		assert.equal(led(await pay(site, id, card)), back(id));
	for (const name of ['fail', 'confirm', 'cancel'])
		led(await step(site, id, name));
	assert.equal(await is(id), 'COMPLETED');
	assert.equal(await tokens('twice'), 175);
});

test('back, after paying: the page says that it is paid', async () => {
	const id = await start(shop, { successUrl });
	await pay(site, id);
	const html = shown(await visit(site, id));
	assert.match(plain(html), /It is paid\. Pay it back Back to the page$/);
	assert.doesNotMatch(html, /name="card"/);
	assert.equal(led(await step(site, id, 'return')), back(id));
});

test('cancelled: nothing is paid, and it can still be', async () => {
	const id = await start(shop, { cancelUrl: 'https://shop.example/no' });
	assert.equal(led(await step(site, id, 'cancel')),
	    'https://shop.example/no');
	assert.equal(await is(id), 'PENDING');
	await pay(site, id);
	assert.equal(await is(id), 'COMPLETED');
});

test('the next payments of a monthly gift are gifts of their own',
    async () => {
	const id = await start(shop, { frequency: 'monthly',
		partnerUserId: 'monthly', tipPercent: 10 });
	await step(site, id, 'renew');
	assert.equal((await gifts(shop)).at(-1).iteration, 1);
	await pay(site, id);
	assert.match(told(await visit(site, id)), /The next payment comes/);
	await step(site, id, 'renew');
	await step(site, id, 'renew');
	const rows = (await gifts(shop)).slice(-3);
	const { id: first, subscription } = rows[0];
	assert.equal(subscription, `sandbox_sub_${id}`);
	assert.deepEqual(rows.map((r) => [r.status, r.iteration, r.first,
		r.amount, r.tip, r.frequency, r.external_id, r.subscription]),
	[1, 2, 3].map((n) => [3, n, n === 1 ? null : first, 2500, 250, 3,
		'monthly', subscription]));
	assert.equal(await tokens('monthly'), 3 * 175);
	const once = await start(shop);
	await pay(site, once);
	await step(site, once, 'renew');
	assert.equal((await gifts(shop)).at(-1).iteration, 1);
});

test('paid back: the tokens go, once', async () => {
	const id = await start(shop, { partnerUserId: 'sorry' });
	await step(site, id, 'refund');
	assert.equal(await is(id), 'PENDING');
	await pay(site, id);
	for (let i = 0; i < 3; i++)
		await step(site, id, 'refund');
	assert.equal(await is(id), 'REFUNDED');
	assert.equal(await tokens('sorry'), 0);
	await pay(site, id);
	assert.equal(await is(id), 'REFUNDED');
	assert.match(told(await visit(site, id)),
	    /It is paid back\. Back to the page$/);
});

test('the time runs out; who pays later has paid all the same',
    async () => {
	const id = await start(shop, { partnerUserId: 'late' });
	site.clock.advance(86399);
	assert.equal(await is(id), 'PENDING');
	site.clock.advance(1);
	assert.equal(await is(id), 'EXPIRED');
	assert.match(told(await visit(site, id)), /time to pay has run out/);
	assert.match(told(await visit(site, id, 'thanks')),
	    /^The time to pay has run out/);
	assert.equal((await gifts(shop)).at(-1).status, 1);
	await housekeep(site);
	assert.equal((await gifts(shop)).at(-1).status, 5);
	assert.equal(await is(id), 'EXPIRED');
	await pay(site, id);
	assert.equal(await is(id), 'COMPLETED');
	assert.equal(await tokens('late'), 175);
	await housekeep(site);
	assert.equal(await is(id), 'COMPLETED');
});

test('a sandbox\u2019s own clock runs its links out', async () => {
	const own = await site.partner();
	const [id, theirs] = [await start(own), await start(shop)];
	await own.post('/v1/partner/sandbox/clock', { advanceSeconds: 86400 });
	await housekeep(site);
	assert.equal((await status(own, id)).status, 'EXPIRED');
	assert.equal(await is(theirs), 'PENDING');
});

test('what is not the sandbox\u2019s is not there', async () => {
	const id = await start(shop);
	const gone = [NO_ID, 'x', '0', `${id}0`, id.toUpperCase(),
		id.replace(/.$/, (c) => c === '0' ? '1' : '0'),
		shop.tokenPoolId, '%20', '%C3%A9'];
	await sql(site, 'UPDATE donations SET provider = 1 WHERE id =' +
	    ` ${(await gifts(shop)).at(-1).id}`);
	gone.push(id);
	site.configure({ every_org_token: 't', every_org_secret: 's' });
	await site.restart();
	const live = await shop.newKey({ side: 'live' });
	const real = await start(live, { provider: 'every.org' });
	gone.push(real);
	for (const name of gone) {
		told(await visit(site, name), 404);
		told(await pay(site, name), 404);
		told(await step(site, name, 'confirm'), 404);
	}
	assert.equal((await status(live, real)).status, 'PENDING');
});

test('what no form of ours sends', async () => {
	const id = await start(shop);
	const at = `/v1/checkout/${id}`;
	told(await form(site, at, {}), 400);
	told(await form(site, at, { step: 'refunded' }), 400);
	told(await form(site, at, { step: 'pay', card: 'x'.repeat(65) }), 400);
	told(await site.request('POST', at, { body: '{"step":"pay"}',
		headers: { 'Content-Type': 'application/json' } }), 415);
	told(await site.request('POST', at, { body: 'step=pay%0',
		headers: { 'Content-Type':
		    'application/x-www-form-urlencoded' } }), 400);
	assert.equal((await site.request('DELETE', at, {})).status, 405);
	assert.equal(await is(id), 'PENDING');
});
