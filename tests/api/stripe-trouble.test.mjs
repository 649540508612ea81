// Stripe when it is down, slow, or answers nonsense: the donor is told, can
// try again, and nothing is taken twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { kill, until, useSite } from '../lib/site.mjs';
import { allow, asked, checkout, event, gifts, give, session, startStripe,
    status, tell, useStripe } from '../lib/stripe.mjs';

const site = await useSite();
const api = await startStripe();
const well = api.answer;
await useStripe(site, api);
const shop = await site.partner();
await allow(shop);
const of = ['--partner', shop.slug, '--side', 'test'];
const { id: appealId } = await site.cli('appeal', 'create', ...of,
    '--nonprofit', 'american-red-cross', '--title', 'Well',
    '--currency', 'USD');
const { id: perkId } = await site.cli('appeal', 'perk', ...of,
    '--appeal', String(appealId), '--title', 'Mug', '--stock', '1');

/* The only mug there is. */
const mug = { appealId, perk: { id: perkId } };
let keys = 0;

const key = () => ({ headers: { 'Idempotency-Key': `try-${++keys}` } });
const unavailable = (answer) => refused(answer, 502, 'PROVIDER_UNAVAILABLE');
const json = (value, code = 200) => (response) => response.writeHead(code,
    { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
const complaint = (type) => ({ error: { type, code: 'odd',
	param: 'customer_email', message: 'Not jane@example.com!' } });

/** Nobody paid: what was taken of a perk is free again. */
async function expire(id) {
	await tell(site, event('checkout.session.expired',
	    checkout(id, { payment_status: 'unpaid', status: 'expired' })));
	assert.equal((await status(shop, id)).status, 'EXPIRED');
}

const BAD = {
	'a card error': json(complaint('card_error'), 402),
	'a wrong parameter': json(complaint('invalid_request'), 400),
	'a wrong key': json(complaint('invalid_request'), 401),
	'too many requests': json(complaint('rate_limit'), 429),
	'its own trouble': json(complaint('api_error'), 500),
	'a session with a status that is none': json(session(1), 503),
	'an error with a good status': json(complaint('api_error')),
	'no url': json({ ...session(1), url: null }),
	'a script for a url': json({ ...session(1),
		url: 'javascript:alert(1)//' }),
	'a number for a url': json({ ...session(1), url: 1 }),
	'an array': json([session(1)]),
	'a page': (response) => response.writeHead(200,
	    { 'Content-Type': 'text/html' }).end('<h1>Maintenance</h1>'),
	'nothing': (response) => response.end(),
	'half an answer': (response) => {
		response.writeHead(200, { 'Content-Length': 1000 });
		response.write('{"id":');
		setImmediate(() => response.destroy());
	},
	'no HTTP': (response) => response.socket.end('hello\r\n\r\n'),
	'a closed connection': (response) => response.socket.destroy(),
	'too much': json({ ...session(1), filler: 'x'.repeat(1 << 20) }),
	'somewhere else': (response) => response.writeHead(307,
	    { Location: '/v1/checkout/sessions/2' }).end(),
};

for (const [what, answer] of Object.entries(BAD))
	test(`${what}: told, undone, and done by the same key`, async () => {
		const same = key();
		api.answer = answer;
		api.got.length = 0;
		unavailable(await give(shop, mug, same));
		unavailable(await give(shop, mug, same));
		assert.equal(api.got.length, 2);
		api.answer = well;
		const { partnerDonationId: id } =
		    good(await give(shop, mug, same));
		const [first, second, third] = (await gifts(shop)).slice(-3);
		assert.deepEqual([first.status, second.status, third.status],
		    [5, 5, 1]);
		assert.equal(first.link, null);
		/* Each asks for a session of its own. */
		assert.equal(new Set(api.got.map((r) => asked(r).key)).size, 3);
		/* The mug is free again for the next. */
		refused(await give(shop, mug), 409, 'PERK_SOLD_OUT');
		await expire(id);
	});

test('down: told, and done by the same key when it is up', async () => {
	const same = key();
	site.configure({ stripe_url: 'http://127.0.0.1:9' });
	await site.restart();
	unavailable(await give(shop, mug, same));
	await useStripe(site, api);
	await expire(good(await give(shop, mug, same)).partnerDonationId);
});

test('what went wrong is in the log, without the donor or the key', () => {
	const lines = site.log().split('\n')
	    .filter((line) => line.includes('no link of stripe'));
	assert.ok(lines.length >= 2 * Object.keys(BAD).length);
	assert.ok(lines.some((line) => line.includes(
	    'status 402 card_error odd at customer_email')));
	assert.doesNotMatch(lines.join('\n'), /jane@example\.com|sk_test_1/);
});

test('slow: the donor waits no longer than the time limit', async () => {
	const waiting = [];
	api.answer = (response) => { waiting.push(response); };
	const silent = give(shop, {}, key());
	await until(() => waiting.length === 1, 10000);
	api.answer = (response) => {
		response.writeHead(200, { 'Content-Type': 'application/json' });
		const drip = setInterval(() => response.write(' '), 200);
		response.on('close', () => clearInterval(drip));
	};
	const dripping = give(shop, {}, key());
	unavailable(await silent);
	unavailable(await dripping);
	api.answer = well;
});

/** Requests that Stripe has heard and does not answer before release(). */
function hold() {
	const waiting = [];
	api.got.length = 0;
	api.answer = (response, received) => {
		waiting.push(() => well(response, received));
	};
	return {
		heard: (n) => until(() => waiting.length === n, 20000),
		release() {
			api.answer = well;
			for (const answer of waiting)
				answer();
		},
	};
}

test('a double click is one session', async () => {
	const same = key(), held = hold();
	const first = give(shop, {}, same);
	assert.ok(await held.heard(1));
	const again = await Promise.all(Array.from({ length: 4 },
	    () => give(shop, {}, same)));
	for (const answer of again) {
		refused(answer, 409, 'IN_PROGRESS');
		assert.equal(answer.headers['retry-after'], '1');
	}
	refused(await give(shop, { amount: 2600 }, same), 422,
	    'IDEMPOTENCY_KEY_REUSED');
	held.release();
	const link = good(await first);
	assert.deepEqual(good(await give(shop, {}, same)), link);
	assert.equal(api.got.length, 1);
});

test('one donor does not wait for another', async () => {
	const held = hold();
	const slow = give(shop, {}, key());
	assert.ok(await held.heard(1));
	api.answer = well;
	good(await give(shop, {}, key()));
	held.release();
	good(await slow);
});

test('killed while Stripe is asked: free after a minute', async () => {
	const same = key(), held = hold();
	const lost = give(shop, mug, same).catch(() => ({ status: 500 }));
	assert.ok(await held.heard(1));
	kill(site.workers(), 'SIGKILL');
	assert.ok((await lost).status >= 500);
	held.release();
	await until(() => site.answers(), 20000);
	refused(await give(shop, {}, same), 422, 'IDEMPOTENCY_KEY_REUSED');
	site.clock.advance(59);
	refused(await give(shop, mug, same), 409, 'IN_PROGRESS');
	site.clock.advance(1);
	/* The first try keeps its mug until its link would have run out. */
	refused(await give(shop, mug, same), 409, 'PERK_SOLD_OUT');
	const { partnerDonationId: id } = good(await give(shop, {}, key()));
	assert.equal((await status(shop, id)).status, 'PENDING');
	const orphan = (await gifts(shop)).at(-2);
	assert.deepEqual([orphan.status, orphan.link], [1, null]);
	assert.equal(orphan.expires_at, orphan.created_at + 86400000);
});
