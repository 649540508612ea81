// Copies of the books: taken under load, verified, put back.  What cannot be
// trusted is never put in their place, and what is put there is whole.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { test } from 'node:test';
import { sql } from '../lib/hooks.mjs';
import { siteUser } from '../lib/process.mjs';
import { Random } from '../lib/random.mjs';
import { purchase, startSite, until, useSite } from '../lib/site.mjs';
import { Load } from '../fault/load.mjs';

const site = await useSite({ procs: 2 });
const acme = await site.partner({ tokens: 1e9 });
const file = (name) => `${site.dir}/${name}`;
const database = file('data/ledger.db');

const transactions = async () => (await sql(site,
    'SELECT count(*) AS n FROM transactions'))[0].n;

/** What lies in data/ of which the name begins so. */
const beside = (start) => fs.readdirSync(file('data'))
    .filter((name) => name.startsWith(start));

async function refused(why, ...words) {
	const { code, stderr } = await site.tryCli(...words);
	assert.equal(code, 1, stderr);
	assert.match(stderr, why);
}

test('a backup under load is whole, and restores to clean books',
    async () => {
	const load = new Load(acme, new Random(7));
	load.start(6);
	const made = [];
	for (let i = 0; i < 4; i++)
		made.push(await site.cli('backup', '--to',
		    file(`copy-${i}.db`)));
	await load.stop();
	await load.check(site, 1);
	assert.ok(made.every(({ bytes }) => bytes > 0));
	assert.ok(made[3].transactions >= made[0].transactions);
	assert.equal(made[0].masterKey, file('master.key'));
	assert.deepEqual(fs.readdirSync(site.dir)
	    .filter((name) => name.startsWith('copy-')).sort(),
	['copy-0.db', 'copy-1.db', 'copy-2.db', 'copy-3.db']);
	assert.equal(fs.statSync(file('copy-3.db')).mode & 0o777, 0o600);

	const before = await transactions();
	await site.stopServer();
	const done = await site.cli('restore', file('copy-3.db'));
	assert.equal(done.transactions, made[3].transactions);
	assert.equal(await transactions(), made[3].transactions);
	await site.verify();
	/* The old ones are whole, too: without their log, in one file. */
	assert.deepEqual(beside('ledger.db-'), []);
	const conf = fs.readFileSync(file('almoner.conf'), 'utf8');
	site.configure({ database: done.oldBooks });
	await site.verify();
	assert.equal((await site.cli('backup', '--to', file('old.db')))
	    .transactions, before);
	fs.writeFileSync(file('almoner.conf'), conf);
	await site.startServer();
	const { status } = await acme.submit(purchase());
	assert.equal(status, 200);
});

test('it has a place and a name of its own', async () => {
	const { file: name } = await site.cli('backup');
	assert.match(name, /\/backups\/ledger-20250510T\d{6}Z\.db$/);
	assert.equal(fs.statSync(file('backups')).mode & 0o777, 0o700);
	/* The clock stands still: another of the same second. */
	assert.equal((await site.cli('backup')).file,
	    name.replace('.db', '-2.db'));
	await refused(/such a file already/, 'backup', '--to', database);
	await refused(/No such file/, 'backup', '--to', file('no/where.db'));
});

test('the master key goes along only if that is said', async () => {
	await site.cli('backup', '--to', file('keyless.db'));
	assert.equal(fs.existsSync(file('keyless.db.key')), false);
	await site.cli('backup', '--to', file('keyed.db'), '--with-key');
	assert.equal(fs.statSync(file('keyed.db.key')).mode & 0o777, 0o600);
	assert.equal(fs.readFileSync(file('keyed.db.key'), 'utf8'),
	    fs.readFileSync(file('master.key'), 'utf8'));
	const { stdout } = await site.tryCli('backup', '--to',
	    file('said.db'));
	assert.match(stdout, /master key is not in it/);
});

test('what a killed backup leaves is no backup, and in nobody\'s way',
    async () => {
	fs.writeFileSync(file('torn.db.part'), 'half');
	site.own(file('torn.db.part'));
	await site.cli('backup', '--to', file('torn.db'));
	assert.equal(fs.existsSync(file('torn.db.part')), false);
});

test('while the site runs it is not restored', async () => {
	await acme.submit(purchase());
	await site.cli('backup', '--to', file('running.db'));
	const before = await transactions();
	await refused(/site is running/, 'restore', file('running.db'));
	assert.equal(await transactions(), before);
	assert.deepEqual(beside('ledger.db.restored'), []);
	assert.equal((await acme.submit(purchase())).status, 200);
});

test('unless by force: then it goes on with the books as they were',
    async () => {
	const before = await transactions();
	await site.cli('backup', '--to', file('forced.db'));
	let going = true, n = 0;
	/* Who was just written into the old books is not told that all is
	   well: the program ends, as after any sync that failed. */
	const fits = ({ status }) => [200, 500, 503].includes(status);
	const asking = [1, 2, 3].map(async () => {
		while (going) {
			const answer = await acme.submit(purchase(
			    { idempotencyKey: `force-${n++}` }));
			assert.ok(fits(answer), answer.text);
		}
	});
	const asked = Promise.all(asking).catch((error) => error);
	await site.cli('restore', file('forced.db'), '--force');
	going = false;
	assert.equal((await asked) instanceof Error, false, await asked);
	assert.ok(await transactions() >= before);
	await site.verify();
	/* The programs that could not tell have ended; new ones answer. */
	assert.ok(await until(async () =>
		(await acme.submit(purchase())).status === 200, 10000));
});

test('what is no copy of these books is not restored', async () => {
	const other = await startSite();
	try {
		await other.cli('backup', '--to', `${other.dir}/other.db`);
		fs.copyFileSync(`${other.dir}/other.db`, file('other.db'));
	} finally {
		await other.stop();
	}
	await site.cli('backup', '--to', file('good.db'));
	const bytes = fs.readFileSync(file('good.db'));
	fs.writeFileSync(file('short.db'), bytes.subarray(0, 40960));
	const torn = Buffer.from(bytes);
	torn.fill(0x55, 3 * 4096, 60 * 4096);
	fs.writeFileSync(file('torn-inside.db'), torn);
	fs.writeFileSync(file('text.db'), 'no database\n'.repeat(999));
	for (const [name, why] of [['other.db', /another site's|master key/],
		['short.db', /./], ['torn-inside.db', /./],
		['text.db', /not a database/], ['none.db', /No such file/]]) {
		if (fs.existsSync(file(name)))
			site.own(file(name));
		await refused(why, 'restore', file(name), '--force');
	}
	assert.deepEqual(beside('ledger.db.restored'), []);
	await site.verify();
});

test('books that were changed by hand are not restored', async () => {
	await site.cli('backup', '--to', file('forged.db'));
	const script = 'SELECT name FROM sqlite_schema' +
	    ' WHERE type = \'trigger\' AND tbl_name = \'entries\'';
	const triggers = execFileSync('sqlite3', [file('forged.db'), script])
	    .toString().trim().split('\n');
	execFileSync('sqlite3', [file('forged.db'), triggers.map((name) =>
		`DROP TRIGGER ${name};`).join('') +
	    'UPDATE entries SET change = change + 1 WHERE kind = 1']);
	site.own(file('forged.db'));
	await refused(/the books of partner-1, test side/, 'restore',
	    file('forged.db'), '--force');
});

test('twice within one second it is restored twice', async () => {
	site.clock.advance(1);
	await site.cli('backup', '--to', file('twice.db'));
	await site.stopServer();
	const aside = [];
	for (let i = 0; i < 3; i++)
		aside.push((await site.cli('restore', file('twice.db')))
		    .oldBooks);
	assert.deepEqual(aside, [aside[0], `${aside[0]}-2`, `${aside[0]}-3`]);
	for (const name of aside)
		assert.ok(fs.statSync(name).size > 0, name);
	await site.verify();
	await site.startServer();
});

test('of two that restore at once, one is refused', async () => {
	await site.cli('backup', '--to', file('both.db'));
	await site.stopServer();
	/* As one that is at work has it, until it ends. */
	const holder = spawn('flock', [file('data/ledger.db.restore'), 'cat'],
	    { ...siteUser(), stdio: 'pipe' });
	holder.stdin.write('held\n');
	await once(holder.stdout, 'data');
	await refused(/another almoner restore/, 'restore', file('both.db'));
	assert.deepEqual(beside('ledger.db.restored'), []);
	holder.stdin.end();
	await once(holder, 'close');

	const all = await Promise.all([1, 2, 3, 4].map(() =>
		site.tryCli('restore', file('both.db'), '--json')));
	const done = all.filter(({ code }) => code === 0);
	assert.ok(done.length > 0);
	for (const { stderr } of all.filter(({ code }) => code !== 0))
		assert.match(stderr, /another almoner restore/);
	const aside = done.map(({ stdout }) => JSON.parse(stdout).oldBooks);
	assert.equal(new Set(aside).size, done.length);
	assert.ok(aside.every((name) => fs.statSync(name).size > 0));
	assert.deepEqual(beside('ledger.db.restored'), []);
	await site.verify();
	await site.startServer();
});

test('books that are lost or damaged are replaced all the same',
    async () => {
	await site.cli('backup', '--to', file('last.db'));
	await site.stopServer();
	/* As after a kill between the two renames: no books, but their log. */
	fs.renameSync(database, file('data/gone'));
	fs.writeFileSync(`${database}-wal`, 'what was not yet in it');
	site.own(`${database}-wal`);
	await site.cli('restore', file('last.db'));
	await site.verify();
	assert.equal(beside('ledger.db.old-').some((name) =>
		name.endsWith('-wal')), true);

	fs.writeFileSync(database, 'ruined');
	const { oldBooks } = await site.cli('restore', file('last.db'));
	assert.equal(fs.readFileSync(oldBooks, 'utf8'), 'ruined');
	await site.verify();
	await site.startServer();
	assert.equal((await acme.submit(purchase())).status, 200);
});
