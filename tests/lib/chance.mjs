// What a random sequence of the books does next: who, how much, out of which
// token pool, under which key.  Most of it makes sense; some of it should be
// refused.  both.mjs does it.
//
//	const chance = new Chance(random, model)
//	chance.action()		as Model.submit() has it, with its currency
//	chance.batch()		{orders, atomic}; one with `bad` is badly said
//	chance.reversal()	{number, portion, key}
//	chance.redemption()	{name, tokens, key}
//	chance.someone()	a name, of a user or of nobody
//
// Each order has `said`: all of it but its key, to tell whether a key that
// comes twice comes with the same.

import { NO_ID } from './expect.mjs';

const PEOPLE = 14;
const WHOLE = 1e6;

export class Chance {
	orders = { action: [], redemption: [], reversal: [] };
	keys = 0;

	constructor(random, model) {
		this.random = random;
		this.model = model;
	}

	/** Half of them are known by id first, the others by e-mail. */
	person() {
		const { random } = this;
		const n = random.below(PEOPLE);
		const externalId = `u${n}`, email = `u${n}@x.example`;
		const kind = random.below(100);

		if (kind === 0)
			return { externalId,
				email: `u${random.below(PEOPLE)}@x.example` };
		if (kind < 3)
			return random.chance(50) ? { externalId } : { email };
		if (kind < 30)
			return { externalId, email };
		return n % 2 === 0 ? { externalId } : { email };
	}

	/** An order, or one of before, which may say something else now. */
	order(kind, make) {
		const { random, orders } = this;
		let order;
		if (orders[kind].length > 0 && random.chance(8)) {
			order = random.pick(orders[kind]);
			if (random.chance(40))
				order = { ...order, ...make(), key: order.key };
		} else {
			order = { ...make(), key: `key_${++this.keys}` };
			orders[kind].push(order);
		}
		const { key: _, ...rest } = order;
		return { ...order, said: JSON.stringify(rest) };
	}

	action() {
		const { random, model } = this;
		return this.order('action', () => {
			const type = random.pick(['PURCHASE', 'PURCHASE',
				'DONATION', 'REVIEW', 'VISIT',
				random.chance(10) ? 'NOTHING' : 'PURCHASE']);
			const [currency, exponent] = random.pick([['USD', 2],
				['JPY', 0], ['KWD', 3]]);
			const many = random.chance(5) ? 20 :
				1 + random.below(4);
			return {
				type, currency, exponent,
				campaign: this.campaign(),
				minor: random.below(100) *
				    random.below(10 ** exponent * 3 + 1),
				people: Array.from({ length: many },
				    (_, place) => ({ ...this.person(),
					role: `PART_${place % 3}` })),
				create: random.chance(85),
				pool: random.chance(40) ? undefined :
				    random.pick([...model.pools.keys(),
					random.chance(10) ? NO_ID : undefined]),
			};
		});
	}

	/** One to name, now and then, of those of late. */
	campaign() {
		const { random, model } = this;
		const ids = model.campaigns.slice(-8).map(({ id }) => id);
		return ids.length > 0 && random.chance(8) ?
			random.pick([...ids, NO_ID]) : undefined;
	}

	batch() {
		const { random } = this;
		const orders = Array.from({ length: 1 + random.below(8) },
		    () => this.action());
		const atomic = random.chance(40);

		if (random.chance(30))
			orders.push({ ...random.pick(orders) });
		if (random.chance(atomic ? 10 : 30))
			orders.splice(random.below(orders.length), 0,
			    { ...this.action(), bad: true });
		return { orders, atomic };
	}

	reversal() {
		const { random, model } = this;
		return this.order('reversal', () => {
			const number = random.chance(3) ? -1 :
				random.below(model.actions.length + 1);
			const left = WHOLE -
			    (model.actions[number]?.reversed ?? 0);
			return { number, portion: Math.max(1, random.pick(
			    [WHOLE, left, left, left >> 1, 333333, 1, 500000,
				1 + random.below(WHOLE),
				1 + random.below(WHOLE / 10),
				1 + random.below(WHOLE / 10)])) };
		});
	}

	redemption() {
		const { random, model } = this;
		return this.order('redemption', () => {
			const name = this.someone();
			const user = model.named(name);
			const all = user ? model.available(user) : 0;
			return { name, tokens: Math.max(1, random.pick(
			    [all, all, all + 1, all >> 1,
				1 + random.below(200)])) };
		});
	}

	/** Somebody who is known, or not. */
	someone() {
		const { random, model } = this;
		const known = model.users.map((user) => model.nameOf(user))
		    .filter((name) => name !== undefined);
		return known.length === 0 || random.chance(3) ?
			'nobody' : random.pick(known);
	}
}
