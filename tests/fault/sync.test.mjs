// Nothing is said before it is on disk.  sync.c stands between the programs
// and the kernel and writes down what they do, in order; here it is held
// against the rules of lib/db: an answer waits for a sync of the log that
// began after its transaction ended, be it new or a repetition; a checkpoint
// moves nothing that is not on disk; and a sync that fails is never tried
// again and called good.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { purchase, until, useSite } from '../lib/site.mjs';
import { shim } from './shim.mjs';
import { actions, logged, ours, refused, serves } from './trouble.mjs';

const site = await useSite({
	prepare(made) {
		shim(made, 'sync');
		made.env.SYNC_LOG = `${made.dir}/log/sync`;
		made.env.SYNC_FAILS = `${made.dir}/run/fails`;
	},
});
const acme = await site.partner({ tokens: 1e9 });
await serves(acme);

/** What was noted since: [{pid, tid, event}], in the order of time. */
const events = (from = 0) => site.read(['log/sync']).trim().split('\n')
    .slice(from).map((line) => {
	const [, pid, tid, event] = line.match(/^(\d+) (\d+) (.*)$/);
	return { pid: Number(pid), tid, event };
});

/** What the process did from when it took the request to its answer. */
function requestOf(all, answer) {
	const id = answer.headers['x-request-id'];
	const to = all.findIndex(({ event }) =>
		event === `answer ${answer.status} ${id}`);
	assert.ok(to >= 0, `the answer ${id} was not seen to leave`);
	const { pid, tid } = all[to];
	const from = all.slice(0, to).findLastIndex((one) =>
		one.tid === tid && one.event === 'accept');
	return all.slice(from, to).filter((one) => one.pid === pid)
	    .map((one) => ({ ...one, own: one.tid === tid }));
}

/** After its transaction ended at `at`, has the thread synced the log? */
function isSynced(events, at) {
	const after = events.slice(at).map(({ event }) => event);
	const sync = after.indexOf('sync wal');
	return sync >= 0 && after.indexOf('synced wal', sync) > sync;
}

/**
 * A thread answers for a transaction of its own, the last that it led, or for
 * one of another thread that ended after the request was taken.
 */
function durable(all, answer) {
	const events = requestOf(all, answer);
	const ends = ({ event }) => event === 'unlock';
	const own = events.filter((one) => one.own);
	const led = own.findLastIndex(ends);
	const good = led >= 0 ? isSynced(own, led) &&
	    !own.slice(led).some(({ event }) => event === 'write wal') :
	    [...new Set(events.map(({ tid }) => tid))].some((tid) => {
		const others = events.filter((one) => one.tid === tid);
		return isSynced(others, others.findIndex(ends)) &&
		    others.some(ends);
	    });
	assert.ok(good, `${answer.status} left before the log was on disk: ` +
	    events.map((one) => `${one.tid} ${one.event}`).join(', '));
	return own.map(({ event }) => event);
}

const submit = (sent) => acme.post('/v1/partner/actions/submit', sent);

test('a new answer, a repetition and a refusal wait for the disk',
    async () => {
	const from = events().length;
	const sent = purchase();
	const done = await submit(sent);
	const again = await submit(sent);
	const { actionId } = done.body;
	const answers = [done, again,
		await acme.post('/v1/partner/users',
		    { externalId: 'user_1' }),
		await acme.post('/v1/partner/users',
		    { externalId: 'user_1' }),
		await acme.post('/v1/partner/users/user_42/redeem',
		    { tokens: 1, idempotencyKey: 'r1' }),
		await acme.post('/v1/partner/users/user_42/redeem',
		    { tokens: 1, idempotencyKey: 'r1' }),
		await acme.post(`/v1/partner/actions/${actionId}/reverse`,
		    { refundIdempotencyKey: 'b1' }),
		await acme.post(`/v1/partner/actions/${actionId}/reverse`,
		    { refundIdempotencyKey: 'b1' }),
		await acme.submit({ amount: 1e10 }),
	];
	assert.deepEqual(answers.map(({ status }) => status),
	    [200, 409, 201, 201, 200, 409, 200, 409, 402]);
	const all = events(from);
	for (const answer of answers)
		durable(all, answer);
	/* The repetition wrote nothing, and waited all the same. */
	assert.ok(!durable(all, again).includes('write wal'));
});

test('so it is under load, with checkpoints between', async () => {
	const from = events().length;
	const answers = [];
	await Promise.all(Array.from({ length: 6 }, async () => {
		for (let i = 0; i < 60; i++) {
			const sent = purchase();
			answers.push(...await Promise.all(
			    [submit(sent), submit(sent)]));
		}
	}));
	const all = events(from);
	for (const answer of answers) {
		assert.ok([200, 409].includes(answer.status), answer.text);
		durable(all, answer);
	}

	/* Of one process at a time: checkpoints hold the writers' lock. */
	let clean = false, moved = false, checkpoints = 0;
	for (const { event } of all) {
		if (event === 'write wal') {
			assert.ok(!moved, 'the log began anew before what ' +
			    'was moved out of it was on disk');
			clean = false;
		} else if (event === 'synced wal') {
			clean = true;
		} else if (event === 'write db') {
			checkpoints += !moved;
			moved = true;
			assert.ok(clean, 'what was moved into the database ' +
			    'was not on disk');
		} else if (event === 'synced db') {
			moved = false;
		}
	}
	assert.ok(checkpoints > 0, 'there was no checkpoint');
});

test('a read does not wait for the disk', async () => {
	const from = events().length;
	const answer = await acme.get('/v1/partner/actions');
	const mine = requestOf(events(from), answer)
	    .map(({ event }) => event);
	assert.ok(!mine.includes('sync wal') && !mine.includes('lock'));
});

test('a sync that fails: 500 OUTCOME_UNKNOWN, and the process ends',
    async () => {
	const from = events().length;
	const sent = purchase();
	const old = site.workers();
	fs.writeFileSync(site.env.SYNC_FAILS, '');
	const answer = await logged(site,
	    / error req_.* a sync failed: Input\/output error/,
	    () => submit(sent));
	refused(answer, 500, 'OUTCOME_UNKNOWN');
	assert.ok(await until(() =>
		site.workers().filter((pid) => old.includes(pid)).length ===
		old.length - 1, 2000), 'one process ends');
	fs.rmSync(site.env.SYNC_FAILS);

	/* It tried no second time, and moved nothing of what may be lost. */
	const all = events(from);
	const failed = all.findIndex(({ event }) => event === 'failed wal');
	assert.ok(failed >= 0);
	assert.deepEqual(all.slice(failed).filter(
	    ({ pid, event }) => pid === all[failed].pid &&
	    /^(sync|write)/.test(event)), []);

	/* The client does what it is told. */
	const again = await ours(() => submit(sent));
	assert.ok(again.status === 200 || again.status === 409, again.text);
	assert.equal(await actions(site, sent.idempotencyKey), 1);
	assert.ok(await until(() => site.workers().length === old.length,
	    10000), 'another is started in its place');
	for (let i = 0; i < 8; i++)
		assert.equal((await acme.submit()).status, 200);
});

test('the only process: what it may have lost is not moved at its end',
    async () => {
	await site.stopServer();
	site.procs = 1;
	await site.startServer();
	await serves(acme);
	const from = events().length;
	const sent = purchase();
	fs.writeFileSync(site.env.SYNC_FAILS, '');
	refused(await submit(sent), 500, 'OUTCOME_UNKNOWN');
	const pid = events(from).at(-1).pid;
	assert.ok(await until(() => !site.workers().includes(pid), 2000));
	fs.rmSync(site.env.SYNC_FAILS);
	const mine = events(from).filter((one) => one.pid === pid)
	    .map(({ event }) => event);
	assert.deepEqual(mine.slice(mine.indexOf('failed wal')).filter(
	    (event) => /^(sync|write)/.test(event)), []);
	await serves(acme);
	const again = await ours(() => submit(sent));
	assert.ok(again.status === 200 || again.status === 409, again.text);
	assert.equal(await actions(site, sent.idempotencyKey), 1);
});
