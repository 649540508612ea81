// How fast: what a partner allows, what a receiver is spared after we were
// away, and that a clock that is put back keeps nobody waiting.  That
// something was not sent too soon is seen by the receiver's own clock; a slow
// machine only makes it later.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, configureHooks, deliver, deliveries, sql,
    startReceiver, tenantOf } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const COMPLETED = 1 << 1;
const DAY = 86400;

const site = await useSite();
await configureHooks(site);

async function listener(options = {}) {
	const partner = await site.partner();
	const receiver = await startReceiver();
	const id = await addWebhook(partner,
	    { url: receiver.url, events: COMPLETED, ...options });
	return { partner, receiver, id };
}

/** Deliveries of one event, as if so many had been queued. */
async function queue({ partner, id }, count) {
	await partner.submit();
	await sql(site, 'INSERT INTO deliveries (tenant, id, webhook, event,' +
	    ' due_at, created_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION' +
	    ` ALL SELECT i + 1 FROM n WHERE i < ${count - 1})` +
	    ' SELECT d.tenant, d.id + i, d.webhook, d.event, d.due_at + i,' +
	    ' d.created_at FROM n, deliveries d' +
	    ` WHERE d.tenant = ${await tenantOf(partner)}` +
	    ` AND d.webhook = ${id}`);
}

/** The most that came within a second, counted from each that came. */
function mostInASecond(got, ms = 1000) {
	return Math.max(...got.map(({ at }) => got.filter((other) =>
		other.at >= at && other.at < at + ms).length));
}

test('maxPerSecond is kept in every second', async () => {
	for (const [max, count] of [[5, 8], [80, 120]]) {
		const made = await listener({ maxPerSecond: max });
		await queue(made, count);
		site.clock.advance(1);
		await deliver(site);
		assert.equal(made.receiver.got.length, count);
		/* The network may bring two of them closer together. */
		const most = mostInASecond(made.receiver.got, 900);
		assert.ok(most <= max, `${most} in a second of ${max}`);
	}
});

test('after a day away what is overdue is spread out', async () => {
	const made = await listener();
	await deliver(site);
	await queue(made, 60);
	site.clock.advance(DAY);
	await deliver(site);
	const { got } = made.receiver;
	assert.equal(got.length, 60);
	/* 10, 20, 40: the first second, the second, the third. */
	const within = (ms) =>
		got.filter(({ at }) => at < got[0].at + ms).length;
	assert.ok(within(900) <= 10, `${within(900)} in the first second`);
	assert.ok(within(1900) <= 31, `${within(1900)} in two`);
});

test('the oldest comes first', async () => {
	const made = await listener();
	/* Then it is asked one by one, so that none overtakes another. */
	made.receiver.says(500);
	for (let n = 0; n < 12; n++) {
		await made.partner.submit();
		site.clock.advance(1);
	}
	await deliver(site);
	const order = made.receiver.got.map(({ body }) =>
		JSON.parse(body).createdAt);
	assert.equal(order.length, 12);
	assert.deepEqual(order, [...order].sort());
});

test('who was there all the time is not slowed down', async () => {
	const made = await listener();
	await queue(made, 300);
	site.clock.advance(1);
	await deliver(site);
	assert.equal(made.receiver.got.length, 300);
	assert.ok(mostInASecond(made.receiver.got) > 20);
});

test('no webhook has more than four at once', async () => {
	const made = await listener();
	let now = 0, most = 0;
	made.receiver.answer = (response) => {
		most = Math.max(most, ++now);
		setTimeout(() => {
			now--;
			response.end();
		}, 20);
	};
	await queue(made, 40);
	site.clock.advance(1);
	await deliver(site);
	assert.equal(made.receiver.got.length, 40);
	assert.equal(most, 4);
});

test('a clock that is put back by an hour keeps nobody waiting', async () => {
	const made = await listener();
	const failing = await listener();
	failing.receiver.says(500);
	await queue(made, 5);
	await failing.partner.submit();
	site.clock.advance(1);
	await deliver(site);
	await made.partner.submit();
	const then = site.clock.now();
	site.clock.set(then - 3600);
	await deliver(site);
	assert.ok((await deliveries(made.partner, made.id))
	    .every(({ status }) => status === 2));
	assert.equal(made.receiver.got.length, 6);
	/* Its second attempt was due in ten seconds, not in an hour. */
	assert.equal(failing.receiver.got.length, 2);
	site.clock.set(then);
});
