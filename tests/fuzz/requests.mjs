// A valid request for each route of the server, and a world in which they are
// valid.  A request is what mutations.mjs changes:
//
//	route	"POST /v1/partner/users": method and path as in cgi-bin/*.c
//	from	the partner who sends it, with its `key`, "sk" if not said
//	method, target, headers, body	body: a value, still to be JSON, or none
//
// Each is made anew, so that it may be changed at will.

import fs from 'node:fs';
import { purchase, root } from '../lib/site.mjs';

const USERS = 6;

/** Partners, and some of all that can be named. */
export async function makeWorld(site) {
	const shop = await site.partner({ tokens: 1e15 });
	const poor = await site.partner({ tokens: 100 });
	/* What it does to its clock and its books is its own affair. */
	const sandbox = await site.partner({ tokens: 1e6 });
	const actions = [];
	for (let i = 0; i < 3 * USERS; i++) {
		const { body } = await shop.submit({ amount: 1000,
			stakeholders: [{
				stakeholderTypeCode: 'CUSTOMER',
				partnerUserId: `user_${i % USERS}`,
				userEmail: `user${i % USERS}@example.org`,
			}] });
		actions.push(body.actionId);
	}
	const asked = [];
	for (let i = 0; i < 40; i++) {
		await shop.post('/v1/partner/users',
		    { externalId: `gone_${i}` });
		const { body } = await shop.post(
		    '/v1/partner/token-pools/request',
		    { amount: 1 + i, reason: 'more' });
		asked.push(body.requestId);
	}
	return { shop, poor, sandbox, actions, asked, keys: 0, gone: 0 };
}

const user = (random) => `user_${random.below(USERS)}`;
const newKey = (world) => `fuzz_${process.pid}_${++world.keys}`;

function submission(world, random) {
	return purchase({
		idempotencyKey: newKey(world),
		actionType: random.pick(['PURCHASE', 'DONATION']),
		amount: 0.25 + random.below(100),
		currency: random.pick(['USD', 'EUR', 'GBP']),
		stakeholders: [
			{ stakeholderTypeCode: 'CUSTOMER',
				partnerUserId: user(random) },
			{ stakeholderTypeCode: 'REFERRER',
				userEmail: `friend${random.below(50)}` +
				    '@example.org',
				userFirstName: 'Zoë', userLastName: 'O’Neil' },
		].slice(0, 1 + random.below(2)),
		occurredAt: '2025-05-10T09:12:00+02:00',
		metadata: { order: random.below(1000), tags: ['a', null, 1.5],
			deep: { er: { yet: true } } },
	});
}

const page = (random) => random.pick(['', '?page=2&limit=5', '?limit=100',
	'?page=1']);

const get = (path) => ({ method: 'GET', target: path });
const post = (path, body) => ({ method: 'POST', target: path, body });

/** By route: what is asked of it, without the partner who asks. */
const makers = {
	'POST /v1/partner/actions/submit': (world, random) =>
		post('/v1/partner/actions/submit', submission(world, random)),
	'POST /v1/partner/actions/bulk': (world, random) =>
		post('/v1/partner/actions/bulk', {
			actions: Array.from({ length: 1 + random.below(4) },
			    () => submission(world, random)),
			atomic: random.chance(50),
		}),
	'GET /v1/partner/actions': (world, random) =>
		get('/v1/partner/actions' + random.pick([page(random),
			'?status=COMPLETED&actionType=PURCHASE',
			'?from=2025-05-01T00:00:00Z&to=2025-06-01T00:00:00Z'])),
	'GET /v1/partner/actions/{actionId}': (world, random) =>
		get(`/v1/partner/actions/${random.pick(world.actions)}`),
	'POST /v1/partner/actions/{actionId}/reverse': (world, random) =>
		post(`/v1/partner/actions/${random.pick(world.actions)}` +
		    '/reverse', { reversalPercentage: 0.0001,
			reason: 'returned — “too small”',
			refundIdempotencyKey: newKey(world) }),
	'GET /v1/partner/config': () =>
		({ ...get('/v1/partner/config'), key: 'pk' }),
	'GET /v1/partner/sandbox/clock': () =>
		get('/v1/partner/sandbox/clock'),
	'POST /v1/partner/sandbox/clock': () =>
		post('/v1/partner/sandbox/clock', { advanceSeconds: 1 }),
	'POST /v1/partner/sandbox/reset': () =>
		post('/v1/partner/sandbox/reset', {}),
	'GET /v1/partner/token-pools': (world, random) =>
		get(`/v1/partner/token-pools${page(random)}`),
	'POST /v1/partner/token-pools/request': (world, random) =>
		post('/v1/partner/token-pools/request', {
			amount: 1 + random.below(1000), reason: 'June',
			tokenPoolId: random.pick([null,
				world.shop.tokenPoolId]) }),
	'GET /v1/partner/token-pools/requests': (world, random) =>
		get('/v1/partner/token-pools/requests' + random.pick([
			page(random), '?status=PENDING'])),
	'GET /v1/partner/token-pools/requests/{requestId}': (world, random) =>
		get('/v1/partner/token-pools/requests/' +
		    random.pick(world.asked)),
	'DELETE /v1/partner/token-pools/requests/{requestId}':
		(world, random) => ({ method: 'DELETE',
			target: '/v1/partner/token-pools/requests/' +
			    random.pick(world.asked) }),
	'GET /v1/partner/token-pools/{tokenPoolId}': (world) =>
		get(`/v1/partner/token-pools/${world.shop.tokenPoolId}`),
	'GET /v1/partner/token-pools/{tokenPoolId}/balance': (world) =>
		get('/v1/partner/token-pools/' +
		    `${world.shop.tokenPoolId}/balance`),
	'GET /v1/partner/token-pools/{tokenPoolId}/transactions':
		(world, random) => get('/v1/partner/token-pools/' +
		    `${world.shop.tokenPoolId}/transactions${page(random)}`),
	'GET /v1/partner/users': (world, random) =>
		get('/v1/partner/users' + random.pick([page(random),
			`?externalId=${user(random)}`,
			'?email=user1@example.org'])),
	'PATCH /v1/partner/users/{externalId}': (world, random) =>
		({ method: 'PATCH', target: `/v1/partner/users/${user(random)}`,
			body: { firstName: 'Grace', lastName: null,
				metadata: { seen: random.below(9),
					old: null } } }),
	'DELETE /v1/partner/users/{externalId}': (world) =>
		({ method: 'DELETE',
			target: '/v1/partner/users/gone_' +
			    world.gone++ % 40 }),
	'GET /v1/partner/users/{externalId}/transactions': (world, random) =>
		get(`/v1/partner/users/${user(random)}/transactions` +
		    page(random)),
	'POST /v1/partner/users': (world) => post('/v1/partner/users', {
		externalId: newKey(world),
		email: `${newKey(world)}@example.org`,
		firstName: 'Ada', lastName: 'Łovelace' }),
	'GET /v1/partner/users/{externalId}': (world, random) =>
		get(`/v1/partner/users/${user(random)}`),
	'GET /v1/partner/users/{externalId}/balance': (world, random) =>
		get(`/v1/partner/users/${user(random)}/balance`),
	'POST /v1/partner/users/{externalId}/redeem': (world, random) =>
		post(`/v1/partner/users/${user(random)}/redeem`, { tokens: 1,
			idempotencyKey: newKey(world), reason: 'a coffee' }),
};

export const routes = Object.keys(makers);

export function makeRequest(route, world, random) {
	const from = route.includes('/sandbox/') ? world.sandbox : world.shop;
	return { route, from, headers: {}, ...makers[route](world, random) };
}

/** As the programs' tables have them. */
export function knownRoutes() {
	const folder = `${root}/cgi-bin`;
	return fs.readdirSync(folder).filter((name) => name.endsWith('.c'))
	    .flatMap((name) => [...fs.readFileSync(`${folder}/${name}`, 'utf8')
		.matchAll(/\{ "([A-Z]+)", "(\/v1\/[^"]*)"/g)]
		.map(([, method, path]) => `${method} ${path}`));
}

/** code: status, as lib/api/problem.c has them. */
export function knownCodes() {
	const text = fs.readFileSync(`${root}/lib/api/problem.c`, 'utf8');
	const codes = new Map();
	for (const [, status, code] of text.matchAll(
	    /\] = \{ (\d{3}), "([A-Z_]+)"/g))
		codes.set(code, Number(status));
	return codes;
}
