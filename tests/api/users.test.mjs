// Users: making them known, showing them, and what they hold and spend.
// stakeholders.test.mjs has how actions name them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, ID, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

const USERS = '/v1/partner/users';
const at = (name) => `${USERS}/${encodeURIComponent(name)}`;
const create = (body) => acme.post(USERS, body);
const show = (name) => acme.get(at(name));

let keys = 0;
const redeem = (name, tokens, changes = {}) => acme.post(
    `${at(name)}/redeem`,
    { tokens, idempotencyKey: `redeem_${++keys}`, ...changes });
const reward = async (partnerUserId, amount) => good(await acme.submit({
	amount, stakeholders: [{ stakeholderTypeCode: 'CUSTOMER',
	    partnerUserId }] }));

test('POST /users makes a user, GET /users/:id shows the same', async () => {
	const body = good(await create({ externalId: 'jane',
	    email: 'Jane@Shop.Example', firstName: 'Jane',
	    lastName: 'Doe' }), 201);
	const { userId, createdAt } = body;
	assert.match(userId, ID);
	assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
	assert.deepEqual(body, { userId, externalId: 'jane',
	    email: 'jane@shop.example', firstName: 'Jane', lastName: 'Doe',
	    createdAt, metadata: null });
	assert.deepEqual(good(await show('jane')), body);
	assert.deepEqual(good(await show('JANE@shop.example')), body);
});

test('an id alone, or an e-mail alone, is enough', async () => {
	const one = good(await create({ externalId: 'only-id' }), 201);
	assert.deepEqual([one.email, one.firstName, one.lastName],
	    [null, null, null]);
	const two = good(await create({ email: 'only@e.example' }), 201);
	assert.equal(two.externalId, null);
	assert.deepEqual(good(await show('only@e.example')), two);
	refused(await create({ firstName: 'Nobody' }),
	    400, 'INVALID_REQUEST', ['/externalId']);
	refused(await create({}), 400, 'INVALID_REQUEST', ['/externalId']);
});

test('null is the same as nothing', async () => {
	const made = good(await create({ externalId: 'nulls', email: null,
	    firstName: null, lastName: null }), 201);
	assert.equal(made.email, null);
});

test('USER_CONFLICT: an id or an e-mail that is taken', async () => {
	for (const body of [{ externalId: 'jane' },
	    { email: 'JANE@SHOP.EXAMPLE' },
	    { externalId: 'jane', email: 'new@n.example' },
	    { externalId: 'new', email: 'jane@shop.example' }])
		refused(await create(body), 409, 'USER_CONFLICT');
	refused(await show('new'), 404, 'NOT_FOUND');
	refused(await show('new@n.example'), 404, 'NOT_FOUND');
});

test('all faults of a new user at once', async () => {
	refused(await create({ externalId: 'a/b', email: 'x',
	    firstName: 'f'.repeat(129), lastName: 7 }),
	    400, 'INVALID_REQUEST',
	    ['/externalId', '/email', '/firstName', '/lastName']);
	refused(await create([]), 400, 'INVALID_REQUEST', ['']);
	refused(await create('"jane"'), 400, 'INVALID_REQUEST', ['']);
});

for (const name of ['a b', '%41', 'a?b#c&d=e', 'u.ser~1', '<&>"\'', '100%',
    '\u0142\u{1f397}', '+', 'a+b@c.example', 'balance', 'a;b,c', '...'])
	test(`a user called ${name} has an address`, async () => {
		good(await create({ externalId: name }), 201);
		assert.equal(good(await show(name)).externalId, name);
		await reward(name, 3);
		assert.equal((await balance(acme, name)).available, 3);
		good(await redeem(name, 2));
	});

test('an id goes before an e-mail that is spelled the same', async () => {
	good(await create({ email: 'same@s.example', firstName: 'E' }), 201);
	good(await create({ externalId: 'same@s.example', firstName: 'I' }),
	    201);
	assert.equal(good(await show('same@s.example')).firstName, 'I');
	assert.equal(good(await show('Same@s.example')).firstName, 'E');
});

test('who is not there', async () => {
	for (const name of ['nobody', 'Jane', 'nobody@n.example', 'jane ']) {
		refused(await show(name), 404, 'NOT_FOUND');
		refused(await acme.get(`${at(name)}/balance`),
		    404, 'NOT_FOUND');
		refused(await redeem(name, 1), 404, 'NOT_FOUND');
	}
	refused(await acme.get(`${USERS}/`), 404, 'NOT_FOUND');
	refused(await acme.get(`${USERS}//balance`), 404, 'NOT_FOUND');
	refused(await acme.get(`${at('jane')}/`), 404, 'NOT_FOUND');
	refused(await acme.get(`${at('jane')}/wallet`), 404, 'NOT_FOUND');
});

test('a balance of nothing', async () => {
	assert.deepEqual(await balance(acme, 'jane'), {
		externalId: 'jane', available: 0, pending: 0, debt: 0,
		lifetimeEarned: 0, lifetimeSpent: 0, lifetimeClawedBack: 0,
		expiringSoon: 0,
	});
});

test('redeem spends tokens, and tells what is left', async () => {
	await reward('jane', 50);
	const body = good(await redeem('jane', 15, {
	    idempotencyKey: 'coffee', reason: 'A coffee' }));
	const { redemptionId, transactionId, createdAt } = body;
	assert.match(redemptionId, ID);
	assert.match(transactionId, ID);
	assert.deepEqual(body, { redemptionId, externalId: 'jane',
	    tokens: 15, available: 35, transactionId,
	    idempotencyKey: 'coffee', createdAt });
	const { available, lifetimeEarned, lifetimeSpent,
	    lifetimeClawedBack } = await balance(acme, 'jane');
	assert.deepEqual([available, lifetimeEarned, lifetimeSpent,
	    lifetimeClawedBack], [35, 50, 15, 0]);
});

test('the same key gets the first answer, whoever spends', async () => {
	const first = good(await redeem('jane', 5,
	    { idempotencyKey: 'tea', reason: 'Tea' }));
	await reward('jane', 100);
	good(await redeem('jane', 1));
	for (const [name, tokens, reason, bodyMatches] of [
		['jane', 5, 'Tea', true], ['jane', 6, 'Tea', false],
		['jane', 5, undefined, false], ['jane', 9999, 'Tea', false],
		['only-id', 5, 'Tea', false], ['nobody', 5, 'Tea', false],
	]) {
		const answer = await redeem(name, tokens,
		    { idempotencyKey: 'tea', reason });
		assert.equal(answer.status, 409, answer.text);
		assert.deepEqual(answer.body,
		    { ...first, code: 'IDEMPOTENT', bodyMatches });
	}
	assert.equal((await balance(acme, 'jane')).lifetimeSpent, 21);
});

test('INSUFFICIENT_BALANCE: nothing is spent, the key stays free', async () => {
	await reward('kim', 10);
	const { detail } = refused(await redeem('kim', 11,
	    { idempotencyKey: 'kim' }), 402, 'INSUFFICIENT_BALANCE');
	assert.match(detail, /10 .* 11/);
	refused(await redeem('only-id', 1), 402, 'INSUFFICIENT_BALANCE');
	refused(await redeem('kim', 10 ** 15), 402, 'INSUFFICIENT_BALANCE');
	good(await redeem('kim', 10, { idempotencyKey: 'kim' }));
	refused(await redeem('kim', 1), 402, 'INSUFFICIENT_BALANCE');
	assert.equal((await balance(acme, 'kim')).available, 0);
});

for (const tokens of [0, -1, 1.5, '5', null, undefined, 10 ** 15 + 1, true,
    [1], 1e300])
	test(`redeeming ${JSON.stringify(tokens)} is refused`, async () => {
		refused(await redeem('jane', tokens),
		    400, 'INVALID_REQUEST', ['/tokens']);
	});

test('redeem wants a key, and takes a reason', async () => {
	for (const idempotencyKey of [undefined, null, '', 'k'.repeat(256)])
		refused(await redeem('jane', 1, { idempotencyKey }),
		    400, 'INVALID_REQUEST', ['/idempotencyKey']);
	refused(await redeem('jane', 1, { reason: 'x'.repeat(501) }),
	    400, 'INVALID_REQUEST', ['/reason']);
	good(await redeem('jane', 1, { reason: null }));
	good(await redeem('jane', 1, { reason: 'x'.repeat(500) }));
});

test('the name in the address is who spends, not one in the body', async () => {
	const answer = await redeem('jane', 1, { externalId: 'kim' });
	assert.equal(good(answer).externalId, 'jane');
	assert.equal(answer.headers['x-ignored-fields'], '/externalId');
});

test('an e-mail in the address is the person who has it', async () => {
	const { available } = await balance(acme, 'jane');
	const body = good(await redeem('jane@shop.example', 1));
	assert.deepEqual([body.externalId, body.available],
	    ['jane', available - 1]);
});

test('lifetime sums stay right through all that happens', async () => {
	const action = await reward('lou', 100);
	good(await redeem('lou', 30));
	const reverse = async (reversalPercentage) => good(await acme.post(
	    `/v1/partner/actions/${action.actionId}/reverse`, {
		reversalPercentage, refundIdempotencyKey: `l${++keys}` }));
	await reverse(50);
	await reward('lou', 40);
	await reverse(50);
	const all = await balance(acme, 'lou');
	assert.deepEqual(all, { externalId: 'lou', available: 10, pending: 0,
	    debt: 0, lifetimeEarned: 140, lifetimeSpent: 30,
	    lifetimeClawedBack: 100, expiringSoon: 0 });
	assert.equal(all.available, all.lifetimeEarned - all.lifetimeSpent -
	    all.lifetimeClawedBack);
});
