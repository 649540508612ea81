// @ts-check
// The API, as a page may use it: with a publishable key, without cookies.
// doc/api.md describes it.

/** How long an answer may take. */
const PATIENCE_MS = 20000;
/** How long a link is good for at least, by any provider and any clock. */
const LASTS_MS = 1200000;
/** @param {number} seconds */
const sleep = (seconds) =>
    new Promise((done) => { setTimeout(done, seconds * 1000); });

/** Why something was not done.  `code` is the API's, or UNREACHABLE where
 * nobody answered and BAD_ANSWER where that was not the API. */
export class Refusal extends Error {
	/** @param {string} code @param {any} [more] of the answer */
	constructor(code, more = {}) {
		super(more.detail ?? code);
		this.code = code;
		this.status = more.status ?? 0;
		/** @type {{pointer: string}[]} */
		this.errors = Array.isArray(more.errors) ? more.errors : [];
		this.requestId = more.requestId;
		this.retryAfter = more.retryAfter ?? 0;
	}

	/** What else was thrown comes of what the page says of the widget. */
	static of(error) {
		return error instanceof Refusal ? error :
		    new Refusal('SET_UP', { detail: String(error) });
	}

	/** Would the very same request be refused again? */
	get definite() {
		return this.status >= 400 && this.status < 500 &&
		    ![408, 409, 425, 429].includes(this.status);
	}
}

/** 128 random bits.  Not crypto.randomUUID(): http pages do not have it. */
function random() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes,
	    (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What several widgets of a page ask, asked once. */
const known = new Map();

export class Client {
	/** @param {string} base …/v1/partner @param {string} key pk_… */
	constructor(base, key) {
		this.base = base;
		this.key = key;
		/** @type {{body: string, key: string, until: number} | null} */
		this.last = null;
	}

	/** @param {string} target @param {object} [init] @returns any */
	async #call(target, init = {}) {
		const control = new AbortController();
		const timer = setTimeout(() => control.abort(), PATIENCE_MS);
		let answer, text, body;

		try {
			answer = await fetch(this.base + target, {
				...init, credentials: 'omit',
				cache: 'no-store', signal: control.signal });
			text = await answer.text();
		} catch {
			throw new Refusal('UNREACHABLE');
		} finally {
			clearTimeout(timer);
		}
		try {
			body = Object(JSON.parse(text));
		} catch {
			body = {};
		}
		if (answer.ok && text.startsWith('{'))
			return body;
		throw new Refusal(typeof body.code === 'string' ? body.code :
		    'BAD_ANSWER', { ...body, status: answer.status, retryAfter:
			Number(answer.headers.get('Retry-After')) });
	}

	/** The key in the address saves the browser a preflight. */
	#get(target) {
		return this.#call(`${target}?key=${
			encodeURIComponent(this.key)}`);
	}

	/** What changes seldom, so that one answer serves the page. */
	about(target) {
		const name = `${this.base}${target} ${this.key}`;
		if (!known.has(name))
			known.set(name, this.#get(target));
		known.get(name).catch(() => known.delete(name));
		return known.get(name);
	}

	forget() {
		known.clear();
	}

	status(id) {
		return this.#get(`/donations/status/${encodeURIComponent(id)}`);
	}

	/**
	 * A link to the checkout.  The same gift has the same idempotency key,
	 * so whoever asks twice (a double click, a lost answer, the way back)
	 * gets one donation.
	 * @param {object} gift @returns {Promise<{donationLink: string,
	 *	partnerDonationId: string, expiresAt: string}>}
	 */
	async link(gift) {
		const body = JSON.stringify(gift);
		if (this.last?.body !== body || Date.now() >= this.last.until)
			this.last = { body, key: random(), until: Infinity };
		const { last } = this;

		for (let wait = 1; ; wait *= 2)
			try {
				const link = await this.#post(body, last.key);
				last.until = Date.now() + LASTS_MS;
				return link;
			} catch (error) {
				if (error.code === 'IN_PROGRESS' && wait < 8) {
					await sleep(wait);
					continue;
				}
				if (error.definite)
					this.last = null;
				throw error;
			}
	}

	/** Where the partner has not listed the page's host, the checkout keeps
	 * the donor: better than no donation.  @param {object} gift */
	async give(gift) {
		try {
			return await this.link(gift);
		} catch (error) {
			const other = ({ pointer }) =>
			    !/^.(succ|canc).*Url/.test(pointer);
			if (!error.errors?.length || error.errors.some(other))
				throw error;
			console.warn('donate-widget: this host is not on the' +
			    ' partner\u2019s list: no way back');
			return this.link({ ...gift, successUrl: undefined,
				cancelUrl: undefined });
		}
	}

	async #post(body, key) {
		const link = await this.#call('/donations/create-link', {
			method: 'POST', body, headers: {
				'Content-Type': 'application/json',
				'X-Partner-Key': this.key,
				'Idempotency-Key': key } });
		/* A link is followed: never into javascript: or data:. */
		if (!/^https?:\/\//i.test(link.donationLink) ||
		    typeof link.partnerDonationId !== 'string')
			throw new Refusal('BAD_ANSWER', { status: 502 });
		return link;
	}
}
