// Webhooks: what they may be, how they are changed, and their secrets.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, NO_ID, refused } from '../lib/expect.mjs';
import { configureHooks, startReceiver } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
await configureHooks(site, { webhook_ports: '443 8443' });
const acme = await site.partner();
/* Strict, whatever the configuration allows to sandboxes. */
const live = await acme.newKey({ side: 'live' });
const shop = await startReceiver();

const HOOKS = '/v1/partner/webhooks';
const at = ({ webhookId }) => `${HOOKS}/${webhookId}`;
const patch = (hook, body) => {
	site.clock.advance(1);
	return acme.signed('PATCH', at(hook), { body });
};
const register = (changes) => {
	site.clock.advance(1);
	return acme.post(HOOKS, { url: shop.url,
		eventTypes: ['user.created'], ...changes });
};

test('a webhook and its secret, which is shown once', async () => {
	const answer = await register({ description: 'ours' });
	const { secret, ...rest } = good(answer, 201);
	assert.match(secret, /^whsec_[0-9a-f]{64}$/);
	assert.deepEqual(rest, { webhookId: rest.webhookId, url: shop.url,
		description: 'ours', eventTypes: ['user.created'],
		receiveAllEvents: false, headers: [], format: 'sir',
		retryPolicy: 'sir', maxPerSecond: 0, status: 'ACTIVE',
		disabledReason: null, disabledAt: null, failingSince: null,
		oldSecretUntil: null, createdAt: rest.createdAt });
	assert.deepEqual(good(await acme.get(at(rest))), rest);
	assert.deepEqual(good(await acme.get(HOOKS)).data, [rest]);
});

test('the same request again shows the same secret, kept sealed',
    async () => {
	const options = { headers: { 'Idempotency-Key': 'once' } };
	const body = { url: shop.url, receiveAllEvents: true };
	const one = await acme.post(HOOKS, body, options);
	site.clock.advance(1);
	const two = await acme.post(HOOKS, body, options);
	assert.equal(two.headers['idempotent-replayed'], 'true');
	assert.deepEqual(good(two, 201), good(one, 201));
	const dump = await site.run('sqlite3', '-readonly',
	    `${site.dir}/data/ledger.db`, '.dump');
	const hex = Buffer.from(one.body.secret).toString('hex');
	assert.ok(!dump.includes(one.body.secret) &&
	    !dump.toLowerCase().includes(hex));
});

test('formats and what they are told of', async () => {
	const all = good(await register({ eventTypes: undefined,
		receiveAllEvents: true, format: 'standard' }), 201);
	assert.ok(all.receiveAllEvents);
	assert.ok(all.eventTypes.includes('webhook.disabled'));
	const chuffed = good(await register({ eventTypes: undefined,
		receiveAllEvents: true, format: 'chuffed',
		retryPolicy: 'standard' }), 201);
	assert.deepEqual(chuffed.eventTypes, ['donation.payment_confirmed']);
	assert.equal(chuffed.retryPolicy, 'standard');
	const own = good(await register({ format: 'qiibee',
		eventTypes: ['exchange.completed', 'user.created'],
		secret: 'us:pass:word' }), 201);
	assert.equal(own.secret, 'us:pass:word');
	assert.deepEqual(own.eventTypes, ['exchange.completed']);
	assert.match(good(await register({ format: 'qiibee',
		receiveAllEvents: true }), 201).secret, /^almoner:\w{20,}$/);
});

const forbidden = ['http://shop.example/', 'https://127.0.0.1/',
	'https://user:pw@shop.example/', 'https://10.0.0.1/', 'ftp://a.b/',
	'https://[::1]/', 'https://169.254.169.254/', 'https://9.9.9.9:22/',
	'https://9.9.9.9/#f', 'https://9.9.9.9/a b', 'https://2130706433/',
	'https://[::ffff:10.0.0.1]/', 'nonsense', 'https://localhost/'];

for (const url of forbidden)
	test(`${url} is no address for a webhook`, async () => {
		site.clock.advance(1);
		refused(await live.post(HOOKS, { url,
			eventTypes: ['user.created'] }),
		    400, 'INVALID_REQUEST', ['/url']);
		const own = good(await live.post(HOOKS, { receiveAllEvents:
			true, url: 'https://9.9.9.9/' }), 201);
		refused(await live.signed('PATCH', at(own), { body: { url } }),
		    400, 'INVALID_REQUEST', ['/url']);
	});

test('a name is looked up before it is taken', async () => {
	refused(await register({ url: 'https://no-such-name.invalid/' }),
	    400, 'INVALID_REQUEST', ['/url']);
	good(await register({ url: 'https://9.9.9.9:8443/x?y=%20' }), 201);
});

test('the live side calls https alone', async () => {
	refused(await live.post(HOOKS, { url: shop.url,
		receiveAllEvents: true }), 400, 'INVALID_REQUEST', ['/url']);
	good(await live.post(HOOKS, { url: 'https://9.9.9.9/',
		receiveAllEvents: true }), 201);
});

for (const [what, changes, ...pointers] of [
	['no events', { eventTypes: [] }, '/eventTypes'],
	['events unsaid', { eventTypes: undefined }, '/eventTypes'],
	['no such event', { eventTypes: ['user.created', 'a.b'] },
	    '/eventTypes/1'],
	['no words for it', { format: 'chuffed' }, '/eventTypes'],
	['a secret of ours', { secret: 'a:b' }, '/secret'],
	['no colon', { format: 'qiibee', secret: 'abc',
	    eventTypes: ['exchange.reverted'] }, '/secret'],
	['too fast', { maxPerSecond: 1001 }, '/maxPerSecond'],
	['no such format', { format: 'xml' }, '/format'],
	['no such policy', { retryPolicy: 'never' }, '/retryPolicy'],
])
	test(`refused: ${what}`, async () => {
		refused(await register(changes), 400, 'INVALID_REQUEST',
		    pointers);
	});

const header = (name, value = 'x') => ({ headers: [{ name, value }] });

test('headers of one’s own', async () => {
	const hook = good(await register({ headers: [
		{ name: 'X-Shop', value: 'a: b' },
		{ name: 'Authorization', value: 'Bearer top-secret' }] }), 201);
	assert.deepEqual(hook.headers, ['X-Shop', 'Authorization']);
	const shown = await acme.get(at(hook));
	assert.ok(!shown.text.includes('top-secret'));
	good(await acme.post(`${at(hook)}/test`));
	const { headers } = shop.got.at(-1);
	assert.equal(headers['x-shop'], 'a: b');
	assert.equal(headers.authorization, 'Bearer top-secret');
	assert.deepEqual(good(await patch(hook, { headers: [] })).headers, []);
	for (const bad of [header('Host'), header('content-length'),
	    header('Connection'), header('x-sir-signature'),
	    header('Webhook-Id'), header('Signature'), header('a b'),
	    header('a:'), header('é'), header('User-Agent'),
	    header('X', 'a\r\nB: c'), header('X', 'a\nb'),
	    header('X', ' a'), header('X', 'a\u007f')])
		refused(await register(bad), 400, 'INVALID_REQUEST',
		    ['/headers/0']);
	refused(await register({ headers: [{ name: 'A', value: '1' },
		{ name: 'a', value: '2' }] }), 400, 'INVALID_REQUEST',
	    ['/headers/1']);
	refused(await register({ headers: Array.from({ length: 11 },
	    (_, i) => ({ name: `X-${i}`, value: '' })) }),
	    400, 'INVALID_REQUEST', ['/headers']);
	refused(await register({ format: 'qiibee', receiveAllEvents: true,
		...header('Authorization') }), 400, 'INVALID_REQUEST',
	    ['/headers/0']);
});

test('what is not said of a change stays', async () => {
	const { secret, ...hook } = good(await register({
		description: 'one', maxPerSecond: 7, ...header('X-A') }), 201);
	assert.ok(secret);
	assert.deepEqual(good(await patch(hook, {})), hook);
	const now = good(await patch(hook, { description: null,
		maxPerSecond: 0, retryPolicy: 'chuffed',
		receiveAllEvents: true, url: 'https://9.9.9.9/' }));
	assert.deepEqual({ ...now, eventTypes: [] }, { ...hook,
		description: null, maxPerSecond: 0, retryPolicy: 'chuffed',
		receiveAllEvents: true, url: 'https://9.9.9.9/',
		eventTypes: [] });
	refused(await patch(hook, { receiveAllEvents: false }),
	    400, 'INVALID_REQUEST', ['/eventTypes']);
	const less = good(await patch(hook, { receiveAllEvents: false,
		eventTypes: ['action.failed'] }));
	assert.deepEqual(less.eventTypes, ['action.failed']);
	refused(await patch({ webhookId: NO_ID }, {}), 404, 'NOT_FOUND');
});

test('off, and on again, whatever it was off for', async () => {
	const hook = good(await register(), 201);
	const off = good(await patch(hook, { status: 'DISABLED' }));
	assert.equal(off.disabledReason, 'partner');
	assert.ok(off.disabledAt !== null);
	/* As bin/deliver leaves it: the reason is not ours to change. */
	await site.run('sqlite3', `${site.dir}/data/ledger.db`,
	    "UPDATE webhooks SET disabled_why = 'failing', failing_since = 5" +
	    " WHERE disabled_why = 'partner'");
	const again = good(await patch(hook, { status: 'DISABLED' }));
	assert.equal(again.disabledReason, 'failing');
	assert.equal(again.failingSince, '1970-01-01T00:00:00.005Z');
	const on = good(await patch(hook, { status: 'ACTIVE' }));
	assert.deepEqual([on.status, on.disabledReason, on.disabledAt,
		on.failingSince], ['ACTIVE', null, null, null]);
});

test('the operator sees them, and switches them', async () => {
	const hook = good(await register({ description: 'seen' }), 201);
	const one = (word) => site.cli('webhook', word, '--partner',
	    acme.slug, '--side', 'test', '--webhook', hook.webhookId);
	const all = await site.cli('webhook', 'list', '--partner', acme.slug,
	    '--side', 'test');
	assert.ok(all.some(({ webhookId }) => webhookId === hook.webhookId));
	assert.equal((await one('show')).url, shop.url);
	assert.equal((await one('disable')).status, 'DISABLED');
	assert.equal(good(await acme.get(at(hook))).status, 'DISABLED');
	assert.equal((await one('enable')).status, 'ACTIVE');
	const none = await site.tryCli('webhook', 'show', '--partner',
	    acme.slug, '--side', 'live', '--webhook', hook.webhookId);
	assert.equal(none.code, 1);
	assert.match(none.stderr, /no such webhook/);
});

test('a new secret, and the old one for a while', async () => {
	const hook = good(await register(), 201);
	const rotate = (body) => {
		site.clock.advance(1);
		return acme.post(`${at(hook)}/rotate-secret`, body);
	};
	const signatures = async () => {
		site.clock.advance(1);
		good(await acme.post(`${at(hook)}/test`));
		return shop.got.at(-1).headers['webhook-signature'].split(' ')
		    .length;
	};
	const one = good(await rotate({}));
	assert.notEqual(one.secret, hook.secret);
	assert.equal(Date.parse(one.oldSecretUntil) / 1000,
	    site.clock.now() + 86400);
	assert.equal(await signatures(), 2);
	site.clock.advance(86400);
	assert.equal(good(await acme.get(at(hook))).oldSecretUntil, null);
	assert.equal(await signatures(), 1);
	const two = good(await rotate({ overlapSeconds: 0 }));
	assert.equal(two.oldSecretUntil, null);
	assert.equal(await signatures(), 1);
	refused(await rotate({ overlapSeconds: 604801 }),
	    400, 'INVALID_REQUEST', ['/overlapSeconds']);
	refused(await rotate({ secret: 'a:b' }),
	    400, 'INVALID_REQUEST', ['/secret']);
});

test('the list: by status, by what they are told of, by time', async () => {
	const beta = await site.partner();
	const start = site.clock.now();
	const then = (seconds) =>
		new Date((start + seconds) * 1000).toISOString();
	const made = [];
	for (const wants of [{ eventTypes: ['user.created'] },
		{ eventTypes: ['action.completed', 'user.created'] },
		{ receiveAllEvents: true }]) {
		site.clock.set(start + 60 * (made.length + 1));
		made.push(good(await beta.post(HOOKS,
		    { url: shop.url, ...wants }), 201));
	}
	site.clock.advance(1);
	good(await beta.signed('PATCH', at(made[0]),
	    { body: { status: 'DISABLED' } }));
	const list = async (query) => {
		const { data, pagination } = good(await beta.get(
		    `${HOOKS}?${query}`));
		assert.equal(pagination.total, data.length);
		return data.map(({ webhookId }) => made.findIndex(
		    (hook) => hook.webhookId === webhookId));
	};
	assert.deepEqual(await list(''), [2, 1, 0]);
	assert.deepEqual(await list('status=ACTIVE'), [2, 1]);
	assert.deepEqual(await list('status=DISABLED'), [0]);
	assert.deepEqual(await list('eventType=user.created'), [2, 1, 0]);
	assert.deepEqual(await list('eventType=action.completed'), [2, 1]);
	assert.deepEqual(await list('eventType=action.reversed'), [2]);
	assert.deepEqual(await list(`from=${then(60)}&to=${then(120)}`),
	    [1, 0]);
	assert.deepEqual(await list(`from=${then(61)}&to=${then(119)}`), []);
	refused(await beta.get(
	    `${HOOKS}?status=on&eventType=user.left&from=x&to=y`), 400,
	    'INVALID_REQUEST', ['/status', '/eventType', '/from', '/to']);
});

test('removed is gone', async () => {
	const hook = good(await register(), 201);
	assert.equal((await acme.signed('DELETE', at(hook))).status, 204);
	site.clock.advance(1);
	for (const [method, rest] of [['GET', ''], ['DELETE', ''],
	    ['PATCH', ''], ['POST', '/test'], ['POST', '/rotate-secret'],
	    ['GET', '/deliveries']])
		refused(await acme.signed(method, `${at(hook)}${rest}`,
		    { body: method === 'GET' || method === 'DELETE' ||
			rest === '/test' ? undefined : {} }),
		    404, 'NOT_FOUND');
	const { data } = good(await acme.get(`${HOOKS}?limit=100`));
	assert.ok(data.every(({ webhookId }) => webhookId !== hook.webhookId));
});

test('scopes: reading is not writing', async () => {
	const reader = await acme.newKey({ scopes: 'read' });
	good(await reader.get(HOOKS));
	refused(await reader.post(HOOKS, { url: shop.url }),
	    403, 'INSUFFICIENT_SCOPE');
	refused(await acme.post(HOOKS, { url: shop.url }, { key: 'pk' }),
	    403, 'SECRET_KEY_REQUIRED');
});

test('a tenant has 50 at most, also when they come at once', async () => {
	const full = await site.partner();
	const make = (n) => full.post(HOOKS, { url: shop.url,
		receiveAllEvents: true, description: `${n}` });
	const answers = await Promise.all(Array.from({ length: 60 },
	    (_, n) => make(n)));
	assert.equal(answers.filter(({ status }) => status === 201).length, 50);
	for (const answer of answers.filter(({ status }) => status !== 201))
		refused(answer, 409, 'WEBHOOK_LIMIT');
	const { data } = good(await full.get(`${HOOKS}?limit=100`));
	assert.equal(data.length, 50);
	await full.signed('DELETE', at(data[9]));
	good(await make('room'), 201);
});
