// The model of the books (model.mjs) with what fills token pools: requests,
// which somebody decides, and pools that are filled again by themselves; and
// with what bin/housekeep does to wallets and pools.
//
//	m.setRefill(id, {threshold, amount, approval, max})
//				max a month; undefined: not any more
//	m.setLow(id, tokens)	tell of less than that
//	m.ask(id, amount)	a request, by hand
//	m.waiting()		requests that wait, the oldest first
//	m.decide(request, status)	APPROVED, REJECTED or WITHDRAWN
//	m.housekeep()
//	m.requests		all: {pool, amount, kind, status, at, decided}

import { PointsModel } from './model-points.mjs';

export class PoolsModel extends PointsModel {
	requests = [];

	kept() {
		return { ...super.kept(), requests: this.requests };
	}

	addPool(id, terms) {
		super.addPool(id, { low: 0, fills: [], ...terms });
		this.event('token_pool.refilled');
	}

	/** It is told of at once if the pool is low by this alone. */
	setLow(id, low) {
		const pool = this.pools.get(id);
		if (pool.available < low && pool.available >= pool.low)
			this.event('token_pool.low_balance');
		pool.low = low;
	}

	/* By themselves. */

	setRefill(id, refill) {
		const pool = this.pools.get(id);
		pool.refill = refill;
		if (refill !== undefined && pool.available < refill.threshold)
			this.act(pool, false);
	}

	monthBegan() {
		const now = new Date(this.now);
		return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
	}

	/** Fill or ask; `again`: it has been low.  Has it more now? */
	act(pool, again) {
		const { refill: { amount, approval, max }, id } = pool;
		const began = this.monthBegan();
		const asked = this.requests.filter((one) =>
			one.pool === id && one.kind === 'AUTO');
		const last = approval ? asked.at(-1) : undefined;
		if (last?.status === 'PENDING')
			return false;
		if (again && last?.at >= began && last.status !== 'APPROVED')
			return false;
		if (asked.filter(({ at }) => at >= began).length +
		    pool.fills.filter((at) => at >= began).length >= max)
			return false;
		if (approval) {
			this.ask(id, amount, 'AUTO');
			return false;
		}
		pool.fills.push(this.now);
		this.allocate(id, amount);
		return true;
	}

	refilledFor(pool, needed) {
		const { refill, available } = pool;
		if (refill === undefined || (!refill.approval &&
		    needed - available > refill.amount))
			return false;
		return this.act(pool, available < refill.threshold);
	}

	paidOut(pool, before) {
		const { refill, low } = pool;
		if (refill !== undefined && before >= refill.threshold &&
		    pool.available < refill.threshold)
			this.act(pool, false);
		if (before >= low && pool.available < low)
			this.event('token_pool.low_balance');
	}

	/* By somebody. */

	ask(pool, amount, kind = 'MANUAL') {
		this.requests.push({ pool, amount, kind, status: 'PENDING',
			at: this.now });
		this.event('token_pool_request.created');
	}

	waiting() {
		return this.requests.filter((one) =>
			one.status === 'PENDING');
	}

	decide(request, status) {
		request.status = status;
		request.decided = this.now;
		if (status === 'APPROVED')
			this.allocate(request.pool, request.amount);
		if (status !== 'WITHDRAWN')
			this.event(`token_pool_request.${
				status.toLowerCase()}`);
	}

	/* By time. */

	housekeep() {
		for (const user of this.users)
			this.sweep(user);
		this.endCampaigns();
		for (const pool of this.pools.values())
			if (pool.refill !== undefined &&
			    pool.available < pool.refill.threshold)
				this.act(pool, true);
	}

	endCampaigns() {
	}
}
