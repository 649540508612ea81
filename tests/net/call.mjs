// lib/net, as tests/net/call.c speaks for it, and servers that it calls.
//
//	const net = useCall({ args: ['-l'] });
//	net.call('a', { url });
//	const { a } = await net.wait();		// {outcome, status, …}
//
// Each is ended after the tests of its file, and must have ended well: a leak
// or a wrong byte shows there.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import nodeNet from 'node:net';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { after } from 'node:test';

const build = process.env.ALMONER_BUILD ?? 'build/asan';

/** A folder that is gone after the tests. */
export function useFolder() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-net-'));
	after(() => fs.rmSync(folder, { recursive: true }));
	return folder;
}

/** What tests/net/names.c needs: see there for `names`. */
export function namesEnv(folder, names) {
	const library = `${folder}/names.so`;
	if (!fs.existsSync(library))
		execFileSync('cc', ['-std=c11', '-O2', '-Wall', '-Wextra',
			'-Werror', '-shared', '-fPIC', '-o', library,
			'tests/net/names.c', '-ldl', '-lpthread'],
		{ stdio: 'inherit' });
	const log = fs.mkdtempSync(`${folder}/log-`) + '/log';
	fs.writeFileSync(log, '');
	return {
		NAMES: Object.entries(names)
		    .map(([name, list]) => `${name}=${list}`).join(' '),
		NAMES_LOG: log, LD_PRELOAD: library,
		/* A sanitizer must be told that it does not come first. */
		ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:` +
		    'verify_asan_link_order=0',
	};
}

/** The lines of its log: "look a.test", "connect 127.0.0.1". */
export const logOf = (env) =>
	fs.readFileSync(env.NAMES_LOG, 'utf8').split('\n').slice(0, -1);

function toAnswer(line) {
	const [name, outcome, status, duration, retryAfter, size, why, body] =
	    line.split('\t');
	return { name, outcome, status: Number(status), why, body,
		duration: Number(duration), retryAfter: Number(retryAfter),
		size: Number(size) };
}

export function useCall({ args = [], env = {} } = {}) {
	const child = spawn(`${build}/tests/net/call`, args,
	    { stdio: ['pipe', 'pipe', 'inherit'],
		env: { ...process.env, ...env } });
	const lines = readline.createInterface({ input: child.stdout })
	    [Symbol.asyncIterator]();
	let running = 0;

	const say = (text) => child.stdin.write(`${text}\n`);
	const hear = async () => {
		const { value, done } = await lines.next();
		assert.ok(!done, 'tests/net/call has ended');
		return value;
	};
	const verdict = async (text) => {
		say(text);
		const [word, why] = (await hear()).split('\t');
		return { good: word === 'good', why };
	};

	after(async () => {
		child.stdin.end();
		if (child.exitCode === null && child.signalCode === null)
			await once(child, 'exit');
		assert.equal(child.signalCode ?? child.exitCode, 0);
	});

	return {
		call(name, { url, method = 'POST', body = '{}', keep = 1024,
		    timeout = 5000, headers = [] }) {
			running++;
			say(`call ${[name, timeout, keep, method, url, body,
				...headers].join('\t')}`);
		},
		/** All that were called, by name, in the order they ended. */
		async wait() {
			const answers = {};
			say('wait');
			for (; running > 0; running--) {
				const answer = toAnswer(await hear());
				answers[answer.name] = answer;
			}
			return answers;
		},
		async one(wish) {
			this.call('one', wish);
			return (await this.wait()).one;
		},
		url: (url) => verdict(`url ${url}`),
		resolved: (url) => verdict(`resolved ${url}`),
		async many(count, atOnce, url) {
			say(`many ${count} ${atOnce} ${url}`);
			return Number((await hear()).split('\t')[0]);
		},
	};
}

/** It listens on 127.0.0.1: {server, port, accepts(), sockets}. */
async function listen(server, address = '127.0.0.1') {
	const sockets = new Set();
	let accepts = 0;
	server.on('connection', (socket) => {
		accepts++;
		sockets.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => sockets.delete(socket));
	});
	server.on('tlsClientError', () => {});
	server.listen(0, address);
	await once(server, 'listening');
	after(() => {
		server.close();
		sockets.forEach((socket) => socket.destroy());
	});
	return { server, sockets, port: server.address().port,
		accepts: () => accepts };
}

/** An HTTP server that reads the body and then asks `answer`. */
export function useServer(answer, make = http.createServer) {
	const server = make(async (request, response) => {
		const parts = [];
		for await (const part of request)
			parts.push(part);
		request.body = Buffer.concat(parts).toString();
		answer(request, response);
	});
	server.keepAliveTimeout = 600000;
	return listen(server);
}

/** A TCP server; `talk` is asked when the request's body has come. */
export function useTalker(talk) {
	return listen(nodeNet.createServer((socket) => {
		let text = '';
		socket.on('data', (bytes) => {
			text += bytes;
			if (/\r\n\r\n{}$/.test(text)) {
				text = '';
				talk(socket);
			}
		});
	}));
}
