// Points that come in: POST /v1/inbound/points credits a member once for each
// hash, takes it back, and bears being told twice, late, or in a wrong order.

import assert from 'node:assert/strict';
import test from 'node:test';
import { basic, earn, hash, history, listen, points, tell }
    from '../lib/exchange.mjs';
import { balance, good, pool, refused, rows } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ slug: 'acme' });
const other = await site.partner({ slug: 'other' });
const secret = await listen(acme, { symbol: 'BLUE' });
const theirs = await listen(other);

const said = (changes) => tell(site, points(changes), secret);
const done = (answer) => assert.deepEqual([answer.status, answer.text],
    [204, '']);
const undo = (of, changes) => said({ transaction_type: 'debit',
	tx_hash_reverted: of.tx_hash, auth_id: of.auth_id,
	amount: of.amount, ...changes });
const person = (externalId, more = {}) => acme.post('/v1/partner/users',
    { externalId, ...more });
const available = async (user) => (await balance(acme, user)).available;
const count = async () => (await rows(site,
    'SELECT count(*) AS n FROM transactions'))[0].n;

await person('bob', { email: 'bob@example.org' });

test('points are tokens, out of the default pool', async () => {
	const before = (await pool(acme)).availableBalance;
	done(await said({ amount: 40 }));
	done(await said({ amount: 2, auth_id: 'BOB@example.org' }));
	assert.equal(await available('bob'), 42);
	assert.equal((await pool(acme)).availableBalance, before - 42);
	assert.deepEqual(await history(acme, 'bob'),
	    [['POINTS', 40], ['POINTS', 2]]);
	const { lifetimeEarned } = await balance(acme, 'bob');
	assert.equal(lifetimeEarned, 42);
	const { data } = good(await acme.get('/v1/partner/token-pools/' +
	    `${acme.tokenPoolId}/transactions?type=POINTS`));
	assert.deepEqual(data.map((line) => line.tokens), [-2, -40]);
});

test('one hash counts once, however often and at once', async () => {
	const one = points({ amount: 5 });
	const answers = await Promise.all(Array.from({ length: 6 },
	    () => tell(site, one, secret)));
	answers.forEach(done);
	done(await tell(site, { ...one, tx_hash: one.tx_hash.toUpperCase(),
		amount: 99 }, secret));
	assert.equal(await available('bob'), 47);
	/* Another side's hashes are its own. */
	await other.post('/v1/partner/users', { externalId: 'bob' });
	done(await tell(site, one, theirs));
	assert.equal((await balance(other, 'bob')).available, 5);
});

test('a revert takes it back, once', async () => {
	const one = points({ amount: 30 });
	done(await tell(site, one, secret));
	const before = await count();
	const back = points({ transaction_type: 'debit', amount: 30,
		tx_hash_reverted: one.tx_hash });
	for (let n = 0; n < 3; n++)
		done(await tell(site, back, secret));
	done(await undo(one));
	/* The credit that is told again is still known. */
	done(await tell(site, one, secret));
	assert.equal(await count(), before + 1);
	assert.equal(await available('bob'), 47);
	assert.deepEqual((await history(acme, 'bob')).slice(-2),
	    [['POINTS', 30], ['POINTS_REVERT', -30]]);
	assert.equal((await balance(acme, 'bob')).lifetimeClawedBack, 30);
});

test('a revert may call itself a credit, as the format has it', async () => {
	const one = points({ amount: 3 });
	done(await tell(site, one, secret));
	done(await undo(one, { transaction_type: 'credit' }));
	assert.equal(await available('bob'), 47);
});

test('what of it is spent is owed, and later points pay it', async () => {
	await person('cat');
	const before = (await pool(acme)).availableBalance;
	const one = points({ amount: 50, auth_id: 'cat' });
	done(await tell(site, one, secret));
	good(await acme.post('/v1/partner/users/cat/redeem',
	    { tokens: 20, idempotencyKey: 'cat' }));
	done(await undo(one));
	const all = await balance(acme, 'cat');
	assert.deepEqual([all.available, all.debt, all.lifetimeSpent,
		all.lifetimeClawedBack], [0, 20, 20, 30]);
	done(await said({ amount: 15, auth_id: 'cat' }));
	assert.equal((await balance(acme, 'cat')).debt, 5);
	await earn(acme, 'cat', 10);
	const then = await balance(acme, 'cat');
	assert.deepEqual([then.available, then.debt, then.lifetimeEarned,
		then.lifetimeClawedBack], [5, 0, 75, 50]);
	assert.equal((await pool(acme)).availableBalance, before - 25);
});

test('a revert before its credit: in the end nothing is given', async () => {
	const one = points({ amount: 60 });
	const before = await count();
	done(await undo(one));
	done(await undo(one));
	done(await tell(site, one, secret));
	done(await tell(site, one, secret));
	assert.equal(await available('bob'), 47);
	assert.equal(await count(), before);
});

test('a credit and its revert at the same moment', async () => {
	for (let n = 0; n < 6; n++) {
		const one = points({ amount: 7 });
		const answers = await Promise.all([tell(site, one, secret),
			undo(one), tell(site, one, secret), undo(one)]);
		answers.forEach(done);
		assert.equal(await available('bob'), 47);
	}
});

test('points are no reward: they neither vest nor expire', async () => {
	const green = await site.partner({ slug: 'green' });
	await site.cli('pool', 'set', '--partner', 'green', '--side', 'test',
	    '--pool', green.tokenPoolId, '--vesting-days', '5',
	    '--expiry-days', '9');
	const password = await listen(green);
	await green.post('/v1/partner/users', { externalId: 'bob' });
	done(await tell(site, points(), password));
	assert.equal((await balance(green, 'bob')).available, 100);
	site.clock.advance(30 * 86400);
	assert.equal((await balance(green, 'bob')).available, 100);
});

test('who is not known, or says it wrongly, is refused', async () => {
	const before = await count();
	const wrong = [undefined, 'almoner:wrong', `${secret}x`,
		secret.slice(0, -1), ''];
	for (const password of wrong) {
		const answer = await tell(site, points(), password);
		refused(answer, 401, 'INVALID_SIGNATURE');
		assert.match(answer.headers['www-authenticate'],
		    /^Basic realm=/);
	}
	for (const header of ['Basic', `Bearer ${secret}`, basic(secret)
	    .replace('Basic ', ''), `${basic(secret)}=`])
		refused(await tell(site, points(), undefined,
		    { Authorization: header }), 401, 'INVALID_SIGNATURE');
	refused(await said({ auth_id: 'nobody' }), 422, 'USER_NOT_FOUND');
	refused(await said({ token_symbol: 'GREEN' }), 422,
	    'PROGRAMME_NOT_FOUND');
	refused(await undo(points(), { token_symbol: 'blue' }), 422,
	    'PROGRAMME_NOT_FOUND');
	assert.equal(await count(), before);
	done(await tell(site, points({ amount: 1 }), undefined,
	    { Authorization: basic(secret).replace('Basic', 'basic') }));
	assert.equal(await available('bob'), 48);
});

test('every field is held to its form', async () => {
	const before = await count();
	const bad = { amount: [0, -1, 1.5, '100', null, 1e16, true],
		auth_id: ['', null, 7, 'x'.repeat(255)],
		token_symbol: ['', null, 7],
		transaction_type: ['CREDIT', 'refund', null],
		tx_hash: ['', 'abc', 'g'.repeat(64), `${hash(1)}0`, null],
		tx_hash_reverted: ['', 'x'.repeat(64), 5] };
	for (const [name, values] of Object.entries(bad))
		for (const value of values)
			refused(await said({ [name]: value }), 400,
			    'INVALID_REQUEST', [`/${name}`]);
	const whole = JSON.stringify(points());
	for (const amount of ['100.0', '1e2'])
		refused(await tell(site, whole.replace('100', amount),
		    secret), 400, 'INVALID_REQUEST', ['/amount']);
	refused(await tell(site, '{"amount": 1, "amount": 2}', secret), 400,
	    'MALFORMED_JSON');
	refused(await said({ transaction_type: 'debit' }), 400,
	    'INVALID_REQUEST', ['/tx_hash_reverted']);
	refused(await said({ tx_hash: hash(5), tx_hash_reverted: hash(5) }),
	    400, 'INVALID_REQUEST', ['/tx_hash_reverted']);
	const one = points({ amount: 8 });
	done(await tell(site, one, secret));
	refused(await undo(one, { amount: 7 }), 400, 'INVALID_REQUEST',
	    ['/amount']);
	done(await undo(one));
	assert.equal(await count(), before + 2);
	/* What only people read may be absent. */
	const { token_name: _, timestamp: __, tx_hash_reverted: ___,
	    ...bare } = points({ amount: 1 });
	done(await tell(site, bare, secret));
});

test('a pool that cannot pay has them try again', async () => {
	const poor = await site.partner({ slug: 'poor', tokens: 10 });
	const password = await listen(poor);
	await poor.post('/v1/partner/users', { externalId: 'bob' });
	const one = points({ amount: 11 });
	const { available: left, needed } = refused(await tell(site, one,
	    password), 402, 'INSUFFICIENT_POOL');
	assert.deepEqual([left, needed], [10, 11]);
	await site.cli('pool', 'allocate', '--partner', 'poor', '--side',
	    'test', '--pool', poor.tokenPoolId, '--tokens', '1');
	done(await tell(site, one, password));
	assert.equal((await balance(poor, 'bob')).available, 11);
});

test('a pool that is filled by itself is, for them too', async () => {
	const side = ['--partner', 'filled', '--side', 'test'];
	const filled = await site.partner({ slug: 'filled', tokens: 100 });
	const password = await listen(filled);
	await filled.post('/v1/partner/users', { externalId: 'bob' });
	const has = async () => {
		const { availableBalance, totalAllocated } =
		    await pool(filled);
		return [availableBalance, totalAllocated];
	};
	const say = (amount) => tell(site, points({ amount }), password);
	const set = (...more) => site.cli('pool', 'auto-refill', ...side,
	    '--threshold', '50', '--amount', '500', ...more);
	await set();
	/* More than both is refused, and nothing filled. */
	refused(await say(601), 402, 'INSUFFICIENT_POOL');
	assert.deepEqual(await has(), [100, 100]);
	done(await say(560));
	assert.deepEqual(await has(), [40, 600]);
	const { available: left, needed } = refused(await say(41), 402,
	    'INSUFFICIENT_POOL');
	assert.deepEqual([left, needed], [40, 41]);
	assert.equal((await balance(filled, 'bob')).available, 560);
	/* With a hand: it is asked, once, and they try again. */
	await set('--requires-approval', '--max-per-month', '3');
	const one = points({ amount: 90 });
	for (let n = 0; n < 3; n++)
		refused(await tell(site, one, password), 402,
		    'INSUFFICIENT_POOL');
	const { data: [asked, ...others] } = good(await filled.get(
	    '/v1/partner/token-pools/requests'));
	assert.deepEqual([asked.kind, asked.amount, others],
	    ['AUTO', 500, []]);
	await site.cli('request', 'approve', '--request', asked.requestId);
	done(await tell(site, one, password));
	assert.deepEqual(await has(), [450, 1100]);
});

test('what expired is booked first, and may pay for them', async () => {
	const lean = await site.partner({ slug: 'lean', tokens: 40 });
	await site.cli('pool', 'set', '--partner', 'lean', '--side', 'test',
	    '--pool', lean.tokenPoolId, '--expiry-days', '9');
	const password = await listen(lean);
	await earn(lean, 'bob', 40);
	const one = points({ amount: 30 });
	refused(await tell(site, one, password), 402, 'INSUFFICIENT_POOL');
	site.clock.advance(9 * 86400);
	assert.equal((await pool(lean)).availableBalance, 0);
	done(await tell(site, one, password));
	assert.equal((await pool(lean)).availableBalance, 10);
	assert.deepEqual(await history(lean, 'bob'), [['REWARD', 40],
		['EXPIRY', -40], ['POINTS', 30]]);
	const { available: left, lifetimeEarned } =
	    await balance(lean, 'bob');
	assert.deepEqual([left, lifetimeEarned], [30, 70]);
});

test('a suspended partner, a live side, a password that is gone',
    async () => {
	const side = ['--partner', 'other', '--side', 'test', '--format',
		'points'];
	await site.cli('partner', 'suspend', '--partner', 'other');
	refused(await tell(site, points(), theirs), 403,
	    'PARTNER_SUSPENDED');
	await site.cli('partner', 'approve', '--partner', 'other');
	const fresh = await listen(other);
	refused(await tell(site, points(), theirs), 401,
	    'INVALID_SIGNATURE');
	done(await tell(site, points(), fresh));
	/* Each side has a password, hashes and people of its own. */
	const live = await other.newKey({ side: 'live' });
	const words = ['--partner', 'other', '--side', 'live'];
	await site.cli('pool', 'create', ...words, '--name', 'Live');
	await site.cli('pool', 'allocate', ...words, '--tokens', '60');
	const real = await listen({ ...other, site, side: 'live' });
	const one = points({ amount: 50 });
	const before = (await balance(other, 'bob')).available;
	refused(await tell(site, one, real), 422, 'USER_NOT_FOUND');
	good(await live.post('/v1/partner/users', { externalId: 'bob' }), 201);
	done(await tell(site, one, real));
	done(await tell(site, { ...one, transaction_type: 'debit',
		tx_hash: hash(99), tx_hash_reverted: one.tx_hash }, fresh));
	assert.deepEqual([(await balance(live, 'bob')).available,
		(await balance(other, 'bob')).available], [50, before]);
	await site.cli('inbound', 'remove', ...side);
	refused(await tell(site, points(), fresh), 401, 'INVALID_SIGNATURE');
	done(await tell(site, points({ amount: 1 }), real));
});

test('whoever was erased: what they had is taken back all the same',
    async () => {
	await person('dan');
	const one = points({ amount: 9, auth_id: 'dan' });
	done(await tell(site, one, secret));
	const before = (await pool(acme)).availableBalance;
	site.clock.advance(1);
	await acme.signed('DELETE', '/v1/partner/users/dan');
	done(await undo(one));
	assert.equal((await pool(acme)).availableBalance, before + 9);
	refused(await said({ auth_id: 'dan' }), 422, 'USER_NOT_FOUND');
});
