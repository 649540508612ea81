// Endpoints that ask somebody on the network, between two transactions: what
// is held meanwhile, what is free again, what survives a program that dies;
// and answers that are kept under seal.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { gifts, give } from '../lib/gifts.mjs';
import { startStripe, useStripe } from '../lib/stripe.mjs';
import { kill, until, useSite } from '../lib/site.mjs';

const site = await useSite({ procs: 3 });
const stripe = await startStripe();
site.configure({ loopback_http: 'yes', start_deliver: 'no' });
await useStripe(site, stripe);
const shop = await site.partner();
const answers = stripe.answer;

/** Requests wait at the provider until this is called. */
function hold() {
	const waiting = [];
	stripe.answer = (...all) => waiting.push(all);
	stripe.got.length = 0;
	return () => {
		stripe.answer = answers;
		waiting.forEach((all) => answers(...all));
	};
}

const keyed = (key, wish) => give(shop, wish,
    { headers: { 'Idempotency-Key': key } });
const asked = (n) => until(() => stripe.got.length === n, 10000);
const donations = () => site.workers().filter((pid) => fs.readlinkSync(
    `/proc/${pid}/exe`).endsWith('donations.fcgi'));
const last = async () => (await gifts(shop)).at(-1);

test('while somebody is asked the same has to wait, others do not',
    async () => {
	const release = hold();
	const first = keyed('slow');
	assert.ok(await asked(1));
	const second = await keyed('slow');
	refused(second, 409, 'IN_PROGRESS');
	assert.equal(second.headers['retry-after'], '1');
	refused(await keyed('slow', { amount: 99 }), 422,
	    'IDEMPOTENCY_KEY_REUSED');
	assert.equal((await last()).link, null);
	good(await shop.submit());
	release();
	const answer = good(await first);
	assert.deepEqual(good(await keyed('slow')), answer);
	assert.equal(stripe.got.length, 1);
	assert.equal((await gifts(shop)).length, 1);
});

test('what the provider refuses frees the key, and nothing is due',
    async () => {
	for (const spoil of [
		(response) => response.writeHead(500).end('{}'),
		(response) => response.writeHead(402, { 'Content-Type':
			'application/json' }).end('{"error":{}}'),
		(response) => response.end('<html>'),
		(response) => response.end('{"id":"cs_1"}'),
		(response) => response.destroy(),
	]) {
		const before = (await gifts(shop)).length;
		stripe.answer = spoil;
		refused(await keyed(`refused ${before}`), 502,
		    'PROVIDER_UNAVAILABLE');
		const row = await last();
		assert.deepEqual([row.status, row.link], [5, null]);
		stripe.answer = answers;
		good(await keyed(`refused ${before}`));
		assert.equal((await gifts(shop)).length, before + 2);
	}
});

test('a program that dies in between: its key is free after a minute',
    async () => {
	const release = hold();
	const broken = keyed('killed').catch(() => null);
	assert.ok(await asked(1));
	kill(donations(), 'SIGKILL');
	const answer = await broken;
	assert.ok(answer === null || answer.status >= 500);
	release();
	assert.ok(await until(() => donations().length > 0, 10000));
	const dead = await last();
	assert.deepEqual([dead.status, dead.link], [1, null]);
	refused(await keyed('killed'), 409, 'IN_PROGRESS');
	site.clock.advance(59);
	refused(await keyed('killed'), 409, 'IN_PROGRESS');
	site.clock.advance(1);
	const again = good(await keyed('killed'));
	assert.deepEqual(good(await keyed('killed')), again);
	assert.notEqual((await last()).id, dead.id);
});

test('an answer that shows a secret is kept under seal', async () => {
	const body = { url: `${stripe.url}hook`, receiveAllEvents: true };
	const ask = () => shop.post('/v1/partner/webhooks', body,
	    { headers: { 'Idempotency-Key': 'hook' } });
	const first = good(await ask(), 201);
	assert.match(first.secret, /^whsec_/);
	site.clock.advance(1);
	const again = await ask();
	assert.deepEqual(good(again, 201), first);
	assert.equal(again.headers['idempotent-replayed'], 'true');
	for (const end of ['', '-wal']) {
		const name = `${site.dir}/data/ledger.db${end}`;
		if (fs.existsSync(name))
			assert.ok(!fs.readFileSync(name)
			    .includes(first.secret.slice(6)));
	}
	assert.ok(!site.log().includes(first.secret.slice(6)));
});
