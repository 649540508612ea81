// When a delivery that failed is tried again, and when no more: the schedules
// to their last attempt, what a receiver may ask for, and what switches a
// webhook off.  Days pass by moving the clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, attempts, configureHooks, deliver, deliveries, sql,
    startReceiver, webhook } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const MINUTE = 60, HOUR = 3600, DAY = 86400;
const COMPLETED = 1 << 1, DISABLED = 1 << 13;

/** Seconds between the attempts, as doc/webhooks.md has them. */
const GAPS = {
	sir: [10, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR,
		10 * HOUR, 10 * HOUR, 20 * HOUR, 24 * HOUR],
	standard: [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR,
		14 * HOUR, 20 * HOUR, 24 * HOUR],
	chuffed: [72 * MINUTE, 216 * MINUTE, 648 * MINUTE, 1944 * MINUTE],
	qiibee: Array.from({ length: 13 }, (_, n) => 30 * 2 ** n),
};

const site = await useSite();
await configureHooks(site);

/** The moment at which something is due next, in seconds; else null. */
async function nextDue() {
	const [{ due }] = await sql(site,
	    'SELECT min(due_at) AS due FROM deliveries');
	return due === null ? null : Math.ceil(due / 1000);
}

/** A partner with one webhook, which wants only completed actions. */
async function listener(options = {}) {
	const partner = await site.partner();
	const receiver = await startReceiver();
	const id = await addWebhook(partner,
	    { url: receiver.url, events: COMPLETED, ...options });
	return { partner, receiver, id };
}

/** What is left of others is none of a test's business. */
async function alone() {
	await sql(site, 'UPDATE deliveries SET status = 4, due_at = NULL,' +
	    ' ended_at = 0 WHERE status = 1');
}

test('every schedule, to its last attempt', async () => {
	const partner = await site.partner();
	const receiver = await startReceiver();
	receiver.says(500);
	const hooks = {};
	for (const policy of Object.keys(GAPS))
		hooks[policy] = await addWebhook(partner, { policy,
			format: 'sir', url: receiver.url, events: COMPLETED });
	await partner.submit();
	for (let due = site.clock.now(); due !== null; due = await nextDue()) {
		site.clock.set(Math.max(due, site.clock.now()));
		await deliver(site);
	}
	for (const [policy, gaps] of Object.entries(GAPS)) {
		const made = await attempts(partner, hooks[policy]);
		assert.equal(made.length, gaps.length + 1, policy);
		for (const [n, gap] of gaps.entries()) {
			const took = (made[n + 1].at - made[n].at) / 1000;
			/* A clock of whole seconds adds up to one. */
			assert.ok(took >= gap && took <= gap * 1.1 + 1,
			    `${policy} ${n}: ${took} for ${gap}`);
			assert.equal(made[n].status, 500);
		}
		const [row] = await deliveries(partner, hooks[policy]);
		assert.equal(row.status, 3);
		assert.equal(row.attempts, made.length);
		assert.equal((await webhook(partner, hooks[policy]))
		    .disabled_at, null);
	}
	/* One event has one id, however often it is sent. */
	assert.equal(new Set(receiver.got.map(({ id }) => id)).size, 1);
});

test('jitter differs from one to the next', async () => {
	const { partner, receiver, id } = await listener();
	receiver.says(500);
	for (let n = 0; n < 20; n++)
		await partner.submit();
	await deliver(site);
	const due = (await deliveries(partner, id)).map((row) => row.due_at);
	assert.ok(new Set(due).size > 5);
	await alone();
});

test('Retry-After counts between the gap and twice the gap', async () => {
	for (const [status, asked, least, most] of [
		[429, '15', 15, 16], [503, '15', 15, 16], [429, '3', 10, 11],
		[503, '86400', 20, 20], [429, 'soon', 10, 11],
		[500, '15', 10, 11],
	]) {
		const { partner, receiver, id } = await listener();
		receiver.says(status, { 'Retry-After': asked });
		await partner.submit();
		await deliver(site);
		const [{ due_at: due }] = await deliveries(partner, id);
		const wait = due / 1000 - site.clock.now();
		assert.ok(wait >= least && wait <= most,
		    `${status} ${asked}: ${wait}`);
		await alone();
	}
});

test('410 switches a webhook off and tells the others', async () => {
	const { partner, receiver, id } = await listener();
	const other = await startReceiver();
	const stranger = await listener();
	await addWebhook(partner, { url: other.url, events: DISABLED });
	receiver.says(410);
	for (let n = 0; n < 3; n++)
		await partner.submit();
	await deliver(site);

	const row = await webhook(partner, id);
	assert.equal(row.disabled_why, 'gone');
	assert.equal(row.disabled_at, site.clock.now() * 1000);
	/* One at a time, until it has answered well. */
	assert.equal(receiver.got.length, 1);
	const rows = await deliveries(partner, id);
	assert.deepEqual(rows.map(({ status }) => status).sort(), [3, 4, 4]);
	assert.equal(other.got.length, 1);
	assert.equal(JSON.parse(other.got[0].body).type, 'webhook.disabled');
	assert.equal(stranger.receiver.got.length, 0);
	await partner.submit();
	await deliver(site);
	assert.equal(receiver.got.length, 1);
	assert.equal((await deliveries(partner, id)).length, 3);
});

test('five days of nothing but failure switch it off', async () => {
	const { partner, receiver, id } = await listener();
	const other = await startReceiver();
	await addWebhook(partner, { url: other.url, events: DISABLED });
	receiver.says(500);
	const began = site.clock.now();
	for (let day = 0; day < 5; day++) {
		await partner.submit();
		await deliver(site);
		assert.equal((await webhook(partner, id)).disabled_at, null);
		site.clock.advance(DAY);
	}
	await partner.submit();
	site.clock.set(began + 5 * DAY - 1);
	await deliver(site);
	assert.equal((await webhook(partner, id)).failing_since, began * 1000);
	assert.equal((await webhook(partner, id)).disabled_at, null);
	site.clock.set(began + 5 * DAY + 60);
	await deliver(site);
	assert.equal((await webhook(partner, id)).disabled_why, 'failing');
	assert.equal(other.got.length, 1);
	const rows = await deliveries(partner, id);
	assert.ok(rows.every(({ due_at: due }) => due === null));
	assert.ok(rows.some(({ status }) => status === 4));
});

test('one success clears the clock', async () => {
	const { partner, receiver, id } = await listener();
	receiver.says(500);
	for (let day = 0; day < 4; day++) {
		await partner.submit();
		await deliver(site);
		site.clock.advance(DAY);
	}
	assert.notEqual((await webhook(partner, id)).failing_since, null);
	receiver.says(200);
	await deliver(site);
	assert.equal((await webhook(partner, id)).failing_since, null);
	receiver.says(500);
	await partner.submit();
	for (let day = 0; day < 3; day++) {
		await deliver(site);
		site.clock.advance(DAY);
	}
	assert.equal((await webhook(partner, id)).disabled_at, null);
	await alone();
});

test('only 2xx is success, and a redirect is not followed', async () => {
	const elsewhere = await startReceiver();
	for (const [status, good] of [[200, true], [201, true], [204, true],
		[299, true], [301, false], [307, false], [400, false],
		[404, false], [503, false]]) {
		const { partner, receiver, id } = await listener();
		receiver.says(status, { Location: elsewhere.url });
		await partner.submit();
		await deliver(site);
		const [row] = await deliveries(partner, id);
		assert.equal(row.status, good ? 2 : 1, `${status}`);
		const [attempt] = await attempts(partner, id);
		assert.equal(attempt.status, status);
		await alone();
	}
	assert.equal(elsewhere.got.length, 0);
});
