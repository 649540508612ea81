// Eight requests at the same moment: one key, one pool, one wallet, one new
// user.  Whatever the order, the books come out the same.  Here they go to
// eight processes; with RACE_PROCS=1 all go to the threads of one.

import assert from 'node:assert/strict';
import http from 'node:http';
import test, { after } from 'node:test';
import { balance, good, pool, refused, rows } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const PROCS = 8;
const ROUNDS = 5;
const servers = Number(process.env.RACE_PROCS ?? PROCS);

const site = await useSite({ procs: servers });
const acme = await site.partner();

const USERS = '/v1/partner/users';
const SUBMIT = '/v1/partner/actions/submit';

/** A connection each, so that each may go to another process. */
const agents = Array.from({ length: PROCS },
    () => new http.Agent({ keepAlive: true, timeout: 3000 }));
after(() => agents.forEach((agent) => agent.destroy()));

/** Do it eight times at once: the answers, by status. */
async function atOnce(ask) {
	const answers = await Promise.all(
	    agents.map((agent, i) => ask({ agent }, i)));
	const by = {};
	for (const answer of answers)
		(by[answer.status] ??= []).push(answer);
	return by;
}

const stakeholders = (...names) => names.map((partnerUserId) => ({
	stakeholderTypeCode: 'CUSTOMER', partnerUserId }));

test('the processes are as many as were asked for', async () => {
	if (!site.server.startsWith('apache'))
		assert.ok(site.workers().length >= servers);
	await atOnce((options) => acme.get('/v1/partner/actions', options));
});

for (let round = 1; round <= ROUNDS; round++)
	test(`one key: one 200, seven 409, round ${round}`, async () => {
		const before = await pool(acme);
		const body = purchase({ stakeholders:
		    stakeholders(`new_${round}`) });
		const by = await atOnce((options) =>
			acme.post(SUBMIT, body, options));
		assert.deepEqual([by[200]?.length, by[409]?.length], [1, 7],
		    JSON.stringify(Object.keys(by)));
		const first = good(by[200][0]);
		for (const { body: again } of by[409])
			assert.deepEqual(again, { ...first,
			    code: 'IDEMPOTENT', bodyMatches: true });
		assert.equal((await pool(acme)).availableBalance,
		    before.availableBalance - 50);
		assert.equal(
		    (await balance(acme, `new_${round}`)).available, 50);
	});

test('one key, eight different bodies: the first one counts', async () => {
	const before = await pool(acme);
	const body = purchase();
	const by = await atOnce((options, i) =>
		acme.post(SUBMIT, { ...body, amount: i + 1 }, options));
	assert.deepEqual([by[200]?.length, by[409]?.length], [1, 7]);
	const first = good(by[200][0]);
	for (const { body: again } of by[409])
		assert.deepEqual(again, { ...first, code: 'IDEMPOTENT',
		    bodyMatches: false });
	assert.equal((await pool(acme)).availableBalance,
	    before.availableBalance - first.tokensDistributed);
});

test('all drain one pool: never below zero, the sum exact', async () => {
	const poor = await site.partner({ slug: 'poor', tokens: 500 });
	let paid = 0, refusals = 0;
	const drain = async ({ agent }) => {
		for (let i = 0; i < 20; i++) {
			const amount = 1 + (i * 7) % 13;
			const answer = await poor.submit({ amount },
			    { agent });
			if (answer.status === 200) {
				paid += answer.body.tokensDistributed;
				continue;
			}
			refused(answer, 402, 'INSUFFICIENT_POOL');
			refusals++;
		}
		return { status: 0 };
	};
	await atOnce(drain);
	const { availableBalance, distributed } = await pool(poor);
	assert.equal(availableBalance, 500 - paid);
	assert.equal(distributed, paid);
	assert.ok(availableBalance >= 0 && availableBalance < 13);
	assert.ok(refusals > 0);
	assert.equal((await balance(poor, 'user_42')).available, paid);
	const [{ n }] = await rows(site, 'SELECT count(*) AS n FROM events e' +
	    ' JOIN tenants t ON t.id = e.tenant' +
	    ' JOIN partners p ON p.id = t.partner' +
	    " WHERE p.slug = 'poor' AND e.type = 2");
	assert.equal(n, refusals);
});

test('a reward for which only one of eight finds enough', async () => {
	for (let round = 0; round < ROUNDS; round++) {
		const poor = await site.partner({ tokens: 99 });
		const by = await atOnce((options) =>
			poor.submit({ amount: 50 }, options));
		assert.deepEqual([by[200]?.length, by[402]?.length], [1, 7]);
		assert.equal((await pool(poor)).availableBalance, 49);
	}
});

test('the same tokens are spent once', async () => {
	for (let round = 0; round < ROUNDS; round++) {
		const user = `spender_${round}`;
		good(await acme.submit({ amount: 10,
		    stakeholders: stakeholders(user) }));
		const redeem = (key) => (options, i) => acme.post(
		    `${USERS}/${user}/redeem`, { tokens: 10,
			idempotencyKey: `${user}_${key ?? i}` }, options);
		const by = await atOnce(redeem());
		assert.deepEqual([by[200]?.length, by[402]?.length], [1, 7]);
		const all = await balance(acme, user);
		assert.deepEqual([all.available, all.lifetimeSpent], [0, 10]);

		good(await acme.submit({ amount: 25,
		    stakeholders: stakeholders(user) }));
		const same = await atOnce(redeem('same'));
		assert.deepEqual([same[200]?.length, same[409]?.length],
		    [1, 7]);
		assert.equal((await balance(acme, user)).available, 15);
	}
});

test('an action is taken back once, by keys and by halves', async () => {
	for (let round = 0; round < ROUNDS; round++) {
		const user = `returner_${round}`;
		const { actionId } = good(await acme.submit({ amount: 80,
		    stakeholders: stakeholders(user) }));
		const by = await atOnce((options, i) => acme.post(
		    `/v1/partner/actions/${actionId}/reverse`, {
			refundIdempotencyKey: `${user}_${i % 4}`,
			reversalPercentage: 40 }, options));
		/* Two of four keys find 40 %; the others of theirs repeat. */
		assert.equal(by[200]?.length, 2);
		assert.equal(by[409]?.length, 6);
		assert.equal(by[409].filter(
		    ({ body }) => body.code === 'IDEMPOTENT').length, 2);
		assert.equal((await balance(acme, user)).available, 16);
	}
});

test('one new user, made by all at once', async () => {
	for (let round = 0; round < ROUNDS; round++) {
		const name = `crowd_${round}`;
		const by = await atOnce((options) => acme.submit({ amount: 3,
		    stakeholders: [{ ...stakeholders(name)[0],
			userEmail: `${name}@c.example` }] }, options));
		assert.equal(by[200]?.length, PROCS);
		assert.equal((await balance(acme, name)).available, 24);

		/* Signed alike, they are one request. */
		const made = await atOnce((options) => acme.post(USERS,
		    { externalId: `made_${round}` }, options));
		assert.equal(made[201]?.length, PROCS);
		assert.equal(new Set(made[201].map((a) => a.text)).size, 1);

		const others = await atOnce((options, i) => acme.post(USERS,
		    { externalId: `one_${round}`, lastName: `${i}` },
		    options));
		assert.deepEqual([others[201]?.length, others[409]?.length],
		    [1, 7]);
	}
});

test('one Idempotency-Key, eight times at once', async () => {
	const by = await atOnce((options, i) => acme.post(USERS,
	    { externalId: 'keyed' }, { ...options,
		timestamp: site.clock.now() + i,
		headers: { 'Idempotency-Key': 'the key' } }));
	assert.equal(by[201]?.length, PROCS);
	assert.equal(by[201].filter(({ headers }) =>
		headers['idempotent-replayed'] === 'true').length, 7);
});

test('e-mails that two ids claim at once go to one of them', async () => {
	const by = await atOnce((options, i) => acme.submit({ amount: 1,
	    stakeholders: [{ ...stakeholders(`claims_${i}`)[0],
		userEmail: 'claimed@c.example' }] }, options));
	assert.deepEqual([by[200]?.length, by[409]?.length], [1, 7]);
	for (const answer of by[409])
		refused(answer, 409, 'USER_CONFLICT');
});

test('while all write, readers see the books whole', async () => {
	let writing = true;
	const readers = (async () => {
		while (writing) {
			const { totalAllocated, availableBalance,
			    distributed } = await pool(acme);
			assert.equal(availableBalance + distributed,
			    totalAllocated);
		}
	})();
	await atOnce(async ({ agent }) => {
		for (let i = 0; i < 10; i++)
			good(await acme.submit({ amount: 2 }, { agent }));
		return { status: 0 };
	});
	writing = false;
	await readers;
	await site.verify();
});
