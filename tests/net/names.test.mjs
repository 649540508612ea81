// Names, and where they may lead: what is forbidden is never connected to,
// whoever says so and whenever.

import assert from 'node:assert/strict';
import test from 'node:test';
import { logOf, namesEnv, useCall, useFolder, useServer } from './call.mjs';

const PUBLIC = '93.184.216.34';

const folder = useFolder();
const server = await useServer((request, response) => response.end('ok'));
const forbidden = {
	'private.test': '10.0.0.1', 'loop.test': '127.0.0.1',
	'metadata.test': '169.254.169.254', 'carrier.test': '100.64.0.1',
	'mixed.test': `${PUBLIC},10.0.0.1`, 'mixed6.test': `${PUBLIC},fe80::1`,
	'mapped.test': '::ffff:10.0.0.1', 'nat64.test': '64:ff9b::a00:1',
	'sixto4.test': '2002:a00:1::', 'teredo.test': '2001::f5ff:fffe',
	'unique.test': 'fd00::1', 'zero.test': '0.0.0.0',
	'many.test': `${Array(20).fill(PUBLIC).join()},192.168.0.1`,
};
const names = {
	...forbidden, 'public.test': PUBLIC, 'none.test': 'none',
	'again.test': 'again', 'never.test': 'never',
	'rebind.test': `${PUBLIC}|10.0.0.1`, 'change.test': '127.0.0.1|::1',
	'both.test': '::1,127.0.0.1', 'cured.test': '10.0.0.1|127.0.0.1',
};

/** A client with a name server of its own: {…, log()}. */
function client(args, more = {}) {
	const env = { ...namesEnv(folder, names), ...more };
	return { ...useCall({ args, env }), log: () => logOf(env) };
}

const connects = (net) =>
	net.log().filter((line) => line.startsWith('connect'));
const looks = (net, name) =>
	net.log().filter((line) => line === `look ${name}`).length;

test('an address that is forbidden is not connected to', async () => {
	const net = client([]);
	for (const name of Object.keys(forbidden)) {
		const url = `https://${name}/`;
		const answer = await net.one({ url });
		assert.equal(answer.outcome, 'forbidden', name);
		assert.match(answer.why, /an address that may not be called/);
		assert.equal((await net.url(url)).good, true);
		const verdict = await net.resolved(url);
		assert.equal(verdict.good, false, name);
		assert.equal(verdict.why, answer.why);
	}
	for (const url of ['https://127.0.0.1/', 'https://10.0.0.1/',
	    'https://[::ffff:10.0.0.1]/', 'https://0x7f.1/',
	    'http://public.test/', 'https://public.test:22/'])
		assert.equal((await net.one({ url })).outcome, 'forbidden');
	assert.deepEqual(connects(net), []);
});

test('a public address is connected to, and no other', async () => {
	const net = client([]);
	assert.equal((await net.resolved('https://public.test/')).good, true);
	const answer = await net.one({ url: 'https://public.test/' });
	assert.equal(answer.outcome, 'no_connection');
	assert.equal(answer.why, 'its network cannot be reached');
	assert.deepEqual([...new Set(connects(net))], [`connect ${PUBLIC}`]);
});

test('a name whose second answer differs is looked at anew', async () => {
	const net = client([]);
	assert.equal((await net.resolved('https://rebind.test/')).good, true);
	const answer = await net.one({ url: 'https://rebind.test/' });
	assert.equal(answer.outcome, 'forbidden');
	assert.deepEqual(connects(net), []);
	assert.equal(looks(net, 'rebind.test'), 2);
});

test('what was looked at is what is connected to', async () => {
	const net = client([]);
	for (let i = 0; i < 5; i++)
		assert.equal((await net.one({ url: 'https://rebind.test/' }))
		    .outcome, 'no_connection');
	assert.equal(looks(net, 'rebind.test'), 1);
	assert.deepEqual([...new Set(connects(net))], [`connect ${PUBLIC}`]);
});

test('a refusal is not remembered', async () => {
	const net = client(['-l', '-p', '1']);
	const url = 'https://cured.test:1/';
	assert.equal((await net.one({ url })).outcome, 'forbidden');
	assert.equal((await net.one({ url })).outcome, 'no_connection');
	assert.equal(looks(net, 'cured.test'), 2);
});

test('names that lead nowhere', async () => {
	const net = client([]);
	const none = await net.one({ url: 'https://none.test/' });
	assert.equal(none.outcome, 'no_name');
	assert.equal(none.why, 'its host name has no address');
	const again = await net.one({ url: 'https://again.test/' });
	assert.equal(again.outcome, 'no_dns');
	assert.match(again.why, /no name server could be asked/);
	assert.equal((await net.resolved('https://none.test/')).good, false);
	assert.equal((await net.resolved('https://again.test/')).good, false);
});

test('a name server that never answers delays nobody', async () => {
	const net = client(['-l']);
	const url = `http://127.0.0.1:${server.port}/`;
	for (let i = 0; i < 10; i++)
		net.call(`slow ${i}`, { url: 'https://never.test/',
		    timeout: 2000 });
	for (let i = 0; i < 100; i++)
		net.call(`good ${i}`, { url, timeout: 60000 });
	const answers = Object.values(await net.wait());
	assert.deepEqual(answers.map(({ name }) => name.slice(0, 4)),
	    [...Array(100).fill('good'), ...Array(10).fill('slow')]);
	for (const { name, outcome, duration } of answers) {
		assert.equal(outcome, /^good/.test(name) ? 'answered' :
			'no_dns');
		assert.ok(/^good/.test(name) || duration >= 1990);
	}
	assert.equal(looks(net, 'never.test'), 1);
	const verdict = await net.resolved('https://never.test/');
	assert.equal(verdict.why, 'its host name could not be looked up in ' +
	    'time');
});

test('a name is looked up once for all who want it', async () => {
	const net = client(['-l', '-p', '1']);
	const url = `http://localhost:${server.port}/`;
	assert.equal(await net.many(1000, 64, url), 1000);
	for (let i = 0; i < 64; i++)
		net.call(`a ${i}`, { url: 'https://change.test:1/' });
	const answers = Object.values(await net.wait());
	assert.ok(answers.every(({ outcome }) => outcome === 'no_connection'));
	assert.equal(looks(net, 'change.test'), 1);
	assert.ok(!connects(net).includes('connect ::1'));
});

test('all addresses of a name are tried', async () => {
	const net = client(['-l', '-p', String(server.port)]);
	const answer = await net.one({
	    url: `https://both.test:${server.port}/` });
	assert.equal(answer.outcome, 'tls');	/* the server has none */
	assert.deepEqual([...new Set(connects(net))].sort(),
	    ['connect 127.0.0.1', 'connect ::1']);
});

test('http goes to loopback alone, and only where rules say so', async () => {
	const url = `http://127.0.0.1:${server.port}/`;
	const strict = client([]);
	for (const one of [url, `http://localhost:${server.port}/`,
	    `https://127.0.0.1:${server.port}/`, 'http://public.test/',
	    `https://loop.test:${server.port}/`])
		assert.equal((await strict.one({ url: one })).outcome,
		    'forbidden', one);
	assert.deepEqual(connects(strict), []);
	const lenient = client(['-l']);
	assert.equal((await lenient.one({ url })).outcome, 'answered');
	for (const one of ['http://public.test/', 'http://private.test/',
	    'https://private.test/', 'https://mixed.test/',
	    `http://loop.test:${server.port}/`])
		assert.equal((await lenient.one({ url: one })).outcome,
		    'forbidden', one);
	assert.deepEqual([...new Set(connects(lenient))],
	    ['connect 127.0.0.1']);
});

test('ports are those of the rules', async () => {
	const net = client(['-p', '443, 8443']);
	for (const port of [443, 8443])
		assert.equal((await net.one({
		    url: `https://public.test:${port}/` })).outcome,
		'no_connection');
	for (const port of [80, 22, 444, 843, 84430])
		assert.equal((await net.one({
		    url: `https://public.test:${port}/` })).outcome,
		'forbidden');
});

test('the environment names no proxy', async () => {
	const proxy = await useServer((request, response) => response.end());
	const address = `http://127.0.0.1:${proxy.port}`;
	const net = client(['-l'], Object.fromEntries(['http_proxy',
	    'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY',
	    'ALL_PROXY'].map((name) => [name, address])));
	assert.equal((await net.one({
	    url: `http://127.0.0.1:${server.port}/` })).outcome, 'answered');
	assert.equal((await net.one({ url: 'https://public.test/' })).outcome,
	    'no_connection');
	assert.equal(proxy.accepts(), 0);
});
