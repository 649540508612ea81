// The site's files in trouble while the server runs: the database damaged,
// gone, or replaced by another; the master key missing, malformed, exposed or
// wrong; the configuration misspelt.  A clear refusal, a line in the log that
// names the file, nothing half done, and service again when it is mended,
// without the web server being started anew.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { test } from 'node:test';
import { run } from '../lib/process.mjs';
import { purchase, until, useSite } from '../lib/site.mjs';
import { actions, endWorkers, logged, ours, refused, rows, serves, stay }
    from './trouble.mjs';

const site = await useSite();
const acme = await site.partner();
const file = `${site.dir}/data/ledger.db`;
const key = `${site.dir}/master.key`;

const submit = (sent) => acme.post('/v1/partner/actions/submit', sent);

/** All books in the one file, and nobody who has it open. */
async function atRest() {
	await serves(acme);
	await endWorkers(site, 'SIGTERM');
	assert.ok(!fs.existsSync(`${file}-wal`), 'the last one moves the log');
}

/** While something is wrong, each write is refused and logged. */
async function refuses(sent, said, status, code) {
	await ours(() => submit(sent));
	for (let i = 0; i < 4; i++)
		refused(await logged(site, said, () => submit(sent)),
		    status, code);
	return site.workers();
}

/** When it is mended, the same processes are in service again. */
async function refusesUntil(mend, said, status = 503, code = 'UNAVAILABLE') {
	const sent = purchase();
	let old;
	try {
		old = await refuses(sent, said, status, code);
	} finally {
		await mend();
	}
	assert.equal(await actions(site, sent.idempotencyKey), 0);
	for (let i = 0; i < 4; i++) {
		const again = await submit({ ...sent,
			idempotencyKey: `${sent.idempotencyKey}.${i}` });
		assert.equal(again.status, 200, again.text);
	}
	stay(site, old);
	await site.verify();
}

/** Write over the pages from `first` on, counted from 1. */
function damage(first, count = Infinity) {
	const fd = fs.openSync(file, 'r+');
	const pages = fs.fstatSync(fd).size / 4096;
	const page = Buffer.alloc(4096, 'Z');
	for (let n = first; n <= pages && n < first + count; n++)
		fs.writeSync(fd, page, 0, 4096, (n - 1) * 4096);
	fs.closeSync(fd);
}

/** Into the same file, as an administrator would copy a backup back. */
const mendFrom = (copy) => fs.writeFileSync(file, copy);

for (const [what, first, count] of
    [['the first page', 1, 1], ['all pages but the first', 2, Infinity]])
	test(`a database of which ${what} is damaged`, async () => {
		await atRest();
		const copy = fs.readFileSync(file);
		damage(first, count);
		await refusesUntil(() => mendFrom(copy), new RegExp(
		    ' error req_.* not in service: .*ledger\\.db is not a ' +
		    'database of this program, or is damaged'));
	});

/** The pages of one table and its indexes, as sqlite3 tells. */
async function pagesOf(table) {
	const found = await rows(site, `SELECT rootpage FROM sqlite_schema
	    WHERE tbl_name = '${table}' AND rootpage > 0`);
	return found.map(({ rootpage }) => rootpage);
}

test('a database of which one table is damaged', async () => {
	const pages = await pagesOf('actions');
	await atRest();
	const copy = fs.readFileSync(file);
	for (const page of pages)
		damage(page, 1);
	const read = await ours(() => acme.get('/v1/partner/token-pools'));
	assert.equal(read.status, 200, 'the rest can still be read');
	await refusesUntil(() => mendFrom(copy),
	    / error req_.* the database: .*malformed/, 500, 'INTERNAL');
});

test('a database that is gone', async () => {
	await serves(acme);
	fs.renameSync(file, `${file}.away`);
	await refusesUntil(() => {
		assert.ok(!fs.existsSync(file), 'nobody makes an empty one');
		fs.renameSync(`${file}.away`, file);
	}, / error req_.* not in service: .*ledger\.db: No such file/);
});

test('a database that is replaced by an older one', async () => {
	const early = (await serves(acme)).body;
	const copy = `${site.dir}/data/backup.db`;
	await site.run('sqlite3', file, `.backup ${copy}`);
	const late = (await serves(acme)).body;
	const old = site.workers();
	site.clock.advance(1);		/* or ids come to be the same again */

	/* A log belongs to its database, and goes with it. */
	const sent = purchase();
	for (const end of ['', '-wal', '-shm'])
		fs.renameSync(file + end, `${file}.away${end}`);
	refused(await logged(site, /No such file/, () => submit(sent)),
	    503, 'UNAVAILABLE');
	fs.renameSync(copy, file);

	for (let i = 0; i < 8; i++)
		await until(async () => (await submit(purchase()))
		    .status === 200, 5000);
	assert.equal(await actions(site, early.idempotencyKey), 1);
	assert.equal(await actions(site, late.idempotencyKey), 0);
	assert.equal(await actions(site, sent.idempotencyKey), 0);
	for (let i = 0; i < 4; i++) {
		const { status } = await acme.get(
		    `/v1/partner/actions/${late.actionId}`);
		assert.equal(status, 404, 'nobody still has the old file');
	}
	stay(site, old);
	await site.verify();
	const { stdout } = await run('sqlite3',
	    [`${file}.away`, 'PRAGMA integrity_check'], site.user);
	assert.equal(stdout, 'ok\n', 'the file that was taken away is whole');
});

const keyTroubles = [
	['is missing', () => fs.renameSync(key, `${key}.away`),
		/master key .*master\.key is missing or cannot be read/],
	['is malformed', () => fs.writeFileSync(key, 'not a key\n'),
		/master key .*master\.key is not 64 hex digits/],
	['is empty', () => fs.writeFileSync(key, ''),
		/master key .*master\.key is not 64 hex digits/],
	['is exposed', () => fs.chmodSync(key, 0o644),
		/master key .*can be read by others: chmod 600 it/],
	['is another', () => fs.writeFileSync(key,
	    `${randomBytes(32).toString('hex')}\n`),
		/ledger\.db: .*the master key is not the one/],
];

for (const [what, harm, said] of keyTroubles)
	test(`a master key that ${what}`, async () => {
		const right = fs.readFileSync(key);
		await atRest();
		harm();
		await refusesUntil(() => {
			fs.rmSync(`${key}.away`, { force: true });
			fs.writeFileSync(key, right, { mode: 0o600 });
			fs.chmodSync(key, 0o600);
			site.own(key);
		}, said);
	});

test('a configuration with a word that nobody knows', async () => {
	const name = `${site.dir}/almoner.conf`;
	const right = fs.readFileSync(name, 'utf8');
	await serves(acme);
	fs.writeFileSync(name, `${right}datebase = data/ledger.db\n`);
	await endWorkers(site, 'SIGTERM');
	const line = right.split('\n').length;
	await refusesUntil(() => fs.writeFileSync(name, right),
	    new RegExp(`not in service: .*almoner\\.conf:${line}: .*datebase`));
});
