// Exchanges: tokens become points of another programme, once for each key and
// never more than there are, and come back whole.

import assert from 'node:assert/strict';
import test from 'node:test';
import { earn, exchange, history, programme, revert }
    from '../lib/exchange.mjs';
import { balance, good, ID, NO_ID, pool, refused, rows }
    from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const EXCHANGES = '/v1/partner/exchanges';
const HASH = /^[0-9a-f]{64}$/;
const site = await useSite();
const acme = await site.partner({ slug: 'acme' });
const other = await site.partner();
await programme(acme);

const made = async (changes) => good(await exchange(acme, changes), 201);
const holds = async (user, expected) => {
	const all = await balance(acme, user);
	assert.deepEqual({ available: all.available, debt: all.debt,
	    earned: all.lifetimeEarned, spent: all.lifetimeSpent,
	    back: all.lifetimeClawedBack }, expected);
};

test('tokens leave the wallet, and points are what they are worth',
    async () => {
	await earn(acme, 'ann', 300);
	const x = await made({ tokens: 250, idempotencyKey: 'first' });
	assert.match(x.exchangeId, ID);
	assert.match(x.transactionId, ID);
	assert.match(x.txHash, HASH);
	assert.deepEqual(x, { exchangeId: x.exchangeId, partnerUserId: 'ann',
		tokens: 250, programme: 'MILES', membershipId: 'M-1',
		points: 25, tokenName: 'Blue Miles', tokenSymbol: 'BLUE',
		status: 'COMPLETED', txHash: x.txHash,
		transactionId: x.transactionId, revertTxHash: null,
		revertTransactionId: null, debtOffset: 0,
		idempotencyKey: 'first', createdAt: '2025-05-10T11:20:00Z',
		revertedAt: null });
	await holds('ann', { available: 50, debt: 0, earned: 300, spent: 250,
	    back: 0 });
	const { data } = good(await acme.get(
	    '/v1/partner/users/ann/transactions?type=EXCHANGE'));
	assert.deepEqual(data, [{ transactionId: x.transactionId,
		type: 'EXCHANGE', tokens: -250, createdAt: x.createdAt,
		actionId: null, exchangeId: x.exchangeId }]);
	assert.deepEqual(good(await acme.get(
	    `${EXCHANGES}/${x.exchangeId}`)), x);
	const [entry] = await rows(site, 'SELECT e.change, lower(hex(t.hash))' +
	    ' AS hash FROM entries e JOIN transactions t ON t.tenant =' +
	    ' e.tenant AND t.number = e.number WHERE e.kind = 9');
	assert.deepEqual(entry, { change: 250, hash: x.txHash });
});

test('a key is used once, and its first answer stays', async () => {
	const body = { idempotencyKey: 'first', tokens: 250 };
	site.clock.advance(1);
	const again = await exchange(acme, body);
	assert.equal(again.status, 409);
	assert.equal(again.body.code, 'IDEMPOTENT');
	assert.equal(again.body.bodyMatches, true);
	good(await revert(acme, again.body.exchangeId, 'back'));
	site.clock.advance(1);
	const late = await exchange(acme, body);
	assert.deepEqual(late.body, again.body);
	const less = await exchange(acme, { ...body, tokens: 10 });
	assert.deepEqual(less.body, { ...again.body, bodyMatches: false });
	/* Another partner's keys are its own. */
	await earn(other, 'ann', 100);
	await programme(other);
	assert.equal((await exchange(other, body)).status, 402);
});

test('what is reverted comes back, whole and once', async () => {
	const x = await made({ tokens: 50 });
	site.clock.advance(5);
	const back = good(await revert(acme, x.exchangeId, 'once'));
	assert.match(back.revertTxHash, HASH);
	assert.match(back.revertTransactionId, ID);
	assert.deepEqual(back, { ...x, status: 'REVERTED',
		revertTxHash: back.revertTxHash,
		revertTransactionId: back.revertTransactionId,
		revertedAt: back.revertedAt });
	assert.notEqual(back.revertTxHash, x.txHash);
	await holds('ann', { available: 300, debt: 0, earned: 300, spent: 0,
	    back: 0 });

	site.clock.advance(1);
	const again = await revert(acme, x.exchangeId, 'once');
	assert.equal(again.status, 409);
	assert.deepEqual(again.body, { ...back, code: 'IDEMPOTENT',
		bodyMatches: true });
	const y = await made({ tokens: 10 });
	const wrong = await revert(acme, y.exchangeId, 'once');
	assert.deepEqual(wrong.body, { ...again.body, bodyMatches: false });
	refused(await revert(acme, x.exchangeId), 409, 'ALREADY_REVERSED');
	refused(await revert(acme, NO_ID), 404, 'NOT_FOUND');
	refused(await revert(other, y.exchangeId), 404, 'NOT_FOUND');
	refused(await other.get(`${EXCHANGES}/${y.exchangeId}`), 404,
	    'NOT_FOUND');
	const { data } = good(await acme.get(
	    '/v1/partner/users/ann/transactions?type=EXCHANGE_REVERT'));
	assert.equal(data[0].exchangeId, x.exchangeId);
	good(await revert(acme, y.exchangeId));
});

test('what cannot be exchanged is refused, and nothing is booked',
    async () => {
	await earn(acme, 'bob', 100);
	await programme(acme, { code: 'CLOSED', status: 'INACTIVE' });
	await programme(acme, { code: 'RICH', tokens: 1, points: 1e9 });
	await programme(acme, { code: 'ODD', tokens: 6, points: 4 });
	const before = await rows(site, 'SELECT * FROM transactions');
	const bob = (changes) => exchange(acme,
	    { partnerUserId: 'bob', ...changes });

	const short = refused(await bob({ tokens: 110 }), 402,
	    'INSUFFICIENT_BALANCE');
	assert.deepEqual([short.available, short.needed], [100, 110]);
	refused(await bob({ programme: 'NOBODY' }), 422,
	    'PROGRAMME_NOT_FOUND');
	refused(await exchange(other, { programme: 'CLOSED' }), 422,
	    'PROGRAMME_NOT_FOUND');
	refused(await bob({ programme: 'CLOSED' }), 422,
	    'PROGRAMME_INACTIVE');
	refused(await bob({ partnerUserId: 'nobody' }), 422,
	    'USER_NOT_FOUND');
	for (const tokens of [1, 9, 15, 99])
		refused(await bob({ tokens }), 400, 'INVALID_REQUEST',
		    ['/tokens']);
	const { errors: [{ detail }] } = (await bob({ programme: 'ODD',
		tokens: 100 })).body;
	assert.equal(detail, 'Points are whole: give a multiple of 3, since' +
	    ' 6 tokens are 4 BLUE.');
	refused(await bob({ programme: 'RICH', tokens: 1e15 }), 400,
	    'INVALID_REQUEST', ['/tokens']);
	refused(await bob({ tokens: 0, programme: 'miles', membershipId: '',
		idempotencyKey: '' }), 400, 'INVALID_REQUEST', ['/tokens',
		'/programme', '/membershipId', '/idempotencyKey']);
	refused(await acme.post(EXCHANGES, {}), 400, 'INVALID_REQUEST');
	assert.deepEqual(await rows(site, 'SELECT * FROM transactions'),
	    before);
	assert.equal((await made({ partnerUserId: 'bob', programme: 'ODD',
		tokens: 99 })).points, 66);
});

test('it takes the scope, and a secret key', async () => {
	const reader = await acme.newKey({ scopes: 'read' });
	refused(await exchange(reader), 403, 'INSUFFICIENT_SCOPE');
	refused(await revert(reader, NO_ID), 403, 'INSUFFICIENT_SCOPE');
	good(await reader.get(EXCHANGES));
	refused(await acme.signed('POST', EXCHANGES, { key: 'pk', body: {} }),
	    403, 'SECRET_KEY_REQUIRED');
	refused(await site.request('GET', EXCHANGES, {}), 401,
	    'MISSING_CREDENTIALS');
});

test('of two that want the last tokens, one has them', async () => {
	for (let n = 0; n < 8; n++) {
		const user = `race_${n}`;
		await earn(acme, user, 100);
		const answers = await Promise.all(Array.from({ length: 4 },
		    () => exchange(acme, { partnerUserId: user })));
		assert.deepEqual(answers.map((a) => a.status).sort(),
		    [201, 402, 402, 402]);
		assert.equal((await balance(acme, user)).available, 0);
	}
});

test('the same exchange at the same moment is one', async () => {
	await earn(acme, 'twin', 1000);
	const answers = await Promise.all(Array.from({ length: 6 },
	    (_, n) => exchange(acme, { partnerUserId: 'twin',
		idempotencyKey: 'twin', membershipId: `M-${n % 2}` })));
	assert.deepEqual(answers.map((a) => a.status).sort(),
	    [201, 409, 409, 409, 409, 409]);
	const [{ exchangeId }] = answers.map((a) => a.body);
	assert.ok(answers.every((a) => a.body.exchangeId === exchangeId));
	const backs = await Promise.all(Array.from({ length: 4 },
	    () => revert(acme, exchangeId)));
	assert.deepEqual(backs.map((a) => a.status).sort(),
	    [200, 409, 409, 409]);
	assert.deepEqual(await history(acme, 'twin'), [['REWARD', 1000],
		['EXCHANGE', -100], ['EXCHANGE_REVERT', 100]]);
});

test('what comes back pays first what is owed', async () => {
	const action = await earn(acme, 'cat', 100);
	const x = await made({ partnerUserId: 'cat', tokens: 60 });
	good(await acme.post(
	    `/v1/partner/actions/${action.actionId}/reverse`,
	    { refundIdempotencyKey: 'cat' }));
	await holds('cat', { available: 0, debt: 60, earned: 100, spent: 60,
	    back: 40 });
	assert.equal(good(await revert(acme, x.exchangeId)).debtOffset, 60);
	await holds('cat', { available: 0, debt: 0, earned: 100, spent: 0,
	    back: 100 });

	const more = await earn(acme, 'cat', 100);
	const y = await made({ partnerUserId: 'cat', tokens: 90 });
	good(await acme.post(`/v1/partner/actions/${more.actionId}/reverse`,
	    { refundIdempotencyKey: 'cat2', reversalPercentage: 50 }));
	await holds('cat', { available: 0, debt: 40, earned: 200, spent: 90,
	    back: 110 });
	assert.equal(good(await revert(acme, y.exchangeId)).debtOffset, 40);
	await holds('cat', { available: 50, debt: 0, earned: 200, spent: 0,
	    back: 150 });
});

test('pending tokens stay, and those that expire first go first',
    async () => {
	const newPool = async (...more) => (await site.cli('pool', 'create',
	    '--partner', 'acme', '--side', 'test', '--name', more.join(' '),
	    )).tokenPoolId;
	const slow = await newPool('slow'), brief = await newPool('brief');
	const words = ['--partner', 'acme', '--side', 'test', '--pool'];
	for (const [id, ...set] of [[slow, '--vesting-days', '5'],
		[brief, '--expiry-days', '9']]) {
		await site.cli('pool', 'set', ...words, id, ...set);
		await site.cli('pool', 'allocate', ...words, id, '--tokens',
		    '1000');
	}
	await earn(acme, 'dan', 40, { tokenPoolId: slow });
	await earn(acme, 'dan', 30, { tokenPoolId: brief });
	await earn(acme, 'dan', 20);
	refused(await exchange(acme, { partnerUserId: 'dan', tokens: 60 }),
	    402, 'INSUFFICIENT_BALANCE');
	const x = await made({ partnerUserId: 'dan', tokens: 30 });
	site.clock.advance(10 * 86400);
	assert.equal((await balance(acme, 'dan')).available, 60);
	/* Back they come free: they were bought once. */
	good(await revert(acme, x.exchangeId));
	assert.equal((await balance(acme, 'dan')).available, 90);
	assert.equal((await balance(acme, 'dan')).expiringSoon, 0);
});

test('a revert books first what has expired', async () => {
	const p = await site.partner();
	await programme(p);
	const words = ['--partner', p.slug, '--side', 'test', '--pool',
		p.tokenPoolId];
	const full = async () => (await pool(p)).availableBalance;
	const start = await full();
	const plain = await earn(p, 'fay', 50);
	const x = good(await exchange(p, { partnerUserId: 'fay', tokens: 50 }),
	    201);
	await site.cli('pool', 'set', ...words, '--expiry-days', '9');
	await earn(p, 'fay', 40);
	site.clock.advance(10 * 86400);
	assert.equal(await full(), start - 90);
	const back = good(await revert(p, x.exchangeId));
	assert.equal(back.debtOffset, 0);
	assert.equal(await full(), start - 50);
	assert.deepEqual(await history(p, 'fay'), [['REWARD', 50],
		['EXCHANGE', -50], ['REWARD', 40], ['EXPIRY', -40],
		['EXCHANGE_REVERT', 50]]);
	assert.equal((await balance(p, 'fay')).available, 50);
	/* Refused, and sent again: nothing more is booked. */
	refused(await revert(p, x.exchangeId), 409, 'ALREADY_REVERSED');
	good(await p.post(`/v1/partner/actions/${plain.actionId}/reverse`,
	    { refundIdempotencyKey: 'fay' }));
	assert.equal(await full(), start);
});

test('a list by what is asked for', async () => {
	await earn(other, 'eve', 1000);
	await programme(other, { code: 'STARS', tokens: 1 });
	const ids = [];
	for (let n = 0; n < 6; n++) {
		site.clock.advance(60);
		const x = good(await exchange(other, { partnerUserId:
		    n % 2 ? 'eve' : 'ann', tokens: 10,
		    programme: n < 2 ? 'STARS' : 'MILES' }), 201);
		ids.unshift(x.exchangeId);
	}
	const list = async (query) => {
		const { data, pagination } = good(await other.get(
		    `${EXCHANGES}?${query}`));
		assert.ok(pagination.total === null ||
		    pagination.total >= data.length);
		return data.map((x) => ids.indexOf(x.exchangeId));
	};
	good(await revert(other, ids[1]));
	assert.deepEqual(await list(''), [0, 1, 2, 3, 4, 5]);
	assert.deepEqual(await list('status=REVERTED'), [1]);
	assert.deepEqual(await list('status=COMPLETED'), [0, 2, 3, 4, 5]);
	assert.deepEqual(await list('programme=STARS'), [4, 5]);
	assert.deepEqual(await list('partnerUserId=eve'), [0, 2, 4]);
	assert.deepEqual(await list('partnerUserId=nobody'), []);
	assert.deepEqual(await list('partnerUserId=ann&status=REVERTED'),
	    [1]);
	const at = new Date((site.clock.now() - 60) * 1000).toISOString();
	assert.deepEqual(await list(`from=${at}`), [0, 1]);
	assert.deepEqual(await list(`to=${at}`), [1, 2, 3, 4, 5]);
	assert.deepEqual(await list('limit=2&page=2'), [2, 3]);
	const { pagination } = good(await other.get(`${EXCHANGES}?limit=4`));
	assert.deepEqual(await list(`cursor=${pagination.nextCursor}`),
	    [4, 5]);
	refused(await other.get(`${EXCHANGES}?cursor=${NO_ID}`), 400,
	    'INVALID_REQUEST', ['/cursor']);
	refused(await other.get(`${EXCHANGES}?status=LOST`), 400,
	    'INVALID_REQUEST', ['/status']);
});
