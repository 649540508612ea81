// Lists: by page and by cursor, with filters, the newest first.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, ID, NO_ID, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const other = await site.partner();

const ACTIONS = '/v1/partner/actions';
const start = site.clock.now();
const iso = (seconds) =>
	new Date((start + seconds) * 1000).toISOString();

/* 25 actions, one a minute: every fifth a donation, the first ten reversed,
   five of them in part. */
const made = [];
for (let i = 0; i < 25; i++) {
	site.clock.set(start + 60 * i);
	made.push(good(await acme.submit({ amount: 10,
	    actionType: i % 5 === 0 ? 'DONATION' : 'PURCHASE' })).actionId);
}
for (let i = 0; i < 10; i++)
	good(await acme.post(`${ACTIONS}/${made[i]}/reverse`, {
		refundIdempotencyKey: `refund_${i}`,
		reversalPercentage: i < 5 ? 100 : 50,
	}));
const newest = made.toReversed?.() ?? [...made].reverse();
const strangers = good(await other.submit()).actionId;

const list = async (query = '') => good(await acme.get(ACTIONS + query));
const ids = async (query) =>
	(await list(query)).data.map((a) => a.actionId);

test('without a word: the first page of twenty, the newest first', async () => {
	const { data, pagination, ...rest } = await list();
	assert.deepEqual(rest, {});
	assert.deepEqual(data.map((a) => a.actionId), newest.slice(0, 20));
	assert.deepEqual(pagination, { page: 1, limit: 20, total: 25,
	    totalPages: 2, nextCursor: newest[19] });
});

test('an action in a list is what it is alone', async () => {
	for (const action of (await list('?limit=100')).data)
		assert.deepEqual(action,
		    good(await acme.get(`${ACTIONS}/${action.actionId}`)));
});

test('by page', async () => {
	assert.deepEqual(await ids('?page=2'), newest.slice(20));
	assert.deepEqual(await ids('?page=3&limit=10'), newest.slice(20));
	assert.deepEqual(await ids('?page=4&limit=10'), []);
	assert.deepEqual(await ids('?page=100000&limit=100'), []);
	assert.deepEqual(await ids('?limit=100'), newest);
	assert.deepEqual(await ids('?limit=25'), newest);
	const { pagination } = await list('?limit=25');
	assert.deepEqual([pagination.totalPages, pagination.nextCursor],
	    [1, null]);
	const past = (await list('?page=9&limit=10')).pagination;
	assert.deepEqual(past, { page: 9, limit: 10, total: 25,
	    totalPages: 3, nextCursor: null });
});

/** All pages by cursor, with what is done between them. */
async function walk(query, between = () => {}) {
	const pages = [];
	for (let cursor = ''; cursor !== null;) {
		const { data, pagination } = await list(
		    `?${query}${cursor && `&cursor=${cursor}`}`);
		pages.push(data.map((a) => a.actionId));
		if (cursor !== '')
			assert.deepEqual([pagination.page, pagination.total,
			    pagination.totalPages], [null, null, null]);
		cursor = pagination.nextCursor;
		await between();
	}
	return pages;
}

test('by cursor: every one once, and no page too many', async () => {
	assert.deepEqual((await walk('limit=10')).map((p) => p.length),
	    [10, 10, 5]);
	assert.deepEqual((await walk('limit=10')).flat(), newest);
	assert.deepEqual((await walk('limit=5')).length, 5);
	assert.deepEqual((await walk('limit=1')).flat(), newest);
	const donations = (await walk('limit=2&actionType=DONATION')).flat();
	assert.deepEqual(donations, newest.filter(
	    (id) => made.indexOf(id) % 5 === 0));
});

test('by cursor: what is added meanwhile moves nothing', async () => {
	const partner = await site.partner({ slug: 'busy' });
	const before = [];
	for (let i = 0; i < 6; i++)
		before.unshift(good(await partner.submit()).actionId);
	const seen = [];
	for (let cursor = ''; cursor !== null;) {
		const { data, pagination } = good(await partner.get(
		    `${ACTIONS}?limit=2${cursor && `&cursor=${cursor}`}`));
		seen.push(...data.map((a) => a.actionId));
		cursor = pagination.nextCursor;
		good(await partner.submit());
	}
	assert.deepEqual(seen, before);
});

test('a cursor may be any action, and goes before a page', async () => {
	assert.deepEqual(await ids(`?limit=3&cursor=${newest[7]}`),
	    newest.slice(8, 11));
	assert.deepEqual(await ids(`?limit=3&page=5&cursor=${newest[7]}`),
	    newest.slice(8, 11));
	assert.deepEqual(await ids(`?cursor=${made[0]}`), []);
});

for (const [status, expected] of [
	['COMPLETED', newest.slice(0, 15)],
	['PARTIALLY_REVERSED', newest.slice(15, 20)],
	['REVERSED', newest.slice(20)],
])
	test(`by status ${status}`, async () => {
		const { data, pagination } = await list(
		    `?status=${status}&limit=100`);
		assert.deepEqual(data.map((a) => a.actionId), expected);
		assert.ok(data.every((a) => a.status === status));
		assert.equal(pagination.total, expected.length);
	});

test('by type', async () => {
	const { data, pagination } = await list('?actionType=DONATION');
	assert.equal(pagination.total, 5);
	assert.ok(data.every((a) => a.actionType === 'DONATION'));
	assert.deepEqual(await ids('?actionType=VOLUNTEER'), []);
	assert.deepEqual(
	    await ids('?actionType=DONATION&status=REVERSED'), [made[0]]);
});

test('by time, both ends included', async () => {
	const between = (from, to) =>
		ids(`?limit=100&from=${iso(from)}&to=${iso(to)}`);
	assert.deepEqual(await between(600, 660), [made[11], made[10]]);
	assert.deepEqual(await between(601, 659), []);
	assert.deepEqual(await between(-100, 0), [made[0]]);
	assert.deepEqual(await ids(`?from=${iso(24 * 60)}`), [made[24]]);
	assert.deepEqual(await ids(`?to=${iso(60)}`), [made[1], made[0]]);
	const local = iso(60).replace('.000Z', '+00:00');
	assert.deepEqual(
	    await ids(`?to=${encodeURIComponent(local)}`),
	    [made[1], made[0]]);
});

for (const [query, pointer] of [
	['limit=0', '/limit'], ['limit=101', '/limit'], ['limit=-1', '/limit'],
	['limit=ten', '/limit'], ['limit=', '/limit'], ['limit=1.0', '/limit'],
	['limit=99999999999999999999', '/limit'], ['limit=%20', '/limit'],
	['page=0', '/page'], ['page=100001', '/page'], ['page=x', '/page'],
	['cursor=x', '/cursor'], ['cursor=', '/cursor'],
	[`cursor=${NO_ID}`, '/cursor'], [`cursor=${strangers}`, '/cursor'],
	[`cursor=${acme.tokenPoolId}`, '/cursor'],
	[`cursor=${made[0].toUpperCase()}`, '/cursor'],
	[`cursor=${'g'.repeat(24)}`, '/cursor'],
	['status=completed', '/status'], ['status=', '/status'],
	['actionType=purchase', '/actionType'], ['actionType=', '/actionType'],
	['from=2025', '/from'], ['to=yesterday', '/to'], ['from=', '/from'],
	['limit=5&limit=6', '/limit'], ['status=REVERSED&status=x', '/status'],
])
	test(`?${query} is refused`, async () => {
		refused(await acme.get(`${ACTIONS}?${query}`),
		    400, 'INVALID_REQUEST', [pointer]);
	});

test('all faults of a query at once', async () => {
	refused(await acme.get(
	    `${ACTIONS}?to=b&from=a&status=c&actionType=d&cursor=e&limit=0` +
	    '&page=-1'), 400, 'INVALID_REQUEST', ['/page', '/limit',
	    '/cursor', '/status', '/actionType', '/from', '/to']);
});

test('what a query says that is not known is named', async () => {
	const answer = await acme.get(`${ACTIONS}?lmit=5&limit=5&a%2Fb=&&c`);
	assert.equal(good(answer).data.length, 5);
	assert.deepEqual(answer.headers['x-ignored-fields'].split(', '),
	    ['/lmit', '/a~1b', '/c']);
	assert.equal((await acme.get(ACTIONS)).headers['x-ignored-fields'],
	    undefined);
});

test('percent-encoding and plus signs in a query', async () => {
	assert.equal((await list('?%6cimit=%33')).data.length, 3);
	refused(await acme.get(`${ACTIONS}?limit=+3`),
	    400, 'INVALID_REQUEST', ['/limit']);
	for (const broken of ['%', '%3', '%zz', '%00'])
		assert.equal((await acme.get(
		    `${ACTIONS}?limit=${broken}`)).status, 400);
	const many = Array.from({ length: 65 }, (_, i) => `a${i}=1`);
	refused(await acme.get(`${ACTIONS}?${many.join('&')}`),
	    400, 'INVALID_REQUEST', ['']);
});

test('showing one: only what is an action\'s id', async () => {
	assert.match(made[0], ID);
	good(await acme.get(`${ACTIONS}/${made[0]}`));
	for (const id of [NO_ID, made[0].toUpperCase(), `${made[0]}0`,
	    made[0].slice(1), acme.tokenPoolId, acme.id, 'submit', 'x',
	    made[0].slice(0, 8) + made[1].slice(8)])
		refused(await acme.get(`${ACTIONS}/${id}`),
		    404, 'NOT_FOUND');
});

test('ids are in order of time, and not to be guessed', async () => {
	assert.deepEqual([...made].sort(), made);
	const steps = new Set();
	for (let i = 1; i < made.length; i++)
		steps.add(BigInt(`0x${made[i].slice(8)}`) -
		    BigInt(`0x${made[i - 1].slice(8)}`));
	assert.equal(steps.size, made.length - 1);
});
