// Steps of both.mjs for campaigns: what a random step asks of the server and
// of the model (model-campaigns.mjs), and what both say of them.

import assert from 'node:assert/strict';
import { agree, same } from './agree.mjs';
import { CAMPAIGNS } from './campaign.mjs';

/** Not more than that at a time, so that some of them still pay. */
const MOST = 8;

/** A thing that is said in so many of a hundred. */
const maybe = (random, percent, value) =>
	random.chance(percent) ? value() : undefined;

function terms({ random, model }) {
	const tokens = (most) => () => 1 + random.below(most);
	const milli = () => random.pick([500, 1500, 2000, 2000, 2500, 333,
		1 + random.below(4000)]);
	const template = random.pick(['REWARD_MULTIPLIER', 'FIXED_REWARD',
		'TIERED_REWARD', 'MATCHING']);
	const a = random.below(1000001), b = random.below(1000001);
	const splits = [Math.min(a, b), Math.abs(a - b),
		1000000 - Math.max(a, b)];
	const types = ['PURCHASE', 'DONATION', 'VISIT', 'REVIEW', 'NOTHING'];
	const from = Math.floor(model.now / 1000) * 1000;
	const starts = maybe(random, 30, () => from + 1000 *
	    (random.below(200000) - 100000));
	return {
		template, priority: random.below(4),
		types: types.filter(() => random.chance(40)).concat(
		    random.chance(50) ? 'PURCHASE' : 'DONATION')
		    .filter((one, i, all) => all.indexOf(one) === i),
		pool: maybe(random, 40, () =>
			random.pick([...model.pools.keys()])),
		milli: template === 'REWARD_MULTIPLIER' ? milli() :
			template === 'MATCHING' ? maybe(random, 50, milli) :
			undefined,
		fixed: template === 'FIXED_REWARD' ? tokens(150)() : undefined,
		tiers: template !== 'TIERED_REWARD' ? [] :
			[10000 * random.below(20), 499900, 1000000]
			.filter((_, i) => i === 0 || random.chance(60))
			.map((least) => [least, milli()]),
		splits: Object.fromEntries(random.chance(40) ?
			splits.map((part, i) => [`PART_${i}`, part])
			.filter(([, part]) => part > 0) : []),
		budget: maybe(random, 50, tokens(1500)),
		perUser: maybe(random, 45, tokens(150)),
		perAction: maybe(random, 35, tokens(150)),
		perDay: maybe(random, 35, tokens(500)),
		starts, ends: maybe(random, 30, () =>
			Math.max(starts ?? 0, from) +
			1000 * random.below(2000000)),
	};
}

const date = (ms) => ms && new Date(ms).toISOString();

const wishOf = (one) => ({
	name: 'Any', templateId: one.template, actionTypes: one.types,
	tokenPoolId: one.pool, priority: one.priority,
	distribution: {
		baseMultiplier: one.milli && one.milli / 1000,
		fixedTokens: one.fixed,
		stakeholderSplits: Object.entries(one.splits).map(
		    ([stakeholderTypeCode, part]) => ({ stakeholderTypeCode,
			percent: part / 1e4 })),
		tiers: one.tiers.map(([least, milli]) => ({
			minAmount: least / 1e4, multiplier: milli / 1e3 })),
	},
	limits: { totalBudget: one.budget, perUser: one.perUser,
		perAction: one.perAction, perDay: one.perDay },
	schedule: { startDate: date(one.starts), endDate: date(one.ends) },
});

const known = (object) => Object.fromEntries(Object.entries(object)
    .filter(([, value]) => value !== undefined));

/** Lists of analytics, by the names of their rows. */
const rowsOf = (list, name) => Object.fromEntries(list.map((row) =>
	[row[name], [row.actions ?? row.rewards, row.tokensDistributed,
		row.tokensReversed]]));

function shownOf({ totals, budget, daily, ...body }) {
	return { budget, daily: rowsOf(daily, 'date'),
		totals: rowsOf([totals], '')[undefined],
		topActions: rowsOf(body.topActions, 'actionType'),
		byTier: rowsOf(body.byTier.map((row) => ({ ...row,
			least: Math.round(row.minAmount * 1e4) })), 'least'),
		byStakeholderType: rowsOf(body.byStakeholderType,
		    'stakeholderTypeCode') };
}

export const campaignSteps = {
	async campaign() {
		const { model, partner, random } = this;
		if (model.campaigns.filter((one) =>
			one.status !== 'COMPLETED').length >= MOST)
			return await this.changeCampaign();
		const wish = known(terms(this));
		this.note('campaign', wish);
		const answer = await partner.post(CAMPAIGNS, wishOf(wish));
		const { campaign, ...wanted } = model.draft(wish);
		agree(answer, wanted, 201);
		if (campaign === undefined)
			return [];
		campaign.id = answer.body.campaignId;
		if (random.chance(80))
			await this.moveCampaign(campaign, 'ACTIVE');
		return [];
	},

	async moveCampaign(one, status) {
		this.note('campaign', one.id, status);
		const answer = await this.partner.signed('PATCH',
		    `${CAMPAIGNS}/${one.id}`, { body: { status } });
		agree(answer, this.model.move(one, status));
	},

	async changeCampaign() {
		const { model, random, partner } = this;
		if (model.campaigns.length === 0)
			return [];
		const one = random.chance(85) ?
			random.pick(model.campaigns.slice(-MOST)) :
			random.pick(model.campaigns);
		if (!random.chance(6)) {
			await this.moveCampaign(one, random.pick(['ACTIVE',
				'PAUSED', 'COMPLETED', 'DRAFT']));
			return [];
		}
		this.note('discard', one.id);
		agree(await partner.signed('DELETE', `${CAMPAIGNS}/${one.id}`),
		    model.discard(one), 204);
		return [];
	},

	async compareCampaigns() {
		const { model } = this;
		const { body } = await this.partner.get(
		    '/v1/partner/dashboard/overview');
		assert.equal(body.activeCampaigns, model.campaigns.filter(
		    (one) => model.isLive(one)).length);
		const list = await this.walk(CAMPAIGNS);
		list.reverse();
		same(list, model.campaigns.map((one) => ({ campaignId: one.id,
			...model.showCampaign(one) })), 'campaigns');
		assert.deepEqual(list.map((one) =>
			one.budgetReachedAt !== null),
		    model.campaigns.map((one) => one.reached));
	},

	/** What all of some of them gave, added up both ways. */
	async compareAnalytics(some = this.model.campaigns) {
		const { model, partner } = this;
		for (const one of some) {
			const { body } = await partner.get(
			    `${CAMPAIGNS}/${one.id}/analytics?days=366`);
			const wanted = model.analytics(one);
			const first = date(model.now - 365 * 86400000)
			    .slice(0, 10);
			for (const day of Object.keys(wanted.daily))
				if (day < first)
					delete wanted.daily[day];
			same(shownOf(body), wanted, one.id);
			assert.deepEqual(Object.keys(shownOf(body).daily),
			    Object.keys(wanted.daily));
		}
	},
};
