// What the tests of faults share: looking into the books with other eyes than
// the program's, holding its locks, and what a refusal must look like.
//
//	rows(site, sql)			what sqlite3 finds, as objects
//	actions(site, key)		how many actions have that key
//	holdLock(site)			the writers' lock, until release()
//	holdDatabase(site)		an EXCLUSIVE transaction, likewise
//	refused(answer, status, code)	throws unless that is what it says
//	logged(site, words, work)	throws unless work() has them logged
//	serves(partner)			throws unless a reward is booked soon
//	ours(send)			its answer, when the program gives one
//	stay(site, workers)		throws unless all of them do
//	endWorkers(site, signal)	and wait until all of them are gone

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { run } from '../lib/process.mjs';
import { kill, until } from '../lib/site.mjs';

export const database = (site) =>
	site.database ?? `${site.dir}/data/ledger.db`;

/** In the site user's name, so that no file comes to be root's. */
export async function rows(site, sql) {
	const { code, stdout, stderr } = await run('sqlite3',
	    ['-batch', '-readonly', '-json', '-cmd', '.timeout 10000',
		    database(site), sql], { cwd: site.dir, ...site.user });
	assert.equal(code, 0, stderr);
	return stdout === '' ? [] : JSON.parse(stdout);
}

export async function actions(site, key) {
	const [{ n }] = await rows(site, 'SELECT count(*) AS n FROM actions' +
	    ` WHERE idempotency_key = '${key.replaceAll("'", "''")}'`);
	return n;
}

/** Start what says "held" when it holds, and lets go at the end of input. */
async function hold(site, command, args, input) {
	const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'],
		cwd: site.dir, ...site.user });
	const end = new Promise((resolve) => child.on('close', resolve));
	await new Promise((resolve, reject) => {
		child.stdout.on('data', (text) => String(text)
		    .includes('held') && resolve());
		child.on('error', reject);
		child.on('close', () => reject(
		    new Error(`${command} does not hold`)));
		child.stdin.write(input);
	});
	return {
		release() {
			child.stdin.end();
			return end;
		},
	};
}

/** The half of it that a command can hold: see lib/db/lock.c. */
export const holdLock = (site) =>
	hold(site, 'flock', ['-x', `${database(site)}.lock`,
		'sh', '-c', 'echo held; exec cat'], '');

/** As a program would that does not know of the writers' lock. */
export const holdDatabase = (site) =>
	hold(site, 'sqlite3', ['-batch', database(site)],
	    "BEGIN EXCLUSIVE;\nSELECT 'held';\n");

export function refused(answer, status, code) {
	const { headers, body, text } = answer;
	assert.equal(`${answer.status} ${body?.code}`, `${status} ${code}`,
	    text);
	assert.equal(headers['content-type'], 'application/problem+json');
	assert.match(headers['x-request-id'], /^req_[0-9a-f]{24}$/);
	assert.equal(body.requestId, headers['x-request-id']);
	assert.equal(body.status, status);
	assert.ok(body.title.length > 0 && body.detail.length > 0);
	if (status === 503)
		assert.equal(headers['retry-after'], '1');
}

export async function logged(site, words, work) {
	const logs = [() => site.log(), () => site.serverLog()];
	const before = logs.map((log) => log().length);
	const result = await work();
	assert.match(logs.map((log, i) => log().slice(before[i])).join(''),
	    words);
	return result;
}

/** Until then only such refusals as a host may give while we start. */
export async function serves(partner, wait_ms = 10000) {
	let answer;
	const good = await until(async () => {
		answer = await partner.submit();
		return answer.status === 200;
	}, wait_ms);
	assert.ok(good, `not in service: ${answer?.text}`);
	return answer;
}

/** For moments in which the web server has nobody to ask and says so. */
export async function ours(send) {
	let answer;
	await until(async () => {
		answer = await send();
		return answer.headers['x-request-id'] !== undefined;
	}, 10000);
	return answer;
}

export function stay(site, workers) {
	const now = site.workers();
	assert.ok(workers.length > 0 &&
	    workers.every((pid) => now.includes(pid)), 'a process ended');
}

/** The web server starts others in their place. */
export async function endWorkers(site, signal = 'SIGKILL') {
	const old = new Set(site.workers());
	kill([...old], signal);
	assert.ok(await until(() =>
	    !site.workers().some((pid) => old.has(pid)), 10000),
	    `workers stay, for all ${signal}`);
}
