// bin/deliver is started by the endpoint that queued something, after its
// answer and without waiting for it; one runs at a time, and what comes while
// it runs is not left lying.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { addWebhook, attempts, configureHooks, database, deliver, deliveries,
    sql, startReceiver, tryDeliver } from '../lib/hooks.mjs';
import { processesOf } from '../lib/process.mjs';
import { purchase, until, useSite } from '../lib/site.mjs';

const COMPLETED = 1 << 1;
const site = await useSite();
await configureHooks(site, { start_deliver: 'yes' });
const acme = await site.partner();
const shop = await startReceiver();
const hook = await addWebhook(acme, { url: shop.url, events: COMPLETED });

const runs = () => processesOf(`${site.dir}/bin`);
const idle = () => until(() => runs().length === 0, 20000);
const all = async (count) => assert.ok(
    await until(() => shop.got.length === count, 20000),
    `${shop.got.length} of ${count} came`);

/** What a process has open, by its number. */
function files(pid) {
	const folder = `/proc/${pid}/fd`;
	const all = {};
	for (const fd of fs.readdirSync(folder)) {
		try {
			all[fd] = fs.readlinkSync(`${folder}/${fd}`);
		} catch {
			/* it was the one that reads the folder */
		}
	}
	return all;
}

/** Start a run and do not wait; its end is a promise. */
const running = (...args) => tryDeliver(site, ...args);

test('the first attempt follows the answer, without cron', async () => {
	await acme.submit();
	await all(1);
	assert.ok(await until(async () =>
		(await deliveries(acme, hook))[0].status === 2, 10000));
});

test('what a bulk queues follows its answer, too', async () => {
	const partner = await site.partner();
	const receiver = await startReceiver();
	await addWebhook(partner, { url: receiver.url, events: COMPLETED });
	assert.ok(await idle());
	await partner.post('/v1/partner/actions/bulk',
	    { actions: [purchase(), purchase()] });
	assert.ok(await until(() => receiver.got.length === 2, 20000));
});

test('registered by the API: the signature is of the bytes that came',
    async () => {
	const partner = await site.partner();
	const receiver = await startReceiver();
	const { status, body, text } = await partner.post(
	    '/v1/partner/webhooks', { url: receiver.url,
		eventTypes: ['action.completed'],
		headers: [{ name: 'X-Shop', value: 'seven' }] });
	assert.equal(status, 201, text);
	await partner.submit();
	assert.ok(await until(() => receiver.got.length === 1, 20000));
	const [{ headers, body: said }] = receiver.got;
	assert.equal(headers['x-shop'], 'seven');
	assert.equal(headers['x-sir-signature'], 'sha256=' +
	    crypto.createHmac('sha256', body.secret)
	    .update(`${headers['x-sir-timestamp']}.${said}`).digest('hex'));
	assert.equal(JSON.parse(said).type, 'action.completed');
});

test('what it is started with: nothing of the server\'s', async () => {
	assert.ok(await idle());
	let inside;
	shop.answer = (response) => {
		inside ??= runs().map((pid) => ({
			env: fs.readFileSync(`/proc/${pid}/environ`, 'utf8'),
			status: fs.readFileSync(`/proc/${pid}/status`, 'utf8'),
			session: Number(fs.readFileSync(`/proc/${pid}/stat`,
			    'utf8').replace(/^.*\) /, '').split(' ')[3]),
			pid,
			files: files(pid),
		}))[0];
		response.end();
	};
	await acme.submit();
	await all(2);
	shop.says(200);
	assert.doesNotMatch(inside.env, /HTTP_|REMOTE_|QUERY_|FCGI/);
	assert.equal(inside.session, inside.pid);
	/* SIGTERM, SIGUSR1 and SIGALRM are blocked in the server. */
	assert.match(inside.status, /SigBlk:\s+0+\n/);
	for (const fd of [0, 1, 2])
		assert.equal(inside.files[fd], '/dev/null');
	const theirs = site.workers().flatMap((pid) =>
		Object.values(files(pid)));
	assert.deepEqual(Object.values(inside.files).filter((to) =>
		/^(socket|pipe):/.test(to) && theirs.includes(to)), []);
});

test('many at once: one run sends them all', async () => {
	const before = shop.got.length;
	await Promise.all(Array.from({ length: 50 }, () => acme.submit()));
	await all(before + 50);
	assert.ok(await idle());
	const made = await attempts(acme, hook);
	assert.ok(made.every(({ number }) => number === 1));
	assert.equal(new Set(shop.got.map(({ id }) => id)).size, before + 50);
});

test('no child is left as a zombie', async () => {
	assert.ok(await idle());
	const servers = new Set(site.workers());
	const children = fs.readdirSync('/proc').filter((pid) => {
		try {
			const [state, parent] = fs.readFileSync(
			    `/proc/${pid}/stat`, 'utf8')
			    .replace(/^.*\) /, '').split(' ');
			return state === 'Z' && servers.has(Number(parent));
		} catch {
			return false;
		}
	});
	assert.deepEqual(children, []);
});

test('two that are started at once: each event once', async () => {
	await configureHooks(site);	// none by itself
	for (let n = 0; n < 40; n++)
		await acme.submit();
	const before = shop.got.length;
	const ends = await Promise.all(
	    Array.from({ length: 4 }, () => running()));
	assert.ok(ends.every(({ code }) => code === 0));
	assert.equal(shop.got.length, before + 40);
	assert.equal(new Set(shop.got.map(({ id }) => id)).size,
	    shop.got.length);
});

test('word that is left while one runs is not overlooked', async () => {
	let let_go;
	const held = new Promise((resolve) => {
		let_go = resolve;
	});
	const before = shop.got.length;
	shop.answer = async (response) => {
		await held;
		response.end();
	};
	await acme.submit();
	const first = running();
	await all(before + 1);
	/* It waits for its answer; more comes, and a second run gives way. */
	await acme.submit();
	const second = await running();
	assert.equal(second.code, 0);
	shop.says(200);
	let_go();
	assert.equal((await first).code, 0);
	assert.equal(shop.got.length, before + 2);
});

test('start_deliver = no leaves it to cron', async () => {
	const before = shop.got.length;
	await acme.submit();
	assert.deepEqual(runs(), []);
	assert.equal((await deliveries(acme, hook)).at(-1).status, 1);
	await deliver(site);
	assert.equal(shop.got.length, before + 1);
});

test('a heartbeat tells that cron is alive', async () => {
	await sql(site, 'DELETE FROM heartbeats');
	await deliver(site, '--after-answer');
	assert.deepEqual(await sql(site, 'SELECT * FROM heartbeats'), []);
	site.clock.advance(60);
	await deliver(site);
	const now = site.clock.now() * 1000;
	assert.deepEqual(await sql(site, 'SELECT * FROM heartbeats'),
	    [{ program: 'deliver', began_at: now, ended_at: now }]);
});

test('a program that is not there is told once; answers go on', async () => {
	await configureHooks(site, { start_deliver: 'yes' });
	fs.renameSync(`${site.dir}/bin/deliver`, `${site.dir}/bin/away`);
	await site.restart();
	const { status } = await acme.submit();
	assert.equal(status, 200);
	assert.match(site.log(), / warn .* webhooks wait for cron/);
	fs.renameSync(`${site.dir}/bin/away`, `${site.dir}/bin/deliver`);
	await configureHooks(site);
	await deliver(site);
});

test('SIGTERM: it ends what is under way, and leaves', async () => {
	const before = shop.got.length;
	shop.answer = (response) => {
		for (const pid of runs())
			process.kill(pid, 'SIGTERM');
		response.end();
	};
	for (let n = 0; n < 30; n++)
		await acme.submit();
	const { code, stderr } = await running();
	assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
	shop.says(200);
	await deliver(site);
	assert.equal(shop.got.length, before + 30);
	assert.equal(new Set(shop.got.map(({ id }) => id)).size,
	    shop.got.length);
});

test('its words, and what it says when it cannot work', async () => {
	const help = await tryDeliver(site, '--help');
	assert.equal(help.code, 0);
	assert.match(help.stdout, /--budget/);
	for (const words of [['--no'], ['--budget'], ['--budget', '0'],
		['--budget', 'x']]) {
		const { code, stderr } = await tryDeliver(site, ...words);
		assert.equal(code, 2);
		assert.match(stderr, /deliver --help/);
	}
	const moved = `${database(site)}.away`;
	await site.stopServer();
	fs.renameSync(database(site), moved);
	const { code, stderr } = await tryDeliver(site);
	assert.equal(code, 1);
	assert.match(stderr, /^deliver: .*ledger\.db/);
	fs.renameSync(moved, database(site));
	await site.startServer();
});

/* Not through run(): its output must be nobody's. */
test('it needs no terminal and no standard files', async () => {
	await acme.submit();
	const before = shop.got.length;
	const child = spawn(`${site.dir}/bin/deliver`, [], { stdio: 'ignore',
		env: { ...site.env, ALMONER_CONF: `${site.dir}/almoner.conf` },
		...site.user });
	const code = await new Promise((resolve) => child.on('exit', resolve));
	assert.equal(code, 0);
	assert.equal(shop.got.length, before + 1);
});
