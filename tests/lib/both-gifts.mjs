// Steps of both.mjs for donations: what a random step asks of the server and
// of the model (model-gifts.mjs).  The sandbox's checkout is paid at once.

import assert from 'node:assert/strict';
import { good } from './expect.mjs';
import { give, pay, status } from './gifts.mjs';

export const giftSteps = {
	async donate() {
		const { model, partner, random, site } = this;
		const person = this.chance.person();
		const minor = 100 + random.below(9000);
		const key = `gift ${model.gifts.length}`;
		this.note('donate', { person, minor });
		const { partnerDonationId: id } = good(await give(partner, {
			amount: minor, donorEmail: person.email ?? null,
			partnerUserId: person.externalId }));
		assert.equal((await pay(site, id)).status, 303);
		const gift = model.donate({ person, minor, key });
		gift.id = id;
		await this.compareGift(gift);
		return this.named([person]);
	},

	/** Its action is there by now, or there is none yet. */
	async compareGift({ id, number }) {
		const { model, partner } = this;
		const shown = await status(partner, id);
		const reward = model.actions[number]?.reward ?? 0;
		assert.deepEqual([shown.status, shown.tokensDistributed],
		    ['COMPLETED', reward], id);
		if (number === undefined)
			return;
		const { body } = await partner.get(
		    '/v1/partner/actions?limit=1');
		this.learn({ number }, body.data[0].actionId);
	},

	async refund() {
		const { model, random, site } = this;
		const left = ({ order, refunded }) => order.minor - refunded;
		const gifts = model.gifts.filter((one) => left(one) > 0);
		if (gifts.length === 0)
			return [];
		const gift = random.pick(gifts);
		const minor = random.chance(50) ? left(gift) :
			1 + random.below(left(gift));
		this.note('refund', gift.id, minor);
		await site.arrange('donation', 'refund', '--donation', gift.id,
		    '--amount', (minor / 100).toFixed(2));
		model.refund(gift, minor);
		return (model.actions[gift.number]?.shares ?? [])
		    .map(({ user }) => model.users[user]);
	},

	/** Actions that nobody submitted have ids, too. */
	async learnActions() {
		const list = await this.walk('/v1/partner/actions');
		list.reverse();
		list.forEach(({ actionId }, number) =>
			this.learn({ number }, actionId));
	},
};
