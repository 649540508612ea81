// The threads of a process under ThreadSanitizer, which sees two threads meet
// at one place even where nothing came of it: a partner's whole day at once,
// keys that go, minutes that pass, and a SIGTERM in the middle.  Whatever it
// says is in the server's log, and the site's end throws it at us.
//
// Of SQLite, OpenSSL, json-c and libfcgi it sees what they lock and not what
// they touch; nothing that they do has to be passed over.
//
// THREADS_S is how long the day takes, 6 seconds by default.

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rows } from '../lib/expect.mjs';
import { seeded } from '../lib/random.mjs';
import { kill, purchase, root, startSite, until } from '../lib/site.mjs';
import { serves } from './trouble.mjs';

const CLIENTS = 40;
const DAY_S = Number(process.env.THREADS_S ?? (process.env.SOAK ? 60 : 6));

const { ALMONER_BUILD: built = `${root}/build/asan` } = process.env;
const build = path.join(path.dirname(built), 'tsan');

const SUBMIT = '/v1/partner/actions/submit';

let keys = 0;
const key = () => `k_${++keys}`;

/** What a client may do next: each of them returns an answer. */
const deeds = [
	({ acme, user }) => acme.submit({ stakeholders: [{
		stakeholderTypeCode: 'CUSTOMER', partnerUserId: user }] }),
	async ({ acme, day }) => {
		const sent = purchase();
		const [answer, again] = await Promise.all(
		    [acme.post(SUBMIT, sent), acme.post(SUBMIT, sent)]);
		day.note(again);
		return answer;
	},
	({ acme }) => acme.post('/v1/partner/actions/bulk',
	    { actions: [purchase(), purchase(), purchase()] }),
	({ acme, user }) => acme.post(`/v1/partner/users/${user}/redeem`,
	    { tokens: 5, idempotencyKey: key() }),
	({ acme, action }) => acme.post(
	    `/v1/partner/actions/${action}/reverse`,
	    { refundIdempotencyKey: key(), reversalPercentage: 10 }),
	({ acme, user }) => acme.post('/v1/partner/users',
	    { externalId: user, firstName: key() }),
	({ acme }) => acme.get('/v1/partner/actions'),
	({ acme, action }) => acme.get(`/v1/partner/actions/${action}`),
	({ acme, user }) => acme.get(`/v1/partner/users/${user}/balance`),
	({ acme }) => acme.get('/v1/partner/users'),
	({ acme }) => acme.get('/v1/partner/token-pools'),
	({ acme }) => acme.get('/v1/partner/users', { signature: '00' }),
	({ acme }) => acme.post(SUBMIT, '{"not": "whole"'),
	({ day }) => day.guest.submit(),
	({ day }) => day.guest.get('/v1/partner/actions'),
];

class Day {
	constructor(site, acme, random) {
		Object.assign(this, { site, acme, random, answers: [] });
	}

	note(answer) {
		this.answers.push(answer);
		if (answer.status === 200 && answer.body.actionId)
			this.action = answer.body.actionId;
	}

	async client() {
		const { acme, random } = this;
		while (this.running) {
			this.note(await random.pick(deeds)({ acme, day: this,
				user: `user_${random.below(40)}`,
				action: this.action }).catch(
			    () => ({ status: 0 })));
		}
	}

	async begin() {
		this.guest = await this.acme.newKey();
		this.note(await serves(this.acme));
		this.running = true;
		this.clients = Array.from({ length: CLIENTS },
		    () => this.client());
	}

	end() {
		this.running = false;
		return Promise.all(this.clients);
	}

	/** A minute goes by, and a key. */
	async turn() {
		const { keyId } = this.guest;
		this.site.clock.advance(61);
		this.guest = await this.acme.newKey();
		await this.site.cli('key', 'revoke', '--key', keyId);
	}
}

const site = await startSite({ procs: 1, build });
const acme = await site.partner({ tokens: 1e9 });

test('nothing is touched by two threads at once', () =>
	seeded(0, async (random) => {
		const day = new Day(site, acme, random);
		await day.begin();
		for (const end = Date.now() + 1000 * DAY_S; Date.now() < end;) {
			await sleep(1000);
			await day.turn();
		}
		await day.end();
		const statuses = new Set(day.answers.map((a) => a.status));
		for (const status of [200, 400, 401, 402, 409])
			assert.ok(statuses.has(status), `nobody got ${status}`);
		assert.ok(day.answers.every(({ status }) =>
			status >= 200 && status < 500));
		await site.verify();
	}));

/** Those that were authenticated, since there is nobody else to count. */
test('each answer is counted once', async () => {
	const counted = async () => (await rows(site,
	    'SELECT sum(times) AS n FROM usage WHERE counter < 6'))[0].n;
	const flush = async () => {
		/* A thread counts when it has answered. */
		await sleep(200);
		site.clock.advance(61);
		await acme.get('/v1/partner/actions');
		const before = await counted();
		await until(async () => await counted() !== before, 300);
		return counted();
	};
	await flush();
	const before = await flush();
	const client = async (first) => {
		for (let i = 0; i < 30; i++) {
			if (first && i % 10 === 5)
				site.clock.advance(61);
			await acme.get('/v1/partner/actions');
		}
	};
	await Promise.all(Array.from({ length: CLIENTS },
	    (_, n) => client(n === 0)));
	assert.equal(await flush() - before, 30 * CLIENTS + 1);
});

test('SIGTERM in the middle of it', () => seeded(1, async (random) => {
	for (let round = 0; round < 3; round++) {
		const day = new Day(site, acme, random);
		await day.begin();
		await sleep(500);
		const old = site.workers();
		kill(old, 'SIGTERM');
		assert.ok(await until(() => !site.workers().some(
		    (pid) => old.includes(pid)), 5000), 'they do not leave');
		await day.end();
		await serves(acme);
	}
	await site.verify();
}));

test('what ThreadSanitizer says', () => site.stop());
