// The model of the books (model.mjs) with campaigns: which of them pays for
// an action, what it gives, and what its limits say.  What it gave is added up
// from the actions each time, where the server keeps sums.
//
//	m.draft(terms)		{code}, or {campaign}, whose `id` is to be set
//	m.move(campaign, status)	{code}, or {}
//	m.discard(campaign)
//	m.showCampaign(campaign)	as GET /campaigns/:campaignId, in part
//	m.analytics(campaign)	as its /analytics, lists as {name: numbers}
//	m.campaigns, with `id`, `status` and the terms
//
// Terms: template, types, pool (an id), milli (thousandths), fixed, splits
// {role: parts of a million}, tiers [[ten-thousandths, milli]], budget,
// perUser, perAction, perDay, starts, ends (milliseconds), priority; those of
// amounts may be undefined.

import { DAY, share, sum, WHOLE } from './model-wallets.mjs';
import { PoolsModel } from './model-pools.mjs';

const LIMITS = ['perAction', 'perUser', 'perDay', 'totalBudget'];

/** From which status to which. */
const WAYS = { DRAFT: ['ACTIVE'], ACTIVE: ['PAUSED', 'COMPLETED'],
	PAUSED: ['ACTIVE', 'COMPLETED'], COMPLETED: [] };
const TOLD = { ACTIVE: 'activated', PAUSED: 'paused', COMPLETED: 'completed' };

/** By weight, what is left over to who was cut most, then to the first. */
function divide(whole, weights) {
	const all = BigInt(sum(weights));
	const exact = weights.map((w) => BigInt(whole) * BigInt(w));
	const shares = exact.map((n) => Number(n / all));
	const order = exact.map((n, i) => [n % all, i]).sort((a, b) =>
		a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? 1 : -1);
	for (const [, i] of order.slice(0, whole - sum(shares)))
		shares[i]++;
	return shares;
}

export class CampaignModel extends PoolsModel {
	campaigns = [];

	kept() {
		return { ...super.kept(), campaigns: this.campaigns };
	}

	second() {
		return this.now - this.now % 1000;
	}

	/* Status. */

	draft(terms) {
		const [first] = this.pools.keys();
		const pool = this.pools.get(terms.pool ?? first);
		const { actionTypes } = pool;
		if (actionTypes.length > 0 && terms.types.some((type) =>
			!actionTypes.includes(type)))
			return { code: 'POOL_NOT_ELIGIBLE' };
		const campaign = { starts: 0, ends: Infinity, splits: {},
			tiers: [], ...terms, pool: pool.id, status: 'DRAFT',
			reached: false, actions: [] };
		this.campaigns.push(campaign);
		return { campaign };
	}

	isOver({ ends }) {
		return ends < this.second();
	}

	/** Where its last second has gone by it is completed, whoever asks. */
	settle(campaign) {
		if (['ACTIVE', 'PAUSED'].includes(campaign.status) &&
		    this.isOver(campaign))
			this.become(campaign, 'COMPLETED');
	}

	become(campaign, status) {
		campaign.status = status;
		this.event(`campaign.${TOLD[status]}`);
	}

	move(campaign, status) {
		this.settle(campaign);
		if (!WAYS[campaign.status].includes(status) ||
		    (status === 'ACTIVE' && this.isOver(campaign)))
			return { code: 'INVALID_TRANSITION' };
		this.become(campaign, status);
		return {};
	}

	discard(campaign) {
		if (campaign.status !== 'DRAFT')
			return { code: 'INVALID_TRANSITION' };
		this.campaigns.splice(this.campaigns.indexOf(campaign), 1);
		return {};
	}

	endCampaigns() {
		for (const campaign of this.campaigns)
			this.settle(campaign);
	}

	/* What it gave. */

	/** Of actions that are wanted: {times, gave, back}, by share. */
	given({ actions }, wanted = () => true) {
		const all = { times: 0, gave: 0, back: 0 };
		for (const number of actions) {
			const action = this.actions[number];
			for (const one of action.shares) {
				if (!wanted(one, action))
					continue;
				all.times++;
				all.gave += one.tokens;
				all.back += share(one.tokens, action.reversed,
				    WHOLE);
			}
		}
		return all;
	}

	spent(campaign, wanted) {
		const { gave, back } = this.given(campaign, wanted);
		return gave - back;
	}

	left(campaign) {
		return (campaign.budget ?? Infinity) - this.spent(campaign);
	}

	/* Which pays. */

	isLive(campaign) {
		return campaign.status === 'ACTIVE' &&
		    campaign.starts <= this.second() &&
		    !this.isOver(campaign) && this.left(campaign) > 0;
	}

	match({ type, campaign: id }) {
		if (id === undefined) {
			const asked = this.campaigns.filter((one) =>
				one.types.includes(type) && this.isLive(one));
			asked.reverse().sort((a, b) => b.priority - a.priority);
			return { found: asked.length > 0, asked };
		}
		const one = this.campaigns.find((each) => each.id === id);
		if (one === undefined)
			return { code: 'CAMPAIGN_NOT_FOUND' };
		if (one.status !== 'ACTIVE' || one.starts > this.second() ||
		    this.isOver(one))
			return { code: 'CAMPAIGN_NOT_ACTIVE' };
		if (!one.types.includes(type))
			return { code: 'CAMPAIGN_NOT_ELIGIBLE' };
		return { found: true, named: true, asked: [one] };
	}

	offer(order, users, { asked = [], named = false }) {
		const told = new Set(), short = [];
		for (const one of asked) {
			const offer = (order.pool ?? one.pool) === one.pool ?
				this.price(order, one) : undefined;
			if (offer === undefined && named)
				return { code: 'CAMPAIGN_NOT_ELIGIBLE' };
			if (offer === undefined)
				continue;
			offer.out = this.limit(order, users, one, offer);
			if (!offer.out)
				return { ...offer, short, campaign: one,
					campaignId: one.id, pool: one.pool,
					multiplier: offer.milli / 1000 || null,
					appliedLimits: [...offer.told] };
			/* All whose budgets these were are told of it. */
			if (offer.told.has('totalBudget'))
				short.push(one);
			offer.told.forEach((word) => told.add(word));
		}
		const usual = super.offer(order);
		return usual.code !== undefined ? usual : { ...usual, short,
			appliedLimits: LIMITS.filter((word) =>
				told.has(word)) };
	}

	booked({ campaign, short = [] }, number) {
		const reach = (one) => {
			if (!one.reached)
				this.event('campaign.budget_reached');
			one.reached = true;
		};
		short.forEach(reach);
		if (campaign === undefined)
			return;
		campaign.actions.push(number);
		if (this.left(campaign) <= 0)
			reach(campaign);
	}

	/* What it would give. */

	tierOf({ minor, exponent }, { tiers }) {
		const reached = tiers.filter(([least]) =>
			minor * 10 ** (4 - exponent) >= least);
		return reached.length - 1;
	}

	milli(order, { template, milli, tiers }, tier) {
		return { REWARD_MULTIPLIER: milli, FIXED_REWARD: 0,
			TIERED_REWARD: tiers[tier]?.[1] ?? 0,
			MATCHING: 1000 + (milli ?? 1000) }[template];
	}

	price(order, one) {
		const fixed = one.template === 'FIXED_REWARD';
		const tier = one.template === 'TIERED_REWARD' ?
			this.tierOf(order, one) : undefined;
		const milli = this.milli(order, one, tier);
		if (!fixed && (milli === 0 || !this.rules.has(order.type)))
			return undefined;
		const reward = fixed ? one.fixed : this.reward(order, milli);
		return { milli, tier, reward, told: new Set(),
			shares: this.split(order, one, reward) };
	}

	split({ people }, { splits }, reward) {
		/* Divides by all numbers of people that there can be. */
		const EVEN = 232792560;
		const weights = people.map(({ role }) => (splits[role] ?? 0) *
			(EVEN / people.filter((one) =>
				one.role === role).length));
		return divide(reward, sum(weights) > 0 ? weights :
			people.map(() => 1));
	}

	/** Is it left out?  `offer.told` has why, or what was cut. */
	limit(order, users, one, offer) {
		const usual = this.rules.has(order.type) ?
			this.reward(order) : 0;
		const { perAction, perUser, perDay } = one;
		const today = Math.floor(this.now / DAY);
		const out = (word) => {
			offer.told = new Set([word]);
			return true;
		};
		if (offer.reward > (perAction ?? Infinity)) {
			offer.reward = perAction;
			offer.told.add('perAction');
			offer.shares = this.split(order, one, perAction);
		}
		if (perUser !== undefined)
			this.limitUsers(order, users, one, offer);
		if (offer.told.size > 0 &&
		    (offer.reward === 0 || offer.reward < usual))
			return true;
		if (perDay !== undefined && offer.reward > perDay -
		    this.spent(one, (_, { day }) => day === today))
			return out('perDay');
		return offer.reward > this.left(one) && out('totalBudget');
	}

	/** Are two of an action one person, as far as is known now? */
	alike({ people }, users, a, b) {
		const [x, y] = [people[a], people[b]];
		if (users[a] !== undefined || users[b] !== undefined)
			return users[a] === users[b];
		return (x.email !== undefined && x.email === y.email) ||
		    (x.externalId !== undefined &&
		    x.externalId === y.externalId);
	}

	limitUsers(order, users, one, offer) {
		offer.shares.forEach((tokens, at) => {
			const number = this.users.indexOf(users[at]);
			const has = this.spent(one, ({ user }) =>
				user === number) + sum(offer.shares.filter(
			    (_, i) => i < at &&
				this.alike(order, users, i, at)));
			const rest = Math.max(0, one.perUser - has);
			if (tokens > rest)
				offer.told.add('perUser');
			offer.shares[at] = Math.min(tokens, rest);
		});
		offer.reward = sum(offer.shares);
	}

	/* What is shown. */

	showCampaign(one) {
		const spent = this.spent(one), { budget } = one;
		return { status: one.status, live: this.isLive(one),
			actions: one.actions.length, tokensSpent: spent,
			budgetPercent: budget === undefined ? null :
			    share(10000, spent, budget) / 100 };
	}

	/** {name: [times, gave, back]}, of shares or else of actions. */
	by(campaign, name, ofShares = false) {
		const all = {};
		for (const number of campaign.actions) {
			const action = this.actions[number];
			const counted = new Set();
			for (const [i, one] of action.shares.entries()) {
				const key = name(action, i);
				const row = all[key] ??= [0, 0, 0];
				row[0] += ofShares || !counted.has(key);
				counted.add(key);
				row[1] += one.tokens;
				row[2] += share(one.tokens, action.reversed,
				    WHOLE);
			}
		}
		return all;
	}

	analytics(one) {
		const { gave, back } = this.given(one), { budget } = one;
		return {
			totals: [one.actions.length, gave, back],
			budget: { totalBudget: budget ?? null,
				spent: gave - back,
				remaining: budget === undefined ? null :
				    budget - gave + back },
			byStakeholderType: this.by(one, ({ people }, i) =>
				people[i].role, true),
			byTier: one.template !== 'TIERED_REWARD' ? {} :
			    this.by(one, ({ tier }) => one.tiers[tier][0]),
			daily: this.by(one, ({ day }) => new Date(day * DAY)
			    .toISOString().slice(0, 10)),
			topActions: this.by(one, ({ type }) => type),
		};
	}
}
