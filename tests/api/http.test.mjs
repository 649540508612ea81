// What holds for every request: methods, addresses, and the headers of every
// answer.  body.test.mjs has what is sent.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, NO_ID, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
good(await acme.submit());

const ACTIONS = '/v1/partner/actions';

for (const [target, allow] of [
	[ACTIONS, 'GET, HEAD'],
	[`${ACTIONS}/${NO_ID}`, 'GET, HEAD'],
	[`${ACTIONS}/${NO_ID}/reverse`, 'POST'],
	['/v1/partner/users', 'GET, HEAD, POST'],
	['/v1/partner/users/x', 'GET, HEAD, PATCH, DELETE'],
	['/v1/partner/users/x/balance', 'GET, HEAD'],
	['/v1/partner/users/x/redeem', 'POST'],
	['/v1/partner/token-pools', 'GET, HEAD'],
	['/v1/partner/config', 'GET, HEAD'],
])
	test(`405 with Allow: ${target}`, async () => {
		const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
		for (const method of methods) {
			const answer = await site.request(method, target);
			const allowed = answer.headers.allow?.split(', ');
			if (allow.split(', ').includes(method)) {
				assert.notEqual(answer.status, 405);
				continue;
			}
			refused(answer, 405, 'METHOD_NOT_ALLOWED');
			for (const word of allow.split(', '))
				assert.ok(allowed.includes(word),
				    answer.headers.allow);
			assert.ok(!allowed.includes(method));
		}
	});

test('methods in small letters are other methods', async () => {
	const bytes = acme.wire('get', ACTIONS);
	const { status } = await site.raw(bytes);
	assert.ok([400, 405, 501].includes(status));
});

for (const target of [ACTIONS, '/v1/partner/token-pools',
    '/v1/partner/users/user_42', '/v1/partner/users/user_42/balance',
    `${ACTIONS}/${NO_ID}`])
	test(`HEAD is GET without the body: ${target}`, async () => {
		const get = await acme.get(target);
		const head = await acme.signed('HEAD', target);
		assert.equal(head.status, get.status);
		assert.equal(head.text, '');
		const same = ({ date, 'x-request-id': id, 'keep-alive': on,
		    'x-ratelimit-remaining': left, 'content-length': length,
		    'transfer-encoding': coding, ...rest }) => rest;
		assert.deepEqual(same(head.headers), same(get.headers));
		/* Apache leaves it out. */
		if ('content-length' in head.headers)
			assert.equal(head.headers['content-length'],
			    get.headers['content-length']);
	});

test('HEAD for a page', async () => {
	const { status, text } = await site.request('HEAD',
	    `/v1/partner/config?key=${acme.publishableKey}`);
	assert.deepEqual([status, text], [200, '']);
});

for (const target of ['/v1/', '/v1/x', '/v1/partner', '/v1/partner/',
    '/v1/partner/x', '/v1/partners/actions', '/v1/partner/Actions',
    '/v1/partner/action', `${ACTIONS}x`, `${ACTIONS}/`, `${ACTIONS}/x/y`,
    `${ACTIONS}/${NO_ID}/reverse/`, '/v1/partner/users/x/y',
    '/v1/partner/usersx', '/v1/partner/token-pools/', '/v1/partner/configx',
    '/v1/partner/config/', '/v1/partner/donationsx', '/v1//partner/actions',
    '/v1/partner//actions', '/v1/partner/./actions', '/v1/v1/partner/actions',
    '/v1/partner/users/../actions', '/v1/partner/x/../actions',
    '/v1/partner/%61ctions', '/v1/partner/actions;x', '/v1/partner/actions%20',
    '/v1/partner/users/%2e%2e/balance', '/v1/partner/actions&limit=5'])
	test(`404: ${target}`, async () => {
		refused(await acme.get(target), 404, 'NOT_FOUND');
		refused(await site.request('GET', target), 404, 'NOT_FOUND');
		if (!target.endsWith('/config/'))
			refused(await site.request('POST', target),
			    404, 'NOT_FOUND');
	});

test('what stands before /v1/ is a folder, however it is spelled', async () => {
	for (const folder of ['/', '/x/..', '//', '/./'])
		good(await acme.get(`${ACTIONS}?limit=1`, {
			sent: `${folder.replace(/\/$/, '')}` +
			    `${ACTIONS}?limit=1` }));
});

test('a target that is far too long', async () => {
	for (const length of [8000, 8300, 20000]) {
		const target = `${ACTIONS}?x=${'y'.repeat(length)}`;
		const { status } = await acme.get(target);
		assert.ok([200, 400, 404, 414, 431].includes(status));
		if (length < 8000)
			assert.equal(status, 200);
	}
	const { status } = await acme.get(ACTIONS,
	    { headers: { 'X-Long': 'y'.repeat(20000) } });
	assert.ok([200, 400, 431].includes(status));
});

test('every answer has a request id of its own', async () => {
	const answers = [
		await acme.get(ACTIONS), await acme.submit(),
		await acme.submit({ amount: 'x' }),
		await site.request('GET', '/v1/nothing'),
		await site.request('PUT', ACTIONS),
		await site.request('GET', ACTIONS),
		await site.request('OPTIONS', '/v1/partner/config'),
		await acme.signed('HEAD', ACTIONS),
		await acme.get(ACTIONS), await acme.get(ACTIONS),
	];
	const ids = answers.map(({ headers }) => headers['x-request-id']);
	for (const id of ids)
		assert.match(id, /^req_[0-9a-f]{24}$/);
	assert.equal(new Set(ids).size, ids.length);
});

test('nothing of an answer is kept or guessed at', async () => {
	for (const answer of [await acme.get(ACTIONS), await acme.submit(),
	    await site.request('GET', ACTIONS)]) {
		const { headers } = answer;
		assert.equal(headers['cache-control'], 'no-store');
		assert.equal(headers['x-content-type-options'], 'nosniff');
		if (headers['transfer-encoding'] === undefined)
			assert.equal(Number(headers['content-length']),
			    answer.bytes.length);
		assert.match(headers['content-type'],
		    /^application\/(problem\+)?json$/);
		assert.equal(answer.text.trim(), answer.text);
	}
});

test('a name that is text is answered as text', async () => {
	const name = '</script><b>"\\\u2028\u0007\u{1f397}';
	const externalId = name.replace('/', '|').replace('\u0007', '');
	const made = await acme.post('/v1/partner/users',
	    { externalId, firstName: name });
	assert.equal(good(made, 201).firstName, name);
	assert.ok(!/[\u0000-\u001f]/.test(made.text));
});

test('HTTP/1.0, and many requests over one connection', async () => {
	const bytes = acme.wire('GET', ACTIONS).toString('latin1');
	const old = await site.raw(Buffer.from(
	    bytes.replace('HTTP/1.1', 'HTTP/1.0'), 'latin1'));
	assert.equal(old.status, 200);
	for (let i = 0; i < 20; i++)
		good(await acme.get(ACTIONS));
});

test('two headers of one name', async () => {
	const bytes = acme.wire('GET', ACTIONS).toString('latin1');
	const { status } = await site.raw(Buffer.from(bytes.replace(
	    '\r\n\r\n', '\r\nOrigin: a\r\nOrigin: b\r\n\r\n'), 'latin1'));
	assert.ok([200, 400].includes(status));
});
