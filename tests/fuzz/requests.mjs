// A valid request for each route of the server, and a world in which they are
// valid.  A request is what mutations.mjs changes:
//
//	route	"POST /v1/partner/users": method and path as in cgi-bin/*.c
//	from	the partner who sends it, with its `key`, "sk" if not said
//	method, target, headers, body	body: a value, still to be JSON, or none
//
// Each is made anew, so that it may be changed at will.

import fs from 'node:fs';
import { bearer, login, makeAdmin } from '../lib/admin.mjs';
import { programme } from '../lib/exchange.mjs';
import { start } from '../lib/gifts.mjs';
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
	await site.cli('appeal', 'create', '--partner', shop.slug, '--side',
	    shop.side, '--nonprofit', 'american-red-cross', '--title',
	    'Winter', '--currency', 'USD', '--goal', '5000');
	const asked = [];
	for (let i = 0; i < 40; i++) {
		await shop.post('/v1/partner/users',
		    { externalId: `gone_${i}` });
		const { body } = await shop.post(
		    '/v1/partner/token-pools/request',
		    { amount: 1 + i, reason: 'more' });
		asked.push(body.requestId);
	}
	await programme(shop);
	const exchanged = [];
	for (let i = 0; i < 40; i++) {
		const { body } = await shop.post('/v1/partner/exchanges',
		    exchange(`made_${i}`, `user_${i % USERS}`));
		exchanged.push(body.exchangeId);
	}
	const [campaignId, ...sketches] = await makeCampaigns(shop);
	const hook = await makeWebhook(shop);
	const partnerDonationId = await start(shop);
	return { partnerDonationId, exchanged, shop,
		...await makeLogins(site), poor, sandbox, actions,
		asked, keys: 0, gone: 0, campaignId, sketches, ...hook };
}

/** A login that lasts, and some to be spent. */
async function makeLogins(site) {
	const admin = await makeAdmin(site);
	const spare = async (name) => {
		const all = [];
		for (let i = 0; i < 5; i++)
			all.push((await login(site, admin))[name]);
		return all;
	};
	return { admin, access: (await login(site, admin)).accessToken,
		ending: await spare('accessToken'),
		renewing: await spare('refreshToken') };
}

/** Drafts, so that they can be changed and deleted. */
async function makeCampaigns(shop) {
	const made = [];
	for (let i = 0; i < 21; i++) {
		const { body } = await shop.post('/v1/partner/campaigns', {
			name: `${i}`, templateId: 'FIXED_REWARD',
			actionTypes: ['VISIT'],
			distribution: { fixedTokens: 5 } });
		made.push(body.campaignId);
	}
	return made;
}

/* Nobody listens there, so nothing that is tried takes long. */
const HOOK = 'http://127.0.0.1:9/hook';

async function makeWebhook(shop) {
	const path = '/v1/partner/webhooks';
	const hooks = [], tried = [];
	for (let i = 0; i < 21; i++) {
		const { body } = await shop.post(path, { url: HOOK,
			receiveAllEvents: true, description: `${i}` });
		hooks.push(body.webhookId);
	}
	const [webhookId, ...spare] = hooks;
	for (let i = 0; i < 9; i++) {
		const { body } = await shop.post(`${path}/${webhookId}/test`,
		    undefined, { headers: { 'Idempotency-Key': `t${i}` } });
		tried.push(body.deliveryId);
	}
	const { body: { data } } = await shop.get('/v1/partner/events');
	return { webhookId, spare, tried, events: data.map(({ id }) => id) };
}

const exchange = (idempotencyKey, partnerUserId) => ({ partnerUserId,
	idempotencyKey, tokens: 10, programme: 'MILES', membershipId: 'Zoë' });

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

const hookOf = ({ webhookId }, rest = '') =>
	`/v1/partner/webhooks/${webhookId}${rest}`;

const webhookMakers = {
	'GET /v1/partner/webhooks': (world, random) =>
		get(`/v1/partner/webhooks${page(random)}`),
	'POST /v1/partner/webhooks': (world, random) =>
		post('/v1/partner/webhooks', { url: HOOK,
			description: 'für Zoë', maxPerSecond: 5,
			eventTypes: ['user.created', 'action.failed'],
			headers: [{ name: 'X-A', value: 'b' }],
			format: random.pick(['sir', 'standard']),
			retryPolicy: 'qiibee' }),
	'GET /v1/partner/webhooks/{webhookId}': (world) => get(hookOf(world)),
	'PATCH /v1/partner/webhooks/{webhookId}': (world, random) =>
		({ method: 'PATCH', target: hookOf(world), body: {
			url: HOOK, description: random.pick([null, 'ours']),
			receiveAllEvents: true, headers: [], maxPerSecond: 0,
			status: 'ACTIVE' } }),
	'DELETE /v1/partner/webhooks/{webhookId}': (world, random) =>
		({ method: 'DELETE', target: hookOf(
		    { webhookId: random.pick(world.spare) }) }),
	'POST /v1/partner/webhooks/{webhookId}/test': (world) =>
		({ method: 'POST', target: hookOf(world, '/test') }),
	'POST /v1/partner/webhooks/{webhookId}/rotate-secret': (world) =>
		post(hookOf(world, '/rotate-secret'),
		    { overlapSeconds: 60 }),
	'GET /v1/partner/webhooks/{webhookId}/deliveries': (world, random) =>
		get(hookOf(world, '/deliveries') + random.pick([page(random),
			'?status=FAILED', '?eventType=webhook.test'])),
	'POST /v1/partner/webhooks/{webhookId}/deliveries/{deliveryId}/retry':
		(world, random) => ({ method: 'POST', target: hookOf(world,
		    `/deliveries/${random.pick(world.tried)}/retry`) }),
	'POST /v1/partner/webhooks/{webhookId}/replay': (world) =>
		post(hookOf(world, '/replay'), { onlyFailed: true,
			from: '2025-05-10T00:00:00Z',
			eventTypes: ['user.created'] }),
};

const exchangeMakers = {
	'POST /v1/partner/exchanges': (world, random) =>
		post('/v1/partner/exchanges', exchange(newKey(world),
		    user(random))),
	'GET /v1/partner/exchanges': (world, random) =>
		get('/v1/partner/exchanges' + random.pick([page(random),
			'?status=REVERTED&programme=MILES',
			`?partnerUserId=${user(random)}` +
			    '&from=2025-05-01T00:00:00Z'])),
	'GET /v1/partner/exchanges/{exchangeId}': (world, random) =>
		get('/v1/partner/exchanges/' + random.pick(world.exchanged)),
	'POST /v1/partner/exchanges/{exchangeId}/revert': (world, random) =>
		post('/v1/partner/exchanges/' +
		    `${random.pick(world.exchanged)}/revert`,
		    { idempotencyKey: newKey(world) }),
};

const dashboardMakers = Object.fromEntries(['overview',
	'integration-health', 'webhooks/health'].map((name) =>
	[`GET /v1/partner/dashboard/${name}`, () =>
		get(`/v1/partner/dashboard/${name}`)]).concat([[
	'GET /v1/partner/dashboard/api-usage', (world, random) =>
		get('/v1/partner/dashboard/api-usage' +
		    random.pick(['', '?days=1', '?days=90']))]]));

const campaign = (world) => `/v1/partner/campaigns/${world.campaignId}`;

const campaignMakers = {
	'GET /v1/partner/campaigns': (world, random) =>
		get(`/v1/partner/campaigns${page(random)}`),
	'POST /v1/partner/campaigns': (world, random) =>
		post('/v1/partner/campaigns', { name: 'Zoë', priority: 3,
			templateId: random.pick(['TIERED_REWARD', 'MATCHING']),
			actionTypes: ['DONATION', 'VISIT'],
			distribution: { baseMultiplier: 1.5, tiers: [
				{ minAmount: 10, multiplier: 2 },
				{ minAmount: 0.5, multiplier: 1.25 }],
			stakeholderSplits: [{ percent: 100,
				stakeholderTypeCode: 'CUSTOMER' }] },
			limits: { totalBudget: 1000, perUser: 5 },
			schedule: { startDate: '2025-05-10T09:12:00+02:00' },
		}),
	'GET /v1/partner/campaigns/active': (world, random) =>
		get(`/v1/partner/campaigns/active${page(random)}`),
	'GET /v1/partner/campaigns/{campaignId}': (world) =>
		get(campaign(world)),
	'PATCH /v1/partner/campaigns/{campaignId}': (world) =>
		({ method: 'PATCH', target: campaign(world), body: {
			name: 'ours', limits: { perDay: 10 } } }),
	'DELETE /v1/partner/campaigns/{campaignId}': (world, random) =>
		({ method: 'DELETE', target: campaign({ campaignId:
			random.pick(world.sketches) }) }),
	'GET /v1/partner/campaigns/{campaignId}/analytics': (world) =>
		get(`${campaign(world)}/analytics?days=7`),
};

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
	'POST /v1/partner/donations/create-link': (world, random) =>
		({ ...post('/v1/partner/donations/create-link', {
			nonprofitSlug: 'american-red-cross', amount: 2500,
			currency: 'USD', frequency: random.pick(['once',
			    'monthly']), provider: 'stripe',
			donorEmail: 'jane@example.com', firstName: 'Jane',
			successUrl: 'http://localhost:3000/ok#paid',
			appealId: 1, metadata: { order: [1, 'a'] } }),
		key: 'pk' }),
	'GET /v1/partner/donations/status/{partnerDonationId}': (world) =>
		({ ...get('/v1/partner/donations/status/' +
		    world.partnerDonationId), key: 'pk' }),
	'GET /v1/partner/organizations': (world, random) =>
		({ ...get('/v1/partner/organizations' + random.pick([
			page(random), '?q=red+cr', '?q=53-0196605',
			'?q=Kinder%20f%C3%BCr'])), key: 'pk' }),
	'GET /v1/partner/organizations/{slug}': () =>
		({ ...get('/v1/partner/organizations/american-red-cross'),
			key: 'pk' }),
	'GET /v1/partner/appeals/{appealId}': () =>
		({ ...get('/v1/partner/appeals/1'), key: 'pk' }),
	'GET /v1/partner/events': (world, random) =>
		get('/v1/partner/events' + random.pick([page(random),
			'?type=user.created&from=2025-05-01T00:00:00Z',
			`?after=${random.pick(world.events)}`])),
	'GET /v1/partner/events/{eventId}': (world, random) =>
		get(`/v1/partner/events/${random.pick(world.events)}`),
	...webhookMakers,
	...campaignMakers,
	...dashboardMakers,
	...exchangeMakers,
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
	'POST /v1/auth/login': ({ admin: { email, password } }) =>
		post('/v1/auth/login', { email, password }),
	'POST /v1/auth/refresh': ({ renewing }, random) =>
		post('/v1/auth/refresh',
		    { refreshToken: random.pick(renewing) }),
	'POST /v1/auth/logout': ({ ending }, random) => ({
		method: 'POST', target: '/v1/auth/logout',
		headers: bearer(random.pick(ending)) }),
	'GET /v1/auth/me': ({ access }) => ({ ...get('/v1/auth/me'),
		headers: bearer(access) }),
	'POST /v1/partner/users/{externalId}/redeem': (world, random) =>
		post(`/v1/partner/users/${user(random)}/redeem`, { tokens: 1,
			idempotencyKey: newKey(world), reason: 'a coffee' }),
};

export const routes = Object.keys(makers);

export function makeRequest(route, world, random) {
	const from = route.includes('/sandbox/') ? world.sandbox : world.shop;
	return { route, from, headers: {}, ...makers[route](world, random) };
}

/**
 * As cgi-bin/*.c has them; pages for people, and what others' servers send us
 * by ways of their own, which have no names, are none of these requests.
 */
export function knownRoutes() {
	const folder = `${root}/cgi-bin`;
	return fs.readdirSync(folder).filter((name) => name.endsWith('.c'))
	    .flatMap((name) => [...fs.readFileSync(`${folder}/${name}`, 'utf8')
		.matchAll(/\{ "([A-Z]+)",\s+"(\/v1\/[^"]*)"([^{]*)/g)]
		.filter(([, , , rest]) =>
			/\.name = /.test(rest) &&
			!/\.page = true/.test(rest))
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
