// POST /actions/submit: what an action is worth, how it is split, and what is
// answered and kept.  submit-users.test.mjs has who is meant by a stakeholder,
// submit-again.test.mjs what happens to the same key.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, ID, NO_ID, pool, refused, rows }
    from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ tokens: 10 ** 12 });

const SUBMIT = '/v1/partner/actions/submit';

/** A purchase whose amount is written just so. */
const priced = (digits, changes) => acme.post(SUBMIT, JSON.stringify(
    purchase({ amount: '@', ...changes })).replace('"@"', digits));

const show = async (id) =>
	good(await acme.get(`/v1/partner/actions/${id}`));

test('Scenario 1: Jane buys for $49.99 and gets 50 tokens', async () => {
	const partner = await site.partner();
	const metadata = { orderId: '98765', sku: 'WIDGET-001',
	    channel: 'web' };
	const body = good(await partner.post(SUBMIT, {
		idempotencyKey: 'order_98765',
		actionType: 'PURCHASE',
		amount: 49.99,
		currency: 'USD',
		stakeholders: [{
			stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: 'user_42',
			userEmail: 'customer@example.com',
			userFirstName: 'Jane',
			userLastName: 'Doe',
		}],
		autoCreateUsers: true,
		metadata,
	}));
	const { actionId, transactionIds } = body;
	assert.match(actionId, ID);
	assert.match(transactionIds[0], ID);
	assert.deepEqual(body, {
		actionId,
		idempotencyKey: 'order_98765',
		status: 'COMPLETED',
		tokensDistributed: 50,
		transactionIds: [transactionIds[0]],
		campaignId: null,
		multiplier: null,
		appliedLimits: [],
		breakdown: [{
			stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: 'user_42',
			tokens: 50,
			debtOffset: 0,
			transactionId: transactionIds[0],
		}],
	});

	assert.equal((await balance(partner, 'user_42')).available, 50);
	const paid = await pool(partner);
	assert.equal(paid.availableBalance, 999950);
	assert.equal(paid.distributed, 50);

	const now = new Date(site.clock.now() * 1000).toISOString();
	const shown = good(
	    await partner.get(`/v1/partner/actions/${actionId}`));
	const { occurredAt, createdAt, ...rest } = shown;
	if (site.clock.file)
		assert.deepEqual([occurredAt, createdAt],
		    Array(2).fill(now.replace('.000', '')));
	assert.deepEqual(rest, {
		...body, actionType: 'PURCHASE', amount: 49.99,
		currency: 'USD', reversedPercentage: 0,
		tokenPoolId: partner.tokenPoolId, metadata,
	});

	const user = good(await partner.get('/v1/partner/users/user_42'));
	assert.equal(user.email, 'customer@example.com');
	assert.deepEqual([user.firstName, user.lastName], ['Jane', 'Doe']);
});

test('one event for the action, one for the new user', async () => {
	const partner = await site.partner({ slug: 'events' });
	good(await partner.submit());
	good(await partner.submit());
	const events = await rows(site,
	    'SELECT e.type, e.refers FROM events e' +
	    ' JOIN tenants t ON t.id = e.tenant' +
	    ' JOIN partners p ON p.id = t.partner' +
	    " WHERE p.slug = 'events' AND t.side = 'test' AND e.type <> 6" +
	    ' ORDER BY e.id');
	assert.deepEqual(events, [{ type: 5, refers: 1 },
	    { type: 1, refers: 1 }, { type: 1, refers: 2 }]);
});

for (const [type, digits, currency, tokens] of [
	['PURCHASE', '49.99', 'USD', 50], ['DONATION', '25.00', 'USD', 175],
	['PURCHASE', '0.49', 'USD', 0], ['PURCHASE', '0.5', 'USD', 1],
	['PURCHASE', '1.49', 'USD', 1], ['PURCHASE', '1.5', 'USD', 2],
	['PURCHASE', '2.50', 'USD', 3], ['PURCHASE', '3', 'EUR', 3],
	['DONATION', '0.07', 'USD', 0], ['DONATION', '0.08', 'USD', 1],
	['DONATION', '0.5', 'USD', 4], ['DONATION', '1.35', 'USD', 9],
	['PURCHASE', '4.9990e1', 'USD', 50], ['PURCHASE', '5E1', 'USD', 50],
	['PURCHASE', '500', 'JPY', 500], ['PURCHASE', '0', 'JPY', 0],
	['PURCHASE', '500.0', 'JPY', 500], ['DONATION', '1', 'JPY', 7],
	['PURCHASE', '1.499', 'KWD', 1], ['PURCHASE', '1.500', 'KWD', 2],
	['DONATION', '0.071', 'KWD', 0], ['DONATION', '0.072', 'KWD', 1],
	['PURCHASE', '8192.995', 'KWD', 8193],
	['PURCHASE', '100000000000.49', 'USD', 100000000000],
])
	test(`${type} of ${digits} ${currency} is ${tokens}`, async () => {
		const body = good(await priced(digits,
		    { actionType: type, currency }));
		assert.equal(body.tokensDistributed, tokens);
		const shown = await show(body.actionId);
		assert.equal(shown.amount, Number(digits));
	});

for (const [digits, currency] of [['49.999', 'USD'], ['0.001', 'USD'],
    ['500.5', 'JPY'], ['1.2345', 'KWD'], ['-1', 'USD'], ['-0.01', 'USD'],
    ['1e-3', 'USD'], ['10000000000000.01', 'USD'], ['1e300', 'USD'],
    ['1000000000000001', 'JPY'], ['1e15', 'USD'], ['0.1e-18', 'USD'],
    ['9223372036854775807', 'USD'], ['"49.99"', 'USD'], ['true', 'USD'],
    ['[49.99]', 'USD'], ['49.990000000000000000000001', 'USD'],
    ['92233720368547758.08', 'USD']])
	test(`an amount of ${digits} ${currency} is refused`, async () => {
		refused(await priced(digits, { currency }),
		    400, 'INVALID_REQUEST', ['/amount']);
	});

test('the largest amounts: refused for the pool or the reward', async () => {
	refused(await priced('10000000000000', {}),
	    402, 'INSUFFICIENT_POOL');
	refused(await priced('1000000000000000', { currency: 'JPY' }),
	    402, 'INSUFFICIENT_POOL');
	refused(await priced('142857142857143',
	    { currency: 'JPY', actionType: 'DONATION' }),
	    400, 'INVALID_REQUEST', ['/amount']);
});

for (const [name, changes, pointers] of [
	['without an amount', { amount: undefined }, ['/amount']],
	['with null for it', { amount: null }, ['/amount']],
	['without a currency', { currency: undefined }, ['/currency']],
	['without both', { amount: undefined, currency: null },
		['/currency', '/amount']],
	['in no currency', { currency: 'ABC' }, ['/currency']],
	['in small letters', { currency: 'usd' }, ['/currency']],
	['in two letters', { currency: 'US' }, ['/currency']],
])
	test(`a reward by amount ${name} is refused`, async () => {
		refused(await acme.submit(changes),
		    400, 'INVALID_REQUEST', pointers);
	});

test('a flat rule needs no amount, and keeps it where there is', async () => {
	await site.rule({ slug: acme.slug, type: 'VOLUNTEER', flat: 25 });
	const none = { actionType: 'VOLUNTEER',
	    amount: undefined, currency: undefined };
	const body = good(await acme.submit(none));
	assert.equal(body.tokensDistributed, 25);
	const { amount, currency } = await show(body.actionId);
	assert.deepEqual([amount, currency], [null, null]);

	const told = good(await acme.submit({ ...none, amount: 3.5,
	    currency: 'EUR' }));
	assert.equal(told.tokensDistributed, 25);
	const shown = await show(told.actionId);
	assert.deepEqual([shown.amount, shown.currency], [3.5, 'EUR']);
	refused(await acme.submit({ ...none, amount: 3.5 }),
	    400, 'INVALID_REQUEST', ['/currency']);
	refused(await acme.submit({ ...none, amount: 3.555,
	    currency: 'EUR' }), 400, 'INVALID_REQUEST', ['/amount']);
	const named = good(await acme.submit({ ...none, currency: 'EUR' }));
	assert.equal(named.tokensDistributed, 25);
});

test('rules are of one side of one partner, and can be changed', async () => {
	const partner = await site.partner();
	const { slug } = partner;
	const worth = async () => good(await partner.submit(
	    { amount: 3 })).tokensDistributed;
	await site.rule({ slug, side: 'live', type: 'PURCHASE', flat: 9 });
	await site.rule({ slug: acme.slug, type: 'OTHER', flat: 9 });
	assert.equal(await worth(), 3);
	await site.rule({ slug, type: 'PURCHASE', perUnit: '0.5' });
	assert.equal(await worth(), 2);
	await site.rule({ slug, type: 'PURCHASE', perUnit: '0.499999' });
	assert.equal(await worth(), 1);
	await site.rule({ slug, type: 'PURCHASE', flat: 0 });
	assert.equal(await worth(), 0);
	await site.rule({ slug, type: 'PURCHASE', perUnit: 2 });
	assert.equal(await worth(), 6);
	refused(await partner.submit({ actionType: 'OTHER' }),
	    422, 'NO_REWARD_RULE');
});

for (const [type, code] of [['REFERRAL', 'NO_REWARD_RULE'],
    ['purchase', null], ['9LIVES', null], ['A B', null], ['', null],
    ['A'.repeat(65), null], ['A'.repeat(64), 'NO_REWARD_RULE'],
    ['\u00c4RZTE', null], [null, null], [undefined, null], [1, null]])
	test(`actionType ${JSON.stringify(type)?.slice(0, 20)}`, async () => {
		const answer = await acme.submit({ actionType: type });
		if (code)
			refused(answer, 422, code);
		else
			refused(answer, 400, 'INVALID_REQUEST',
			    ['/actionType']);
	});

for (const key of ['', 'k'.repeat(256), null, undefined, 7, ['k']])
	test(`idempotencyKey ${JSON.stringify(key)?.slice(0, 20)}`,
	    async () => {
		refused(await acme.submit({ idempotencyKey: key }),
		    400, 'INVALID_REQUEST', ['/idempotencyKey']);
	    });

test('an idempotencyKey has any 1 to 255 characters', async () => {
	for (const key of ['x', 'k'.repeat(255), '\u{1f397}'.repeat(255),
	    ' ', 'a\n\t/"\\\u0001']) {
		const body = good(await acme.submit({ idempotencyKey: key }));
		assert.equal(body.idempotencyKey, key);
		const shown = await show(body.actionId);
		assert.equal(shown.idempotencyKey, key);
	}
});

const crowd = (count) => Array.from({ length: count }, (_, i) => ({
	stakeholderTypeCode: `ROLE_${i}`, partnerUserId: `crowd_${i}` }));

for (const [tokens, count, shares] of [
	[100, 3, [34, 33, 33]], [100, 6, [17, 17, 17, 17, 16, 16]],
	[3, 5, [1, 1, 1, 0, 0]], [0, 2, [0, 0]], [1, 20,
		[1, ...Array(19).fill(0)]],
	[50, 20, [...Array(10).fill(3), ...Array(10).fill(2)]],
])
	test(`${tokens} tokens over ${count} stakeholders`, async () => {
		const body = good(await acme.submit({ amount: tokens,
		    stakeholders: crowd(count) }));
		assert.deepEqual(body.breakdown.map((s) => s.tokens), shares);
		assert.deepEqual(body.breakdown.map(
		    (s) => [s.stakeholderTypeCode, s.partnerUserId]),
		    crowd(count).map((s) => Object.values(s)));
		assert.equal(body.tokensDistributed, tokens);
		assert.deepEqual((await show(body.actionId)).breakdown,
		    body.breakdown);
	});

for (const [name, stakeholders] of [['none', []], ['21', crowd(21)],
    ['an object', crowd(1)[0]], ['null', null], ['nothing', undefined]])
	test(`stakeholders: ${name} is refused`, async () => {
		refused(await acme.submit({ stakeholders }),
		    400, 'INVALID_REQUEST', ['/stakeholders']);
	});

test('one person in two roles gets both shares', async () => {
	const stakeholders = ['CUSTOMER', 'REFERRER'].map((role) => ({
		stakeholderTypeCode: role, partnerUserId: 'both' }));
	const body = good(await acme.submit({ amount: 5, stakeholders }));
	assert.deepEqual(body.breakdown.map((s) => s.tokens), [3, 2]);
	const { available, lifetimeEarned } = await balance(acme, 'both');
	assert.deepEqual([available, lifetimeEarned], [5, 5]);
});

test('a reward of nothing is an action without a transaction', async () => {
	const before = await pool(acme);
	const body = good(await acme.submit({ amount: 0.1 }));
	assert.deepEqual(body.transactionIds, []);
	assert.equal(body.breakdown[0].transactionId, null);
	assert.deepEqual(await pool(acme), before);
	const { amount, transactionIds } = await show(body.actionId);
	assert.deepEqual([amount, transactionIds], [0.1, []]);
});

test('tokenPoolId says which pool pays', async () => {
	const words = ['--partner', acme.slug, '--side', 'test'];
	const { tokenPoolId } = await site.cli('pool', 'create', ...words,
	    '--name', 'Second');
	refused(await acme.submit({ tokenPoolId }),
	    402, 'INSUFFICIENT_POOL');
	await site.cli('pool', 'allocate', ...words, '--pool', tokenPoolId,
	    '--tokens', '60');
	const before = await pool(acme);
	const body = good(await acme.submit({ tokenPoolId }));
	assert.equal((await show(body.actionId)).tokenPoolId, tokenPoolId);
	assert.deepEqual(await pool(acme), before);
	refused(await acme.submit({ tokenPoolId }),
	    402, 'INSUFFICIENT_POOL');
});

test('a pool or a campaign that is not there is refused', async () => {
	for (const id of [NO_ID, 'z'.repeat(24), tokenPoolUpper()])
		refused(await acme.submit({ tokenPoolId: id }),
		    422, 'POOL_NOT_FOUND');
	refused(await acme.submit({ tokenPoolId: 'x' }),
	    400, 'INVALID_REQUEST', ['/tokenPoolId']);
	refused(await acme.submit({ campaignId: NO_ID }),
	    422, 'CAMPAIGN_NOT_FOUND');
	good(await acme.submit({ tokenPoolId: null, campaignId: null }));

	await site.cli('partner', 'create', '--name', 'Bare', '--slug',
	    'bare');
	const bare = await acme.newKey({ slug: 'bare' });
	refused(await bare.submit(), 422, 'POOL_NOT_FOUND');
});

const tokenPoolUpper = () =>
	acme.tokenPoolId.replace(/[a-f]/g, (c) => c.toUpperCase());
