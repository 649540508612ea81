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
// `people` are {externalId, email, role}, `pool` an id or undefined for the
// first.  Each gives {code} of a refusal, "IDEMPOTENT" with the first answer
// among them, or what the answer has to say.  Whether the same was said the
// second time is told by `said`, a text of the caller's.
//
//	m.balance(user)		as GET /users/:externalId/balance, its numbers
//	m.poolBalance(id)	as GET /token-pools/:tokenPoolId, the numbers
//	m.users, m.actions, m.named(name), m.nameOf(user)
//	m.events	how many of each type were told
//
// It is one of several classes, each of which extends the one before it:
// model-wallets.mjs, this one, model-points.mjs (exchanges), model-pools.mjs
// (what fills pools, and bin/housekeep), model-campaigns.mjs, model-gifts.mjs.

import { DAY, putBack, share, sum, Wallets, WHOLE }
    from './model-wallets.mjs';

export { share } from './model-wallets.mjs';

export class Model extends Wallets {
	actions = [];
	rules = new Map([['PURCHASE', { micro: WHOLE }],
		['DONATION', { micro: 7 * WHOLE }]]);
	/** First answers, by what their keys are for and the key. */
	told = new Map();
	events = new Map();

	addPool(id, terms) {
		this.pools.set(id, { id, vestingDays: 0, expiryDays: 0,
			actionTypes: [], allocated: 0, available: 0,
			...terms });
		this.pools.get(id).available = terms.allocated;
	}

	setRule(type, rule) {
		this.rules.set(type, rule);
	}

	allocate(id, tokens) {
		const pool = this.pools.get(id);
		pool.allocated += tokens;
		pool.available += tokens;
		this.event('token_pool.refilled');
	}

	event(type) {
		this.events.set(type, (this.events.get(type) ?? 0) + 1);
	}

	/** All that a batch takes back when it fails. */
	kept() {
		const { users, actions, pools, told, events } = this;
		return { users, actions, pools, told, events };
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

	reward({ type, minor, exponent }, milli = 1000) {
		const { micro, flat } = this.rules.get(type);
		return flat !== undefined ? share(flat, milli, 1000) :
			share(minor, micro * milli, WHOLE * 1000 *
			10 ** exponent);
	}

	/** Which campaigns may pay: none, before model-campaigns.mjs. */
	match() {
		return { found: false };
	}

	/** By the rule: equal shares; what does not divide, to the first. */
	offer(order) {
		if (!this.rules.has(order.type))
			return { code: 'NO_REWARD_RULE' };
		const reward = this.reward(order), n = order.people.length;
		return { reward, campaignId: null, multiplier: null,
			appliedLimits: [], shares: order.people.map((_, i) =>
				Math.floor(reward / n) +
				(i < reward % n ? 1 : 0)) };
	}

	/** Was it filled, so that it can pay? */
	refilledFor() {
		return false;
	}

	/** Rewards took a pool that had `before` to what it has now. */
	paidOut() {
	}

	/** An action was booked by this offer. */
	booked() {
	}

	/** Why not, of people, in the order in which it is looked at. */
	strangers({ people, create }, users) {
		for (const [i] of people.entries()) {
			if (users[i] === 'conflict')
				return { code: 'USER_CONFLICT' };
			if (users[i] === undefined && !create)
				return { code: 'USER_NOT_FOUND' };
		}
		return undefined;
	}

	/** The offer that is taken, with its pool; or why not. */
	plan(order) {
		const match = this.match(order), { type } = order;
		const [first] = this.pools.keys();
		const pool = this.pools.get(order.pool ?? first);
		const pays = ({ actionTypes }) => actionTypes.length === 0 ||
			actionTypes.includes(type);

		if (!match.found && !this.rules.has(type))
			return { code: 'NO_REWARD_RULE' };
		if (match.code !== undefined)
			return match;
		if (pool === undefined)
			return { code: 'POOL_NOT_FOUND' };
		if (!match.found && !pays(pool))
			return { code: 'POOL_NOT_ELIGIBLE' };
		const users = order.people.map((person) => this.find(person));
		const stranger = this.strangers(order, users);
		if (stranger !== undefined)
			return stranger;
		const offer = this.offer(order, users, match);
		if (offer.code !== undefined)
			return offer;
		const from = this.pools.get(offer.pool) ?? pool;
		return pays(from) ? this.fund(offer, from, users) :
			{ code: 'POOL_NOT_ELIGIBLE' };
	}

	/** The pool has that much, or is filled. */
	fund(offer, pool, users) {
		for (const user of users.filter((one) => one !== undefined))
			this.sweep(user);
		if (pool.available < offer.reward &&
		    !this.refilledFor(pool, offer.reward))
			return { code: 'INSUFFICIENT_POOL',
				needed: offer.reward,
				available: pool.available };
		return { ...offer, pool };
	}

	submit(order) {
		const again = this.again('action', order);
		if (again !== undefined)
			return again;
		const plan = this.plan(order);
		if (plan.code !== undefined)
			return plan;

		/* Two of them may be at odds with each other: then none is. */
		const before = order.people.length > 1 ?
			structuredClone(this.users) : [];
		const users = order.people.map((one) => this.ensure(one));
		if (users.includes('conflict')) {
			putBack(this.users, before);
			return { code: 'USER_CONFLICT' };
		}
		return this.tell('action', order,
		    this.distribute(order, plan, users));
	}

	distribute(order, plan, users) {
		const { pool, reward } = plan, before = pool.available;
		const number = this.actions.length;
		const shares = plan.shares.map((tokens, place) => {
			const user = users[place];
			pool.available -= tokens;
			user.wallet += tokens;
			user.earned += tokens;
			const debtOffset = this.payDebts(user, tokens);
			return { user: this.users.indexOf(user), tokens,
				debtOffset };
		});
		this.paidOut(pool, before);
		for (const [place, one] of shares.entries())
			this.bind(pool, users[place], number, place,
			    one.tokens - one.debtOffset);
		this.actions.push({ ...order, pool: pool.id, shares, reward,
			reversed: 0, tier: plan.tier,
			day: Math.floor(this.now / DAY) });
		this.booked(plan, number);
		const { campaignId, multiplier, appliedLimits } = plan;
		return { number, tokensDistributed: reward, campaignId,
			multiplier, appliedLimits, breakdown:
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
		const before = atomic && structuredClone(this.kept());
		const results = [];
		for (const order of orders) {
			const result = order.bad ? { code: 'INVALID_REQUEST' } :
				this.submit(order);
			if (atomic && (result.code ?? 'IDEMPOTENT') !==
			    'IDEMPOTENT') {
				putBack(this.kept(), before);
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
}
