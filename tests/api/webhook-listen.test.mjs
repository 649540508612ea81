// almoner webhook listen: each delivery with its verdict, and whatever else
// comes is let go.

import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import { almoner, file, listen, sample } from '../lib/webhook.mjs';
import { run, until } from '../lib/process.mjs';

const send = (base, { headers, body }, more = {}) => fetch(base, {
	method: 'POST', headers: { 'Content-Type': 'application/json',
		...headers }, body, ...more });

/** Bytes as they are; what is answered until they hang up. */
const raw = (base, bytes) => new Promise((resolve) => {
	const socket = net.connect(new URL(base).port, '127.0.0.1');
	let answer = '';
	socket.on('data', (data) => { answer += data; });
	socket.on('close', () => resolve(answer));
	socket.on('error', () => {});
	socket.end(bytes);
});

test('prints deliveries with the verdict on each', async () => {
	const one = await sample('sir');
	const { base, said, done } = await listen('--json', '--count', '3',
	    '--secret', one.secret);
	assert.equal((await send(`${base}hook?a=b`, one)).status, 200);
	await send(base, { ...one, body: `${one.body}\n` });
	await send(base, await sample('standard'));
	assert.equal(await done, 0);
	const [a, b, c] = said.out.trim().split('\n').map((line) =>
		JSON.parse(line));
	assert.equal(a.method, 'POST');
	assert.equal(a.target, '/hook?a=b');
	assert.equal(a.body, one.body);
	assert.equal(a.headers.find(({ name }) =>
		name.toLowerCase() === 'webhook-id').value,
	    one.headers['webhook-id']);
	assert.deepEqual([a.format, a.accepted, a.findings],
	    ['sir', true, []]);
	assert.deepEqual(b.findings.map((f) => f.code), ['BODY_LINE_END']);
	assert.deepEqual([c.format, c.accepted, c.findings[0].code],
	    ['standard', false, 'SECRET_OTHER']);
});

test('people read it too, and a terminal is not told what to do',
    async () => {
	const one = await sample('chuffed');
	const { base, said, done } = await listen('--once', '--answer', '503',
	    '--format', 'chuffed', '--secret', `@${file(`${one.secret}\n`)}`);
	const { status } = await send(base, { ...one,
		body: `${one.body}\u001b[2J` });
	assert.equal(status, 503);
	assert.equal(await done, 0);
	assert.match(said.out, /POST \/\n/);
	assert.match(said.out, /BODY_CHANGED/);
	assert.ok(!said.out.includes('\u001b'));
	assert.ok(!(said.out + said.err).includes(one.secret));
});

test('without a secret nothing is said to be right', async () => {
	const { base, said, done } = await listen('--json', '--once');
	await send(base, await sample('sir'));
	await done;
	const { accepted, signatureRight, findings } = JSON.parse(said.out);
	assert.deepEqual([accepted, signatureRight, findings[0].code],
	    [false, false, 'NOT_CHECKED']);
});

test('a sample is sent by what it prints', async () => {
	const { secret } = await sample('sir');
	for (const [known, ...formats] of [[secret, 'sir', 'standard'],
	    ['it\'s:"$x"', 'chuffed', 'qiibee']]) {
		const { base, said, done } = await listen('--json',
		    '--count', '2', '--secret', known);
		for (const format of formats) {
			const made = await run(almoner, ['webhook', 'sample',
				'--format', format, '--secret', known,
				'--url', base]);
			assert.equal((await run('sh',
			    ['-c', made.stdout])).code, 0);
		}
		assert.equal(await done, 0);
		assert.deepEqual(said.out.trim().split('\n').map((line) =>
			JSON.parse(line)).map((d) => [d.format, d.accepted]),
		    formats.map((format) => [format, true]));
	}
});

test('garbage is let go', async () => {
	const one = await sample('sir');
	const { base, said, done } = await listen('--json', '--once',
	    '--secret', one.secret);
	const post = 'POST / HTTP/1.1\r\n';
	for (const bytes of ['', 'x', '\0\0\0\r\n\r\n', 'GET\r\n\r\n',
	    'POST / FTP/1\r\n\r\n', `${post}no header\r\n\r\n`,
	    `${post}: x\r\n\r\n`, `${post}Content-Length: -1\r\n\r\n`,
	    `${post}Content-Length: 99999999999\r\n\r\n`,
	    `${post}Content-Length: 9999999\r\n\r\n`,
	    `${post}Content-Length: 5\r\n\r\nabc`,
	    `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
	    `${post}Transfer-Encoding: chunked\r\n\r\nfffffff\r\nx`,
	    `${post}Transfer-Encoding: chunked\r\n\r\n${'1'.repeat(400)}`,
	    `${post}${'a: b\r\n'.repeat(100)}\r\n`,
	    `${post}a: ${'b'.repeat(70000)}`, 'y'.repeat(200000)])
		assert.doesNotMatch(await raw(base, bytes), /^HTTP\S+ 2/);
	assert.equal(said.out, '');
	await send(base, one);
	assert.equal(await done, 0);
	assert.ok(JSON.parse(said.out).accepted);
});

test('chunks, a hundred-continue and LF alone are read', async () => {
	const { secret, headers, body } = await sample('sir');
	const { base, said, done } = await listen('--json', '--count', '3',
	    '--secret', secret);
	const text = Object.entries(headers)
	    .map(([name, value]) => `${name}:${value}\r\n`).join('');
	const [a, b] = [body.slice(0, 20), body.slice(20)];
	const chunk = (s) => `${s.length.toString(16)};x=y\r\n${s}\r\n`;
	await raw(base, `POST / HTTP/1.1\r\n${text}Transfer-Encoding: ` +
	    `chunked\r\n\r\n${chunk(a)}${chunk(b)}0\r\n\r\n`);
	assert.match(await raw(base, `POST / HTTP/1.1\r\n${text}` +
	    'Expect: 100-continue\r\n' +
	    `Content-Length: ${body.length}\r\n\r\n${body}`),
	    /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n/);
	await raw(base, `POST / HTTP/1.1\r\n${text}Content-Length: ` +
	    `${body.length}\r\n\r\n${body}`.replaceAll('\r', ''));
	assert.equal(await done, 0);
	for (const line of said.out.trim().split('\n'))
		assert.ok(JSON.parse(line).accepted, line);
});

test('who says nothing is let go after a while', async () => {
	const { base, said, done } = await listen('--json', '--once');
	const socket = net.connect(new URL(base).port, '127.0.0.1');
	socket.on('error', () => {});
	socket.on('data', () => {});
	await new Promise((resolve) => socket.on('connect', resolve));
	await send(base, await sample('sir'));
	assert.equal(await done, 0);
	assert.ok(await until(() => said.err.includes('not whole after 5 s'),
	    1000));
	socket.destroy();
});

test('a port that is taken, and options that are none', async () => {
	const { base, child, done } = await listen();
	const port = new URL(base).port;
	const said = await run(almoner, ['webhook', 'listen', '--port', port]);
	assert.equal(said.code, 1);
	assert.match(said.stderr, /in use/);
	for (const words of [['--port', '70000'], ['--port', 'x'],
	    ['--port', '0', '--format', 'xml'],
	    ['--port', '0', '--answer', '99'],
	    ['--port', '0', '--count', '0'],
	    ['--port', '0', '--secret', '@/nowhere'], []])
		assert.equal((await run(almoner,
		    ['webhook', 'listen', ...words])).code, 2);
	child.kill('SIGTERM');
	await done;
});
