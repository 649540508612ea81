// A server and a model of its books (model.mjs), to which the same is done.
// After each step both say the same: of the answer, of everybody who was
// touched, and of the token pools.
//
//	const both = await makeBoth(site, random, weights, partner)
//				weights: {submit, bulk, …}, how often each is;
//				partner: one of its own, if none is given
//	await both.step()	something that chance.mjs thinks of
//	await both.act()	the same, at the time that it is
//	both.done		what was done, in words
//	await both.compareUser(user)	of the model
//	await both.compareSometimes()	what costs more: campaigns, requests
//
// Kinds of steps are its methods, and those of both-points.mjs, both-pools.mjs,
// both-campaigns.mjs and both-gifts.mjs.  Two of them may not use one site at
// the same time, whose clock they move; history.mjs has several.

import assert from 'node:assert/strict';
import { agree, same } from './agree.mjs';
import { campaignSteps } from './both-campaigns.mjs';
import { giftSteps } from './both-gifts.mjs';
import { makePoints, pointSteps } from './both-points.mjs';
import { poolSteps } from './both-pools.mjs';
import { Chance } from './chance.mjs';
import { NO_ID } from './expect.mjs';
import { GiftModel } from './model-gifts.mjs';

const V1 = '/v1/partner';
const DAY = 86400;

/** As it is sent; one that is bad has an amount that no shape takes. */
const bodyOf = (order) => ({
	idempotencyKey: order.key, actionType: order.type,
	amount: order.bad ? -1 : order.minor / 10 ** order.exponent,
	currency: order.currency,
	stakeholders: order.people.map(({ externalId, email, role }) => ({
		stakeholderTypeCode: role, partnerUserId: externalId,
		userEmail: email,
	})),
	autoCreateUsers: order.create, tokenPoolId: order.pool,
	campaignId: order.campaign,
});

/** What of a batch's results should be said of one. */
function resultOf({ code, available, needed, bodyMatches, ...one }) {
	if (code !== undefined && code !== 'IDEMPOTENT')
		return { status: 'FAILED', tokensDistributed: 0, error:
			needed === undefined ? { code } :
			{ code, available, needed } };
	return { status: code ? 'DUPLICATE' : 'COMPLETED', bodyMatches,
		tokensDistributed: one.tokensDistributed };
}

const pathOf = (name) => `${V1}/users/${encodeURIComponent(name)}`;

class Both {
	/** By the model's numbers. */
	actionIds = [];
	ahead_s = 0;
	done = [];

	constructor(site, random) {
		this.site = site;
		this.random = random;
		this.model = new GiftModel(this.now());
		this.chance = new Chance(random, this.model);
	}

	now() {
		return (this.site.clock.now() + this.ahead_s) * 1000;
	}

	cli(...words) {
		const { slug, side } = this.partner;
		return this.site.arrange(...words, '--partner', slug,
		    '--side', side);
	}

	async addPool(terms, allocated) {
		const { vestingDays = 0, expiryDays = 0, actionTypes = [] } =
		    terms;
		const { tokenPoolId } = await this.cli('pool', 'create',
		    '--name', JSON.stringify(terms));
		await this.cli('pool', 'set', '--pool', tokenPoolId,
		    '--vesting-days', String(vestingDays),
		    '--expiry-days', String(expiryDays),
		    '--action-types', actionTypes.join(' '));
		await this.cli('pool', 'allocate', '--pool', tokenPoolId,
		    '--tokens', String(allocated));
		this.model.addPool(tokenPoolId, { ...terms, allocated });
	}

	async setRule(type, rule) {
		const { slug, side } = this.partner;
		await this.site.rule({ slug, side, type,
			flat: rule.flat,
			perUnit: rule.micro && rule.micro / 1e6 });
		this.model.setRule(type, rule);
	}

	/* Steps: each gives the users whom it touched. */

	note(...words) {
		this.done.push(words.map((word) => JSON.stringify(word,
		    (name, value) => name === 'said' ? undefined : value))
		    .join(' '));
	}

	learn({ number }, id) {
		if (number !== undefined)
			assert.equal(this.actionIds[number] ??= id, id);
	}

	named(people) {
		return people.flatMap(({ externalId, email }) =>
			[this.model.byId(externalId),
				this.model.byEmail(email)]);
	}

	async submit() {
		const order = this.chance.action();
		this.note('submit', order);
		const answer = await this.partner.post(`${V1}/actions/submit`,
		    bodyOf(order));
		const wanted = this.model.submit(order);
		agree(answer, wanted);
		this.learn(wanted, answer.body.actionId);
		return this.named(order.people);
	}

	async bulk() {
		const { orders, atomic } = this.chance.batch();
		this.note('bulk', orders, { atomic });
		const answer = await this.partner.post(`${V1}/actions/bulk`,
		    { atomic, actions: orders.map(bodyOf) });
		const { results, ...wanted } = this.model.bulk(orders, atomic);
		agree(answer, wanted);
		if (results !== undefined)
			this.compareBulk(answer, results);
		return this.named(orders.flatMap(({ people }) => people));
	}

	compareBulk({ body, text }, results) {
		const wanted = results.map(resultOf);
		const all = (state) => wanted.filter(({ status }) =>
			status === state);
		same(body.results, wanted, text);
		results.forEach((one, i) =>
			this.learn(one, body.results[i].actionId));
		assert.deepEqual(body.summary, {
			submitted: results.length,
			completed: all('COMPLETED').length,
			duplicates: all('DUPLICATE').length,
			failed: all('FAILED').length,
			tokensDistributed: all('COMPLETED').reduce(
			    (sum, one) => sum + one.tokensDistributed, 0),
		});
	}

	async reverse() {
		const order = this.chance.reversal();
		const { number, portion, key } = order;
		this.note('reverse', order);
		const answer = await this.partner.post(
		    `${V1}/actions/${this.actionIds[number] ?? NO_ID}/reverse`,
		    { reversalPercentage: portion / 1e4,
			refundIdempotencyKey: key });
		agree(answer, this.model.reverse(number, order));
		return (this.model.actions[number]?.shares ?? [])
		    .map(({ user }) => this.model.users[user]);
	}

	async redeem() {
		const order = this.chance.redemption();
		const { name, tokens, key } = order;
		this.note('redeem', order);
		agree(await this.partner.post(`${pathOf(name)}/redeem`,
		    { tokens, idempotencyKey: key }),
		    this.model.redeem(name, order));
		return [this.model.named(name)];
	}

	async allocate() {
		const { random, model } = this;
		const id = random.pick([...model.pools.keys()]);
		const tokens = 1 + random.below(1500);
		this.note('allocate', { id, tokens });
		await this.cli('pool', 'allocate', '--pool', id,
		    '--tokens', String(tokens));
		model.allocate(id, tokens);
		return [];
	}

	async advance() {
		const { random, model, site } = this;
		const seconds = random.pick([3600, DAY, DAY, 3 * DAY, 5 * DAY,
			10 * DAY, 30 * DAY]);
		this.note('advance', { seconds });
		/* A sandbox goes ten years ahead, and no further. */
		if (random.chance(50) && this.ahead_s < 9 * 365 * DAY)
			await this.moveSandbox(seconds);
		else
			site.clock.advance(seconds);
		model.now = this.now();
		return model.users;
	}

	async moveSandbox(seconds) {
		const { status, text } = await this.partner.post(
		    `${V1}/sandbox/clock`, { advanceSeconds: seconds });
		assert.equal(status, 200, text);
		this.ahead_s += seconds;
	}

	async erase() {
		const name = this.chance.someone();
		this.note('erase', name);
		agree(await this.partner.signed('DELETE', pathOf(name)),
		    this.model.erase(name), 204);
		return [];
	}

	/* Comparing. */

	async compareUser(user) {
		const name = this.model.nameOf(user);
		if (name === undefined)
			return;
		const { body } =
		    await this.partner.get(`${pathOf(name)}/balance`);
		same(body, this.model.balance(user), `the balance of ${name}`);
	}

	async comparePools() {
		const { body } = await this.partner.get(
		    `${V1}/token-pools?limit=100`);
		for (const pool of body.data)
			same(pool, this.model.poolBalance(pool.tokenPoolId),
			    `token pool ${pool.name}`);
		assert.equal(body.data.length, this.model.pools.size);
	}

	/** What costs more than to be compared each time. */
	async compareSometimes() {
		await this.compareRequests();
		await this.compareReserved();
		await this.compareCampaigns();
		await this.compareAnalytics(this.model.campaigns.slice(-3));
	}

	/** All of a list, walked by cursor. */
	async walk(target) {
		const all = [];
		for (let cursor = ''; cursor !== null;) {
			const { body } = await this.partner.get(
			    `${target}?limit=100${
				cursor && `&cursor=${cursor}`}`);
			all.push(...body.data);
			cursor = body.pagination.nextCursor;
		}
		return all;
	}

	async act() {
		const { random } = this;
		const kinds = Object.entries(this.weights).flatMap(
		    ([kind, weight]) => Array(weight).fill(kind));
		const touched = new Set(await this[random.pick(kinds)]());
		touched.delete(undefined);
		await Promise.all([this.comparePools(),
			...[...touched].map((user) => this.compareUser(user))]);
	}

	async step() {
		this.site.clock.advance(1);
		this.model.now = this.now();
		await this.act();
	}
}

Object.assign(Both.prototype, pointSteps(agree), poolSteps, campaignSteps,
    giftSteps);

export async function makeBoth(site, random, weights, partner) {
	const both = new Both(site, random);
	both.weights = weights;
	both.partner = partner ?? await site.partner({ tokens: 5000 });
	both.model.addPool(both.partner.tokenPoolId, { allocated: 5000 });
	await both.addPool({ vestingDays: 10 }, 3000);
	await both.addPool({ expiryDays: 5 }, 3000);
	await both.addPool({ vestingDays: 3, expiryDays: 40 }, 3000);
	await both.addPool({ actionTypes: ['DONATION', 'VISIT'] }, 2000);
	await both.setRule('REVIEW', { flat: 25 });
	await both.setRule('VISIT', { micro: 333333 });
	await makePoints(both);
	return both;
}
