// bin/deliver where the disk is full: nothing that it cannot record is sent
// on and on, the log says why it stopped, and the next run goes on.  And ten
// thousand deliveries, after which LeakSanitizer has nothing to say.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { addWebhook, configureHooks, deliver, deliveries, sql, startReceiver,
    tenantOf, tryDeliver } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';
import { fill, siteOnDisk } from './small-disk.mjs';

const COMPLETED = 1 << 1;

/** Deliveries of as many events, all due now. */
async function queue(partner, hooks, count) {
	const { site } = partner;
	const tenant = await tenantOf(partner);
	const now = site.clock.now() * 1000;
	const numbers = 'WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT' +
	    ` i + 1 FROM n WHERE i < ${count - 1})`;
	await sql(site, 'INSERT INTO events (tenant, id, type, refers,' +
	    ` created_at) ${numbers} SELECT ${tenant}, 1000 + i, 1, 1, ${now}` +
	    ' FROM n; INSERT INTO deliveries (tenant, id, webhook, event,' +
	    ` due_at, created_at) ${numbers} SELECT ${tenant}, 1000 + i,` +
	    ` 1 + i % ${hooks}, 1000 + i, ${now}, ${now} FROM n`);
}

const site = await siteOnDisk('12m');
const skip = site === null && 'only root may mount a small disk';
if (site !== null)
	await configureHooks(site);
/* The disk is too small for all of it. */
const roomy = await useSite();
await configureHooks(roomy);

test('a full disk while attempts are recorded', { skip }, async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	const id = await addWebhook(acme, { url: shop.url,
		events: COMPLETED });
	await acme.submit();
	await queue(acme, 1, 2000);
	let full = false;
	shop.answer = (response) => {
		if (!full && shop.got.length > 10) {
			full = true;
			fill(site);
		}
		response.end();
	};
	const { code, stdout } = await tryDeliver(site);
	assert.ok(full);
	assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
	assert.match(site.log(), / error - delivering stops: .*full/);
	/* No more than was claimed while there was room. */
	assert.ok(shop.got.length < 1000, `${shop.got.length}`);
	const before = (await deliveries(acme, id))
	    .filter(({ status }) => status === 2).length;
	assert.ok(before < 2001);

	fs.rmSync(`${site.disk}/ballast`);
	site.clock.advance(120);
	await deliver(site);
	const rows = await deliveries(acme, id);
	assert.ok(rows.every(({ status, attempts: n }) =>
		status === 2 && n === 1));
	assert.equal(new Set(shop.got.map(({ id: event }) => event)).size,
	    2001);
});

test('nothing leaks in ten thousand deliveries', async () => {
	const acme = await roomy.partner();
	const shop = await startReceiver();
	for (let n = 0; n < 16; n++)
		await addWebhook(acme, { url: `${shop.url}${n}`,
			events: COMPLETED });
	await acme.submit();
	await queue(acme, 16, 10000);
	for (let left = 1; left > 0;) {
		await deliver(roomy);	// silent: no sanitizer has complained
		[{ left }] = await sql(roomy, 'SELECT count(*) AS left FROM' +
		    ' deliveries WHERE status = 1');
	}
	assert.equal(shop.got.length, 10016);
	assert.equal(roomy.complaints(), '');
});
