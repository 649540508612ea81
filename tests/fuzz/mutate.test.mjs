// Thousands of requests that were valid, signed, and then spoilt in some way,
// mostly before they were signed.  The server never breaks: no 5xx, no
// process that dies, no sanitizer that speaks; every answer has its number,
// and every refusal a code that lib/api/problem.c knows.  At the end the
// books are clean.
//
// ALMONER_MUTATIONS is how many, 5,000 by default.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Random, seed } from '../lib/random.mjs';
import { configureHooks } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';
import { encode, forge, spoil } from './mutations.mjs';
import { knownCodes, knownRoutes, makeRequest, makeWorld, routes }
    from './requests.mjs';

const MUTATIONS = Number(process.env.ALMONER_MUTATIONS ?? 5000);
const AT_ONCE = 6;

const site = await useSite();
await configureHooks(site);
const world = await makeWorld(site);
const codes = knownCodes();

/** There is more to go wrong where there is a body. */
const likely = [...routes,
	...routes.filter((route) => route.startsWith('POST'))];

/** How many answers there were of each kind. */
const tally = new Map();
const count = (what) => tally.set(what, (tally.get(what) ?? 0) + 1);

/** What a web server answers by itself, within the folder that is ours. */
const HOSTS_OWN = [400, 403, 404, 405, 413, 414, 431, 501];

function check(request, answer) {
	const { status, headers, body } = answer;
	const id = headers['x-request-id'];
	if (id === undefined) {
		assert.ok(HOSTS_OWN.includes(status) ||
		    !request.target.startsWith('/v1/'),
		    `status ${status} and no X-Request-Id`);
		count('by the web server');
		return;
	}
	assert.ok(status < 500, `status ${status}`);
	count(status);
	assert.match(id, /^req_[0-9a-f]{24}$/);
	assert.ok(JSON.stringify(headers).length < 4000,
	    'more than nginx takes of headers');
	if (request.method === 'HEAD' || status === 204) {
		assert.equal(answer.text, '');
		return;
	}
	assert.notEqual(body, undefined, 'the answer is not JSON');
	if (status < 400) {
		assert.equal(headers['content-type'], 'application/json');
		return;
	}
	assert.equal(codes.get(body.code), status, `code ${body.code}`);
	/* The first answer again is no problem, but that answer. */
	if (body.code === 'IDEMPOTENT')
		return;
	assert.equal(headers['content-type'], 'application/problem+json');
	assert.equal(body.requestId, id);
	assert.equal(body.status, status);
}

/** Sign what it has become, and send it. */
function send(request, random) {
	const body = encode(request);
	const headers = request.from.headers(request.method, request.target,
	    body, { key: request.key, headers: request.headers });
	if (random.chance(10))
		request.done.push(forge(headers, random));
	return site.request(request.method, request.target,
	    { headers, body });
}

/** Some tell a HEAD, and too long a one, with a body that they may not. */
function byTheServer(request, error) {
	if (request.method !== 'HEAD' || !/^HPE_/.test(error.code))
		throw error;
	count('by the web server');
	return null;
}

async function mutation(number) {
	const random = new Random(seed, number);
	const request = makeRequest(random.pick(likely), world, random);
	spoil(request, world, random);
	let answer;
	try {
		answer = await send(request, random).catch((error) =>
			byTheServer(request, error));
		if (answer === null)
			return;
		check(request, answer);
		if (answer.status < 300)
			count(request.route);
	} catch (error) {
		const { route, method, target, done } = request;
		const body = encode(request)?.subarray(0, 500).toString();
		error.stack = `mutation ${number} with ALMONER_SEED=${seed}: ` +
		    `${inspect({ route, method, target, done, body })}\n` +
		    `${answer?.text.slice(0, 1000)}\n${error.stack}`;
		throw error;
	}
}

test('there is a valid request for each route', async () => {
	assert.deepEqual(routes.toSorted(), knownRoutes().toSorted());
	const random = new Random(seed);
	for (const route of routes) {
		const { from, key, method, target, headers, body } =
		    makeRequest(route, world, random);
		const answer = await from.signed(method, target,
		    { key, headers, body });
		assert.ok(answer.status < 300, `${route}: ${answer.text}`);
	}
});

test(`${MUTATIONS} requests that were spoilt`, async () => {
	const workers = site.workers();
	let next = 0;
	await Promise.all(Array.from({ length: AT_ONCE }, async () => {
		while (next < MUTATIONS)
			await mutation(next++);
	}));
	const left = site.workers();
	assert.ok(workers.every((pid) => left.includes(pid)),
	    'a process died');

	/* Not all in vain: they came as far as to us, and some through. */
	const of = (what) => tally.get(what) ?? 0;
	assert.ok(of('by the web server') < MUTATIONS / 20,
	    `the web server refuses too many: ${inspect(tally)}`);
	assert.ok(of(200) + of(201) > MUTATIONS / 20,
	    `too few are good: ${inspect(tally)}`);
	/* With some thirty tries each, chance leaves a few of them out. */
	const missed = routes.filter((route) => of(route) === 0);
	if (MUTATIONS >= 5000)
		assert.ok(missed.length < (MUTATIONS >= 50000 ? 1 :
		    routes.length / 5), `never reached: ${missed.join(', ')}`);
});
