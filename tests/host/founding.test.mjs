// A site that is being made, and its maker killed: at whichever change of the
// disk that happens, `almoner init` said again makes the site, and of the
// first nothing is left.  What is somebody's own is never taken for that.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { run } from '../lib/process.mjs';
import { root } from '../lib/servers.mjs';

const { ALMONER_BUILD: build = `${root}/build/asan` } = process.env;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-found-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
const library = `${folder}/stop.so`;
execFileSync('cc', ['-std=c11', '-O2', '-Wall', '-Wextra', '-Wpedantic',
	'-Werror', '-shared', '-fPIC', '-o', library,
	`${root}/tests/fault/stop.c`], { stdio: 'inherit' });

const almoner = (env, ...words) => run(path.resolve(root, build,
    'bin/almoner'), words, { env: { PATH: process.env.PATH, ...env } });
const init = (dir, env = {}) => almoner(env, 'init', '--dir', dir);

/** Make one, and be killed at the n-th change; was it? */
async function killed(dir, n, status = 0) {
	try {
		const { code, stderr } = await init(dir, { STOP_AT: String(n),
			LD_PRELOAD: library,
			ASAN_OPTIONS: 'verify_asan_link_order=0' });
		assert.equal(code, status, stderr);
		return false;
	} catch (error) {
		assert.equal(error.signal, 'SIGKILL');
		return true;
	}
}

const tree = (dir) => fs.readdirSync(dir, { recursive: true }).sort();
const whole = ['almoner.conf', 'data', 'data/ledger.db',
	'data/ledger.db.lock', 'master.key'];

async function works(dir) {
	assert.deepEqual(tree(dir), whole);
	const { code, stderr } = await almoner(
	    { ALMONER_CONF: `${dir}/almoner.conf` }, 'ledger', 'verify');
	assert.equal(code, 0, stderr);
}

/** The site is made by the killed, or else by who comes next. */
async function again(dir) {
	const made = fs.existsSync(`${dir}/almoner.conf`);
	const { code, stderr } = await init(dir);
	assert.equal(code, made ? 1 : 0, stderr);
	if (made)
		assert.match(stderr, /there is a site already/);
	await works(dir);
}

test('init that is killed at any change is said again', async () => {
	let n = 0, going = true;
	const strikes = async () => {
		while (going) {
			const at = ++n, dir = `${folder}/at-${at}`;
			if (!await killed(dir, at))
				going = false;
			else
				await again(dir);
		}
	};
	await Promise.all([strikes(), strikes()]);
	assert.ok(n > 50, `only ${n} changes were seen`);
});

test('killed twice, and at another place', async () => {
	for (const [first, second] of [[20, 8], [45, 20], [9, 45]]) {
		const dir = `${folder}/twice-${first}`;
		assert.ok(await killed(dir, first));
		assert.ok(await killed(dir, second));
		await again(dir);
	}
});

test('two at once make one site', async () => {
	const dir = `${folder}/both`;
	const all = await Promise.all([1, 2, 3, 4].map(() => init(dir)));
	assert.deepEqual(all.map(({ code }) => code).sort(), [0, 1, 1, 1]);
	for (const { stderr } of all.filter(({ code }) => code === 1))
		assert.match(stderr, /there is a site already/);
	await works(dir);
});

test('a site that lost almoner.conf is nobody\'s leftover', async () => {
	const dir = `${folder}/lost`;
	assert.equal((await init(dir)).code, 0);
	fs.rmSync(`${dir}/almoner.conf`);
	const before = fs.readFileSync(`${dir}/master.key`, 'utf8');
	for (const name of ['data/none', 'data/ledger.db', 'master.key']) {
		fs.rmSync(`${dir}/${name}`, { force: true });
		const { code, stderr } = await init(dir);
		if (name === 'master.key')
			break;
		assert.equal(code, 1);
		assert.match(stderr, /bring that back/);
		assert.equal(fs.readFileSync(`${dir}/master.key`, 'utf8'),
		    before);
		assert.ok(!fs.existsSync(`${dir}/almoner.conf.new`));
	}
	await works(dir);
});

test('nor is one that was killed while it was refused', async () => {
	const dir = `${folder}/refused`;
	assert.equal((await init(dir)).code, 0);
	fs.renameSync(`${dir}/almoner.conf`, `${dir}/away`);
	let n = 1;
	while (await killed(dir, n, 1))
		n++;
	assert.ok(n > 3);
	assert.equal((await init(dir)).code, 1);
	fs.renameSync(`${dir}/away`, `${dir}/almoner.conf`);
	await works(dir);
});
