// `make demo`, as a stranger sees it: the story runs, the keys that it leaves
// work, Ctrl-C ends all of it, and a port that is taken is no riddle.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { request, sign } from '../lib/http.mjs';
import { ended, freePort, processesOf, run, until } from '../lib/process.mjs';
import { root } from '../lib/servers.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-demo-'));
const site = `${folder}/site`;
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Start it in a process group of its own, as a terminal would. */
function demo(port) {
	const child = spawn('sh', ['etc/demo.sh'], {
		cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, PORT: port, SITE: site,
			B: process.env.ALMONER_BUILD ?? 'build/asan' },
	});
	child.said = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (text) => { child.said += text; });
	return child;
}

const interrupt = (child) => process.kill(-child.pid, 'SIGINT');

/** What it names for browsers and programs is there. */
async function pages(said, port) {
	const page = /http:\S+(\/demo\/\?key=pk_test_[0-9a-f]{64})/
	    .exec(said);
	const shop = await request({ port, target: page[1] });
	assert.equal(shop.status, 200);
	assert.match(shop.headers['content-type'], /^text\/html/);
	const script = await request({ port, target: '/donate.js' });
	assert.equal(script.status, 200);
	const document = await request({ port,
		target: /http:\/\/[^/]+(\/docs\/openapi\.json)/
		    .exec(said)[1] });
	assert.equal(JSON.parse(document.text).openapi, '3.1.0');
	/* What cron would do, with no environment, as it says. */
	for (const program of ['deliver', 'housekeep'])
		assert.deepEqual(await run(`${site}/bin/${program}`, [],
		    { env: {}, cwd: '/' }),
		{ code: 0, stdout: '', stderr: '' });
}

test('the demo tells its story, and its keys work', async () => {
	const port = await freePort();
	const child = demo(port);
	try {
		assert.ok(await until(() => ended(child) ||
		    child.said.includes('Ctrl-C'), 60000));
		assert.match(child.said, /"tokensDistributed":50/);
		assert.match(child.said, /"tokensClawedBack":35/);
		assert.match(child.said, /"debt":15/);
		assert.equal(ended(child), false, child.said);
		assert.match(child.said, new RegExp('POST /\\n' +
		    '(    .*\\n)*    X-SIR-Signature: sha256=.*\\n' +
		    '(    .*\\n)*    \\{"id":"evt_.*"action.completed".*\\n' +
		    '    The signature is right; the format is sir'));

		const file = `${site}/credentials.json`;
		assert.equal(fs.statSync(file).mode & 0o777, 0o600);
		const keys = JSON.parse(fs.readFileSync(file, 'utf8'));
		assert.deepEqual(Object.keys(keys), ['baseUrl', 'partnerId',
			'publishableKey', 'secretKey', 'hmacSecret',
			'tokenPoolId']);
		assert.equal(keys.baseUrl, `http://127.0.0.1:${port}`);

		const now = Math.floor(Date.now() / 1000);
		const target = '/v1/partner/users/user_42/balance';
		const answer = await request({ port, target, headers: {
			'X-Partner-Key': keys.secretKey, 'X-Timestamp': now,
			'X-Signature': sign(keys.hmacSecret, now, 'GET',
			    target),
		} });
		assert.equal(answer.status, 200, answer.text);
		assert.equal(answer.body.available, 0);
		assert.equal(answer.body.debt, 15);
		await pages(child.said, port);
	} finally {
		interrupt(child);
	}
	assert.ok(await until(() => ended(child), 60000));
	assert.ok(await until(() => processesOf(site).length === 0,
	    60000));
	await assert.rejects(request({ port, target: '/' }));
});

test('the demo says so when its port is taken', async () => {
	const port = await freePort();
	const server = net.createServer((socket) => socket.destroy());
	await new Promise((done) => server.listen(port, '127.0.0.1', done));
	const child = demo(port);
	assert.ok(await until(() => ended(child), 60000));
	server.close();
	assert.notEqual(child.exitCode, 0);
	assert.match(child.said, new RegExp(`Port ${port} is taken`));
});
