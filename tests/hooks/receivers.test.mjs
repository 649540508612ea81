// Receivers of every bad kind: each attempt is recorded as what it was, within
// its time limit, and a good receiver beside them waits for none of it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { after, test } from 'node:test';
import tls from 'node:tls';
import { namesEnv } from '../net/call.mjs';
import { addWebhook, attempts, configureHooks, deliver, deliveries, seal,
    sql, startReceiver, webhook } from '../lib/hooks.mjs';
import { run } from '../lib/process.mjs';
import { useSite } from '../lib/site.mjs';

const COMPLETED = 1 << 1;
/** enum net_outcome */
const ANSWERED = 1, NO_NAME = 2, FORBIDDEN = 4, NO_CONNECTION = 5, TLS = 6,
    TIMEOUT = 7, RESET = 8, GARBAGE = 9, TOO_LARGE = 10;

const site = await useSite();
const certificates = `${site.dir}/tls`;

/** A certificate of our authority, or of its own. */
function certify(name, { days = 2, by = 'ca', names =
    'DNS:localhost,IP:127.0.0.1' } = {}) {
	const openssl = (...words) => execFileSync('openssl', words,
	    { cwd: certificates, stdio: 'pipe' });
	fs.writeFileSync(`${certificates}/${name}.ext`, 'basicConstraints=' +
	    `CA:${name === 'ca'}\nsubjectAltName=${names}\n`);
	openssl('req', '-newkey', 'ec', '-pkeyopt',
	    'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`,
	    '-subj', `/CN=${name}`, '-out', `${name}.csr`);
	openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`,
	    '-days', String(days), '-extfile', `${name}.ext`,
	    ...(by === null ? ['-signkey', `${name}.key`] :
		['-CA', `${by}.crt`, '-CAkey', `${by}.key`,
			'-CAcreateserial']));
	return { key: fs.readFileSync(`${certificates}/${name}.key`),
		cert: fs.readFileSync(`${certificates}/${name}.crt`) };
}

fs.mkdirSync(certificates, { mode: 0o755 });
certify('ca', { by: null });
fs.chmodSync(`${certificates}/ca.crt`, 0o644);

/** A server of bytes: its port. */
async function listen(server) {
	await new Promise((resolve) =>
		server.listen(0, '127.0.0.1', resolve));
	const open = new Set();
	server.on('connection', (socket) => open.add(socket));
	after(() => {
		for (const socket of open)
			socket.destroy();
		server.close();
	});
	return server.address().port;
}

const speaks = (answer) => listen(net.createServer((socket) => {
	socket.on('error', () => {});
	socket.once('data', () => answer(socket));
}));

const secure = (options) => listen(tls.createServer(options, (socket) => {
	socket.on('error', () => {});
	socket.once('data', () => socket.end(
	    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
}).on('tlsClientError', () => {}));

const drip = (head) => (socket) => {
	socket.write(head);
	const timer = setInterval(() => socket.write('x'), 1000);
	socket.on('close', () => clearInterval(timer));
};

const LARGE = 'x'.repeat(10 << 20);
/** name: [port, scheme, outcome, status] */
const kinds = {
	silent: [await speaks(() => {}), 'http', TIMEOUT, null],
	'byte a second': [await speaks(drip('HTTP/1.1 200 OK\r\n' +
	    'Content-Length: 1000\r\n\r\n')), 'http', TIMEOUT],
	'headers that drip': [await speaks(drip('HTTP/1.1 200 OK\r\nX-')),
		'http', TIMEOUT],
	'10 MiB': [await speaks((socket) => socket.end('HTTP/1.1 200 OK\r\n' +
	    `Content-Length: ${LARGE.length}\r\n\r\n${LARGE}`)),
	    'http', TOO_LARGE, 200],
	resets: [await speaks((socket) => socket.resetAndDestroy()),
		'http', RESET, null],
	'closes without a word': [await speaks((socket) => socket.end()),
		'http', RESET, null],
	garbage: [await speaks((socket) => socket.end(
	    '\0\x01\x02 this is no HTTP\r\n\r\n')), 'http', GARBAGE, null],
	'nobody there': [await closedPort(), 'http', NO_CONNECTION, null],
	'wrong name': [await secure(certify('wrong',
	    { names: 'DNS:elsewhere.example' })), 'https', TLS, null],
	expired: [await secure(certify('expired', { days: -1 })), 'https',
		TLS, null],
	'self-signed': [await secure(certify('self', { by: null })), 'https',
		TLS, null],
	'no TLS at all': [await speaks((socket) => socket.end('hello\r\n')),
		'https', TLS, null],
	'a good certificate': [await secure(certify('good')), 'https',
		ANSWERED, 200],
};

/** A port that was free a moment ago. */
async function closedPort() {
	const server = net.createServer();
	await new Promise((resolve) =>
		server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address();
	await new Promise((resolve) => server.close(resolve));
	return port;
}

await configureHooks(site, { ca_file: `${certificates}/ca.crt`,
	webhook_ports: Object.values(kinds).map(([port]) => port)
	    .join(' ') });

test('each is recorded as what it was; the good one waits for none',
    async () => {
	const acme = await site.partner();
	const good = await site.partner();
	const shop = await startReceiver();
	const hooks = {};
	for (const [name, [port, scheme]] of Object.entries(kinds))
		hooks[name] = await addWebhook(acme, { events: COMPLETED,
			url: `${scheme}://127.0.0.1:${port}/` });
	await addWebhook(good, { url: shop.url, events: COMPLETED });
	await acme.submit();
	for (let n = 0; n < 20; n++)
		await good.submit();
	const began = performance.now();
	await deliver(site);
	const took = performance.now() - began;

	for (const [name, [, , outcome, status]] of Object.entries(kinds)) {
		const [made] = await attempts(acme, hooks[name]);
		assert.equal(made.outcome, outcome, `${name}: ${
			JSON.stringify(made)}`);
		if (status !== undefined)
			assert.equal(made.status, status, name);
		/* The limit of "sir", and what a busy machine adds to it. */
		assert.ok(made.duration_ms < 10000 + 4000, name);
		const [row] = await deliveries(acme, hooks[name]);
		assert.equal(row.status, status === 200 ? 2 : 1, name);
		assert.ok(made.answer.length <= 1024, name);
		if (status === null)
			assert.match(made.answer, /\w+ \w+/, name);
	}
	assert.equal(shop.got.length, 20);
	assert.ok(shop.got.at(-1).at - shop.got[0].at < took / 2);
});

test('a forbidden address is not called, and counts', async () => {
	const acme = await site.partner();
	await configureHooks(site, { loopback_http: 'no' });
	const shop = await startReceiver();
	const id = await addWebhook(acme, { url: shop.url,
		events: COMPLETED });
	await acme.submit();
	await deliver(site);
	assert.equal(shop.got.length, 0);
	const [made] = await attempts(acme, id);
	assert.equal(made.outcome, FORBIDDEN);
	assert.notEqual((await webhook(acme, id)).failing_since, null);
	await configureHooks(site, { loopback_http: 'yes' });
});

test('no name server is our own trouble: no attempt', async () => {
	const acme = await site.partner();
	const id = await addWebhook(acme, { events: COMPLETED,
		url: `https://nobody.test:${kinds.silent[0]}/` });
	const absent = await addWebhook(acme, { events: COMPLETED,
		url: `https://absent.test:${kinds.silent[0]}/` });
	for (let n = 0; n < 6; n++)
		await acme.submit();
	const { code } = await run(`${site.dir}/bin/deliver`, [], {
		env: { ...site.env,
			...namesEnv(certificates, { 'nobody.test': 'again',
				'absent.test': 'none' }),
			NAMES_LOG: undefined,
			ALMONER_CONF: `${site.dir}/almoner.conf` },
		cwd: site.dir, ...site.user });
	assert.equal(code, 0);
	assert.deepEqual(await attempts(acme, id), []);
	assert.equal((await webhook(acme, id)).failing_since, null);
	const rows = await deliveries(acme, id);
	assert.ok(rows.every(({ attempts: n, status }) =>
		n === 0 && status === 1));
	/* One was tried, and is again soon; the rest is still due. */
	assert.equal(rows[0].due_at, (site.clock.now() + 30) * 1000);
	assert.equal(rows[5].due_at, site.clock.now() * 1000);
	/* A name that does not exist is another matter. */
	assert.equal((await attempts(acme, absent))[0].outcome, NO_NAME);
});

test('answers are kept as text, whatever they are', async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	shop.answer = (response) => response.end(Buffer.concat([
		Buffer.from('a\0b\xff€', 'latin1'), Buffer.from('é'),
		Buffer.alloc(2000, 'é')]));
	const id = await addWebhook(acme, { url: shop.url,
		events: COMPLETED });
	await acme.submit();
	await deliver(site);
	const [{ answer }] = await attempts(acme, id);
	assert.ok(answer.startsWith('a?b?'));
	assert.match(answer, /éééé/);
	assert.ok(Buffer.byteLength(answer) <= 1024);
});

test('custom headers, and both secrets while one is changed', async () => {
	const acme = await site.partner();
	const shop = await startReceiver();
	const id = await addWebhook(acme, { url: shop.url, format: 'standard',
		events: COMPLETED, headers: 'X-Shop: 7\nX-Empty: ' });
	await acme.submit();
	await deliver(site);
	assert.equal(shop.got[0].headers['x-shop'], '7');
	assert.equal(shop.got[0].headers['content-type'],
	    'application/json');
	assert.equal(shop.got[0].headers['webhook-signature']
	    .split(' ').length, 1);
	/* The old one counts for another minute. */
	const { tenant } = await webhook(acme, id);
	const old = seal(site, `webhooks.old:${tenant}:${id}`,
	    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').toString('hex');
	await sql(site, `UPDATE webhooks SET old_sealed = x'${old}',` +
	    ` old_until = ${(site.clock.now() + 60) * 1000}` +
	    ` WHERE tenant = ${tenant} AND id = ${id}`);
	await acme.submit();
	await deliver(site);
	assert.equal(shop.got[1].headers['webhook-signature']
	    .split(' ').length, 2);
	site.clock.advance(61);
	await acme.submit();
	await deliver(site);
	assert.equal(shop.got[2].headers['webhook-signature']
	    .split(' ').length, 1);
});
