// A client for an Almoner site in one file: Node 18 or newer, no packages.
// Copy it; run it, or import it:
//
//	node almoner.mjs CREDENTIALS.json			a first reward
//	node almoner.mjs CREDENTIALS.json METHOD PATH [BODY]	any request
//
//	import { Almoner } from './almoner.mjs';
//	const almoner = new Almoner({ baseUrl, secretKey, hmacSecret });
//	const answer = await almoner.request('POST', path, { … });

import { createHash, createHmac, randomUUID } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const TRIES = 5;

/** What the site refused, and why: see `problem.code`. */
export class Refused extends Error {
	constructor(status, problem) {
		super(`HTTP ${status} ${JSON.stringify(problem)}`);
		Object.assign(this, { status, problem });
	}
}

export class Almoner {
	constructor({ baseUrl, secretKey, hmacSecret }) {
		this.baseUrl = baseUrl.replace(/\/$/, '');
		this.secretKey = secretKey;
		this.hmacSecret = hmacSecret;
	}

	/** The headers of one request; the body is text, as it is sent. */
	sign(method, path, body) {
		const timestamp = Math.floor(Date.now() / 1000).toString();
		const hash = createHash('sha256').update(body).digest('hex');
		return {
			'X-Partner-Key': this.secretKey,
			'X-Timestamp': timestamp,
			'X-Signature': createHmac('sha256', this.hmacSecret)
			    .update(timestamp + method + path + hash)
			    .digest('hex'),
		};
	}

	/**
	 * Send a request and give its answer.  The path begins with /v1/, its
	 * parts percent-encoded, with its query.  It is sent again while
	 * nobody answers or the site asks for patience; the keys in the body
	 * and the Idempotency-Key stay the same, so it is done once.  409
	 * IDEMPOTENT says that it was done before: that is success.
	 */
	async request(method, path, data = undefined) {
		const body = data === undefined ? '' :
		    typeof data === 'string' ? data : JSON.stringify(data);
		/* What fetch() makes of the address is what is signed. */
		const url = new URL(this.baseUrl + path);
		const target = url.pathname + url.search;
		const signed = target.slice(target.indexOf('/v1/'));
		const more = method === 'GET' ? {} : {
			'Content-Type': 'application/json',
			'Idempotency-Key': randomUUID(),
		};
		for (let n = 1; ; n++) {
			const { status, wait, answer } = await this.once(url, {
				method, redirect: 'manual',
				headers: {
					...this.sign(method, signed, body),
					...more,
				},
				body: method === 'GET' ? undefined : body,
			});
			if (status >= 200 && status < 300 ||
			    status === 409 && answer.code === 'IDEMPOTENT')
				return answer;
			const again = status === 0 || status === 429 ||
			    status >= 500 ||
			    status === 409 && answer.code === 'IN_PROGRESS';
			if (!again || n === TRIES)
				throw new Refused(status, answer);
			await sleep(1000 * (wait || n));
		}
	}

	/** One try; status 0 if nobody answers. */
	async once(url, options) {
		try {
			const signal = AbortSignal.timeout(30000);
			const response = await fetch(url,
			    { ...options, signal });
			const text = await response.text();
			return {
				status: response.status,
				wait: Number(response.headers
				    .get('retry-after')),
				answer: parse(text),
			};
		} catch (error) {
			const detail = String(error.cause ?? error);
			return { status: 0, wait: 0, answer: { detail } };
		}
	}
}

/** JSON, or what a server in between said. */
function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return { detail: text };
	}
}

/** The story: a reward, the balance, and the reward taken back. */
async function story(almoner, { tokenPoolId }) {
	const order = `order_${randomUUID()}`; // yours: the order's number
	const user = 'zoë@shop.example';
	const tell = (what, answer) =>
		console.log(what.padEnd(9), JSON.stringify(answer));

	const action = await almoner.request('POST',
	    '/v1/partner/actions/submit', {
		idempotencyKey: order,
		actionType: 'PURCHASE', amount: 49.99, currency: 'USD',
		tokenPoolId,
		stakeholders: [{
			stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: user, userFirstName: 'Zoë',
		}],
		autoCreateUsers: true,
	});
	tell('reward', action);

	tell('balance', await almoner.request('GET',
	    `/v1/partner/users/${encodeURIComponent(user)}/balance`));

	tell('reversal', await almoner.request('POST',
	    `/v1/partner/actions/${action.actionId}/reverse`, {
		reason: 'returned',
		refundIdempotencyKey: `refund_${order}`,
	}));
}

async function main([file, method, path, body]) {
	if (file === undefined || method !== undefined && path === undefined) {
		console.error('usage: almoner.mjs CREDENTIALS ' +
		    '[METHOD PATH [BODY]]');
		return 2;
	}
	const credentials = JSON.parse(readFileSync(file, 'utf8'));
	const almoner = new Almoner(credentials);
	try {
		if (method === undefined)
			await story(almoner, credentials);
		else
			console.log(JSON.stringify(
			    await almoner.request(method, path, body)));
	} catch (error) {
		if (!(error instanceof Refused))
			throw error;
		console.error(error.message);
		return 1;
	}
	return 0;
}

if (process.argv[1] !== undefined &&
    realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
	process.exitCode = await main(process.argv.slice(2));
