// A partner of a test's site: its keys, and requests signed with them.  Made
// by site.partner(); site.mjs tells how it is used.

import { sign, wire } from './http.mjs';

let orders = 0;

/** The body of an ordinary reward, with its own key; say what should differ. */
export function purchase(changes = {}) {
	orders++;
	return {
		idempotencyKey: `order_${process.pid}_${orders}`,
		actionType: 'PURCHASE',
		amount: 49.99,
		currency: 'USD',
		stakeholders: [{
			stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: 'user_42',
		}],
		autoCreateUsers: true,
		...changes,
	};
}

/** Bodies are signed as bytes: objects become JSON, the rest stays. */
function bytesOf(body) {
	if (body === undefined || typeof body === 'string' ||
	    Buffer.isBuffer(body))
		return body;
	return JSON.stringify(body);
}

export class Partner {
	constructor(site, values) {
		Object.assign(this, values);
		this.site = site;
	}

	/** The headers of a signed request; `options` as for signed(). */
	headers(method, target, body, options = {}) {
		const { key = 'sk', secret = this.hmacSecret,
		    timestamp = this.site.clock.now(),
		    headers = {} } = options;
		const all = {
			'X-Partner-Key': key === 'sk' ? this.secretKey :
			    key === 'pk' ? this.publishableKey : key,
			'X-Timestamp': String(timestamp),
			'X-Signature': options.signature ??
			    sign(secret, timestamp, method, target, body),
		};
		if (body !== undefined)
			all['Content-Type'] = 'application/json';
		return { ...all, ...headers };
	}

	signed(method, target, options = {}) {
		const body = bytesOf(options.body);
		return this.site.request(method, options.sent ?? target, {
			body,
			headers: this.headers(method, target, body, options),
			agent: options.agent,
		});
	}

	get(target, options = {}) {
		return this.signed('GET', target, options);
	}

	post(target, body, options = {}) {
		return this.signed('POST', target, { body, ...options });
	}

	/** Submit a purchase() with these changes. */
	submit(changes, options) {
		return this.post('/v1/partner/actions/submit',
		    purchase(changes), options);
	}

	/** The bytes of a signed request, for site.raw() to send or spoil. */
	wire(method, target, options = {}) {
		const body = bytesOf(options.body);
		return wire(method, this.site.prefix + target,
		    this.headers(method, target, body, options), body);
	}

	/** The same partner and side with another set of keys. */
	async newKey(options = {}) {
		const keys = await this.site.createKey(
		    { slug: this.slug, side: this.side, ...options });
		return new Partner(this.site, { ...this, ...keys });
	}
}
