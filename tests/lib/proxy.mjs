// Prism as a witness: a proxy that holds every request and every answer
// against htdocs/docs/openapi.json while a test talks to its site.  site.mjs
// asks for it where ALMONER_PROXY is "prism".
//
//	const proxy = await startProxy(site);
//	await proxy.request(options)	as request() of http.mjs; throws if
//					Prism saw a violation
//	proxy.stop()
//
// An answer that is not as documented always is a violation; a request is one
// if it was answered as a good one all the same.
//
// Prism writes bodies and queries anew, which no signature survives.  So
// behind it sits a clerk who sends the request as it was, and keeps the answer
// as it was.  What Prism itself cannot read (JSON that is none) goes without
// it, as do methods that only browsers use.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { document } from './contract.mjs';
import { request } from './http.mjs';
import { ended, freePort, killGroup, start, until } from './process.mjs';
import { root } from './servers.mjs';

const PRISM = path.join(root, 'tests/node_modules/.bin/prism');
const NUMBER = 'x-number';

/**
 * The document as Prism needs it, which takes application/problem+json for
 * application/json: where an answer may be either, it is one of both.
 */
function forPrism() {
	const api = JSON.parse(fs.readFileSync(document, 'utf8'));
	const operations = Object.values(api.paths).flatMap(Object.values);
	for (const { content } of operations.flatMap(
	    (operation) => Object.values(operation.responses))) {
		const kinds = Object.values(content ?? {});
		if (kinds.length > 1)
			content['application/json'].schema = {
				anyOf: kinds.map(({ schema }) => schema),
			};
	}
	return JSON.stringify(api);
}

function listen(server) {
	return new Promise((resolve) =>
		server.listen(0, '127.0.0.1',
		    () => resolve(server.address().port)));
}

async function answers(port) {
	try {
		return await request({ port, target: '/' });
	} catch {
		return undefined;
	}
}

class Proxy {
	/** Requests by their numbers, and what came of them. */
	sent = new Map();
	count = 0;

	async start(site) {
		this.clerk = http.createServer((from, to) =>
			this.forward(from, to));
		const upstream = await listen(this.clerk);
		const file = `${site.dir}/openapi.json`;
		const log = 'log/prism.out';
		fs.writeFileSync(file, forPrism());
		this.port = await freePort();
		this.prism = start([process.execPath, PRISM, 'proxy', file,
		    `http://127.0.0.1:${upstream}`, '--host', '127.0.0.1',
		    '--port', String(this.port), '--cors', 'false'],
		    `${site.dir}/${log}`,
		    { env: { ...process.env, NO_UPDATE_NOTIFIER: '1' } });
		await until(async () => ended(this.prism) ||
		    await answers(this.port), 30000);
		if (ended(this.prism))
			throw new Error(`prism ended:\n${site.read([log])}`);
	}

	async forward(from, to) {
		const letter = this.sent.get(from.headers[NUMBER]);
		if (letter === undefined) {
			to.writeHead(404).end();
			return;
		}
		try {
			letter.answer = await request(letter.options);
			const { status, headers, bytes } = letter.answer;
			to.writeHead(status, headers).end(bytes);
		} catch (error) {
			letter.error = error;
			to.destroy();
		}
	}

	async request(options) {
		const number = String(++this.count);
		const letter = { options };
		this.sent.set(number, letter);
		const seen = await request({
			...options, port: this.port, agent: undefined,
			headers: { ...options.headers, [NUMBER]: number },
		}).catch(() => undefined);
		this.sent.delete(number);
		if (letter.error)
			throw letter.error;
		if (letter.answer === undefined)
			return request(options);
		this.judge(options, letter.answer, seen);
		return letter.answer;
	}

	judge({ method, target }, { status, text }, seen) {
		const said = seen.headers['sl-violations'] ?? '[]';
		const wrong = JSON.parse(said).filter(({ location }) =>
			location[0] !== 'request' || status < 400);
		assert.deepEqual(wrong, [],
		    `Prism, of ${method} ${target}: ${text}`);
	}

	stop() {
		killGroup(this.prism);
		this.clerk.close();
		this.clerk.closeAllConnections();
	}
}

export async function startProxy(site) {
	const proxy = new Proxy();
	await proxy.start(site);
	return proxy;
}
