// kill -9, at any moment: nothing is lost, and what arrives twice is only what
// a run had in its hands when it died.  ALMONER_ROUNDS is how often, 3 by
// default and 50 at most.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addWebhook, configureHooks, deliver, deliveries, sql, startReceiver,
    tenantOf } from '../lib/hooks.mjs';
import { until, useSite } from '../lib/site.mjs';

const ROUNDS = Math.min(Number(process.env.ALMONER_ROUNDS ?? 3), 50);
const COMPLETED = 1 << 1;
const LEASE_S = 120;
const HOOKS = 10, EACH = 100;

const site = await useSite();
await configureHooks(site);

/** A run that can be killed: it, and when it has ended. */
function begin() {
	const child = spawn(`${site.dir}/bin/deliver`, [], { stdio: 'ignore',
		env: { ...site.env, ALMONER_CONF: `${site.dir}/almoner.conf` },
		...site.user });
	return { child, ended: new Promise((resolve) =>
		child.on('exit', (code, signal) => resolve(signal ?? code))) };
}

/** Ours as it stands: claimed, and nothing of it recorded. */
const inHand = async () => (await sql(site, 'SELECT tenant, id FROM' +
    ' deliveries WHERE status = 1 AND due_at >' +
    ` ${site.clock.now() * 1000}`)).map(({ tenant, id }) =>
	`${tenant}/${id}`);

test('a claim outlives its run by the lease, and no longer', async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	shop.answer = () => {};			/* it never answers */
	const id = await addWebhook(acme, { url: shop.url,
		events: COMPLETED });
	await acme.submit();
	const run = begin();
	assert.ok(await until(() => shop.got.length === 1, 20000));
	run.child.kill('SIGKILL');
	assert.equal(await run.ended, 'SIGKILL');
	shop.says(200);
	await deliver(site);
	assert.equal(shop.got.length, 1);
	site.clock.advance(LEASE_S - 1);
	await deliver(site);
	assert.equal(shop.got.length, 1);
	site.clock.advance(1);
	await deliver(site);
	assert.equal(shop.got.length, 2);
	assert.equal(shop.got[0].id, shop.got[1].id);
	const [row] = await deliveries(acme, id);
	/* What nobody knows the end of is no attempt. */
	assert.deepEqual([row.status, row.attempts], [2, 1]);
});

/** So many webhooks with so many deliveries each, each with its event. */
async function queue(acme, shop) {
	const tenant = await tenantOf(acme);
	for (let n = 0; n < HOOKS; n++)
		await addWebhook(acme, { url: `${shop.url}${n}`, events: 0 });
	await acme.submit();
	const now = site.clock.now() * 1000;
	const numbers = 'WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT' +
	    ` i + 1 FROM n WHERE i < ${HOOKS * EACH - 1})`;
	await sql(site, 'INSERT INTO events (tenant, id, type, refers,' +
	    ` created_at) ${numbers} SELECT ${tenant}, 1000 + i, 1, 1, ${now}` +
	    ' FROM n; INSERT INTO deliveries (tenant, id, webhook, event,' +
	    ` due_at, created_at) ${numbers} SELECT ${tenant}, 1000 + i,` +
	    ` 1 + i % ${HOOKS}, 1000 + i, ${now}, ${now} FROM n`);
	return tenant;
}

/** What arrives at once, and is answered a moment later. */
async function round(chance) {
	const acme = await site.partner();
	const shop = await startReceiver();
	shop.answer = (response) => setTimeout(() => response.end(),
	    Math.random() * 8);
	const tenant = await queue(acme, shop);
	const mayRepeat = new Set();
	let kills = 0;
	for (;;) {
		const run = begin();
		const wait = Math.random() * chance;
		const early = await Promise.race([run.ended,
			sleep(wait).then(() => 'late')]);
		if (early === 0)
			break;
		assert.equal(early, 'late');
		run.child.kill('SIGKILL');
		kills += await run.ended === 'SIGKILL';
		for (const name of await inHand())
			mayRepeat.add(name);
		/* As if the lease had run out. */
		await sql(site, 'UPDATE deliveries SET due_at =' +
		    ` ${site.clock.now() * 1000} WHERE status = 1`);
		chance += 10;
	}
	await deliver(site);

	const times = new Map();
	for (const { id, path } of shop.got)
		times.set(path + id, (times.get(path + id) ?? 0) + 1);
	assert.equal(times.size, HOOKS * EACH, 'every one has arrived');
	const rows = await sql(site, 'SELECT count(*) AS n FROM deliveries' +
	    ` WHERE tenant = ${tenant} AND status = 2 AND attempts = 1`);
	assert.equal(rows[0].n, HOOKS * EACH);
	const repeats = [...times.values()].reduce((sum, n) => sum + n - 1, 0);
	assert.ok(repeats <= mayRepeat.size * Math.max(kills, 1));
	const repeated = [...times.values()].filter((n) => n > 1).length;
	assert.ok(repeated <= mayRepeat.size,
	    `${repeated} arrived twice, ${mayRepeat.size} were in hand`);
	return kills;
}

test(`killed at random moments, ${ROUNDS} rounds`, async () => {
	let kills = 0;
	for (let n = 0; n < ROUNDS; n++)
		kills += await round(300);
	assert.ok(kills > 0);
});
