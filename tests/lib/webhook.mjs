// Webhooks without a site: what `almoner webhook` makes and says of them.
//
//	sample(format, ...words)	a signed delivery: {format, secret,
//			body, headers}, names of headers in lower case
//	verify(delivery, ...words)	the verdict on it: {code, right,
//			accepted, format, codes, details}; no secret is in it
//	listen(...words)	{base, said, done}: a listener that is up, what
//			it has printed, and a promise of how it ends
//	file(text)	a file of that, to be named

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { run } from './process.mjs';
import { root } from './servers.mjs';

export const almoner = path.resolve(root,
    process.env.ALMONER_BUILD ?? 'build/asan', 'bin/almoner');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-webhook-'));
const children = new Set();
let files = 0;

after(() => {
	for (const child of children)
		child.kill('SIGKILL');
	fs.rmSync(dir, { recursive: true });
});

export function file(text) {
	const name = path.join(dir, `file-${++files}`);
	fs.writeFileSync(name, text);
	return name;
}

export async function sample(format, ...words) {
	const { code, stdout, stderr } = await run(almoner,
	    ['webhook', 'sample', '--format', format, '--json', ...words]);
	assert.equal(code, 0, stderr);
	const made = JSON.parse(stdout);
	return { ...made, headers: Object.fromEntries(made.headers.map(
	    ({ name, value }) => [name.toLowerCase(), value])) };
}

/** Its headers as they go over the wire; undefined removes one. */
export const lines = (headers) => Object.entries(headers)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`).join('');

export async function verify({ secret, headers = {}, body }, ...words) {
	const { code, stdout, stderr } = await run(almoner, [
		'webhook', 'verify', '--json', '--secret', secret,
		'--headers', file(lines(headers)), '--body',
		`@${file(body)}`, ...words,
	]);
	assert.equal(stderr, '');
	if (secret.length >= 8)
		assert.ok(!stdout.includes(secret.trim()));
	const said = JSON.parse(stdout);
	assert.equal(code, said.accepted ? 0 : 1);
	assert.equal(said.accepted,
	    said.signatureRight && said.findings.length === 0);
	return {
		code, right: said.signatureRight, accepted: said.accepted,
		format: said.format,
		codes: said.findings.map((f) => f.code),
		details: said.findings.map((f) => f.detail).join('\n'),
	};
}

export function listen(...words) {
	const child = spawn(almoner,
	    ['webhook', 'listen', '--port', '0', ...words],
	    { stdio: ['ignore', 'pipe', 'pipe'] });
	const said = { out: '', err: '' };
	const done = new Promise((resolve) => child.on('close', resolve));
	children.add(child);
	child.stdout.on('data', (data) => { said.out += data; });
	return new Promise((resolve, reject) => {
		child.on('close', () => {
			children.delete(child);
			reject(new Error(said.err));
		});
		child.stderr.on('data', (data) => {
			said.err += data;
			const base = /http:\S+/.exec(said.err)?.[0];
			if (base)
				resolve({ base, said, done, child });
		});
	});
}
