// All of a server's books beside all of a model's (both.mjs): lists walked to
// their ends, and accounts and rollups read from the database, the users who
// were erased among them.
//
//	await compareAll(both)

import assert from 'node:assert/strict';
import { rows } from './expect.mjs';
import { tenantOf } from './hooks.mjs';
import { sum } from './model-wallets.mjs';

const V1 = '/v1/partner';

/** Of those events that the model counts, by enum event_type. */
const EVENTS = { 6: 'token_pool.refilled', 8: 'token_pool.low_balance',
	9: 'token_pool_request.created', 10: 'token_pool_request.approved',
	11: 'token_pool_request.rejected', 14: 'campaign.activated',
	15: 'campaign.paused', 16: 'campaign.budget_reached',
	17: 'campaign.completed' };

const lines = async (both, target) => sum((await both.walk(
    `${target}/transactions`)).map(({ tokens }) => tokens));

async function compareUsers(both) {
	const { model } = both;
	const known = model.users.filter((user) => model.nameOf(user));
	const list = await both.walk(`${V1}/users`);
	assert.deepEqual(list.map((user) => [user.externalId, user.email]),
	    known.map(({ externalId = null, email = null }) =>
		[externalId, email]).reverse());
	for (const user of known) {
		await both.compareUser(user);
		const name = encodeURIComponent(model.nameOf(user));
		assert.equal(await lines(both, `${V1}/users/${name}`),
		    user.wallet, name);
	}
}

async function comparePools(both) {
	await both.comparePools();
	for (const { id, available } of both.model.pools.values())
		assert.equal(await lines(both, `${V1}/token-pools/${id}`),
		    available);
}

async function compareActions(both) {
	const { actionIds, model } = both;
	const list = await both.walk(`${V1}/actions`);
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

async function compareAccounts({ site, partner, model }) {
	const held = Object.fromEntries((await rows(site,
	    'SELECT kind, sum(balance) AS tokens FROM accounts' +
	    ` WHERE tenant = ${await tenantOf(partner)} GROUP BY kind`))
	    .map(({ kind, tokens }) => [kind, tokens]));
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
const counted = async ({ site, partner }, from) => {
	const since = `tenant = ${await tenantOf(partner)}` +
	    ` AND created_at >= ${from}`;
	const [all] = await rows(site, `SELECT
	    (SELECT count(*) FROM actions WHERE ${since}) AS actions,
	    (SELECT coalesce(sum(tokens), 0) FROM actions WHERE ${since})
	    AS tokens,
	    (SELECT count(*) FROM reversals WHERE ${since}) AS reversals,
	    (SELECT coalesce(sum(clawed_back), 0) FROM reversals
	    WHERE ${since}) AS back`);
	return [all.actions, all.tokens, all.reversals, all.back];
};

async function compareOverview(both) {
	const { partner, model } = both;
	const { body } = await partner.get(`${V1}/dashboard/overview`);
	const { allTime } = body;
	assert.equal(body.users,
	    model.users.filter((user) => model.nameOf(user)).length);
	assert.deepEqual([allTime.actions, allTime.tokensDistributed],
	    [model.actions.length, sum(model.actions.map((a) => a.reward))]);
	for (const one of [body.today, body.last7Days, body.last30Days,
	    allTime])
		assert.deepEqual([one.actions, one.tokensDistributed,
			one.reversals, one.tokensClawedBack],
		    await counted(both,
			one.from === null ? 0 : Date.parse(one.from)));
}

async function compareEvents({ site, partner, model }) {
	const told = Object.fromEntries((await rows(site,
	    'SELECT type, count(*) AS times FROM events' +
	    ` WHERE tenant = ${await tenantOf(partner)} GROUP BY type`))
	    .map(({ type, times }) => [type, times]));
	for (const [type, name] of Object.entries(EVENTS))
		assert.equal(told[type] ?? 0, model.events.get(name) ?? 0,
		    name);
}

export async function compareAll(both) {
	await compareUsers(both);
	await comparePools(both);
	await compareActions(both);
	await compareAccounts(both);
	await both.compareSometimes();
	await both.compareAnalytics();
	await compareOverview(both);
	await compareEvents(both);
}
