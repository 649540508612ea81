// A partner's back-end under load, as it should be written: several requests
// at once, and whatever gets no answer, or a 5xx, is sent again with the same
// key until it has one.
//
//	const load = new Load(partner, random);
//	load.start(8);
//	…
//	await load.stop();		// all that was begun is settled
//	await load.check(site, 40);	// against the books
//
// Settled is an operation that was answered 200, or 409 IDEMPOTENT after an
// attempt without an answer, or that was refused for good.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { rows } from './trouble.mjs';

const USERS = 8;
const GIVE_UP_MS = 30000;

let operations = 0;

/** Where each kind of operation is kept, and under which name. */
const kinds = {
	reward: { table: 'actions', transaction: 2, key: 'idempotencyKey' },
	redemption: { table: 'redemptions', transaction: 4,
		key: 'idempotencyKey' },
	reversal: { table: 'reversals', transaction: 3,
		key: 'refundIdempotencyKey' },
};

export class Load {
	constructor(partner, random) {
		this.partner = partner;
		this.random = random;
		this.settled = [];	/* those that are booked */
		this.unanswered = 0;	/* attempts */
		this.hurried = 0;	/* answered 409 after such an attempt */
	}

	reward(key, random) {
		return { kind: 'reward', target: '/v1/partner/actions/submit',
			body: {
				idempotencyKey: key, actionType: 'PURCHASE',
				amount: 1 + random.below(50), currency: 'USD',
				autoCreateUsers: true,
				stakeholders: [{
					stakeholderTypeCode: 'CUSTOMER',
					partnerUserId:
					    `user_${random.below(USERS)}`,
				}],
			} };
	}

	redemption(key, random) {
		return { kind: 'redemption',
			target: '/v1/partner/users/' +
			    `user_${random.below(USERS)}/redeem`,
			body: { idempotencyKey: key,
				tokens: 1 + random.below(20) } };
	}

	reversal(key, random) {
		const rewards = this.settled.filter(
		    ({ kind }) => kind === 'reward').slice(-100);
		if (rewards.length === 0)
			return this.reward(key, random);
		const { actionId } = random.pick(rewards).answer;
		return { kind: 'reversal',
			target: `/v1/partner/actions/${actionId}/reverse`,
			body: { refundIdempotencyKey: key,
				reversalPercentage: random.pick([30, 50]) } };
	}

	begin() {
		const { random } = this;
		const key = `load_${process.pid}_${++operations}`;
		const kind = random.pick(['reward', 'reward', 'reward',
			'redemption', 'reversal']);
		return this[kind](key, random);
	}

	send({ target, body }) {
		return this.partner.post(target, body).catch(
		    () => ({ status: 0, body: undefined }));
	}

	/** To its end.  A 5xx and silence are the same to a client: again. */
	async settle(operation) {
		const limit = Date.now() + GIVE_UP_MS;
		let answer, tries = 0;
		for (;; tries++) {
			answer = await this.send(operation);
			if (answer.status !== 0 && answer.status < 500)
				break;
			this.unanswered++;
			assert.ok(Date.now() < limit,
			    `no answer at last: ${answer.text}`);
			await sleep(20);
		}
		const again = answer.status === 409 &&
		    answer.body.code === 'IDEMPOTENT';
		assert.ok(!again || tries > 0, 'a fresh key was used before');
		assert.ok(again || [200, 402, 404].includes(answer.status) ||
		    answer.body.code === 'ALREADY_REVERSED', answer.text);
		if (again)
			this.hurried++;
		if (again || answer.status === 200)
			this.settled.push({ ...operation,
				answer: first(answer.body) });
	}

	start(clients) {
		this.running = true;
		this.clients = Array.from({ length: clients }, async () => {
			while (this.running)
				await this.settle(this.begin());
		});
		/* stop() is who hears of it. */
		this.clients.forEach((client) => client.catch(() => {}));
	}

	async stop() {
		this.running = false;
		await Promise.all(this.clients);
	}

	/** Once, and as answered; `sample` of them by asking again. */
	async check(site, sample) {
		for (const kind of Object.keys(kinds))
			await checkKind(site, kind, this.settled.filter(
			    (operation) => operation.kind === kind));
		for (let i = 0; i < sample && this.settled.length > 0; i++) {
			const operation = this.random.pick(this.settled);
			const { status, body, text } =
			    await this.send(operation);
			assert.equal(status, 409, text);
			assert.equal(body.code, 'IDEMPOTENT');
			assert.equal(body.bodyMatches, true);
			assert.deepEqual(first(body), operation.answer);
		}
	}
}

/** An answer without what only its repetition says. */
function first(body) {
	const { code: _code, bodyMatches: _matches, ...rest } = body;
	return rest;
}

/** Each settled one is a row, each row a transaction, and neither is more. */
async function checkKind(site, kind, settled) {
	const { table, transaction, key } = kinds[kind];
	const found = await rows(site,
	    `SELECT idempotency_key AS key, r.number AS number,
	    count(t.number) AS moves, max(t.number) AS moved
	    FROM ${table} r LEFT JOIN transactions t
	    ON t.tenant = r.tenant AND t.kind = ${transaction}
	    AND t.refers = r.id
	    GROUP BY r.tenant, r.id`);
	const booked = new Set(found.map((row) => row.key));
	for (const { body } of settled)
		assert.ok(booked.has(body[key]),
		    `${kind} ${body[key]} was answered and is not booked`);
	assert.equal(found.length, settled.length,
	    `as many ${table} as were answered`);
	/* Half of one token may be none: then nothing moves. */
	assert.ok(found.every(({ moves, moved, number }) =>
		moved === number && moves === (number === null ? 0 : 1)),
	    `each of the ${table} has its one transaction`);
	const [{ n }] = await rows(site, 'SELECT count(*) AS n' +
	    ` FROM transactions WHERE kind = ${transaction}`);
	assert.equal(n, found.filter(({ number }) => number !== null).length,
	    `no transaction without its ${kind}`);
}
