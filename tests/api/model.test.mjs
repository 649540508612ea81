// Random sequences of all that moves tokens, done to a server and to a plain
// model of the books (tests/lib/model.mjs).  After each step both say the same
// of the answer, of everybody who was touched and of the token pools; at the
// end of everybody and everything, and the audit has to agree.
//
// A failure names its seed: ALMONER_SEED=… has it again.  ALMONER_STEPS is how
// many steps each of the four sequences has, 500 if nothing is said.

import assert from 'node:assert/strict';
import test from 'node:test';
import { makeBoth } from '../lib/both.mjs';
import { rows } from '../lib/expect.mjs';
import { seeded } from '../lib/random.mjs';
import { useSite } from '../lib/site.mjs';

/* A witness takes its time with each request. */
const STEPS = Number(process.env.ALMONER_STEPS ??
    (process.env.ALMONER_PROXY ? 60 : 500));
const HISTORY = 25;

/** How often each kind of step is done. */
const LIVES = {
	'some of everything': { submit: 38, bulk: 14, reverse: 18, redeem: 16,
		allocate: 3, advance: 8, erase: 3 },
	'spending and returning': { submit: 14, bulk: 2, reverse: 50,
		redeem: 30, allocate: 1, advance: 3 },
	'days that go by': { submit: 40, bulk: 5, reverse: 8, redeem: 14,
		allocate: 3, advance: 30 },
	'points that come and go': { submit: 25, reverse: 14, redeem: 6,
		exchange: 20, unexchange: 14, points: 30, allocate: 2,
		advance: 5, erase: 2 },
};
const V1 = '/v1/partner';

const site = await useSite();

/** All of a list, walked by cursor. */
async function walk(partner, target) {
	const all = [];
	for (let cursor = ''; cursor !== null;) {
		const { body } = await partner.get(
		    `${target}?limit=100${cursor && `&cursor=${cursor}`}`);
		all.push(...body.data);
		cursor = body.pagination.nextCursor;
	}
	return all;
}

const sum = (list) => list.reduce((all, n) => all + n, 0);
const lines = async (partner, target) => sum((await walk(partner,
    `${target}/transactions`)).map(({ tokens }) => tokens));

async function compareUsers({ partner, model }) {
	const known = model.users.filter((user) => model.nameOf(user));
	const list = await walk(partner, `${V1}/users`);
	assert.deepEqual(list.map((user) => [user.externalId, user.email]),
	    known.map(({ externalId = null, email = null }) =>
		[externalId, email]).reverse());
	for (const user of known) {
		const name = encodeURIComponent(model.nameOf(user));
		assert.equal(await lines(partner, `${V1}/users/${name}`),
		    user.wallet, name);
	}
}

async function comparePools({ partner, model }) {
	for (const { id, available } of model.pools.values())
		assert.equal(await lines(partner, `${V1}/token-pools/${id}`),
		    available);
}

async function compareActions({ partner, model, actionIds }) {
	const list = await walk(partner, `${V1}/actions`);
	assert.deepEqual(list.map(({ actionId }) => actionId).reverse(),
	    actionIds);
	for (const [i, action] of model.actions.entries()) {
		const shown = list.at(-1 - i);
		assert.equal(shown.reversedPercentage, action.reversed / 1e4);
		assert.equal(shown.status, action.reversed === 0 ?
			'COMPLETED' : action.reversed < 1e6 ?
			'PARTIALLY_REVERSED' : 'REVERSED');
		assert.equal(shown.tokensDistributed, action.reward);
		assert.equal(shown.tokenPoolId, action.pool);
		for (const [place, one] of action.shares.entries()) {
			const { externalId } = model.users[one.user];
			const { partnerUserId, tokens, debtOffset } =
			    shown.breakdown[place];
			assert.deepEqual([tokens, debtOffset],
			    [one.tokens, one.debtOffset]);
			assert.equal(partnerUserId, externalId ?? null);
		}
	}
}

/** The accounts of all, those who were erased among them. */
async function compareAccounts({ partner, model }) {
	const held = Object.fromEntries((await rows(site,
	    'SELECT kind, sum(balance) AS tokens FROM accounts a' +
	    ' JOIN tenants t ON t.id = a.tenant' +
	    ' JOIN partners p ON p.id = t.partner' +
	    ` WHERE p.slug = '${partner.slug}' AND t.side = 'test'` +
	    ' GROUP BY kind')).map(({ kind, tokens }) => [kind, tokens]));
	const { users } = model;
	const pools = [...model.pools.values()];
	const debts = sum(users.flatMap((user) => user.debts)
	    .map((debt) => debt.left));
	const expired = sum(users.map((user) => user.expired));
	const wanted = {
		1: -sum(pools.map((pool) => pool.allocated)),
		2: sum(pools.map((pool) => pool.available)),
		3: sum(users.map((user) => user.wallet)),
		4: sum(users.map((user) => user.spent)),
		5: debts, 6: 0 - debts, 7: expired, 8: 0 - expired,
		9: sum(users.map((user) => user.exchanged)),
	};
	for (const [kind, tokens] of Object.entries(wanted))
		assert.equal(held[kind] ?? 0, tokens, `accounts of ${kind}`);
}

/** What the dashboard says of some days, added up from the ledger's rows. */
const counted = async (partner, from) => (await rows(site,
    `SELECT count(*) AS actions, coalesce(sum(a.tokens), 0) AS tokens,
	(SELECT count(*) FROM reversals r WHERE r.tenant = t.id
	AND r.created_at >= ${from}) AS reversals,
	(SELECT coalesce(sum(clawed_back), 0) FROM reversals r
	WHERE r.tenant = t.id AND r.created_at >= ${from}) AS back
    FROM tenants t JOIN partners p ON p.id = t.partner
    LEFT JOIN actions a ON a.tenant = t.id
    WHERE a.created_at >= ${from} AND p.slug = '${partner.slug}'
	AND t.side = 'test'`))[0];

async function compareOverview({ partner, model }) {
	const { body } = await partner.get(`${V1}/dashboard/overview`);
	const { allTime } = body;
	assert.equal(body.users,
	    model.users.filter((user) => model.nameOf(user)).length);
	assert.deepEqual([allTime.actions, allTime.tokensDistributed],
	    [model.actions.length, sum(model.actions.map((a) => a.reward))]);
	for (const one of [body.today, body.last7Days, body.last30Days,
	    allTime]) {
		const wanted = await counted(partner,
		    one.from === null ? 0 : Date.parse(one.from));
		assert.deepEqual([one.actions, one.tokensDistributed,
			one.reversals, one.tokensClawedBack],
		    [wanted.actions, wanted.tokens, wanted.reversals,
			wanted.back]);
	}
}

async function sequence(random, weights) {
	const both = await makeBoth(site, random, weights);
	try {
		for (let i = 0; i < STEPS; i++)
			await both.step();
		for (const user of both.model.users)
			await both.compareUser(user);
		await compareUsers(both);
		await comparePools(both);
		await compareActions(both);
		await compareAccounts(both);
		await compareOverview(both);
	} catch (error) {
		const { done } = both;
		error.stack = `after step ${done.length}; the last were\n` +
		    `${done.slice(-HISTORY).join('\n')}\n${error.stack}`;
		throw error;
	}
}

for (const [i, [life, weights]] of Object.entries(LIVES).entries())
	test(`${STEPS} random steps: ${life}`, () =>
		seeded(i, (random) => sequence(random, weights)));
