// Stripe for tests: its own library, a stand-in of its API on this machine,
// and events signed as it signs them.
//
//	const api = await startStripe()	a stand-in; see Receiver in hooks.mjs:
//			api.got, api.answer; by default each gets a session
//	await useStripe(site, api)	the site asks it, for both its sides
//	asked(received)		a request of the site: {auth, key, form, body}
//	session(n)		what Stripe answers
//	event(type, object)	an event, with an id of its own
//	checkout(id, changes), invoice(id, name, changes), charge(changes)
//			objects that events are of; id is the donation's
//	tell(site, event, options)	it arrives, signed by `secret`
//			(SECRETS.test) at `timestamp` (now), or with `header`,
//			null for none
//	allow(partner)	it takes tips, and yen and dinars too
//	give(partner, wish, options)	create-link with its publishable key
//	status(partner, id)	what a page is told of the donation
//	gifts(partner)		rows of its donations, the first one first

import { createRequire } from 'node:module';
import { good } from './expect.mjs';
import { sql, startReceiver, tenantOf } from './hooks.mjs';

/* Its CommonJS build is the one that finds Node's crypto by itself. */
const Stripe = createRequire(import.meta.url)('stripe');

export const SECRETS = { test: 'whsec_of_tests', live: 'whsec_of_live' };
export const KEYS = { test: 'sk_test_1', live: 'sk_live_1' };

/** Its own library, calling a stand-in. */
export const library = (api) => new Stripe(KEYS.test, {
	host: '127.0.0.1', port: new URL(api.url).port, protocol: 'http',
	maxNetworkRetries: 0, telemetry: false,
});
export const { webhooks } = new Stripe(KEYS.test);

export const session = (n) => ({
	id: `cs_test_${n}`, object: 'checkout.session', amount_total: 2500,
	currency: 'usd', customer_details: null, metadata: {}, mode: 'payment',
	payment_intent: null, payment_status: 'unpaid', status: 'open',
	url: `https://checkout.stripe.com/c/pay/cs_test_${n}#fidkdWxOYHwnPy`,
});

export async function startStripe() {
	const api = await startReceiver();
	api.answer = (response) => response.writeHead(200,
	    { 'Content-Type': 'application/json' })
	    .end(JSON.stringify(session(api.got.length)));
	return api;
}

export function useStripe(site, api) {
	site.configure({ stripe_url: api.url.replace(/\/$/, ''),
		stripe_key: KEYS.live, stripe_secret: SECRETS.live,
		stripe_test_key: KEYS.test, stripe_test_secret: SECRETS.test });
	return site.restart();
}

export const asked = ({ path, headers, body }) => ({ path, body,
	auth: headers.authorization, key: headers['idempotency-key'],
	type: headers['content-type'], version: headers['stripe-version'],
	form: Object.fromEntries(new URLSearchParams(body)) });

export const allow = ({ site, slug }) => sql(site, 'UPDATE partners SET' +
    " tip_enabled = 1, currencies = 'USD EUR JPY KWD ISK UGX MGA'," +
    ` return_hosts = 'shop.example' WHERE slug = '${slug}'`);

let events = 0;

export const event = (type, object) => ({
	id: `evt_${process.pid}_${++events}`, object: 'event',
	api_version: '2026-10-28.endive', created: 1746876000, livemode: false,
	pending_webhooks: 1, request: { id: null, idempotency_key: null },
	type, data: { object },
});

export const checkout = (id, changes = {}) => ({
	...session(id), client_reference_id: id, payment_status: 'paid',
	status: 'complete', metadata: { partner_donation_id: id },
	payment_intent: `pi_${id}`, customer_details: {
		address: { country: 'US' }, email: 'zoe@example.org',
		name: 'Zoë von Sample', phone: null, tax_ids: [],
	}, ...changes,
});

/** As the pinned version has it: what it is of stands in `parent`. */
export const invoice = (id, name, changes = {}) => ({
	id: name, object: 'invoice', currency: 'usd',
	billing_reason: 'subscription_cycle', customer_email: null,
	metadata: {}, lines: { object: 'list', data: [] }, parent: {
		type: 'subscription_details', quote_details: null,
		subscription_details: { subscription: `sub_${id}`,
			metadata: { partner_donation_id: id } },
	}, status: 'paid', ...changes,
});

export const charge = (changes) => ({
	id: 'ch_1', object: 'charge', amount: 2500, amount_captured: 2500,
	currency: 'usd', metadata: {}, refunded: false, status: 'succeeded',
	...changes,
});

export function tell(site, what, options = {}) {
	const payload = typeof what === 'string' ? what : JSON.stringify(what);
	const { secret = SECRETS.test, timestamp = site.clock.now() } = options;
	const header = 'header' in options ? options.header :
	    webhooks.generateTestHeaderString({ payload, secret, timestamp });
	return site.request('POST', '/v1/inbound/stripe', {
		body: payload, headers: {
			'Content-Type': 'application/json; charset=utf-8',
			'Stripe-Signature': header ?? undefined,
			...options.headers,
		},
	});
}

export function give(partner, wish = {}, options = {}) {
	const body = JSON.stringify({ nonprofitSlug: 'american-red-cross',
		amount: 2500, currency: 'USD', donorEmail: 'jane@example.com',
		...wish });
	return partner.site.request('POST',
	    '/v1/partner/donations/create-link', { body, headers: {
		'Content-Type': 'application/json',
		'X-Partner-Key': partner.publishableKey, ...options.headers,
	    } });
}

export const status = async (partner, id) => good(await
    partner.site.request('GET', `/v1/partner/donations/status/${id}`,
    { headers: { 'X-Partner-Key': partner.publishableKey } }));

export const gifts = async (partner) => sql(partner.site,
    'SELECT * FROM donations WHERE tenant =' +
    ` ${await tenantOf(partner)} ORDER BY id`);
