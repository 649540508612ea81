// Old and new programs, old and new databases: who may open what, and what is
// said to who may not.  And logs that are taken away under the programs.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { sql } from '../lib/hooks.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const [{ version: ours }] = await sql(site, 'SELECT version FROM site');

/** Do it with the database at another version. */
async function at(version, oldest, work) {
	const set = (v, o) => sql(site, 'PRAGMA ignore_check_constraints = 1;' +
	    ` UPDATE site SET version = ${v}, oldest = ${o}`);
	await set(version, oldest);
	await site.restart();
	try {
		await work();
	} finally {
		await set(ours, ours);
		await site.restart();
	}
}

const status = async () => (await acme.submit(purchase())).status;

test('a newer schema that our programs can live with is served', () =>
	at(ours + 1, ours, async () => {
		assert.equal(await status(), 200);
		const { stdout } = await site.tryCli('migrate');
		assert.match(stdout, /newer than this program/);
		const found = await site.tryCli('doctor');
		assert.match(found.stdout, /warning +schema .*version 2/);
	}));

test('one that they cannot live with is refused, with what to do', () =>
	at(ours + 2, ours + 1, async () => {
		assert.equal(await status(), 503);
		const why = /needs programs that know 2; this one knows 1: put/;
		assert.match(site.log(), why);
		const { code, stderr } = await site.tryCli('partner', 'list');
		assert.equal(code, 1);
		assert.match(stderr, why);
	}));

test('an older one is refused until it is migrated', () =>
	at(ours - 1, ours - 1, async () => {
		assert.equal(await status(), 503);
		assert.match(site.log(), /run almoner migrate/);
		const found = await site.tryCli('doctor');
		assert.equal(found.code, 2);
		assert.match(found.stdout, /run almoner migrate/);
	}));

test('migrate has nothing to do, and says so', async () => {
	assert.deepEqual(await site.cli('migrate'),
	    { from: ours, to: ours, backup: null });
	assert.equal(fs.existsSync(`${site.dir}/backups`), false);
});

test('a log that was renamed is begun anew, without a word to anybody',
    async () => {
	const log = `${site.dir}/log/almoner.log`;
	const trouble = async () => {
		fs.chmodSync(`${site.dir}/data/ledger.db`, 0o400);
		await site.restart();
		assert.equal(await status(), 503);
	};
	await trouble();
	fs.renameSync(log, `${log}.1`);
	const old = fs.readFileSync(`${log}.1`, 'utf8');
	assert.equal(await status(), 503);
	assert.match(fs.readFileSync(log, 'utf8'), / error req_.*cannot be/);
	assert.equal(fs.statSync(log).mode & 0o777, 0o600);
	assert.equal(fs.readFileSync(`${log}.1`, 'utf8'), old);
	/* Or copied and cut, as logrotate's copytruncate does. */
	fs.truncateSync(log, 0);
	assert.equal(await status(), 503);
	assert.match(fs.readFileSync(log, 'utf8'), /^2025-05-10T.* error /);
	fs.chmodSync(`${site.dir}/data/ledger.db`, 0o600);
	assert.equal(await status(), 200);
});
