// What the books should say, in plain JavaScript, written from doc/api.md and
// doc/books.md and not from the server: token pools, users with wallets, lots
// and debts, and actions.  model.test.mjs does the same to both and compares.
//
//	const m = new Model(now_ms)
//	m.addPool(id, {allocated, vestingDays, expiryDays, actionTypes})
//	m.setRule(type, {micro} | {flat})	tokens, millionths for a unit
//	m.allocate(id, tokens)		m.now		in milliseconds
//
//	m.submit(action)	{minor, exponent, type, pool, people, create,
//				key}
//	m.bulk(actions, atomic)
//	m.reverse(action, {portion, key})	portion: of a million
//	m.redeem(name, {tokens, key})
//	m.erase(name)
//
// `people` are {externalId, email}, `pool` an id or undefined for the first.
// Each gives {code} of a refusal, "IDEMPOTENT" with the first answer among
// them, or what the answer has to say.  Whether the same was said the second
// time is told by `said`, a text of the caller's.
//
//	m.balance(user)		as GET /users/:externalId/balance, its numbers
//	m.poolBalance(id)	as GET /token-pools/:tokenPoolId, the numbers
//	m.users, m.actions, m.named(name), m.nameOf(user)

const DAY = 86400000;
const WHOLE = 1000000;

/** `part` in `whole` of a number, to the nearest, halves up. */
export function share(number, part, whole) {
	const [n, p, w] = [number, part, whole].map(BigInt);
	return Number((2n * n * p + w) / (2n * w));
}

const sum = (list) => list.reduce((all, n) => all + n, 0);

export class Model {
	users = [];
	actions = [];
	pools = new Map();
	rules = new Map([['PURCHASE', { micro: WHOLE }],
		['DONATION', { micro: 7 * WHOLE }]]);
	/** First answers, by what their keys are for and the key. */
	told = new Map();

	constructor(now) {
		this.now = now;
	}

	addPool(id, terms) {
		this.pools.set(id, { id, vestingDays: 0, expiryDays: 0,
			actionTypes: [], ...terms,
			available: terms.allocated });
	}

	setRule(type, rule) {
		this.rules.set(type, rule);
	}

	allocate(id, tokens) {
		const pool = this.pools.get(id);
		pool.allocated += tokens;
		pool.available += tokens;
	}

	/* The same key again gets the first answer. */

	again(kind, { key, said }) {
		const first = this.told.get(`${kind} ${key}`);
		return first && { ...first.answer, code: 'IDEMPOTENT',
			bodyMatches: first.said === said };
	}

	tell(kind, { key, said }, answer) {
		this.told.set(`${kind} ${key}`, { said, answer });
		return answer;
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

	redeem(name, order) {
		const again = this.again('redemption', order);
		if (again !== undefined)
			return again;
		const user = this.named(name);
		if (user === undefined)
			return { code: 'NOT_FOUND' };
		this.sweep(user);
		const available = this.available(user);
		if (available < order.tokens)
			return { code: 'INSUFFICIENT_BALANCE', available,
				needed: order.tokens };
		this.spend(user, order.tokens);
		user.spent += order.tokens;
		return this.tell('redemption', order, { tokens: order.tokens,
			available: available - order.tokens });
	}

	/* Rewards. */

	reward({ type, minor, exponent }) {
		const { micro, flat } = this.rules.get(type);
		return flat ?? share(minor, micro, WHOLE * 10 ** exponent);
	}

	/** Why not, in the order in which it is looked at. */
	refusal(order, pool) {
		const { people, type, create } = order;
		if (!this.rules.has(type))
			return { code: 'NO_REWARD_RULE' };
		if (pool === undefined)
			return { code: 'POOL_NOT_FOUND' };
		if (pool.actionTypes.length > 0 &&
		    !pool.actionTypes.includes(type))
			return { code: 'POOL_NOT_ELIGIBLE' };
		const users = people.map((person) => this.find(person));
		for (const user of users) {
			if (user === 'conflict')
				return { code: 'USER_CONFLICT' };
			if (user === undefined && !create)
				return { code: 'USER_NOT_FOUND' };
		}
		for (const user of users.filter((one) => one !== undefined))
			this.sweep(user);
		const needed = this.reward(order);
		if (pool.available < needed)
			return { code: 'INSUFFICIENT_POOL', needed,
				available: pool.available };
		return undefined;
	}

	submit(order) {
		const again = this.again('action', order);
		if (again !== undefined)
			return again;
		const [first] = this.pools.keys();
		const pool = this.pools.get(order.pool ?? first);
		const refusal = this.refusal(order, pool);
		if (refusal !== undefined)
			return refusal;

		/* Two of them may be at odds with each other: then none is. */
		const before = structuredClone(this.users);
		const users = order.people.map((one) => this.ensure(one));
		if (users.includes('conflict')) {
			this.users = before;
			return { code: 'USER_CONFLICT' };
		}
		return this.tell('action', order,
		    this.distribute(order, pool, users));
	}

	/** Equal shares; what does not divide, one each to the first. */
	distribute(order, pool, users) {
		const reward = this.reward(order);
		const number = this.actions.length;
		const least = Math.floor(reward / users.length);
		const more = reward % users.length;
		const shares = users.map((user, place) => {
			const tokens = least + (place < more ? 1 : 0);
			pool.available -= tokens;
			user.wallet += tokens;
			user.earned += tokens;
			const debtOffset = this.payDebts(user, tokens);
			return { user: this.users.indexOf(user), tokens,
				debtOffset };
		});
		for (const [place, one] of shares.entries())
			this.bind(pool, users[place], number, place,
			    one.tokens - one.debtOffset);
		this.actions.push({ ...order, pool: pool.id, shares, reward,
			reversed: 0 });
		return { number, tokensDistributed: reward, breakdown:
			shares.map(({ tokens, debtOffset }) =>
				({ tokens, debtOffset })) };
	}

	/** What is left of a share vests and expires as its pool says. */
	bind({ id, vestingDays, expiryDays }, user, action, place, left) {
		if (vestingDays + expiryDays > 0 && left > 0)
			user.lots.push({ action, place, pool: id, left,
				expired: 0,
				vests: this.now + vestingDays * DAY,
				expires: expiryDays === 0 ? Infinity :
				    this.now + expiryDays * DAY });
	}

	bulk(orders, atomic) {
		const { users, actions, pools, told } = this;
		const before = structuredClone({ users, actions, pools, told });
		const results = [];
		for (const order of orders) {
			const result = order.bad ? { code: 'INVALID_REQUEST' } :
				this.submit(order);
			if (atomic && (result.code ?? 'IDEMPOTENT') !==
			    'IDEMPOTENT') {
				Object.assign(this, before);
				return orders.some((one) => one.bad) ?
					{ code: 'INVALID_REQUEST' } : result;
			}
			results.push(result);
		}
		return { results };
	}

	/* Reversals. */

	reverse(number, order) {
		const again = this.again('reversal', order);
		if (again !== undefined)
			return again;
		const action = this.actions[number];
		if (action === undefined)
			return { code: 'NOT_FOUND' };
		const { reversed } = action, { portion } = order;
		if (reversed + portion > WHOLE)
			return { code: 'ALREADY_REVERSED' };
		const users = action.shares.map(({ user }) =>
			this.users[user]);
		for (const user of users)
			this.sweep(user);
		const breakdown = action.shares.map(({ tokens }, place) =>
			this.claw(users[place], action.pool, { number, place },
			    share(tokens, reversed + portion, WHOLE) -
			    share(tokens, reversed, WHOLE)));
		action.reversed += portion;
		return this.tell('reversal', order, { breakdown,
			tokensClawedBack: sum(breakdown.map((one) =>
				one.clawedBack)),
			debtsCreated: breakdown.filter((one) =>
				one.debt > 0).length });
	}

	/** From the share's own lot, then from all that could be spent. */
	claw(user, pool, { number, place }, wanted) {
		const lot = user.lots.find((one) => one.action === number &&
		    one.place === place) ?? { left: 0, expired: 0 };
		const taken = Math.min(wanted, lot.left);
		lot.left -= taken;
		user.wallet -= taken;
		/* It came back when it expired, and is asked for once. */
		const back = Math.min(wanted - taken, lot.expired);
		lot.expired -= back;
		const expected = wanted - back;
		const free = Math.min(expected - taken, this.available(user));
		this.spend(user, free);
		const clawedBack = taken + free, debt = expected - clawedBack;
		user.clawedBack += clawedBack;
		this.pools.get(pool).available += clawedBack;
		if (debt > 0)
			user.debts.push({ pool, left: debt });
		return { expected, clawedBack, debt };
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
