// A disk that is full, that can only be read, and a database that somebody
// else keeps locked: a clear refusal, a clear line in the log, nothing half
// written, and service again as soon as the cause is gone.  The web server
// runs on through all of it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { purchase, until, useSite } from '../lib/site.mjs';
import { fill, siteOnDisk } from './small-disk.mjs';
import { actions, endWorkers, holdDatabase, logged, ours, refused, serves,
    stay } from './trouble.mjs';

const remount = (site, how) =>
	execFileSync('mount', ['-o', `remount,${how}`, site.disk]);

const site = await siteOnDisk();
const skip = site === null && 'only root may mount a small disk';
const acme = await site?.partner();

/** Large, so that the log must grow. */
const order = () => purchase({ metadata: { filler: 'x'.repeat(8000) } });

/** Answered and booked, or neither. */
async function submit(partner, sent) {
	const answer = await partner.post('/v1/partner/actions/submit', sent);
	if (answer.status !== 200)
		refused(answer, 503, 'UNAVAILABLE');
	assert.equal(await actions(partner.site, sent.idempotencyKey),
	    answer.status === 200 ? 1 : 0);
	return answer;
}

/** What is sent when there is no room any more. */
async function untilRefused(partner) {
	for (let n = 0; n < 3000; n++) {
		const sent = order();
		if ((await submit(partner, sent)).status !== 200)
			return sent;
	}
	throw new Error('there is room for all');
}

test('a full disk: 503, nothing half done, service when it has room',
    { skip }, async () => {
	await serves(acme);
	const old = site.workers();
	fill(site);
	const sent = await logged(site,
	    / error req_[0-9a-f]+ (the database|not in service): .*full/,
	    () => untilRefused(acme));
	/* Each refusal may have made a little room. */
	for (let n = 0; n < 20; n++)
		await submit(acme, order());
	await site.verify();

	fs.rmSync(`${site.disk}/ballast`);
	const again = await acme.post('/v1/partner/actions/submit', sent);
	assert.equal(again.status, 200, again.text);
	stay(site, old);
});

/* Memory that is a file on a full disk kills those who write to it. */
test('processes that start on a full disk', { skip }, async () => {
	await site.stopServer();
	for (const name of fs.readdirSync(site.disk))
		if (/\.counts/.test(name))
			fs.rmSync(`${site.disk}/${name}`);
	fill(site);
	await logged(site, / warn .* cannot share counts .*: No space/,
	    () => site.startServer());
	const old = site.workers();
	for (let n = 0; n < 8; n++) {
		const answer = await ours(() => acme.submit());
		if (answer.status !== 200)
			refused(answer, 503, 'UNAVAILABLE');
	}
	fs.rmSync(`${site.disk}/ballast`);
	await serves(acme);
	stay(site, old);
});

test('a disk that can only be read: 503, and service when it is mended',
    { skip }, async () => {
	await serves(acme);
	const sent = purchase();
	/* The kernel does not take a disk away from those who write on it. */
	assert.ok(await until(async () => {
		try {
			await endWorkers(site, 'SIGTERM');
			remount(site, 'ro');
			return true;
		} catch {
			return false;
		}
	}, 10000));
	const refuse = () => acme.post('/v1/partner/actions/submit', sent);
	await ours(refuse);
	refused(await logged(site,
	    /ledger\.db cannot be written: Read-only file system/, refuse),
	    503, 'UNAVAILABLE');
	remount(site, 'rw');
	const old = site.workers();
	const again = await refuse();
	assert.equal(again.status, 200, again.text);
	stay(site, old);
});

const plain = await useSite();
const books = `${plain.dir}/data`;
const other = await plain.partner();

/** Take away the modes; the processes that come then find it so. */
async function withModes(folder, file, work) {
	await serves(other);
	await endWorkers(plain, 'SIGTERM');
	fs.chmodSync(`${books}/ledger.db`, file);
	fs.chmodSync(books, folder);
	try {
		return await work();
	} finally {
		fs.chmodSync(books, 0o700);
		fs.chmodSync(`${books}/ledger.db`, 0o600);
	}
}

/** Nothing is booked until it is mended, and then at once. */
async function withoutModes(folder, file, said) {
	const sent = purchase();
	const send = () => other.post('/v1/partner/actions/submit', sent);
	await withModes(folder, file, async () => {
		await ours(send);
		refused(await logged(plain, said, send), 503, 'UNAVAILABLE');
	});
	assert.equal(await actions(plain, sent.idempotencyKey), 0);
	const old = plain.workers();
	const again = await send();
	assert.equal(again.status, 200, again.text);
	stay(plain, old);
}

test('a database that may not be written: 503 until it may', () =>
	withoutModes(0o700, 0o400,
	    /ledger\.db cannot be written: Permission denied/));

test('a folder that may not be written: 503 until it may', () =>
	withoutModes(0o500, 0o600,
	    /the folder of .* cannot be written: Permission denied/));

/** How large a file may come to be that the programs write. */
function limitFiles(bytes) {
	for (const pid of plain.workers())
		execFileSync('prlimit', ['--pid', String(pid),
			`--fsize=${bytes}:`], plain.user);
}

test('a database that may not grow: 503 until it may', async () => {
	await serves(other);
	const old = plain.workers();
	limitFiles(fs.statSync(`${books}/ledger.db`).size + 4096);
	const said = / error req_.* the database: .*(File too large|full)/;
	const sent = await logged(plain, said, () => untilRefused(other));
	limitFiles('unlimited');
	const again = await other.post('/v1/partner/actions/submit', sent);
	assert.equal(again.status, 200, again.text);
	stay(plain, old);
});

test('a database that is locked: reads go on, writes get 503 in time',
    async () => {
	await serves(other);
	const old = plain.workers();
	const lock = await holdDatabase(plain);
	const sent = purchase();
	const send = () => other.post('/v1/partner/actions/submit', sent);
	const began = Date.now();
	const waiting = logged(plain, /the database: .*locked/, send);
	const read = await other.get('/v1/partner/actions');
	assert.equal(read.status, 200);
	assert.ok(Date.now() - began < 2000, 'a reader does not wait');
	refused(await waiting, 503, 'UNAVAILABLE');
	assert.ok(Date.now() - began < 11000, 'it waits too long');
	await lock.release();
	assert.equal(await actions(plain, sent.idempotencyKey), 0);
	assert.equal((await send()).status, 200);
	stay(plain, old);
});
