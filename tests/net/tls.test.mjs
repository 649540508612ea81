// Certificates: a good one is taken, each bad one is told by its kind.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import test from 'node:test';
import { namesEnv, useCall, useFolder, useServer } from './call.mjs';

const folder = useFolder();
const openssl = (...args) =>
	execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

/** `name`.key and `name`.pem; signed by `ca`, or by itself. */
function makeCertificate(name, { ca, days = 30, names = 'DNS:good.test',
    isCa = false }) {
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
		'-nodes', '-keyout', `${name}.key`, '-subj', `/CN=${name}`];
	fs.writeFileSync(`${folder}/${name}.ext`,
	    `basicConstraints=CA:${isCa}\nsubjectAltName=${names}\n`);
	openssl('req', ...key, '-out', `${name}.csr`);
	openssl('x509', '-req', '-in', `${name}.csr`, '-days', String(days),
	    '-out', `${name}.pem`, '-extfile', `${name}.ext`, ...(ca ?
		['-CA', `${ca}.pem`, '-CAkey', `${ca}.key`,
			'-CAcreateserial'] :
		['-signkey', `${name}.key`]));
}

makeCertificate('root', { isCa: true, names: 'DNS:root' });
makeCertificate('middle', { ca: 'root', isCa: true, names: 'DNS:middle' });
makeCertificate('good', { ca: 'root' });
makeCertificate('numbered', { ca: 'root', names: 'IP:127.0.0.1' });
makeCertificate('other', { ca: 'root', names: 'DNS:other.test' });
makeCertificate('expired', { ca: 'root', days: -1 });
makeCertificate('itself', {});
makeCertificate('leaf', { ca: 'middle' });
makeCertificate('stranger', { isCa: true, names: 'DNS:stranger' });
makeCertificate('strange', { ca: 'stranger' });

/* Names are called at the ports of the rules alone. */
const ports = [];

/** A server with such a certificate, and others behind it. */
async function tlsServer(name, more = [], options = {}) {
	const { port, accepts } = await useServer(
	    (request, response) => response.end('ok'), (listener) =>
		https.createServer({
			key: fs.readFileSync(`${folder}/${name}.key`),
			cert: [name, ...more].map((one) =>
				fs.readFileSync(`${folder}/${one}.pem`))
			    .join(''), ...options,
		}, listener));
	ports.push(port);
	return { port, accepts, url: `https://good.test:${port}/`,
		number: `https://127.0.0.1:${port}/` };
}

/* Servers first, since nothing is awaited between two tests. */
const [good, numbered, leaf] = [await tlsServer('good'),
	await tlsServer('numbered'), await tlsServer('leaf', ['middle'])];
const plain = await useServer((request, response) => response.end('ok'));
const old = await tlsServer('good', [], { maxVersion: 'TLSv1.1',
	minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });
const broken = {
	'is for another name': [await tlsServer('other'),
		/^its certificate is for another host name$/],
	'has expired': [await tlsServer('expired'),
		/^its certificate has expired$/],
	'is self-signed': [await tlsServer('itself'),
		/^its certificate is self-signed$/],
	'lacks a link': [await tlsServer('leaf'),
		/^its certificate's chain is not whole/],
	'is of a stranger': [await tlsServer('strange', ['stranger']),
		/^its certificate's chain ends in a root that is not known$/],
};

const env = namesEnv(folder, { 'good.test': '127.0.0.1' });
const args = ['-l', '-p', [...ports, plain.port].join(' ')];
const net = useCall({ args: [...args, '-c', `${folder}/root.pem`], env });

test('a good certificate is taken', async () => {
	for (const url of [good.url, numbered.number, leaf.url]) {
		const answer = await net.one({ url });
		assert.equal(answer.outcome, 'answered', answer.why);
		assert.equal(answer.body, 'ok');
	}
});

for (const [name, [server, why]] of Object.entries(broken))
	test(`a certificate that ${name}`, async () => {
		const answer = await net.one({ url: server.url });
		assert.equal(answer.outcome, 'tls');
		assert.equal(answer.status, 0);
		assert.match(answer.why, why);
	});

test('a name is no number', async () => {
	const answer = await net.one({ url: good.number });
	assert.equal(answer.outcome, 'tls');
	assert.match(answer.why, /another host name/);
});

test('each is told by its own kind, however often it was another',
    async () => {
	for (let round = 0; round < 3; round++)
		for (const [server, why] of Object.values(broken)) {
			assert.match((await net.one({ url: server.url })).why,
			    why);
			assert.equal((await net.one({ url: good.url }))
			    .outcome, 'answered');
		}
    });

test('one who speaks no TLS, or an old one', async () => {
	for (const url of [`https://good.test:${plain.port}/`, old.url]) {
		const answer = await net.one({ url });
		assert.equal(answer.outcome, 'tls');
		assert.equal(answer.why, 'the TLS handshake failed');
	}
});

test('one who wants TLS and is not given it', async () => {
	const answer = await net.one({ url: `http://127.0.0.1:${good.port}/`,
	    timeout: 2000 });
	assert.notEqual(answer.outcome, 'answered');
});

test('the authorities are those of the rules', async () => {
	const strict = useCall({ args, env });
	const answer = await strict.one({ url: good.url });
	assert.equal(answer.outcome, 'tls');
	const blind = useCall({ args: [...args, '-c', `${folder}/none.pem`],
	    env });
	const failed = await blind.one({ url: good.url });
	assert.equal(failed.outcome, 'failed');
	assert.equal(failed.why,
	    'our file of certificate authorities cannot be read');
});

test('connections are used again', async () => {
	const before = good.accepts();
	assert.equal(await net.many(300, 1, good.url), 300);
	assert.ok(good.accepts() <= before + 1);
});
