// The part of the model (model.mjs) that knows people: who is who, and what
// their wallets, lots and debts hold.
//
//	share(number, part, whole)	to the nearest, halves up
//	sum(numbers)
//	putBack(now, was)	make `now` what its copy `was` says, and leave
//				each thing in it the thing that it is

export const DAY = 86400000;
export const WHOLE = 1000000;

/** `part` in `whole` of a number, to the nearest, halves up. */
export function share(number, part, whole) {
	const [n, p, w] = [number, part, whole].map(BigInt);
	return Number((2n * n * p + w) / (2n * w));
}

export const sum = (list) => list.reduce((all, n) => all + n, 0);

const isThing = (value) => value !== null && typeof value === 'object';

export function putBack(now, was) {
	if (!isThing(was) || !isThing(now))
		return was;
	if (was instanceof Map) {
		for (const key of now.keys())
			if (!was.has(key))
				now.delete(key);
		for (const [key, value] of was)
			now.set(key, putBack(now.get(key), value));
		return now;
	}
	if (Array.isArray(was))
		now.length = Math.min(now.length, was.length);
	for (const name of Object.keys(now))
		if (!(name in was))
			delete now[name];
	for (const [name, value] of Object.entries(was))
		now[name] = putBack(now[name], value);
	return now;
}

export class Wallets {
	users = [];
	pools = new Map();

	constructor(now) {
		this.now = now;
	}

	/* People. */

	byId(id) {
		return id === undefined ? undefined :
			this.users.find((user) => user.externalId === id);
	}

	byEmail(email) {
		return email === undefined ? undefined :
			this.users.find((user) => user.email === email);
	}

	/** As in an address: by id, or else by e-mail. */
	named(name) {
		return this.byId(name) ?? this.byEmail(name);
	}

	nameOf({ externalId, email }) {
		return externalId ?? email;
	}

	/** A user, undefined for nobody, or a conflict. */
	find({ externalId, email }) {
		const one = this.byId(externalId), two = this.byEmail(email);
		if (one === undefined || two === undefined) {
			const clash = two !== undefined &&
			    externalId !== undefined &&
			    two.externalId !== undefined;
			return clash ? 'conflict' : one ?? two;
		}
		return one === two ? one : 'conflict';
	}

	/** The same, made if need be, or given what it had not. */
	ensure(person) {
		const found = this.find(person);
		if (found === 'conflict')
			return found;
		const user = found ?? { wallet: 0, spent: 0, earned: 0,
			clawedBack: 0, expired: 0, debts: [], lots: [] };
		user.externalId ??= person.externalId;
		user.email ??= person.email;
		if (found === undefined)
			this.users.push(user);
		return user;
	}

	erase(name) {
		const user = this.named(name);
		if (user === undefined)
			return { code: 'NOT_FOUND' };
		delete user.externalId;
		delete user.email;
		return {};
	}

	/* Wallets. */

	pending({ lots }) {
		return sum(lots.filter((lot) => lot.vests > this.now)
		    .map((lot) => lot.left));
	}

	/** Gone, whether or not it was booked. */
	due({ lots }) {
		return sum(lots.filter((lot) => lot.expires <= this.now)
		    .map((lot) => lot.left));
	}

	available(user) {
		return user.wallet - this.pending(user) - this.due(user);
	}

	/** Before a wallet is written to, what has expired is booked. */
	sweep(user) {
		for (const lot of user.lots) {
			if (lot.expires > this.now || lot.left === 0)
				continue;
			this.pools.get(lot.pool).available += lot.left;
			user.wallet -= lot.left;
			user.expired += lot.left;
			lot.expired += lot.left;
			lot.left = 0;
		}
	}

	/** Vested lots first, the soonest to expire before the others. */
	spend(user, tokens) {
		const order = user.lots.filter((lot) => lot.left > 0 &&
		    lot.vests <= this.now && lot.expires > this.now)
		    .sort((a, b) => a.expires - b.expires ||
			a.action - b.action || a.place - b.place);
		let rest = tokens;
		for (const lot of order) {
			const part = Math.min(rest, lot.left);
			lot.left -= part;
			rest -= part;
		}
		user.wallet -= tokens;
	}

	/** Out of `tokens` that were just earned; the oldest debt first. */
	payDebts(user, tokens) {
		let paid = 0;
		for (const debt of user.debts) {
			const part = Math.min(debt.left, tokens - paid);
			debt.left -= part;
			paid += part;
			this.pools.get(debt.pool).available += part;
		}
		user.debts = user.debts.filter((debt) => debt.left > 0);
		user.wallet -= paid;
		user.clawedBack += paid;
		return paid;
	}

	/* What is shown. */

	balance(user) {
		const soon = user.lots.filter((lot) => lot.expires > this.now &&
		    lot.expires <= this.now + 30 * DAY);
		return {
			available: this.available(user),
			pending: this.pending(user),
			debt: sum(user.debts.map((debt) => debt.left)),
			lifetimeEarned: user.earned,
			lifetimeSpent: user.spent,
			lifetimeClawedBack: user.clawedBack,
			expiringSoon: sum(soon.map((lot) => lot.left)),
		};
	}

	poolBalance(id) {
		const { allocated, available } = this.pools.get(id);
		return {
			totalAllocated: allocated, availableBalance: available,
			distributed: allocated - available,
			percentRemaining: share(10000, available, allocated) /
			    100,
		};
	}
}
