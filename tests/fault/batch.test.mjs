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
import { actions, holdDatabase, holdLock, logged, ours, refused, rows,
    serves } from './trouble.mjs';

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

/** The process of a group of endpoints. */
const processOf = (group) => site.workers().find((pid) =>
    fs.readlinkSync(`/proc/${pid}/exe`).endsWith(`/${group}.fcgi`));

/** What was noted since: [{pid, event}]. */
const events = (from = 0) => site.read(['log/sync']).trim().split('\n')
    .slice(from).map((line) => {
	const [pid, , ...event] = line.split(' ');
	return { pid: Number(pid), event: event.join(' ') };
});

const count = (all, event, group = 'actions') => {
	const pid = processOf(group);
	return all.filter((one) => one.pid === pid && one.event === event)
	    .length;
};

/** With another's hands, as nobody should. */
const sql = (text) => site.run('sqlite3', '-cmd', '.timeout 5000',
    `${site.dir}/data/ledger.db`, text);

/** A file that the site's user may take away. */
function raise(name) {
	fs.writeFileSync(name, '');
	site.own(name);
}

const post = ([target, body]) => acme.post(target, body);
const reward = (changes) => [SUBMIT, purchase(changes)];
const rewards = (n) => Array.from({ length: n }, () => reward());

/** What send() sends has come, and has had `settle` ms to get in line. */
async function inLine(n, send, settle = 1000) {
	const from = events().length;
	const sent = send();
	const came = () => events(from)
	    .filter(({ event }) => event === 'accept').length;
	assert.ok(await until(() => came() >= n, 8000), `${came()} came`);
	await sleep(settle);
	return sent;
}

/**
 * Send them while nobody can write, then let them go: they are one batch.
 * Its log is short and begun, so that no checkpoint takes the lock after it,
 * and SQLite has no new head of a log to sync.
 */
async function together(requests, before = () => {}, settle = 1000) {
	await sql('PRAGMA wal_checkpoint(TRUNCATE)');
	assert.equal((await post(reward())).status, 200);
	const lock = await holdLock(site);
	const answers = await inLine(requests.length, () => requests.map(
	    (request) => ours(() => post(request))), settle);
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
	assert.ok(locks < answered && syncs < answered,
	    `${answered} answers, ${locks} transactions, ${syncs} syncs`);

	/* A slow machine may need longer until all of them wait. */
	let one;
	for (let settle = 500; settle <= 4000; settle *= 2) {
		const { answers, events: all } = await together(
		    rewards(TOGETHER), undefined, settle);
		assert.ok(answers.every(({ status }) => status === 200));
		one = [count(all, 'lock'), count(all, 'synced wal')];
		if (one[0] === 1)
			break;
	}
	assert.deepEqual(one, [1, 1], 'transactions and syncs');
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
	const told = answers.map(({ status }) => status);
	assert.deepEqual(told, [
		...Array(8).fill(200), 402, 409, 404, 404,
		...told.slice(12, 15), 402, 200, 200, 200, 200]);
	/* Two of the three can pay; which, is who came first. */
	assert.deepEqual(told.slice(12, 15).sort(), [200, 200, 402]);
	assert.equal(count(all, 'lock'), 1);
	assert.equal((await balance(acme, 'spender')).available, 2);
	for (const [i, [target, body]] of requests.entries())
		if (target === SUBMIT && body !== known[1])
			assert.equal(await actions(site, body.idempotencyKey),
			    answers[i].status === 200 ? 1 : 0);
	await site.verify();
});

test('who breaks a law of the books fails alone', async () => {
	await sql(`CREATE TRIGGER law BEFORE INSERT ON actions
	    WHEN NEW.idempotency_key LIKE 'poison%'
	    BEGIN SELECT RAISE(ABORT, 'a law of the test'); END`);
	const requests = rewards(TOGETHER);
	for (const at of [0, 7, TOGETHER - 1])
		requests[at] = reward({ idempotencyKey: `poison_${at}` });
	const { answers } = await logged(site, /a law of the test/,
	    () => together(requests));
	for (const [i, answer] of answers.entries()) {
		const key = requests[i][1].idempotencyKey;
		const poison = key.startsWith('poison');
		if (poison)
			refused(answer, 500, 'INTERNAL');
		else
			assert.equal(answer.status, 200, answer.text);
		assert.equal(await actions(site, key), poison ? 0 : 1);
	}
	await sql('DROP TRIGGER law');
	assert.equal((await post(requests[0])).status, 200);
	await site.verify();
});

/*
 * A key of one's own and the signature are two names under which the answer
 * is kept; who is tried again has the same two.
 */
test('who shares a batch with a breakdown is still answered once', async () => {
	const USERS = '/v1/partner/users';
	await sql(`CREATE TRIGGER law BEFORE INSERT ON users
	    WHEN NEW.external_id = 'poison'
	    BEGIN SELECT RAISE(ABORT, 'a law of the test'); END`);
	const people = ['a', 'b', 'poison', 'c', 'd'];
	const send = (name) => acme.post(USERS, { externalId: name },
	    { headers: { 'Idempotency-Key': `key of ${name}` } });
	const lock = await holdLock(site);
	const sent = await inLine(people.length, () => people.map(send));
	await lock.release();
	const statuses = (await Promise.all(sent)).map((a) => a.status);
	assert.deepEqual(statuses, [201, 201, 500, 201, 201]);
	await sql('DROP TRIGGER law');
	site.clock.advance(1);
	for (const [i, name] of people.entries()) {
		const { status, headers } = await send(name);
		assert.equal(status, 201);
		assert.equal(headers['idempotent-replayed'],
		    i === 2 ? undefined : 'true');
	}
	const [{ n }] = await rows(site, `SELECT count(*) AS n FROM replays
	    WHERE status = 201`);
	/* Sent twice, signed in two seconds: one key each, two signatures,
	   of which the second is not kept, being a repetition. */
	assert.equal(n, 2 * people.length);
});

test('who waits for the books in vain is told so once, not in turn',
    async () => {
	const lock = await holdDatabase(site);
	const began = Date.now();
	const sent = rewards(TOGETHER).map(post);
	for (const answer of await Promise.all(sent))
		refused(answer, 503, 'UNAVAILABLE');
	/* LIMIT_BACKSTOP_MS, twice for those who came late. */
	assert.ok(Date.now() - began < 13000,
	    `it took ${Date.now() - began} ms`);
	await lock.release();
	await serves(acme);
});

test('while the disk is busy nobody is answered, and readers are',
    async () => {
	const known = reward();
	assert.equal((await post(known)).status, 200);
	await serves(acme);
	raise(site.env.SYNC_WAITS);
	const answers = [];
	const send = async (request) => {
		const { status } = await post(request);
		answers.push(status);
	};
	const mine = reward();
	const sent = [send(mine), send(reward({ amount: 1e10 })),
		send(known), ...rewards(4).map(send)];
	assert.ok(await until(() => rows(site, `SELECT 1 FROM actions
	    WHERE idempotency_key = '${mine[1].idempotencyKey}'`)
	    .then((found) => found.length === 1), 5000), 'it commits');
	/* A repetition of what is committed and not on disk. */
	sent.push(send(mine));
	await sleep(300);
	assert.equal((await acme.get('/v1/partner/actions')).status, 200);
	assert.deepEqual(answers, []);
	fs.rmSync(site.env.SYNC_WAITS);
	await Promise.all(sent);
	assert.deepEqual(answers.sort(),
	    [200, 200, 200, 200, 200, 402, 409, 409]);
});

/** A sync fails once: what was answered before is there, and no more said. */
async function failOnce() {
	await serves(acme);
	const before = rewards(4);
	for (const { status } of await Promise.all(before.map(post)))
		assert.equal(status, 200);
	const pid = processOf('actions');
	const requests = rewards(TOGETHER);
	const from = events().length;
	const { answers } = await logged(site, / a sync failed: /,
	    () => together(requests, () => raise(site.env.SYNC_FAILS_ONCE)));
	for (const answer of answers)
		refused(answer, 500, 'OUTCOME_UNKNOWN');
	assert.ok(!fs.existsSync(site.env.SYNC_FAILS_ONCE));
	assert.ok(await until(() => !site.workers().includes(pid), 5000),
	    'the process ends');
	const own = events(from).filter((one) => one.pid === pid)
	    .map(({ event }) => event);
	assert.deepEqual(own.slice(own.indexOf('failed wal') + 1)
	    .filter((event) => /^(write|sync)/.test(event)), [],
	    'nothing is tried again');

	await serves(acme);
	await site.verify();
	for (const [, { idempotencyKey }] of before)
		assert.equal(await actions(site, idempotencyKey), 1);
	for (const request of requests) {
		const { status, text } = await post(request);
		assert.ok(status === 200 || status === 409, text);
		assert.equal(await actions(site, request[1].idempotencyKey),
		    1);
	}
}

test('a sync that fails: all of its batch are told so, the process ends',
    failOnce);

test('a revoked key is refused by all threads at once', async () => {
	for (let round = 0; round < 3; round++) {
		const keys = await acme.newKey();
		const all = (n) => Promise.all(Array.from({ length: n },
		    () => keys.submit()));
		for (const { status } of await all(WRITERS))
			assert.equal(status, 200);
		const busy = all(WRITERS);
		await site.cli('key', 'revoke', '--key', keys.keyId);
		for (const { status } of await all(WRITERS))
			assert.equal(status, 401);
		await busy;
	}
});

test('sync_full = yes: the same, with the sync inside the commit',
    async () => {
	site.configure({ sync_full: 'yes' });
	await site.restart();
	const { answered, locks, syncs } = await load(4);
	assert.ok(locks < answered && syncs < answered,
	    `${answered} answers, ${locks} transactions, ${syncs} syncs`);
	await failOnce();
	site.configure({ sync_full: 'no' });
	await site.restart();
});

test('threads = 1: one after another, and the books are right', async () => {
	site.configure({ threads: 1 });
	await site.restart();
	const { answered, locks } = await load(2);
	assert.equal(answered, 2 * WRITERS);
	assert.ok(locks >= answered);
	const status = fs.readFileSync(`/proc/${processOf('actions')}/status`,
	    'utf8');
	assert.match(status, /^Threads:\t[12]$/m);
});
