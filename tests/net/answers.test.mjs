// What receivers do, well and badly, and what each is taken for.

import assert from 'node:assert/strict';
import test from 'node:test';
import zlib from 'node:zlib';
import { useCall, useServer, useTalker } from './call.mjs';

const NOW = 1746876000;		/* Sat, 10 May 2025 11:20:00 GMT */
const HEAD = 'HTTP/1.1 200 OK\r\n';

const net = useCall({ args: ['-l'],
    env: { ALMONER_NOW: String(NOW) } });

const seen = [];
const server = await useServer((request, response) => {
	seen.push(request);
	const { pathname, searchParams } = new URL(request.url, 'http://x');
	switch (pathname) {
	case '/status':
		response.writeHead(Number(searchParams.get('is')), {
			'Retry-After': searchParams.get('after') ?? [] });
		return response.end('seen');
	case '/redirect':
		response.writeHead(302, { Location: other.url });
		return response.end();
	case '/cookie':
		response.writeHead(200, { 'Set-Cookie': 'a=b; Path=/' });
		return response.end();
	case '/long':
		return response.end('x'.repeat(
		    Number(searchParams.get('size'))));
	case '/gzip':
		response.writeHead(200, { 'Content-Encoding': 'gzip' });
		return response.end(zlib.gzipSync('x'.repeat(1 << 20)));
	case '/early':
		response.writeContinue();
		response.writeEarlyHints({ link: '</a>; rel=preload' });
		response.writeHead(202, { 'Retry-After': '7' });
		return response.end();
	default:
		return response.end('ok');
	}
});
const url = (path) => `http://127.0.0.1:${server.port}${path}`;
const other = await useServer((request, response) => response.end());
other.url = `http://127.0.0.1:${other.port}/`;

/** A receiver that says `text` and then does `end` to the connection. */
async function talker(text, end = (socket) => socket.end()) {
	const { port } = await useTalker((socket) =>
		socket.write(text, () => end(socket)));
	return `http://127.0.0.1:${port}/`;
}

const stay = () => {};
const outcome = (answer, word, status) =>
	assert.deepEqual([answer.outcome, answer.status], [word, status],
	    answer.why);

test('a request arrives as it was wished for', async () => {
	seen.length = 0;
	const answer = await net.one({ url: url('/a?b=c'), body: '{"a":1}',
	    headers: ['X-SIR-Signature: sha256=00', 'X-Mine: yes',
		'x-sir-signature: forged'] });
	outcome(answer, 'answered', 200);
	assert.equal(answer.why, '');
	assert.equal(answer.body, 'ok');
	assert.equal(answer.retryAfter, -1);
	assert.equal(seen.length, 1);
	const { method, url: target, headers, body } = seen[0];
	assert.deepEqual([method, target, body],
	    ['POST', '/a?b=c', '{"a":1}']);
	assert.deepEqual(headers, {
		host: `127.0.0.1:${server.port}`, accept: '*/*',
		'content-type': 'application/json',
		'content-length': '7', 'user-agent': 'Almoner/1',
		'x-sir-signature': 'sha256=00', 'x-mine': 'yes',
	});
});

test('other methods, and a body for a megabyte', async () => {
	const body = 'x'.repeat(1 << 20);
	for (const [method, sent] of [['GET', ''], ['PUT', '{}'],
	    ['DELETE', ''], ['POST', ''], ['POST', body]]) {
		seen.length = 0;
		outcome(await net.one({ url: url('/'), method, body: sent }),
		    'answered', 200);
		assert.equal(seen[0].method, method);
		assert.equal(seen[0].body, sent);
		assert.equal(seen[0].headers.expect, undefined);
	}
});

test('a header that would frame the request is not sent', async () => {
	seen.length = 0;
	for (const header of ['Host: evil.example', 'Content-Length: 0',
	    'Transfer-Encoding: chunked', 'X Y: z', 'X: a\rHost: evil']) {
		const answer = await net.one({ url: url('/'),
		    headers: [header] });
		outcome(answer, 'failed', 0);
	}
	assert.equal(seen.length, 0);
});

test('every status is an answer', async () => {
	for (const is of [200, 201, 204, 301, 400, 401, 404, 410, 429, 500,
	    503]) {
		const answer = await net.one({ url: url(`/status?is=${is}`) });
		outcome(answer, 'answered', is);
	}
});

test('Retry-After is seconds or a date', async () => {
	for (const [after, wait] of [['120', 120], ['soon', -1],
	    ['Sat, 10 May 2025 11:25:00 GMT', 300],
	    ['Sat, 10 May 2025 11:00:00 GMT', 0]]) {
		const answer = await net.one({ url:
		    url(`/status?is=503&after=${encodeURIComponent(after)}`) });
		assert.equal(answer.retryAfter, wait, after);
	}
});

test('no redirect is followed', async () => {
	outcome(await net.one({ url: url('/redirect') }), 'answered', 302);
	outcome(await net.one({ url: await talker('HTTP/1.1 307 Go\r\n' +
	    'Location: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n') }),
	'answered', 307);
	assert.equal(other.accepts(), 0);
});

test('a cookie is not sent back', async () => {
	await net.one({ url: url('/cookie') });
	seen.length = 0;
	await net.one({ url: url('/cookie') });
	assert.equal(seen[0].headers.cookie, undefined);
});

test('of an answer only its beginning is kept', async () => {
	const answer = await net.one({ url: url('/long?size=5000'),
	    keep: 10 });
	outcome(answer, 'answered', 200);
	assert.equal(answer.body, 'x'.repeat(10));
	assert.equal((await net.one({ url: url('/'), keep: 0 })).body, '');
});

test('an answer of 64 KiB is read, a longer one is not', async () => {
	outcome(await net.one({ url: url('/long?size=65536'), keep: 65536 }),
	    'answered', 200);
	for (const size of [65537, 10 << 20]) {
		const answer = await net.one({ url: url(`/long?size=${size}`),
		    keep: 1024 });
		outcome(answer, 'too_large', 200);
		assert.equal(answer.size, 1024);
	}
});

test('an answer is not unpacked', async () => {
	const answer = await net.one({ url: url('/gzip'), keep: 65536 });
	outcome(answer, 'answered', 200);
	assert.ok(answer.size < 5000);
});

test('what comes before the answer is not the answer', async () => {
	const answer = await net.one({ url: url('/early') });
	outcome(answer, 'answered', 202);
	assert.equal(answer.retryAfter, 7);
});

/* What they do, and what they are taken for. */
const bad = {
	'never answers': ['timeout', 0, await talker('', stay)],
	'says its head and no more': ['timeout', 200, await talker(
	    `${HEAD}Content-Length: 5\r\n\r\n`, stay)],
	'says a byte now and then': ['timeout', 200, await talker(
	    `${HEAD}Content-Length: 5000\r\n\r\n`, (socket) => {
		const timer = setInterval(() => socket.write('x'), 100);
		socket.on('close', () => clearInterval(timer));
	    })],
	'says a byte of its head now and then': ['timeout', 0, await talker(
	    '', (socket) => {
		const rest = [...HEAD.repeat(100)];
		const timer = setInterval(() => socket.write(rest.shift()),
		    100);
		socket.on('close', () => clearInterval(timer));
	    })],
	'says that it goes on, and no more': ['timeout', 0, await talker(
	    'HTTP/1.1 100 Continue\r\n\r\n', stay)],
	'closes without a word': ['reset', 0, await talker('')],
	'resets': ['reset', 0, await talker('', (socket) =>
		socket.resetAndDestroy())],
	'resets in its answer': ['reset', 200, await talker(
	    `${HEAD}Content-Length: 5\r\n\r\nab`, (socket) =>
		setTimeout(() => socket.resetAndDestroy(), 100))],
	'says less than it promised': ['reset', 200, await talker(
	    `${HEAD}Content-Length: 5\r\n\r\nab`)],
	'speaks another protocol': ['garbage', 0, await talker(
	    'SSH-2.0-OpenSSH_9.2\r\n')],
	'speaks HTTP/0.9': ['garbage', 0, await talker('<html>')],
	'has a status of letters': ['garbage', 0, await talker(
	    'HTTP/1.1 abc OK\r\n\r\n')],
	'speaks noise': ['garbage', 0, await talker(
	    Buffer.from(Array.from({ length: 5000 }, (_, i) =>
		i * 7919 >> 3 & 255)))],
	'has broken chunks': ['garbage', 200, await talker(
	    `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`)],
	'has a head without an end': ['too_large', 0, await talker(
	    HEAD + 'X: 1234567890\r\n'.repeat(10000), stay)],
	'has a header without an end': ['too_large', 0, await talker(
	    `${HEAD}X: ${'1'.repeat(200000)}`, stay)],
	'answers 10 MiB': ['too_large', 200, url(`/long?size=${10 << 20}`)],
	'is not there': ['no_connection', 0, 'http://127.0.0.1:1/'],
};

test('bad receivers are told apart, and delay no good one', async () => {
	for (const [name, [, , address]] of Object.entries(bad))
		net.call(name, { url: address, timeout: 2000 });
	for (let i = 0; i < 200; i++)
		net.call(`good ${i}`, { url: url('/'), timeout: 60000 });
	const answers = await net.wait();
	const order = Object.keys(answers);
	const last = order.findLastIndex((name) => /^good/.test(name));
	for (const [name, [word, status]] of Object.entries(bad)) {
		const answer = answers[name];
		assert.deepEqual([answer.outcome, answer.status],
		    [word, status], `it ${name}: ${answer.why}`);
		assert.notEqual(answer.why, '');
		if (word !== 'timeout')
			continue;
		assert.ok(answer.duration >= 1990, name);
		assert.ok(order.indexOf(name) > last, name);
	}
	for (let i = 0; i < 200; i++)
		outcome(answers[`good ${i}`], 'answered', 200);
});

test('connections are used again', async () => {
	const { port, accepts } = await useServer((request, response) =>
		response.end('ok'));
	const address = `http://127.0.0.1:${port}/`;
	assert.equal(await net.many(500, 1, address), 500);
	assert.equal(accepts(), 1);
	assert.equal(await net.many(10000, 64, address), 10000);
	assert.ok(accepts() <= 64, `${accepts()} connections`);
});

test('a connection that was closed meanwhile is no failure', async () => {
	const { port, accepts, sockets } = await useServer(
	    (request, response) => response.end('ok'));
	const address = `http://127.0.0.1:${port}/`;
	for (let i = 1; i <= 5; i++) {
		outcome(await net.one({ url: address }), 'answered', 200);
		assert.equal(accepts(), i);
		for (const socket of sockets)
			socket.destroy();
	}
});

test('what is under way may be broken off', async () => {
	const hasty = useCall({ args: ['-l'] });
	hasty.call('a', { url: bad['never answers'][2], timeout: 600000 });
	hasty.call('b', { url: 'https://name.invalid/' });
	assert.equal((await hasty.url('https://example.com/')).good, true);
});
