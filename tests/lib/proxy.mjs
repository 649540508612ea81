// Prism as a witness: a proxy that holds every request and every answer
// against htdocs/docs/openapi.json while tests talk to their sites.
//
//	const prism = await startPrism(dir, text)
//				its files go there; the document's text
//	prism.port		for ALMONER_PROXY
//	prism.stop()
//
// site.mjs has, where ALMONER_PROXY is such a port,
//
//	const clerk = await startClerk(port);
//	await clerk.request(options)	as request() of http.mjs; throws if
//					Prism saw a violation
//	clerk.stop()
//
// An answer that is not as documented always is a violation; a request is one
// if it was answered as a good one all the same.
//
// Prism writes bodies and queries anew, which no signature survives.  So what
// it forwards comes back to the clerk of the test that sent it, who asks the
// site with the request as it was, and keeps the answer as it was.  What Prism
// itself cannot read (JSON that is none) goes without it, and it has no say in
// what the document does not have.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { operation } from './contract.mjs';
import { request } from './http.mjs';
import { ended, freePort, killGroup, start, until } from './process.mjs';
import { root } from './servers.mjs';

const PRISM = path.join(root, 'tests/node_modules/.bin/prism');

/** Names the clerk that a request belongs to, and its number there. */
const CLERK = 'x-clerk', NUMBER = 'x-clerk-number';

/** A server on a port of its own, which it resolves to. */
async function serve(forward) {
	const server = http.createServer(async (from, to) => {
		const answer = await forward(from.headers)
		    .catch(() => undefined);
		if (answer === undefined)
			to.destroy();
		else
			to.writeHead(answer.status, answer.headers)
			    .end(answer.bytes);
	});
	await new Promise((resolve) =>
		server.listen(0, '127.0.0.1', resolve));
	return server;
}

function close(server) {
	server.close();
	server.closeAllConnections();
}

/**
 * The document as Prism needs it, which takes application/problem+json for
 * application/json: where an answer may be either, it is one of both.
 */
function forPrism(text) {
	const api = JSON.parse(text);
	const operations = Object.values(api.paths).flatMap(Object.values);
	for (const { content } of operations.flatMap(
	    (one) => Object.values(one.responses))) {
		const kinds = Object.values(content ?? {});
		if (kinds.length > 1)
			content['application/json'].schema = {
				anyOf: kinds.map(({ schema }) => schema),
			};
	}
	return JSON.stringify(api);
}

export async function startPrism(dir, text) {
	const post = await serve((headers) => request({
		port: Number(headers[CLERK]), target: '/',
		headers: { [NUMBER]: headers[NUMBER] },
	}));
	const port = await freePort();
	const file = `${dir}/openapi.json`, log = `${dir}/prism.out`;
	fs.writeFileSync(file, forPrism(text));
	const prism = start([process.execPath, PRISM, 'proxy', file,
	    `http://127.0.0.1:${post.address().port}`, '--cors', 'false',
	    '--host', '127.0.0.1', '--port', String(port)],
	    log, { env: { ...process.env, NO_UPDATE_NOTIFIER: '1' } });
	const stop = () => {
		killGroup(prism);
		close(post);
	};
	const listens = () => fs.existsSync(log) &&
	    /is listening/.test(fs.readFileSync(log, 'utf8'));
	if (!await until(() => ended(prism) || listens(), 60000) ||
	    ended(prism)) {
		stop();
		throw new Error(fs.readFileSync(log, 'utf8'));
	}
	return { port, stop };
}

/**
 * A batch may hold bad items, which fail alone; and a body where none is asked
 * for is ignored.
 */
const excused = ({ location, code }) => code === 415 ||
	location.join('/').startsWith('request/body/actions/');

class Clerk {
	/** Requests by their numbers, and what came of them. */
	sent = new Map();
	count = 0;

	constructor(port) {
		this.port = port;
	}

	async forward(headers) {
		const letter = this.sent.get(headers[NUMBER]);
		try {
			letter.answer = await request(letter.options);
		} catch (error) {
			letter.error = error;
		}
		return letter.answer;
	}

	async request(options) {
		const number = String(++this.count);
		const letter = { options };
		this.sent.set(number, letter);
		const seen = await request({
			...options, port: this.port, agent: undefined,
			headers: { ...options.headers, [NUMBER]: number,
				[CLERK]: this.server.address().port },
		}).catch(() => undefined);
		this.sent.delete(number);
		if (letter.error)
			throw letter.error;
		if (letter.answer === undefined)
			return request(options);
		this.judge(options, letter.answer, seen);
		return letter.answer;
	}

	judge({ method, target }, { status, headers, text }, seen) {
		if (!operation(method, target) || !headers['x-request-id'])
			return;
		let said = seen.headers['sl-violations'] ?? '[]';
		/* "Too many violations": those are of the request's body. */
		if (!said.startsWith('['))
			said = '[{"location":["request"]}]';
		const wrong = JSON.parse(said).filter((v) =>
			v.location[0] !== 'request' ||
			status < 400 && !excused(v));
		assert.deepEqual(wrong, [],
		    `Prism, of ${method} ${target}: ${text}`);
	}

	stop() {
		close(this.server);
	}
}

export async function startClerk(port) {
	const clerk = new Clerk(port);
	clerk.server = await serve((headers) => clerk.forward(headers));
	return clerk;
}
