// A site that is being made, and its maker killed: at whichever change of the
// disk that happens, `almoner init` said again makes the site, or the page of
// /v1/setup sent again, and of the first nothing is left.  A site that is
// there has all that it begins with.  What is somebody's own is never taken
// for a leftover.

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

const program = (name) => path.resolve(root, build, name);
const almoner = (env, ...words) => run(program('bin/almoner'), words,
    { env: { PATH: process.env.PATH, ...env } });
const init = (dir, env = {}) => almoner(env, 'init', '--dir', dir);

const TOKEN = 'a word that nobody guesses';
const PASSWORD = 'wise owls fly at dusk';
const form = `${folder}/form`;
fs.writeFileSync(form, new URLSearchParams({ token: TOKEN, name: 'My Shop',
	baseUrl: 'http://127.0.0.1', slug: 'my-shop', email: 'ann@example.org',
	password: PASSWORD, again: PASSWORD }).toString());

/** The page's form, sent to a plain CGI program. */
async function send(dir, env = {}) {
	fs.mkdirSync(dir, { recursive: true });
	fs.writeFileSync(`${dir}/setup.token`, TOKEN);
	const { stdout } = await run('sh', ['-c', 'exec "$0" <"$1"',
		program('cgi-bin/setup.fcgi'), form], { env: {
		ALMONER_CONF: `${dir}/almoner.conf`, REQUEST_METHOD: 'POST',
		REQUEST_URI: '/v1/setup', REMOTE_ADDR: '127.0.0.1',
		CONTENT_TYPE: 'application/x-www-form-urlencoded',
		CONTENT_LENGTH: String(fs.statSync(form).size), ...env } });
	return { code: stdout.startsWith('Status: 201') ? 0 : 1,
		stderr: stdout };
}

/** What each says where there is a site, and what a new one has: members,
    partners, pools, keys. */
const by = { make: init, there: /there is a site already/, has: '0|0|0|0' };
const page = { make: send, there: /^Status: 404/, has: '1|1|1|1' };

/** Make one, and be killed at the n-th change; was it? */
async function killed({ make }, dir, n, status = 0) {
	try {
		const { code, stderr } = await make(dir, { STOP_AT: String(n),
			LD_PRELOAD: library,
			ASAN_OPTIONS: 'verify_asan_link_order=0' });
		assert.equal(code, status, stderr);
		return false;
	} catch (error) {
		assert.equal(error.signal, 'SIGKILL', error);
		return true;
	}
}

/* Without the page's own files, which are of no use where there is a site, and
   what programs make that find one. */
const tree = (dir) => fs.readdirSync(dir, { recursive: true })
    .filter((name) => !/^setup\.|\.(counts|deliver|log)$/.test(name)).sort();
const whole = ['almoner.conf', 'data', 'data/ledger.db',
	'data/ledger.db.lock', 'master.key'];

async function works({ has }, dir) {
	assert.deepEqual(tree(dir), whole);
	const counts = ['members', 'partners', 'token_pools', 'api_keys']
	    .map((table) => `(SELECT count(*) FROM ${table})`);
	assert.equal(execFileSync('sqlite3', [`${dir}/data/ledger.db`,
		`SELECT ${counts}`]).toString().trim(), has);
	const { code, stderr } = await almoner(
	    { ALMONER_CONF: `${dir}/almoner.conf` }, 'ledger', 'verify');
	assert.equal(code, 0, stderr);
}

/** The site is made by the killed, or else by who comes next. */
async function again(first, next, dir) {
	const made = fs.existsSync(`${dir}/almoner.conf`);
	const { code, stderr } = await next.make(dir);
	assert.equal(code, made ? 1 : 0, stderr);
	if (made)
		assert.match(stderr, next.there);
	await works(made ? first : next, dir);
}

/** Kill it at each change in turn, and have a site all the same. */
async function strike(maker, name, step = 1) {
	let n = 0, going = true;
	const strikes = async () => {
		while (going) {
			const at = n += step, dir = `${folder}/${name}-${at}`;
			if (!await killed(maker, dir, at))
				going = false;
			else
				await again(maker, by, dir);
		}
	};
	await Promise.all([strikes(), strikes()]);
	assert.ok(n > 50, `only ${n} changes were seen`);
}

test('init that is killed at any change is said again', () =>
	strike(by, 'init'));

/* Hashing its password takes long: all of them are for `make soak`. */
test('the page that is killed at any change leaves all or nothing', () =>
	strike(page, 'page', process.env.SOAK ? 1 : 4));

test('killed twice, and at another place, and by another way', async () => {
	for (const [first, second, next] of [[20, 8, page], [45, 20, by],
		[9, 45, page]]) {
		const dir = `${folder}/twice-${first}`;
		assert.ok(await killed(page, dir, first));
		assert.ok(await killed(by, dir, second));
		await again(by, next, dir);
	}
});

test('two at once make one site', async () => {
	const dir = `${folder}/both`;
	const all = await Promise.all([1, 2, 3, 4].map(() => init(dir)));
	assert.deepEqual(all.map(({ code }) => code).sort(), [0, 1, 1, 1]);
	for (const { stderr } of all.filter(({ code }) => code === 1))
		assert.match(stderr, /there is a site already/);
	await works(by, dir);
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
	await works(by, dir);
});

test('nor is one that was killed while it was refused', async () => {
	const dir = `${folder}/refused`;
	assert.equal((await init(dir)).code, 0);
	fs.renameSync(`${dir}/almoner.conf`, `${dir}/away`);
	let n = 1;
	while (await killed(by, dir, n, 1))
		n++;
	assert.ok(n > 3);
	assert.equal((await init(dir)).code, 1);
	fs.renameSync(`${dir}/away`, `${dir}/almoner.conf`);
	await works(by, dir);
});
