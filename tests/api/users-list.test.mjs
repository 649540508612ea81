// Users: listed, changed in part, and what happened in their wallets.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, ID, NO_ID, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const other = await site.partner();
const bank = await site.partner();

const USERS = '/v1/partner/users';
const at = (name) => `${USERS}/${encodeURIComponent(name)}`;
const create = async (body, partner = acme) =>
	good(await partner.post(USERS, body), 201);
const show = async (name) => good(await acme.get(at(name)));
const patch = (name, body, partner = acme) =>
	partner.signed('PATCH', at(name), { body });
const list = async (query = '') => good(await acme.get(USERS + query));
const names = async (query) =>
	(await list(query)).data.map((u) => u.externalId);

/* What happened to one wallet. */
const WALLET = `${at('wal')}/transactions`;
const stakeholders = [{ stakeholderTypeCode: 'CUSTOMER',
	partnerUserId: 'wal' }];
site.clock.advance(3600);
const rewarded = good(await bank.submit({ amount: 100, stakeholders }));
site.clock.advance(3600);
const redeemed = good(await bank.post(`${at('wal')}/redeem`,
    { tokens: 30, idempotencyKey: 'wal' }));
site.clock.advance(3600);
const reversed = good(await bank.post(
    `/v1/partner/actions/${rewarded.actionId}/reverse`,
    { refundIdempotencyKey: 'wal', reversalPercentage: 10 }));
const ended = site.clock.now();

const start = site.clock.now();
const iso = (seconds) => encodeURIComponent(
    new Date((start + seconds) * 1000).toISOString());

/* 25 users, one every twenty minutes. */
const made = [];
for (let i = 0; i < 25; i++) {
	site.clock.set(start + 1200 * i);
	made.push(await create({ externalId: `list_${i}`,
	    email: `List.${i}@Example.com`, firstName: `F${i}`,
	    metadata: { i } }));
}
const newest = made.map((u) => u.externalId).reverse();
const stranger = await create({ externalId: 'list_0' }, other);

test('without a word: the first page of twenty, the newest first', async () => {
	const { data, pagination, ...rest } = await list();
	assert.deepEqual(rest, {});
	assert.deepEqual(data, made.toReversed?.().slice(0, 20) ??
	    [...made].reverse().slice(0, 20));
	assert.deepEqual(pagination, { page: 1, limit: 20, total: 25,
	    totalPages: 2, nextCursor: data[19].userId });
});

test('by page', async () => {
	assert.deepEqual(await names('?page=2'), newest.slice(20));
	assert.deepEqual(await names('?page=3&limit=10'), newest.slice(20));
	assert.deepEqual(await names('?page=4&limit=10'), []);
	assert.deepEqual(await names('?limit=100'), newest);
});

test('by cursor', async () => {
	const seen = [];
	for (let cursor = ''; cursor !== null;) {
		const { data, pagination } =
		    await list(`?limit=7${cursor && `&cursor=${cursor}`}`);
		seen.push(...data.map((u) => u.externalId));
		if (cursor !== '')
			assert.deepEqual([pagination.page, pagination.total,
			    pagination.totalPages], [null, null, null]);
		cursor = pagination.nextCursor;
	}
	assert.deepEqual(seen, newest);
	for (const cursor of [NO_ID, stranger.userId, 'x'.repeat(24)])
		refused(await acme.get(`${USERS}?cursor=${cursor}`),
		    400, 'INVALID_REQUEST', ['/cursor']);
	refused(await acme.get(`${USERS}?cursor=x&limit=101`),
	    400, 'INVALID_REQUEST', ['/limit', '/cursor']);
});

test('by e-mail and by externalId: one person or none', async () => {
	assert.deepEqual(await names('?email=list.3@example.com'),
	    ['list_3']);
	assert.deepEqual(await names('?email=LIST.3@EXAMPLE.COM'),
	    ['list_3']);
	assert.deepEqual(await names('?externalId=list_3'), ['list_3']);
	assert.deepEqual(await names('?externalId=LIST_3'), []);
	assert.deepEqual(await names('?externalId=nobody'), []);
	assert.deepEqual(await names('?email=nobody@example.com'), []);
	assert.deepEqual(await names(
	    '?externalId=list_3&email=list.3@example.com'), ['list_3']);
	for (const both of ['?externalId=list_3&email=list.4@example.com',
	    '?externalId=nobody&email=list.4@example.com',
	    '?externalId=list_4&email=nobody@example.com'])
		assert.deepEqual(await names(both), []);
	const { pagination } = await list('?externalId=list_3&limit=1');
	assert.deepEqual(pagination, { page: 1, limit: 1, total: 1,
	    totalPages: 1, nextCursor: null });
	assert.deepEqual(await names('?externalId=list_3&page=2'), []);
	assert.deepEqual(await names(
	    `?externalId=list_3&cursor=${made[3].userId}`), []);
	assert.deepEqual(await names(
	    `?externalId=list_3&cursor=${made[4].userId}`), ['list_3']);
	for (const [query, pointer] of [['email=x', '/email'],
	    ['email=', '/email'], ['externalId=', '/externalId'],
	    ['externalId=a%2Fb', '/externalId']])
		refused(await acme.get(`${USERS}?${query}`),
		    400, 'INVALID_REQUEST', [pointer]);
});

for (const [from, to, first, last] of [[0, 1200, 0, 1], [1, 2400, 1, 2],
    [1200 * 5, 1200 * 5, 5, 5], [3600 * 2, 3600 * 4, 6, 12],
    [1200 * 24, 10 ** 6, 24, 24], [undefined, 1200 * 3, 0, 3],
    [1200 * 20, undefined, 20, 24]])
	test(`from ${from} to ${to}`, async () => {
		const query = '?limit=100' +
		    (from === undefined ? '' : `&from=${iso(from)}`) +
		    (to === undefined ? '' : `&to=${iso(to)}`);
		const { data, pagination } = await list(query);
		assert.deepEqual(data.map((u) => u.externalId),
		    newest.slice(24 - last, 25 - first));
		assert.equal(pagination.total, last - first + 1);
	});

test('from and to that nobody came between', async () => {
	assert.deepEqual(await names(`?from=${iso(1)}&to=${iso(2)}`), []);
	assert.deepEqual(await names(`?to=${iso(-1)}`), []);
	assert.deepEqual(await names(`?from=${iso(10 ** 7)}`), []);
	assert.deepEqual(await names(
	    `?externalId=list_0&from=${iso(0)}&to=${iso(0)}`), ['list_0']);
	assert.deepEqual(await names(`?externalId=list_0&from=${iso(1)}`),
	    []);
	assert.deepEqual(await names(`?externalId=list_1&to=${iso(1)}`), []);
	refused(await acme.get(`${USERS}?from=yesterday&to=2025`),
	    400, 'INVALID_REQUEST', ['/from', '/to']);
});

test('PATCH changes what is said, and nothing else', async () => {
	const was = await create({ externalId: 'pat', email: 'p@p.example',
	    firstName: 'Pat', lastName: 'Doe', metadata: { a: 1, b: [2] } });
	const change = async (body, differs) => {
		site.clock.advance(1);
		const now = good(await patch('pat', body));
		Object.assign(was, differs);
		assert.deepEqual(now, was);
		assert.deepEqual(await show('pat'), was);
	};
	await change({}, {});
	await change({ firstName: 'Patricia' }, { firstName: 'Patricia' });
	await change({ lastName: null }, { lastName: null });
	await change({ email: 'New@P.Example', firstName: null },
	    { email: 'new@p.example', firstName: null });
	await change({ email: null }, { email: null });
	await change({ email: 'p@p.example' }, { email: 'p@p.example' });
	await change({ email: 'P@P.EXAMPLE' }, {});
	await change({ metadata: { c: 1.50, a: { x: null } } },
	    { metadata: { a: { x: null }, b: [2], c: 1.5 } });
	await change({ metadata: { b: null, none: null } },
	    { metadata: { a: { x: null }, c: 1.5 } });
	await change({ metadata: {} }, {});
	await change({ metadata: null }, { metadata: null });
	await change({ metadata: null }, {});
	await change({ metadata: { '': '/' } }, { metadata: { '': '/' } });
});

test('PATCH of what is unknown, or somebody else\'s', async () => {
	await create({ externalId: 'one', email: 'one@o.example' });
	await create({ externalId: 'two', email: 'two@o.example' });
	refused(await patch('nobody', {}), 404, 'NOT_FOUND');
	refused(await patch('one', {}, other), 404, 'NOT_FOUND');
	refused(await patch('one', { email: 'TWO@o.example', firstName: 'x' }),
	    409, 'USER_CONFLICT');
	assert.equal((await show('one')).firstName, null);
	good(await patch('two@o.example', { email: null }));
	good(await patch('one', { email: 'two@o.example' }));
	assert.equal((await show('two@o.example')).externalId, 'one');
});

test('a user known by e-mail alone keeps one', async () => {
	await create({ email: 'only@o.example' });
	refused(await patch('only@o.example', { email: null }),
	    400, 'INVALID_REQUEST', ['/email']);
	good(await patch('only@o.example', { email: 'new@o.example' }));
	refused(await acme.get(at('only@o.example')), 404, 'NOT_FOUND');
	await show('new@o.example');
});

test('PATCH tells all faults at once, and changes nothing', async () => {
	await create({ externalId: 'faulty', firstName: 'F' });
	refused(await patch('faulty', { email: 'x', firstName: 7,
	    lastName: 'l'.repeat(129), metadata: [] }),
	    400, 'INVALID_REQUEST',
	    ['/email', '/firstName', '/lastName', '/metadata']);
	refused(await patch('faulty', { email: '' }),
	    400, 'INVALID_REQUEST', ['/email']);
	refused(await patch('faulty', []), 400, 'INVALID_REQUEST', ['']);
	assert.equal((await show('faulty')).firstName, 'F');
	const { headers } = await patch('faulty',
	    { externalId: 'x', name: 'y' });
	assert.match(headers['x-ignored-fields'], /\/externalId.*\/name/);
	assert.equal((await show('faulty')).externalId, 'faulty');
});

test('metadata has its limits, before and after it is merged', async () => {
	const many = (from, count) => Object.fromEntries(
	    Array.from({ length: count }, (_, i) => [`k${from + i}`, i]));
	const post = (metadata) => acme.post(USERS,
	    { externalId: `limits_${Math.random()}`, metadata });
	good(await post(many(0, 50)), 201);
	refused(await post(many(0, 51)), 400, 'INVALID_REQUEST',
	    ['/metadata']);
	good(await post({ t: 'x'.repeat(16384 - 8) }), 201);
	refused(await post({ t: 'x'.repeat(16384 - 7) }),
	    400, 'INVALID_REQUEST', ['/metadata']);
	refused(await post('x'), 400, 'INVALID_REQUEST', ['/metadata']);
	assert.equal(good(await post(null), 201).metadata, null);

	const { externalId } = good(await post(many(0, 30)), 201);
	refused(await patch(externalId, { metadata: many(30, 21) }),
	    400, 'INVALID_REQUEST', ['/metadata']);
	good(await patch(externalId, { metadata: many(30, 20) }));
	good(await patch(externalId, { metadata: { k0: null, n: 1 } }));
	refused(await patch(externalId,
	    { metadata: { k1: 'x'.repeat(16000) } }),
	    400, 'INVALID_REQUEST', ['/metadata']);
	assert.equal((await show(externalId)).metadata.k1, 1);
});

test('to change and to erase takes its scope and the secret key', async () => {
	const reader = await acme.newKey({ scopes: 'read' });
	refused(await patch('one', {}, reader), 403, 'INSUFFICIENT_SCOPE');
	refused(await reader.signed('DELETE', at('one')),
	    403, 'INSUFFICIENT_SCOPE');
	for (const method of ['PATCH', 'DELETE'])
		refused(await acme.signed(method, at('one'), { key: 'pk' }),
		    403, 'SECRET_KEY_REQUIRED');
	good(await reader.get(USERS));
	good(await reader.get(`${at('one')}/transactions`));
	const writer = await acme.newKey({ scopes: 'users:write' });
	refused(await writer.get(USERS), 403, 'INSUFFICIENT_SCOPE');
	good(await patch('one', {}, writer));
});

test('transactions: the newest first, with what was behind them', async () => {
	const { data, pagination } = good(await bank.get(WALLET));
	const { actionId } = rewarded;
	const plain = data.map(({ createdAt, ...line }) => line);
	assert.deepEqual(plain, [
		{ transactionId: reversed.reversalTransactionId,
			type: 'REVERSAL', tokens: -10, actionId,
			reversalId: reversed.reversalId },
		{ transactionId: redeemed.transactionId,
			type: 'REDEMPTION', tokens: -30, actionId: null,
			redemptionId: redeemed.redemptionId },
		{ transactionId: rewarded.transactionIds[0],
			type: 'REWARD', tokens: 100, actionId },
	]);
	for (const { transactionId } of data)
		assert.match(transactionId, ID);
	assert.equal(pagination.total, 3);
	refused(await other.get(WALLET), 404, 'NOT_FOUND');
	refused(await bank.get(`${at('nobody')}/transactions`),
	    404, 'NOT_FOUND');
	assert.deepEqual(good(await acme.get(
	    `${at('list_1')}/transactions`)).data, []);
});

test('transactions by type, time, page and cursor', async () => {
	const types = async (query) => good(await bank.get(
	    `${WALLET}?${query}`)).data.map((line) => line.type);
	assert.deepEqual(await types('type=REWARD'), ['REWARD']);
	assert.deepEqual(await types('type=EXPIRY'), []);
	refused(await bank.get(`${WALLET}?type=reward`),
	    400, 'INVALID_REQUEST', ['/type']);
	const time = (s) => encodeURIComponent(
	    new Date(s * 1000).toISOString());
	assert.deepEqual(await types(`from=${time(ended - 3600)}`),
	    ['REVERSAL', 'REDEMPTION']);
	assert.deepEqual(await types(`to=${time(ended - 3600)}`),
	    ['REDEMPTION', 'REWARD']);
	const first = good(await bank.get(`${WALLET}?limit=2`));
	assert.deepEqual(await types(
	    `limit=2&cursor=${first.pagination.nextCursor}`), ['REWARD']);
	assert.deepEqual(await types('limit=2&page=2'), ['REWARD']);
});
