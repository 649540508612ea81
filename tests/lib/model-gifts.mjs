// The model of the books (model.mjs) with donations: each is an action of its
// donor as soon as the pool can pay for it, and what is paid back is reversed.
//
//	m.donate({person, minor, key})	gives the gift
//	m.refund(gift, minor)		so much more is paid back
//	m.gifts				{order, refunded, number, at}; `number`
//				of the action, `at` when it is tried again

import { share, WHOLE } from './model-wallets.mjs';
import { CampaignModel } from './model-campaigns.mjs';

const HOUR = 3600000;

export class GiftModel extends CampaignModel {
	gifts = [];

	donate({ person, minor, key }) {
		const gift = { refunded: 0, paid: this.now, order: { key, minor,
			type: 'DONATION', currency: 'USD', exponent: 2,
			create: true, people: [{ ...person, role: 'DONOR' }] },
		};
		this.gifts.push(gift);
		this.pay(gift);
		return gift;
	}

	/** Known under two names: the partner's own decides. */
	pay(gift) {
		const { order } = gift, { email: _, ...rest } = order.people[0];
		let answer = this.submit(order);
		if (answer.code === 'USER_CONFLICT')
			answer = this.submit({ ...order, people: [rest] });
		gift.number = answer.number;
		gift.at = answer.code === undefined ? undefined : this.now +
			Math.max(HOUR, Math.floor((this.now - gift.paid) / 8));
		if (gift.number !== undefined && gift.refunded > 0)
			this.giveBack(gift);
	}

	giveBack({ order, refunded, number }) {
		const portion = share(WHOLE, refunded, order.minor) -
			this.actions[number].reversed;
		if (portion > 0)
			this.reverse(number, { portion,
				key: `refund ${order.key} ${refunded}` });
	}

	refund(gift, minor) {
		gift.refunded += minor;
		if (gift.number !== undefined)
			this.giveBack(gift);
		else if (gift.refunded === gift.order.minor)
			gift.at = undefined;
	}

	/** Who is erased while a gift waits has nothing of it. */
	erase(name) {
		const { externalId, email } = this.named(name) ?? {};
		for (const gift of this.gifts) {
			const [one] = gift.order.people;
			if ((externalId && one.externalId === externalId) ||
			    (email && one.email === email))
				gift.at = undefined;
		}
		return super.erase(name);
	}

	/** Who has waited longest since it was last tried comes first. */
	housekeep() {
		const due = this.gifts.filter(({ at }) => at <= this.now);
		due.sort((a, b) => a.at - b.at);
		for (const gift of due)
			this.pay(gift);
		super.housekeep();
	}
}
