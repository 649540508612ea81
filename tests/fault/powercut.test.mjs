// The power goes.  powercut.c writes down what the programs do to their disk
// under load, with several checkpoints, a restart and a kill; crash.mjs makes
// of it what a cut at some moment may leave.  Whatever that is, the books open,
// are clean, and hold once what was answered before the cut.
//
// POWER_IMAGES is at how many moments it goes: 480, or 6000 in a soak.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { run } from '../lib/process.mjs';
import { seeded } from '../lib/random.mjs';
import { kill, purchase, root, startSite, until } from '../lib/site.mjs';
import { Disk, eventsOf } from './crash.mjs';
import { shim } from './shim.mjs';
import { serves } from './trouble.mjs';

const IMAGES = Number(process.env.POWER_IMAGES ??
    (process.env.SOAK ? 6000 : 480));
const CLIENTS = 16;
const CHECKPOINTS = 4;

const SUBMIT = '/v1/partner/actions/submit';

const { ALMONER_BUILD: built = `${root}/build/asan` } = process.env;
const build = path.join(path.dirname(built), 'release');

/** Clients, and what they were told: [{kind, key, id}]. */
class Clients {
	constructor(acme, random) {
		Object.assign(this, { acme, random, told: [], keys: 0 });
	}

	note(kind, keys, { status, body, headers }) {
		/* A repetition promises as much as the first answer. */
		const good = status === 200 || body?.code === 'IDEMPOTENT';
		if (good)
			for (const key of keys)
				this.told.push({ kind, key,
					id: headers['x-request-id'] });
		return good;
	}

	async submit(user, times = 1) {
		const sent = purchase({ stakeholders: [{
			stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: user }] });
		for (const answer of await Promise.all(Array.from(
		    { length: times }, () => this.acme.post(SUBMIT, sent))))
			if (this.note('actions', [sent.idempotencyKey],
			    answer))
				this.action = answer.body.actionId;
	}

	async bulk() {
		const all = Array.from({ length: 20 }, () => purchase());
		this.note('actions', all.map((a) => a.idempotencyKey),
		    await this.acme.post('/v1/partner/actions/bulk',
			{ actions: all }));
	}

	async redeem(user) {
		const idempotencyKey = `redeem_${++this.keys}`;
		this.note('redemptions', [idempotencyKey],
		    await this.acme.post(`/v1/partner/users/${user}/redeem`,
			{ tokens: 1, idempotencyKey }));
	}

	async reverse() {
		const refundIdempotencyKey = `reverse_${++this.keys}`;
		this.note('reversals', [refundIdempotencyKey],
		    await this.acme.post(
			`/v1/partner/actions/${this.action}/reverse`,
			{ refundIdempotencyKey, reversalPercentage: 10 }));
	}

	async one() {
		const user = `user_${this.random.below(60)}`;
		switch (this.random.below(12)) {
		case 0:
			return this.bulk();
		case 1:
			return this.submit(user, 2);
		case 2:
			return this.redeem(user);
		case 3:
			return this.reverse();
		default:
			return this.submit(user);
		}
	}

	/** Until `enough()`; what gets no answer was promised nothing. */
	async work(enough) {
		let done = false;
		await this.submit('user_0');
		const clients = Array.from({ length: CLIENTS }, async () => {
			while (!done)
				await this.one().catch(() => {});
		});
		await until(() => enough(), 30000);
		done = true;
		await Promise.all(clients);
	}
}

/** How often the database was moved into, in the log so far. */
function checkpoints(log, inode) {
	let count = 0, moving = false;
	for (const event of eventsOf(log)) {
		if (event.inode !== inode)
			continue;
		count += event.kind === 'W' && !moving;
		moving = event.kind === 'W' || (moving && event.kind === 'B');
	}
	return count;
}

/** Run the site under load: {base, log, told}. */
async function record(site, random, options) {
	const database = `${site.dir}/data/ledger.db`;
	const clients = new Clients(
	    await site.partner({ tokens: 1e9 }), random);
	site.configure(options);
	await site.stopServer();
	assert.ok(!fs.existsSync(`${database}-wal`));
	const base = { inode: fs.statSync(database).ino,
		bytes: fs.readFileSync(database) };
	const read = () => fs.readFileSync(site.env.POWER_LOG);
	fs.writeFileSync(site.env.POWER_LOG, '');
	site.own(site.env.POWER_LOG);
	await site.startServer();
	const moved = (n) => clients.work(() =>
		checkpoints(read(), base.inode) >= n);
	await moved(CHECKPOINTS / 2);
	await site.restart();
	await moved(CHECKPOINTS + 1);
	kill(site.workers(), 'SIGKILL');
	await serves(clients.acme);
	await moved(CHECKPOINTS + 2);
	kill(site.workers(), 'SIGKILL');
	await site.stopServer();
	return { base, log: read(), told: clients.told };
}

/** Moments at which much may go wrong, and others. */
function momentsOf(events, inode, random, count) {
	const at = (test) => events.flatMap((event, n) =>
		test(event) ? [n] : []);
	const kinds = [
		at(({ kind }) => kind === 'B' || kind === 'E'),
		at(({ kind }) => kind === 'A'),
		at((event) => event.inode === inode && event.kind === 'W'),
		at(({ kind }) => 'OUT'.includes(kind)),
		events.map((_, n) => n),
	];
	return Array.from({ length: count }, (_, i) =>
		random.pick(kinds[i % kinds.length]) +
		    random.below(i % 2 === 0 ? 2 : 8))
	    .map((n) => Math.min(n, events.length))
	    .sort((a, b) => a - b);
}

const QUERY = `PRAGMA integrity_check;
	SELECT 'actions ' || idempotency_key FROM actions;
	SELECT 'redemptions ' || idempotency_key FROM redemptions;
	SELECT 'reversals ' || idempotency_key FROM reversals;
	SELECT 'twice ' || kind || ' ' || refers FROM transactions
	    WHERE kind IN (2, 3, 4) AND refers IS NOT NULL
	    GROUP BY tenant, kind, refers HAVING count(*) > 1;`;

/** What is wrong with the books that a cut has left, or "". */
async function faults(site, files, promised, folder) {
	fs.mkdirSync(`${folder}/data`, { recursive: true });
	for (const name of ['almoner.conf', 'master.key'])
		fs.copyFileSync(`${site.dir}/${name}`, `${folder}/${name}`);
	for (const [name, bytes] of Object.entries(files))
		fs.writeFileSync(`${folder}/data/${name}`, bytes);
	site.own(folder);
	const options = { cwd: folder, ...site.user,
		env: { ...site.env, LD_PRELOAD: '',
			ALMONER_CONF: `${folder}/almoner.conf` } };
	const audit = await run(`${site.dir}/bin/almoner`,
	    ['ledger', 'verify'], options);
	if (audit.code !== 0)
		return `${audit.stdout}${audit.stderr}`;
	const { code, stdout, stderr } = await run('sqlite3',
	    ['-batch', `${folder}/data/ledger.db`, QUERY], options);
	const [intact, ...lines] = stdout.trimEnd().split('\n');
	if (code !== 0 || intact !== 'ok')
		return `${stdout}${stderr}`;
	const there = new Set(lines);
	if (there.size !== lines.length)
		return 'a key is there twice';
	const twice = lines.filter((line) => line.startsWith('twice'));
	const lost = [...promised].filter((key) => !there.has(key));
	return [...twice, ...lost.map((key) => `lost: ${key}`)].join('\n');
}

/** Cut the power at many moments: [what was wrong]. */
async function cutAll(site, { base, log, told }, random, count, lies) {
	const events = [...eventsOf(log)];
	const promises = new Map(told.map(({ id }) => [id, []]));
	told.forEach((one) => promises.get(one.id).push(one));
	const disk = new Disk({ 'ledger.db': base }, { lies });
	const promised = new Set();
	const memory = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
	const home = fs.mkdtempSync(path.join(memory, 'almoner-power-'));
	fs.chmodSync(home, 0o755);
	const wrong = [];
	const running = new Set();
	let n = 0, number = 0;
	try {
		for (const moment of momentsOf(events, base.inode, random,
		    count)) {
			for (; n < moment; n++) {
				const event = events[n];
				disk.apply(event);
				if (event.kind !== 'A')
					continue;
				const id = String(event.bytes).split(' ')[1];
				(promises.get(id) ?? []).forEach(
				    ({ kind, key }) =>
					promised.add(`${kind} ${key}`));
			}
			const folder = `${home}/${++number}`;
			const work = faults(site, disk.cut(random),
			    new Set(promised), folder).then((text) => {
				if (text !== '')
					wrong.push(`cut at ${moment}: ${text}`);
				fs.rmSync(folder, { recursive: true });
				running.delete(work);
			});
			running.add(work);
			if (running.size >= 2)
				await Promise.race(running);
		}
		await Promise.all(running);
	} finally {
		fs.rmSync(home, { recursive: true, force: true });
	}
	return wrong;
}

/** In which order they are written, and when the disk is waited for. */
const ways = [
	['one process of many threads', { procs: 1 }, {}],
	['processes of one thread', { procs: 4 }, { threads: 1 }],
	['a sync in each commit', { procs: 1 }, { sync_full: 'yes' }],
];

for (const [i, [what, options, values]] of ways.entries())
	test(`the power goes: ${what}`, () => seeded(i, async (random) => {
		const site = await startSite({ ...options, build,
			prepare(made) {
				shim(made, 'powercut');
				made.env.POWER_LOG = `${made.dir}/log/power`;
			} });
		try {
			const run = await record(site, random, values);
			assert.ok(checkpoints(run.log, run.base.inode) >=
			    CHECKPOINTS);
			assert.ok(run.told.length > 300);
			assert.deepEqual(await cutAll(site, run, random,
			    Math.ceil(IMAGES / ways.length)), []);

			/* Would it be seen?  On disks that do not sync. */
			const lost = await cutAll(site, run, random, 16,
			    (name) => name === 'ledger.db-wal');
			assert.ok(lost.some((text) => /lost: /.test(text)),
			    'without a log on disk nothing is lost');
			const torn = await cutAll(site, run, random, 16,
			    (name) => name === 'ledger.db');
			assert.notDeepEqual(torn, [],
			    'without a database on disk nothing is wrong');
		} finally {
			await site.stop();
		}
	}));
