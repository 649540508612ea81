// The model of the books (model.mjs) with exchanges in both directions, as
// doc/exchanges.md has them.
//
//	m.exchange({name, tokens, key, said})	name: the partner's own id
//	m.unexchange(number, {key, said})	of m.exchanges
//	m.points({hash, name, tokens, pool})	told from elsewhere; an answer,
//	m.unpoints({hash, tokens})		or {code}
//
// For 3 tokens there are 2 points.

import { Model } from './model.mjs';

export const RATE = { tokens: 3, points: 2 };

export class PointsModel extends Model {
	exchanges = [];
	/** By the hash of what was credited: {user, pool, tokens, undone}. */
	credits = new Map();

	ensure(person) {
		const user = super.ensure(person);
		if (user !== 'conflict')
			user.exchanged ??= 0;
		return user;
	}

	balance(user) {
		const all = super.balance(user);
		return { ...all,
			lifetimeSpent: all.lifetimeSpent + user.exchanged };
	}

	exchange(order) {
		const { name, tokens } = order;
		const again = this.again('exchange', order);
		if (again !== undefined)
			return again;
		if (tokens % RATE.tokens !== 0)
			return { code: 'INVALID_REQUEST' };
		const user = this.byId(name);
		if (user === undefined)
			return { code: 'USER_NOT_FOUND' };
		this.sweep(user);
		const available = this.available(user);
		if (available < tokens)
			return { code: 'INSUFFICIENT_BALANCE', available,
				needed: tokens };
		this.spend(user, tokens);
		user.exchanged += tokens;
		this.exchanges.push({ user, tokens, undone: false });
		return this.tell('exchange', order, { tokens, debtOffset: 0,
			points: tokens / RATE.tokens * RATE.points,
			status: 'COMPLETED' });
	}

	unexchange(number, order) {
		const again = this.again('unexchange', order);
		if (again !== undefined)
			return again;
		const one = this.exchanges[number];
		if (one === undefined)
			return { code: 'NOT_FOUND' };
		if (one.undone)
			return { code: 'ALREADY_REVERSED' };
		this.sweep(one.user);
		one.undone = true;
		one.user.exchanged -= one.tokens;
		one.user.wallet += one.tokens;
		return this.tell('unexchange', order, { tokens: one.tokens,
			debtOffset: this.payDebts(one.user, one.tokens),
			status: 'REVERTED' });
	}

	/** How much of so many tokens a user's debts give back to a pool. */
	returned({ debts }, pool, tokens) {
		let back = 0;
		for (const debt of debts) {
			const part = Math.min(debt.left, tokens);
			tokens -= part;
			back += debt.pool === pool.id ? part : 0;
		}
		return back;
	}

	points({ hash, name, tokens, pool: id }) {
		if (this.credits.has(hash))
			return {};
		const user = this.named(name);
		if (user === undefined)
			return { code: 'USER_NOT_FOUND' };
		this.sweep(user);
		const pool = this.pools.get(id);
		if (pool.available + this.returned(user, pool, tokens) <
		    tokens && !this.refilledFor(pool, tokens))
			return { code: 'INSUFFICIENT_POOL', needed: tokens,
				available: pool.available };
		const before = pool.available;
		pool.available -= tokens;
		user.wallet += tokens;
		user.earned += tokens;
		this.payDebts(user, tokens);
		this.paidOut(pool, before);
		this.credits.set(hash, { user, pool, tokens });
		return {};
	}

	unpoints({ hash, tokens }) {
		const one = this.credits.get(hash);
		if (one === undefined)
			this.credits.set(hash, { undone: true });
		if (one === undefined || one.undone)
			return {};
		if (one.tokens !== tokens)
			return { code: 'INVALID_REQUEST' };
		const { user, pool } = one;
		this.sweep(user);
		const held = Math.min(tokens, this.available(user));
		this.spend(user, held);
		pool.available += held;
		user.clawedBack += held;
		if (held < tokens)
			user.debts.push({ pool: pool.id,
				left: tokens - held });
		one.undone = true;
		return {};
	}
}
