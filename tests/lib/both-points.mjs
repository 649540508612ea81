// Steps of both.mjs for exchanges in both directions: what a random step asks
// of the server and of the model (model-points.mjs), and what both say.

import { exchange, hash, listen, points, programme, revert, tell }
    from './exchange.mjs';
import { NO_ID } from './expect.mjs';
import { RATE } from './model-points.mjs';

/** A key, most often a new one; `said` tells what it comes with. */
function keyed(both, kind, order) {
	const used = (both.keys ??= {})[kind] ??= [];
	const again = used.length > 0 && both.random.chance(8);
	const key = again ? both.random.pick(used) :
		`${kind}-${both.model.now}-${used.length}`;
	used.push(key);
	return { ...order, key, said: JSON.stringify(order) };
}

/** By the partner's own id, or nobody. */
function someone({ random, model }) {
	const known = model.users.filter((user) => user.externalId);
	return known.length > 0 && random.chance(92) ?
		random.pick(known).externalId : 'nobody-at-all';
}

function amount({ random, model }, user) {
	const all = user ? model.available(user) : 0;
	const some = random.pick([all, all >> 1, all + 3,
		1 + random.below(200)]);
	const whole = some - some % RATE.tokens;
	return Math.max(1, random.chance(90) ? whole : some);
}

export const makePoints = async (both) => {
	await programme(both.partner, { code: 'MILES', ...RATE });
	both.secret = await listen(both.partner, { symbol: 'OURS' });
	both.exchangeIds = [];
	both.hashes = 0;
};

export const pointSteps = (agree) => ({
	async exchange() {
		const name = someone(this), user = this.model.byId(name);
		const order = keyed(this, 'exchange',
		    { name, tokens: amount(this, user) });
		this.note('exchange', order);
		const answer = await exchange(this.partner, {
			partnerUserId: name, tokens: order.tokens,
			idempotencyKey: order.key });
		agree(answer, this.model.exchange(order), 201);
		if (answer.status === 201)
			this.exchangeIds.push(answer.body.exchangeId);
		return [user];
	},

	async unexchange() {
		const number = this.random.below(this.exchangeIds.length + 1);
		const order = keyed(this, 'unexchange', { number });
		this.note('unexchange', order);
		agree(await revert(this.partner,
		    this.exchangeIds[number] ?? NO_ID, order.key),
		    this.model.unexchange(number, order));
		return [this.model.exchanges[number]?.user];
	},

	/** Each hash is told of some times, and some before their time. */
	async points() {
		const { random, model } = this;
		const number = random.chance(60) ? ++this.hashes :
			1 + random.below(this.hashes + 2);
		this.hashes = Math.max(this.hashes, number);
		const known = model.credits.get(number);
		const undo = random.chance(known ? 80 : 8);
		const name = this.chance.someone();
		const tokens = known?.tokens !== undefined &&
		    random.chance(95) ? known.tokens : 1 + random.below(300);
		const order = { hash: number, name, tokens,
			pool: this.partner.tokenPoolId };
		this.note(undo ? 'unpoints' : 'points', order);
		agree(await tell(this.site, points({ amount: tokens,
			auth_id: name, token_symbol: 'OURS',
			...(undo ? { transaction_type: 'debit',
				tx_hash_reverted: hash(number) } :
			    { tx_hash: hash(number) }) }), this.secret),
		    undo ? model.unpoints(order) : model.points(order), 204);
		return [known?.user, model.named(name)];
	},
});
