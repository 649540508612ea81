// The receivers of doc/webhooks.md, run as it says, and told what is right
// and what is not.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { freePort, until } from '../lib/process.mjs';
import { root } from '../lib/servers.mjs';
import { sample } from '../lib/webhook.mjs';

/* Where the receivers are copied to, with the package that one takes. */
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-receiver-'));
fs.cpSync(`${root}/doc/receivers`, dir, { recursive: true });
fs.symlinkSync(`${root}/tests/node_modules`, `${dir}/node_modules`);
const children = [];

after(() => {
	for (const child of children)
		child.kill('SIGKILL');
	fs.rmSync(dir, { recursive: true });
});

const RECEIVERS = [
	['Node', ['sir'], (port) => ['node', 'receiver.mjs', port]],
	['Python', ['sir'], (port) => ['python3', 'receiver.py', port]],
	['PHP', ['sir'],
		(port) => ['php', '-S', `127.0.0.1:${port}`, 'receiver.php']],
	['standardwebhooks', ['standard', 'sir'],
		(port) => ['node', 'receiver-standard.mjs', port]],
];

/** Start it: {send(delivery, changes), said}. */
async function receiver(command, secret) {
	const port = await freePort();
	const [program, ...args] = command(String(port));
	const seen = fs.mkdtempSync(`${dir}/seen-`);
	const child = spawn(program, args, { cwd: dir, env: { ...process.env,
		WEBHOOK_SECRET: secret, WEBHOOK_SEEN: seen } });
	const said = { out: '' };
	children.push(child);
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (data) => { said.out += data; });
	const send = async ({ headers, body }, changes = {}) =>
		(await fetch(`http://127.0.0.1:${port}/`, { method: 'POST',
			body: changes.body ?? body, headers: {
				'Content-Type': 'application/json',
				...headers, ...changes.headers } })).status;
	assert.ok(await until(() => send({ headers: {}, body: '{}' })
	    .then(() => true, () => false), 20000), said.out);
	return { send, said };
}

for (const [name, formats, command] of RECEIVERS)
	for (const format of formats)
		test(`${name} takes ${format}, and nothing else`, async () => {
			const one = await sample(format);
			const { secret } = one;
			const { send, said } = await receiver(command, secret);
			const at = (off) => sample(format, '--secret', secret,
			    '--at', String(Math.floor(Date.now() / 1000) +
				off));

			assert.equal(await send(one), 200);
			assert.ok(await until(() => said.out.includes(
			    one.headers['webhook-id']), 5000), said.out);
			/* It comes again: good, and nothing is done. */
			assert.equal(await send(one), 200);
			assert.equal(await send(await at(0)), 200);

			const respelled = JSON.stringify(JSON.parse(one.body),
			    null, 1);
			assert.equal(await send(one, { body: respelled }), 400);
			assert.equal(await send(one,
			    { body: `${one.body}\n` }), 400);
			assert.equal(await send(one, { body: '' }), 400);
			assert.equal(await send(await at(-400)), 400);
			assert.equal(await send(await at(400)), 400);
			assert.equal(await send(await sample(format)), 400);
			assert.equal(await send({ headers: {},
				body: one.body }), 400);
			if (name === 'standardwebhooks')
				return;		/* the rest is its own affair */
			const value = one.headers['x-sir-signature'];
			for (const other of ['', 'sha256=', value.slice(0, -1),
			    `${value}0`, value.toUpperCase(), 'x'])
				assert.equal(await send(one, { headers:
					{ 'x-sir-signature': other } }), 400);
			for (const time of ['', '0', 'now', '1e9'])
				assert.equal(await send(one, { headers:
					{ 'x-sir-timestamp': time } }), 400);
			assert.equal(await send(one,
			    { body: 'x'.repeat(300000) }), 400);
			assert.equal(await send(await at(0)), 200);
			assert.equal(said.out.split(one.headers['webhook-id'])
			    .length, 2, said.out);
		});

test('the package takes the new secret and the old', async () => {
	const old = (await sample('sir')).secret;
	const made = await sample('sir', '--old', old);
	for (const secret of [old, made.secret]) {
		const { send } = await receiver(RECEIVERS[3][2], secret);
		assert.equal(await send(made), 200);
	}
});

test('doc/webhooks.md has the receivers that are there', () => {
	const text = fs.readFileSync(`${root}/doc/webhooks.md`, 'utf8');
	for (const file of fs.readdirSync(`${root}/doc/receivers`))
		assert.ok(text.includes(`doc/receivers/${file}`), file);
});
