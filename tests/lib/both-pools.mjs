// Steps of both.mjs for what fills token pools, and for keys: what a random
// step asks of the server and of the model (model-pools.mjs).

import assert from 'node:assert/strict';
import { agree, same } from './agree.mjs';

const POOLS = '/v1/partner/token-pools';

/** What pools of a history look after themselves with. */
export async function makeRefills(both) {
	for (const id of both.model.pools.keys())
		await both.low(id);
}

export const poolSteps = {
	anyPool() {
		return this.random.pick([...this.model.pools.keys()]);
	},

	async low(id = this.anyPool()) {
		const tokens = this.random.below(800);
		this.note('low', { id, tokens });
		await this.cli('pool', 'set', '--pool', id,
		    '--low-threshold', String(tokens));
		this.model.setLow(id, tokens);
		return [];
	},

	async refill() {
		const { random } = this, id = this.anyPool();
		const refill = random.chance(15) ? undefined : {
			threshold: 1 + random.below(1000),
			amount: 1 + random.below(1500),
			approval: random.chance(40),
			max: 1 + random.below(4),
		};
		this.note('refill', { id, refill });
		const { threshold, amount, approval, max } = refill ?? {};
		const { autoRefill } = await this.cli('pool', 'auto-refill',
		    '--pool', id, ...(refill === undefined ? ['--off'] : [
			'--threshold', String(threshold),
			'--amount', String(amount),
			'--max-per-month', String(max),
			...(approval ? ['--requires-approval'] : [])]));
		assert.equal(autoRefill.enabled, refill !== undefined);
		this.model.setRefill(id, refill);
		return [];
	},

	async ask() {
		const id = this.anyPool(), amount = 1 + this.random.below(900);
		this.note('ask', { id, amount });
		const { status, text } = await this.partner.post(
		    `${POOLS}/request`,
		    { tokenPoolId: id, amount, reason: 'r' });
		assert.equal(status, 201, text);
		this.model.ask(id, amount);
		return [];
	},

	/** All requests, the oldest first, as the server has them. */
	async compareRequests() {
		const list = await this.walk(`${POOLS}/requests`);
		list.reverse();
		same(list, this.model.requests.map((one) => ({
			tokenPoolId: one.pool, amount: one.amount,
			kind: one.kind, status: one.status })), 'requests');
		/* Whoever decides does so in the time of who asked. */
		for (const [i, { at, decided }] of
		    this.model.requests.entries())
			assert.deepEqual([list[i].createdAt,
				list[i].decidedAt].map((time) => time &&
				Date.parse(time)), [at, decided ?? null]);
		return list;
	},

	async decide() {
		const list = await this.compareRequests();
		const { random, model, site } = this;
		if (model.waiting().length === 0)
			return [];
		const one = random.pick(model.waiting());
		const { requestId } = list[model.requests.indexOf(one)];
		const status = random.pick(['APPROVED', 'APPROVED',
			'REJECTED', 'WITHDRAWN']);
		this.note('decide', one, status);
		if (status === 'WITHDRAWN')
			agree(await this.partner.signed('DELETE',
			    `${POOLS}/requests/${requestId}`), {});
		else
			await site.arrange('request', status === 'APPROVED' ?
				'approve' : 'reject', '--request', requestId);
		model.decide(one, status);
		return [];
	},

	/** A sandbox's own clock, which goes ten years ahead at most. */
	async ahead() {
		const seconds = this.random.pick([3600, 86400, 86400,
			3 * 86400, 9 * 86400]);
		if (this.ahead_s > 9 * 365 * 86400)
			return [];
		this.note('ahead', { seconds });
		await this.moveSandbox(seconds);
		this.model.now = this.now();
		return this.model.users;
	},

	/** All that it had goes on under other keys. */
	async rotate() {
		const { partner, site } = this;
		this.note('rotate');
		const { id, ...keys } = await site.arrange('key', 'rotate',
		    '--key', partner.keyId, '--overlap', '1');
		Object.assign(partner, keys, { keyId: id });
		return [];
	},

	async compareReserved() {
		const { model, partner } = this;
		for (const id of model.pools.keys()) {
			const { body } = await partner.get(
			    `${POOLS}/${id}/balance`);
			assert.equal(body.reserved, model.campaigns
			    .filter((one) => one.status === 'ACTIVE' &&
				one.pool === id && one.budget !== undefined &&
				!model.isOver(one))
			    .reduce((all, one) => all + model.left(one), 0));
		}
	},
};
