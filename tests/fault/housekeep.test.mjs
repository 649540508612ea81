// bin/housekeep killed, on a disk that is full, beside somebody who does not
// let go of the database; and the file written anew when an erasure could not
// clear it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, DAY, ended, housekeep, tryHousekeep } from '../lib/cron.mjs';
import { good } from '../lib/expect.mjs';
import { database, sql, tenantOf } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';
import { fill, siteOnDisk } from './small-disk.mjs';
import { holdDatabase, logged } from './trouble.mjs';

const site = await useSite();
const small = await siteOnDisk('8m');
const skip = small === null && 'only root may mount a small disk';
const ms = ({ clock }) => clock.now() * 1000;

/** Start it and end it so; its exit is awaited. */
async function killed(where, after_ms) {
	const child = spawn(`${where.dir}/bin/housekeep`, [],
	    { stdio: 'ignore', env: where.env, cwd: '/', ...where.user });
	const exit = new Promise((resolve) => child.on('exit', resolve));
	await sleep(after_ms);
	child.kill('SIGKILL');
	await exit;
}

test('kill -9 at any moment: nothing is lost, nothing twice', async () => {
	const acme = await site.partner({ tokens: 1000000 });
	const tenant = await tenantOf(acme);
	await site.cli('pool', 'set', '--partner', acme.slug, '--side', 'test',
	    '--pool', acme.tokenPoolId, '--expiry-days', '1');
	for (let n = 0; n < 20; n++)
		good(await acme.submit({ amount: 20, stakeholders:
		    Array.from({ length: 20 }, (_, k) => ({
			stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: `${n}-${k}` })) }));
	await ended(site, { tenant, count: 40000, at_ms: ms(site) });
	site.clock.advance(31 * DAY);
	for (let round = 0; round < 15; round++) {
		await killed(site, 60 + 20 * round);
		assert.equal(await count(site, 'attempts'),
		    await count(site, 'deliveries'));
		await site.verify();
	}
	for (let left = 2; left > 1;) {
		await tryHousekeep(site);
		left = await count(site, 'deliveries');
	}
	assert.equal(await count(site, 'transactions', 'kind = 5'), 400);
	assert.equal(await count(site, 'lots', 'remaining > 0'), 0);
});

test('a disk that is full: it says so, and goes on later', { skip },
    async () => {
	const acme = await small.partner();
	await ended(small, { tenant: await tenantOf(acme), count: 8000,
		at_ms: ms(small) });
	await housekeep(small);
	small.clock.advance(31 * DAY);
	fill(small);
	const said = await logged(small, /error - housekeeping, .*full/,
	    () => tryHousekeep(small));
	assert.deepEqual(said, { code: 1, stdout: '', stderr: '' });
	const left = await count(small, 'deliveries');
	assert.equal(await count(small, 'attempts'), left);
	fs.rmSync(`${small.disk}/ballast`);
	await housekeep(small);
	assert.equal(await count(small, 'deliveries'), 1);
});

test('somebody holds the database: it says so, and leaves', async () => {
	const lock = await holdDatabase(site);
	try {
		const said = await logged(site,
		    / error - housekeep.*locked/, () => tryHousekeep(site));
		assert.equal(said.code, 1);
	} finally {
		await lock.release();
	}
	await housekeep(site);
});

/** Does a text lie anywhere in the files of the books? */
const holds = (text) => ['', '-wal'].some((end) => {
	const file = `${database(site)}${end}`;
	return fs.existsSync(file) && fs.readFileSync(file).includes(text);
});

/** A reader who has seen the log, and lets nobody empty it. */
async function reader() {
	const child = spawn('sqlite3', ['-batch', database(site)],
	    { stdio: ['pipe', 'pipe', 'inherit'], ...site.user });
	const end = new Promise((resolve) => child.on('close', resolve));
	child.stdin.write("BEGIN; SELECT count(*) FROM users;\n" +
	    "SELECT 'reads';\n");
	await new Promise((resolve) => child.stdout.on('data', (text) =>
		String(text).includes('reads') && resolve()));
	return { release() {
		child.stdin.end();
		return end;
	} };
}

test('what an erasure could not clear, housekeep clears', async () => {
	const acme = await site.partner();
	const erase = async (name) => assert.equal((await acme.signed('DELETE',
	    `/v1/partner/users/${name}`)).status, 204);
	good(await acme.post('/v1/partner/users', { externalId: 'quick',
		email: 'quick@example.org' }), 201);
	await erase('quick');
	assert.equal(await count(site, 'traces'), 0);

	good(await acme.post('/v1/partner/users', { externalId: 'slow',
		email: 'lasting@example.org' }), 201);
	const held = await reader();
	await logged(site, / warn .*until housekeep/, () => erase('slow'));
	assert.equal(await count(site, 'traces'), 1);
	assert.ok(holds('lasting@example.org'));
	/* Not at once, and not while somebody reads. */
	await housekeep(site);
	site.clock.advance(60);
	await logged(site, / warn .*not written anew: somebody reads/,
	    async () => assert.equal((await tryHousekeep(site)).code, 0));
	await held.release();
	await housekeep(site);
	assert.equal(await count(site, 'traces'), 1, 'it waits an hour');
	const { code } = await tryHousekeep(site, '--rewrite');
	assert.equal(code, 0);
	assert.equal(await count(site, 'traces'), 0);
	assert.ok(!holds('lasting@example.org'));
});

test('an erasure whose process dies leaves its mark', async () => {
	await sql(site, `INSERT INTO traces (left_at) VALUES (${ms(site)})`);
	site.clock.advance(60);
	await housekeep(site);
	assert.equal(await count(site, 'traces'), 0);
});
