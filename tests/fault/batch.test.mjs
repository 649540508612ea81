// Writes that come at the same time share one transaction, one commit and one
// sync (lib/api/batch.c), and no member of such a batch suffers for another:
// not for its refusal, and not for its breakdown.  What none of them may get
// is an answer that is not on disk.
//
// sync.c counts: a "lock" is a transaction, a "synced wal" is a sync.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { balance, NO_ID } from '../lib/expect.mjs';
import { purchase, until, useSite } from '../lib/site.mjs';
import { shim } from './shim.mjs';
import { actions, holdLock, logged, ours, refused, rows, serves }
    from './trouble.mjs';

const WRITERS = 64;
/* As many as wait at once, of the 32 threads. */
const TOGETHER = 24;

const SUBMIT = '/v1/partner/actions/submit';
const redeemAt = (user) => `/v1/partner/users/${user}/redeem`;

const site = await useSite({
	procs: 1,
	prepare(made) {
		shim(made, 'sync');
		Object.assign(made.env, {
			SYNC_LOG: `${made.dir}/log/sync`,
			SYNC_FAILS_ONCE: `${made.dir}/run/fails`,
			SYNC_WAITS: `${made.dir}/run/waits`,
		});
	},
});
const acme = await site.partner({ tokens: 1e9 });
await serves(acme);

/** What was noted since: [{pid, event}]. */
const events = (from = 0) => site.read(['log/sync']).trim().split('\n')
    .slice(from).map((line) => {
	const [pid, , ...event] = line.split(' ');
	return { pid: Number(pid), event: event.join(' ') };
});

const count = (all, event) =>
	all.filter((one) => one.event === event).length;

/** A file that the site's user may take away. */
function raise(name) {
	fs.writeFileSync(name, '');
	site.own(name);
}

const post = ([target, body]) => acme.post(target, body);
const reward = (changes) => [SUBMIT, purchase(changes)];
const rewards = (n) => Array.from({ length: n }, () => reward());

/** Send them while nobody can write, then let them go: they are one batch. */
async function together(requests, before = () => {}) {
	const lock = await holdLock(site);
	const answers = requests.map((request) => ours(() => post(request)));
	await sleep(500);
	before();
	const from = events().length;
	await lock.release();
	const all = await Promise.all(answers);
	return { answers: all, events: events(from) };
}

/** All of them at once, from as many clients, each `times`. */
async function load(times) {
	const from = events().length;
	const statuses = [];
	await Promise.all(Array.from({ length: WRITERS }, async () => {
		for (let i = 0; i < times; i++) {
			const { status, text } = await acme.submit();
			assert.equal(status, 200, text);
			statuses.push(status);
		}
	}));
	const all = events(from);
	return { answered: statuses.length, locks: count(all, 'lock'),
		syncs: count(all, 'synced wal') };
}

test('many answers share one transaction and one sync', async () => {
	const { answered, locks, syncs } = await load(8);
	assert.equal(answered, 8 * WRITERS);
	assert.ok(2 * locks < answered && 2 * syncs < answered,
	    `${answered} answers, ${locks} transactions, ${syncs} syncs`);

	const one = await together(rewards(TOGETHER));
	assert.ok(one.answers.every(({ status }) => status === 200));
	assert.equal(count(one.events, 'lock'), 1);
	assert.equal(count(one.events, 'synced wal'), 1);
});

test('a refusal among them disturbs nobody', async () => {
	const known = reward();
	assert.equal((await post(known)).status, 200);
	const user = (name) => ({ stakeholders: [{
		stakeholderTypeCode: 'CUSTOMER', partnerUserId: name }] });
	await acme.submit({ amount: 10, ...user('spender') });

	const spend = (n) => [redeemAt('spender'),
		{ tokens: 4, idempotencyKey: `spend_${n}` }];
	const requests = [
		...rewards(8),
		reward({ amount: 1e10 }), known,
		[redeemAt('nobody'), { tokens: 1, idempotencyKey: 'n' }],
		[`/v1/partner/actions/${NO_ID}/reverse`,
			{ refundIdempotencyKey: 'r' }],
		spend(1), spend(2), spend(3),
		[`${SUBMIT.replace('submit', 'bulk')}`, { atomic: true,
			actions: [purchase(), purchase({ amount: 1e10 })] }],
		...rewards(4),
	];
	const { answers, events: all } = await together(requests);
	assert.deepEqual(answers.map(({ status }) => status), [
		...Array(8).fill(200), 402, 409, 404, 404,
		200, 200, 402, 402, 200, 200, 200, 200]);
	assert.equal(count(all, 'lock'), 1);
	assert.equal((await balance(acme, 'spender')).available, 2);
	for (const [i, [target, body]] of requests.entries())
		if (target === SUBMIT && body !== known[1])
			assert.equal(await actions(site, body.idempotencyKey),
			    answers[i].status === 200 ? 1 : 0);
	await site.verify();
});

test('who breaks a law of the books fails alone', async () => {
	const sql = (text) => site.run('sqlite3', '-cmd', '.timeout 5000',
	    `${site.dir}/data/ledger.db`, text);
	await sql(`CREATE TRIGGER law BEFORE INSERT ON actions
	    WHEN NEW.idempotency_key LIKE 'poison%'
	    BEGIN SELECT RAISE(ABORT, 'a law of the test'); END`);
	const requests = rewards(TOGETHER);
	for (const at of [0, 7, TOGETHER - 1])
		requests[at] = reward({ idempotencyKey: `poison_${at}` });
	/* Its signature and its key are two names under which the answer is
	   kept; trying again must not find others. */
	requests[3] = ['/v1/partner/users', { externalId: 'twice' }];
	const { answers } = await logged(site, /a law of the test/,
	    () => together(requests));
	for (const [i, answer] of answers.entries()) {
		const [target, body] = requests[i];
		const poison = body.idempotencyKey?.startsWith('poison');
		if (poison)
			refused(answer, 500, 'INTERNAL');
		else
			assert.equal(answer.status,
			    target === SUBMIT ? 200 : 201, answer.text);
		if (target === SUBMIT)
			assert.equal(await actions(site, body.idempotencyKey),
			    poison ? 0 : 1);
	}
	await sql('DROP TRIGGER law');
	assert.equal((await post(requests[0])).status, 200);
	await site.verify();
});
