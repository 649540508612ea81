// Nothing crosses from one partner to another, nor from test to live: what is
// somebody else's is as if it did not exist.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, NO_ID, pool, refused } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const other = await site.partner();
const live = await site.partner({ side: 'live' });

/* The other side of acme, with a pool of its own. */
const acmeLive = await acme.newKey({ side: 'live' });
acmeLive.side = 'live';
const side = ['--partner', acme.slug, '--side', 'live'];
acmeLive.tokenPoolId = (await site.cli('pool', 'create', ...side,
    '--name', 'Live')).tokenPoolId;
await site.cli('pool', 'allocate', ...side, '--tokens', '500');

const strangers = [['another partner', other], ['its live side', acmeLive],
    ['a live partner', live]];

const key = 'the one key';
const reward = good(await acme.submit({ idempotencyKey: key, amount: 12 }));
const action = `/v1/partner/actions/${reward.actionId}`;

for (const [name, stranger] of strangers)
	test(`an action is not there for ${name}`, async () => {
		refused(await stranger.get(action), 404, 'NOT_FOUND');
		refused(await stranger.post(`${action}/reverse`,
		    { refundIdempotencyKey: 'r' }), 404, 'NOT_FOUND');
		const list = good(await stranger.get('/v1/partner/actions'));
		assert.deepEqual(list.data, []);
		refused(await stranger.get(
		    `/v1/partner/actions?cursor=${reward.actionId}`),
		    400, 'INVALID_REQUEST', ['/cursor']);
		assert.equal(good(await acme.get(action)).status,
		    'COMPLETED');
	});

test('what is another\'s is refused as what is nobody\'s', async () => {
	const words = ({ requestId, ...rest }) => rest;
	const theirs = refused(await other.get(action), 404, 'NOT_FOUND');
	const nobodys = refused(await other.get(
	    `/v1/partner/actions/${NO_ID}`), 404, 'NOT_FOUND');
	assert.deepEqual(words(theirs), words(nobodys));
});

for (const [name, stranger] of strangers)
	test(`a user is not there for ${name}`, async () => {
		const user = '/v1/partner/users/user_42';
		refused(await stranger.get(user), 404, 'NOT_FOUND');
		refused(await stranger.get(`${user}/balance`),
		    404, 'NOT_FOUND');
		refused(await stranger.post(`${user}/redeem`,
		    { tokens: 1, idempotencyKey: 'x' }), 404, 'NOT_FOUND');
		refused(await stranger.submit({ autoCreateUsers: false }),
		    422, 'USER_NOT_FOUND', ['/stakeholders/0']);
	});

for (const [name, stranger] of strangers)
	test(`a pool is not there for ${name}`, async () => {
		refused(await stranger.submit(
		    { tokenPoolId: acme.tokenPoolId }),
		    422, 'POOL_NOT_FOUND');
		refused(await acme.submit(
		    { tokenPoolId: stranger.tokenPoolId }),
		    422, 'POOL_NOT_FOUND');
		const list = good(await stranger.get(
		    '/v1/partner/token-pools'));
		assert.deepEqual(list.data.map((p) => p.tokenPoolId),
		    [stranger.tokenPoolId]);
	});

test('the same keys and ids mean something else to each', async () => {
	const had = (await balance(acme, 'user_42')).available;
	for (const [, stranger] of strangers) {
		const made = good(await stranger.submit(
		    { idempotencyKey: key, amount: 7 }));
		assert.notEqual(made.actionId, reward.actionId);
		refused(await acme.get(
		    `/v1/partner/actions/${made.actionId}`),
		    404, 'NOT_FOUND');
		assert.equal((await balance(stranger, 'user_42')).available,
		    7);
		good(await stranger.post(
		    `/v1/partner/actions/${made.actionId}/reverse`,
		    { refundIdempotencyKey: 'same' }));
		good(await stranger.submit({ amount: 3 }));
		good(await stranger.post('/v1/partner/users/user_42/redeem',
		    { tokens: 1, idempotencyKey: 'same' }));
	}
	assert.equal((await balance(acme, 'user_42')).available, had);
	assert.equal((await pool(acme)).availableBalance, 1000000 - 12);
	assert.equal((await pool(acmeLive)).availableBalance, 500 - 3);
});

test('a test key signs nothing for live, with the right secret', async () => {
	refused(await acme.get('/v1/partner/actions',
	    { secret: acmeLive.hmacSecret }), 401, 'INVALID_SIGNATURE');
	refused(await acmeLive.get('/v1/partner/actions',
	    { key: acme.secretKey }), 401, 'INVALID_SIGNATURE');
});

test('two sets of keys of one side see the same', async () => {
	const second = await acme.newKey();
	good(await second.get(action));
	const again = await second.post('/v1/partner/actions/submit',
	    purchase({ idempotencyKey: key, amount: 12 }));
	assert.equal(again.status, 409);
	assert.equal(again.body.actionId, reward.actionId);
});
