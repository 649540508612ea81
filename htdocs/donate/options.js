// @ts-check
// What a page author has written on the element, together with what the API
// says of the partner, the organisation and the appeal.

import { part } from './here.js';
import { Money } from './money.js';

const FREQUENCIES = ['once', 'weekly', 'monthly', 'yearly'];

/** Attributes; each is a property too: return-url is returnUrl. */
export const ATTRIBUTES = ['key', 'nonprofit', 'api', 'mode', 'amounts',
	'amount', 'currency', 'frequency', 'frequencies', 'provider', 'tip',
	'cover-fees', 'min', 'max', 'theme', 'return-url', 'appeal',
	'fundraiser', 'ask', 'first-name', 'last-name', 'email', 'reference',
	'referral', 'anonymous', 'label', 'campaign', 'lang'];

/** "10,25 50" as words. */
const list = (text) => text.split(/[\s,]+/).filter(Boolean);

/**
 * @param {HTMLElement} element
 * @param {any} config of GET /config
 * @param {any} organization of GET /organizations/:slug
 * @param {any} appeal of GET /appeals/:id, or null
 * @param {string} lang
 */
function readOptions(element, config, organization, appeal, lang) {
	const get = (name) => element.getAttribute(name);
	const currency = (get('currency') || appeal?.currency ||
	    config.currencies?.[0] || 'USD').toUpperCase();
	const money = new Money(currency, lang);

	/* In an attribute it is 12.50, the same in each language. */
	const plain = new Money(currency, 'en');
	const read = (text) => text ? plain.read(text) || null : null;
	const wanted = list(get('amounts') ?? '').map(read).filter(Boolean);
	const amounts = wanted.length > 0 ? wanted :
	    config.suggestedAmounts ?? [];

	const offered = list(get('frequencies') ?? 'once,monthly')
		.filter((word) => FREQUENCIES.includes(word));
	const frequency = FREQUENCIES.find((word) =>
	    word === get('frequency')) ?? offered[0] ?? 'once';
	const frequencies = [...new Set([...offered, frequency])];

	const covers = get('cover-fees');
	return {
		money, amounts, frequencies, frequency,
		amount: read(get('amount')) ?? amounts[1] ?? amounts[0] ?? null,
		min: read(get('min')) ?? 1,
		max: read(get('max')) ?? Infinity,
		...readTips(get('tip'), config.tipConfig),
		cover: covers === null ? 0 : Number(covers) || 3,
		ask: list(get('ask') ?? 'name email'),
		nonprofit: get('nonprofit') ?? '',
		name: organization.name ?? get('nonprofit'),
		appeal,
	};
}

/** Percentages; the one that is proposed; none where no tip is asked for. */
function readTips(text, config) {
	if (text !== null) {
		const tips = list(text).map(Number)
			.filter((tip) => tip >= 0 && tip <= 100);
		return { tips, tip: tips[0] ?? 0 };
	}
	if (!config?.enabled)
		return { tips: [], tip: 0 };
	const proposed = config.defaultPercent;
	const tips = [...new Set([0, 5, 10, 15, proposed])];
	return { tips: tips.sort((a, b) => a - b), tip: proposed };
}

/**
 * All of that together; `more` is what appeal.js has, or nothing.
 * @param {HTMLElement} element
 * @param {import('./client.js').Client} client
 * @param {string} lang
 */
export async function load(element, client, lang) {
	const path = (name) => encodeURIComponent(element.getAttribute(name));
	for (const name of ['key', 'nonprofit'])
		if (!element.getAttribute(name))
			throw new Error(`the attribute ${name} is missing`);
	const of = element.getAttribute('appeal');
	const [config, organization, appeal, more] = await Promise.all([
		client.about('/config'),
		client.about(`/organizations/${path('nonprofit')}`),
		of && client.about(`/appeals/${path('appeal')}`),
		of && part('appeal')]);
	return { ...readOptions(element, config, organization, appeal, lang),
		more };
}

/**
 * The body of POST /donations/create-link.
 * @param {HTMLElement} element
 * @param {any} options of load()
 * @param {any} given what the donor chose, by Form.read()
 * @param {string} here the page to come back to
 */
export function readGift(element, options, given, here) {
	const get = (name) => element.getAttribute(name) || undefined;
	const number = (name) => get(name) && Number(get(name));
	const campaign = get('campaign');
	return {
		nonprofitSlug: options.nonprofit,
		amount: given.amount,
		currency: options.money.currency,
		frequency: given.frequency,
		provider: get('provider') ?? 'stripe',
		tipAmount: given.extra || undefined,
		donorEmail: given.email || get('email'),
		firstName: given.firstName || get('first-name'),
		lastName: given.lastName || get('last-name'),
		visibility: given.anonymous ? 'anonymous' : 'visible',
		subscribe: given.subscribe || undefined,
		partnerUserId: get('reference'),
		referralCode: get('referral'),
		appealId: number('appeal'),
		fundraiserId: number('fundraiser'),
		perk: given.perk,
		metadata: campaign && { campaign },
		successUrl: new URL(get('return-url') ?? here, here).href,
		cancelUrl: here,
	};
}

/** Each attribute as a property; those that HTML has stay as they are. */
export function reflect(prototype) {
	for (const name of ATTRIBUTES) {
		const property = name.replace(/-(.)/g,
		    (all, letter) => letter.toUpperCase());
		if (!(property in prototype))
			Object.defineProperty(prototype, property, {
				get() {
					return this.getAttribute(name);
				},
				set(value) {
					this.toggleAttribute(name,
					    value !== null);
					if (value !== null)
						this.setAttribute(name, value);
				},
			});
	}
}
