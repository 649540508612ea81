// A site whose home is on a file system that is no local disk: the programs
// find that out, do without a log, take rewards, survive kill -9, and the
// doctor says so.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mount } from '../lib/remote.mjs';
import { seeded } from '../lib/random.mjs';
import { startSite, until } from '../lib/site.mjs';
import { Load } from '../fault/load.mjs';
import { endWorkers } from '../fault/trouble.mjs';

const ROUNDS = Number(process.env.ALMONER_ROUNDS ?? 2);
const usual = os.tmpdir();

/** All of the site lies there, programs and sockets too. */
async function homeOn(folder) {
	process.env.TMPDIR = folder;
	try {
		return await startSite();
	} finally {
		process.env.TMPDIR = usual;
	}
}

/** Its books alone: `database` says so, and they come along with a log. */
async function booksOn(folder) {
	const site = await startSite();
	await site.partner();
	await site.stopServer();
	fs.cpSync(`${site.dir}/data`, `${folder}/data`, { recursive: true });
	site.own(`${folder}/data`);
	fs.chmodSync(`${folder}/data`, 0o700);
	site.database = `${folder}/data/ledger.db`;
	site.configure({ database: site.database });
	await site.startServer();
	return site;
}

async function strike(site, load, random) {
	load.start(4);
	await sleep(100 + random.below(150));
	assert.ok(await until(() => site.workers().length > 0, 10000));
	await endWorkers(site);
	const settled = load.settled.length;
	assert.ok(await until(() => load.settled.length > settled + 4, 10000),
	    'the server does not come back');
	await load.stop();
	await site.verify();
	await load.check(site, 10);
}

async function doctor(site) {
	const { stdout } = await site.tryCli('doctor', '--json');
	const found = JSON.parse(stdout);
	const { level, found: what, advice } =
	    found.find(({ subject }) => subject === 'journal');
	assert.equal(level, 'warning');
	assert.match(what, /^no log can be used \(.*on FUSE\)/);
	assert.match(advice, /local disk/);
	assert.deepEqual(found.filter((f) => f.level === 'fault')
	    .map(({ subject }) => subject), ['cron', 'cron'],
	JSON.stringify(found, null, 1));
}

async function copies(site, load) {
	const { file } = await site.cli('backup');
	const { transactions } = await site.cli('ledger', 'verify');
	await site.stopServer();
	const { oldBooks } = await site.cli('restore', file);
	assert.ok(fs.existsSync(oldBooks));
	assert.equal((await site.cli('ledger', 'verify')).transactions,
	    transactions);
	await site.startServer();
	await load.check(site, 5);
}

/** What is with the books, but for the old ones and what was not yet done. */
function files(site) {
	const folder = (site.database ?? `${site.dir}/data/ledger.db`)
	    .replace('/ledger.db', '');
	return fs.readdirSync(folder).filter((name) => !/\.old-|-journal/
	    .test(name)).sort();
}

async function serves(site) {
	const load = new Load(await site.partner({ tokens: 1e9 }));
	for (let n = 1; n <= ROUNDS; n++)
		await seeded(n, async (random) => {
			load.random = random;
			await strike(site, load, random);
		});
	await doctor(site);
	await copies(site, load);
	assert.deepEqual(files(site), ['ledger.db', 'ledger.db.counts',
		'ledger.db.deliver', 'ledger.db.lock', 'ledger.db.restore']);
	assert.doesNotMatch(site.log(), /cannot share|error/);
}

for (const [kind, begin] of [['bindfs', homeOn], ['sshfs', booksOn]])
	test(`a site on ${kind}`, async (t) => {
		const far = await mount(kind);
		if (far.why !== undefined)
			return t.skip(far.why);
		try {
			const site = await begin(far.folder);
			try {
				await serves(site);
			} finally {
				await site.stop();
			}
		} finally {
			await far.leave();
		}
	});
