// SIGTERM asks a process to leave: what it has begun it finishes, and never
// does it leave inside a commit.  A host's servers send it when they shrink,
// and when they are told to read their configuration anew.
//
// Each program is started by a shell that writes down with which status it
// ended.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../lib/random.mjs';
import { kill, purchase, until, useSite } from '../lib/site.mjs';
import { groups } from '../lib/servers.mjs';
import { Load } from './load.mjs';
import { actions, holdLock, rows, serves } from './trouble.mjs';

const STRIKES = Number(process.env.ALMONER_ROUNDS ?? 12);

/** Put a shell before each program, in a name that is not a program's. */
function watch(site) {
	for (const group of groups) {
		const name = `${site.dir}/cgi-bin/${group}.fcgi`;
		fs.renameSync(name, `${site.dir}/cgi-bin/${group}.program`);
		fs.writeFileSync(name, `#!/bin/sh
${site.dir}/cgi-bin/${group}.program
echo $? >>${site.dir}/log/ended
`, { mode: 0o755 });
		site.own(name);
	}
}

const site = await useSite({ procs: 3, prepare: watch });
const acme = await site.partner({ tokens: 1e9 });
const all = site.workers().length;

/** The statuses with which programs have ended so far. */
const endings = () => site.read(['log/ended']).trim().split('\n')
    .filter((line) => line !== '');

const working = (pid) => site.workers().includes(pid);

/** Where links of a process lead, those that are not gone just now. */
function links(pid, names) {
	return names.flatMap((name) => {
		try {
			return [fs.readlinkSync(`/proc/${pid}/${name}`)];
		} catch {
			return [];
		}
	});
}

/** Requests that it has taken: sockets beside the one it listens on. */
function serving(pid) {
	try {
		const fds = fs.readdirSync(`/proc/${pid}/fd`);
		return links(pid, fds.map((fd) => `fd/${fd}`)).filter(
		    (to) => to.startsWith('socket:')).length - 1;
	} catch {
		return 0;	/* it ended */
	}
}

/** Those that are booking rewards. */
const submitters = () => site.workers().filter((pid) => serving(pid) > 0 &&
    links(pid, ['exe']).some((name) => name.endsWith('/actions.program')));

/** Is it far enough begun to hear of SIGTERM and SIGUSR1? */
function listens(pid) {
	const wanted = 1n << 14n | 1n << 9n;
	try {
		const [, caught] = fs.readFileSync(`/proc/${pid}/status`,
		    'utf8').match(/^SigCgt:\s*([0-9a-f]+)$/m);
		return (BigInt(`0x${caught}`) & wanted) === wanted;
	} catch {
		return false;	/* it ended */
	}
}

/** All are there that the web server starts, and have begun. */
const allListen = () => until(() => site.workers().length >= all &&
    site.workers().every(listens), 10000);

for (const signal of ['SIGTERM', 'SIGUSR1'])
	test(`${signal}: an idle process leaves at once`, async () => {
		await serves(acme);
		assert.ok(await allListen());
		const before = endings().length;
		const old = site.workers();
		const began = Date.now();
		kill(old, signal);
		assert.ok(await until(() => !old.some(working), 5000));
		assert.ok(Date.now() - began < 1000,
		    `it took ${Date.now() - began} ms`);
		await until(() => endings().length === before + old.length,
		    1000);
		assert.deepEqual(endings().slice(before),
		    old.map(() => '0'), 'all leave with status 0');
		await serves(acme);
	});

test('SIGTERM: requests that wait for the books are answered first',
    async () => {
	await serves(acme);
	assert.ok(await allListen());
	const before = endings().length;
	const lock = await holdLock(site);
	const sent = Array.from({ length: 6 }, () => purchase());
	const answers = [];
	const answered = Promise.all(sent.map(async (one) =>
		answers.push(await acme.post('/v1/partner/actions/submit',
		    one))));

	let pids;
	assert.ok(await until(() => {
		pids = submitters();
		return pids.reduce((n, pid) => n + serving(pid), 0) ===
		    sent.length;
	}, 5000), 'nobody serves the requests');
	kill(pids, 'SIGTERM');
	await sleep(300);
	assert.ok(pids.every(working), 'one left in the middle of a request');
	assert.equal(answers.length, 0);
	assert.deepEqual(endings().slice(before), []);

	await lock.release();
	await answered;
	for (const answer of answers)
		assert.equal(answer.status, 200, answer.text);
	for (const { idempotencyKey } of sent)
		assert.equal(await actions(site, idempotencyKey), 1);
	assert.ok(await until(() => !pids.some(working), 2000),
	    'they stay when the requests are done');
	assert.ok(await until(() =>
		endings().length === before + pids.length, 1000));
	assert.deepEqual(endings().slice(before), pids.map(() => '0'));
});

/*
 * A request that has not begun may get no answer; one that has begun gets
 * its own.  So what is booked is what was answered, without a second try.
 */
test('SIGTERM: under load nothing is booked that is not answered', () =>
	seeded(0, async (random) => {
		await serves(acme);
		const booked = async () => (await rows(site,
		    'SELECT count(*) AS n FROM actions'))[0].n;
		const before = await booked();
		const load = new Load(acme, random);
		const began = endings().length;
		let answered = 0, running = true;
		const clients = Array.from({ length: 6 }, async () => {
			while (running) {
				const { status } = await load.send(
				    load.reward(purchase().idempotencyKey,
				    random));
				answered += status === 200;
				if (status !== 200)
					await sleep(10);
			}
		});
		for (let n = 0; n < STRIKES; n++) {
			await sleep(random.below(100));
			let busy;
			await until(() => (busy = submitters()).length > 0,
			    5000);
			kill([random.pick(busy)], 'SIGTERM');
		}
		running = false;
		await Promise.all(clients);
		assert.equal(await booked() - before, answered);
		assert.ok(answered > STRIKES, 'there was hardly any load');
		assert.ok(endings().slice(began)
		    .every((status) => status === '0'), endings().join());
	}));
