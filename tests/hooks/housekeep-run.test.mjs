// A run of bin/housekeep: as cron starts it, after a month without cron, two
// at once, within its time; and what it says when it cannot work.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { holdLock } from '../fault/trouble.mjs';
import { count, cron, DAY, ended, housekeep, tryHousekeep }
	from '../lib/cron.mjs';
import { good } from '../lib/expect.mjs';
import { addWebhook, configureHooks, database, sql, startReceiver, tenantOf }
	from '../lib/hooks.mjs';
import { processesOf } from '../lib/process.mjs';
import { until, useSite } from '../lib/site.mjs';

const plain = await useSite({ now: null });
const site = await useSite();
await configureHooks(site);
const ms = () => site.clock.now() * 1000;
const SILENT = { code: 0, stdout: '', stderr: '' };

test('the lines of etc/crontab, as cron runs them', async () => {
	const before = Date.now();
	for (const program of ['deliver', 'housekeep'])
		assert.deepEqual(await cron(plain, program), SILENT);
	const beats = await sql(plain, 'SELECT * FROM heartbeats');
	assert.deepEqual(beats.map(({ program }) => program),
	    ['deliver', 'housekeep']);
	for (const { began_at: began, ended_at: end } of beats)
		assert.ok(before <= began && began <= end &&
		    end <= Date.now());
	assert.equal(plain.log(), '');
});

test('almoner init prints lines that work', async () => {
	const dir = `${plain.dir}/other`;
	const out = await plain.run(`${plain.dir}/bin/almoner`, 'init',
	    '--dir', dir);
	const lines = out.match(/^ {2}(\* ){5}.*$/gm)
	    .map((line) => line.replace(/^ {2}(\* ){5}/, ''));
	assert.equal(lines.length, 2);
	for (const line of lines) {
		assert.match(line, /^ALMONER_CONF=/);
		await plain.run('/usr/bin/env', '-i', '/bin/sh', '-c', line);
	}
	const other = Object.assign(Object.create(plain),
	    { database: `${dir}/data/ledger.db` });
	assert.equal(await count(other, 'heartbeats'), 2);
	/* Of a site with its programs, only their paths. */
	fs.mkdirSync(`${dir}/bin`);
	for (const name of ['deliver', 'housekeep'])
		fs.linkSync(`${plain.dir}/bin/${name}`, `${dir}/bin/${name}`);
	fs.rmSync(`${dir}/almoner.conf`);
	fs.rmSync(`${dir}/master.key`);
	fs.rmSync(`${dir}/data`, { recursive: true });
	assert.match(await plain.run(`${plain.dir}/bin/almoner`, 'init',
	    '--dir', dir), new RegExp(`^ {2}(\\* ){5}${dir}/bin/deliver$`,
	    'm'));
});

/** Partners whose rewards expire, with some of everything else that is old. */
async function neglected(partners, each) {
	const all = [];
	for (let n = 0; n < partners; n++) {
		const partner = await site.partner({ tokens: 100000 });
		await site.cli('pool', 'set', '--partner', partner.slug,
		    '--side', 'test', '--pool', partner.tokenPoolId,
		    '--expiry-days', '5');
		for (let i = 0; i < 4; i++)
			good(await partner.submit({ amount: 10, stakeholders:
			    Array.from({ length: 10 }, (_, k) => ({
				stakeholderTypeCode: 'CUSTOMER',
				partnerUserId: `u${i}-${k}` })) }));
		await ended(site, { tenant: await tenantOf(partner),
			count: each, at_ms: ms() });
		all.push(partner);
	}
	return all;
}

/** All is back, and nothing twice. */
async function inOrder(partners) {
	for (const partner of partners) {
		const tenant = await tenantOf(partner);
		assert.equal(await count(site, 'deliveries',
		    `tenant = ${tenant}`), 1);
		assert.equal(await count(site, 'attempts',
		    `tenant = ${tenant}`), 1);
		assert.equal(await count(site, 'lots',
		    `tenant = ${tenant} AND remaining > 0`), 0);
		assert.equal(await count(site, 'transactions',
		    `tenant = ${tenant} AND kind = 5`), 40);
		const { data } = good(await partner.get(
		    '/v1/partner/token-pools'));
		assert.equal(data[0].availableBalance, 100000);
	}
	await site.verify();
}

test('after a month without cron one run does all of it', async () => {
	const partners = await neglected(3, 900);
	site.clock.advance(35 * DAY);
	await housekeep(site);
	await inOrder(partners);
});

test('two at once: one works, the others go', async () => {
	const partners = await neglected(2, 900);
	site.clock.advance(35 * DAY);
	const ends = await Promise.all(Array.from({ length: 4 },
	    () => tryHousekeep(site)));
	assert.deepEqual(ends, Array(4).fill(SILENT));
	await inOrder(partners);
});

/* Where flock() does nothing, say: each finds a lock of its own. */
test('and if all of them work, they share it', async () => {
	const partners = await neglected(2, 900);
	const lock = `${database(site)}.housekeep`;
	site.clock.advance(35 * DAY);
	const runs = [];
	for (let n = 0; n < 3; n++) {
		fs.rmSync(lock, { force: true });
		runs.push(tryHousekeep(site));
		await until(() => fs.existsSync(lock), 5000);
	}
	assert.deepEqual(await Promise.all(runs), Array(3).fill(SILENT));
	await inOrder(partners);
});

/* The lock is held until its second is over: nothing can be done in it. */
test('its time is up: it leaves, and the next one goes on', async () => {
	const partners = await neglected(1, 900);
	site.clock.advance(35 * DAY);
	const lock = await holdLock(site);
	const run = tryHousekeep(site, '--budget', '1');
	await sleep(1500);
	await lock.release();
	assert.deepEqual(await run, SILENT);
	assert.match(site.log(),
	    / info - housekeeping, deliveries of webhooks: the time is up/);
	assert.equal(await count(site, 'deliveries',
	    `tenant = ${await tenantOf(partners[0])}`), 900);
	await housekeep(site);
	await inOrder(partners);
});

test('requests are answered while it works', async () => {
	const [partner] = await neglected(1, 20000);
	site.clock.advance(35 * DAY);
	const run = tryHousekeep(site);
	let over = false;
	void run.finally(() => { over = true; });
	let answered = 0;
	do {
		good(await partner.submit({ amount: 1 }));
		answered++;
	} while (!over);
	assert.deepEqual(await run, SILENT);
	assert.ok(answered > 3, `${answered} requests were answered`);
});

test('SIGTERM: it leaves after the step at hand', async () => {
	const partners = await neglected(1, 30000);
	site.clock.advance(35 * DAY);
	const run = tryHousekeep(site);
	const there = () => processesOf(`${site.dir}/bin`);
	assert.ok(await until(async () => await count(site, 'deliveries',
	    `tenant = ${await tenantOf(partners[0])}`) < 30000, 10000));
	for (const pid of there())
		process.kill(pid, 'SIGTERM');
	assert.deepEqual(await run, SILENT);
	assert.ok(await count(site, 'deliveries') > 1000);
	await housekeep(site);
	await inOrder(partners);
});

test('what it queues is sent at once', async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	await addWebhook(acme, { url: shop.url, events: 1 << 7 });
	await acme.newKey({ expires: new Date(ms() + DAY * 1000).toISOString()
	    .replace(/\.\d+/, '') });
	site.configure({ start_deliver: 'yes' });
	await housekeep(site);
	assert.ok(await until(() => shop.got.length === 1, 10000));
	assert.ok(await until(() =>
		processesOf(`${site.dir}/bin`).length === 0, 10000));
	site.configure({ start_deliver: 'no' });
});

test('its words, and what it says when it cannot work', async () => {
	const help = await tryHousekeep(site, '--help');
	assert.equal(help.code, 0);
	assert.match(help.stdout, /--budget[^]*--rewrite[^]*status is 0/);
	for (const words of [['--no'], ['--budget'], ['--budget', '0'],
		['--budget', 'x']]) {
		const { code, stderr } = await tryHousekeep(site, ...words);
		assert.equal(code, 2);
		assert.match(stderr, /housekeep --help/);
	}
	await site.stopServer();
	fs.renameSync(database(site), `${database(site)}.away`);
	const { code, stderr } = await tryHousekeep(site);
	assert.equal(code, 1);
	assert.match(stderr, /^housekeep: .*ledger\.db: No such file/);
	assert.match(site.log(), / error - housekeep: .*ledger\.db/);
	fs.renameSync(`${database(site)}.away`, database(site));
	await site.startServer();
});
