// A contestant that is asked over HTTP, by the generator in load.c: how it is
// measured, and how its answers are counted for the audit of its books.

import path from 'node:path';

import { run } from './machine.mjs';

/** The names of those that are null, as one sentence, or null. */
export function lacking(found) {
	const names = Object.keys(found).filter((name) => !found[name]);
	return names.length === 0 ? null : `needs ${names.join(', ')}`;
}

/**
 * Whatever answers HTTP: `web` is where, `how` are the generator's words, and
 * one answer is worth `each` actions.  `close` stops it and looks at its books,
 * told how many actions were answered.
 */
export function asked(bench, web, target, how, close, each = 1) {
	const faults = [];
	let answered = 0;

	async function measure(connections, seconds, warm, more = []) {
		const { stdout } = await run(path.join(bench.tools, 'load'), [
			...how, ...more, '-c', String(connections),
			'-d', String(seconds), '-w', String(warm),
			web.url + target,
		]);
		const said = JSON.parse(stdout);
		const done = each * said.allGood;
		answered += done;
		const { statuses, broken, unanswered } = said;
		if (Object.keys(statuses).join() !== '200' || broken > 0 ||
		    unanswered > 0)
			faults.push(`answers: ${JSON.stringify(statuses)}, ` +
			    `${broken} broken, ${unanswered} missing`);
		return { ...said, rate: each * said.rate, done };
	}

	async function finish() {
		const { fault = null, ...more } = await close(answered);
		if (fault !== null)
			faults.push(fault);
		return { ...more, fault: faults.join('; ') || null };
	}

	return { pids: web.servers.map(({ pid }) => pid), measure, finish };
}

export const stopped = (servers) =>
	Promise.all(servers.map((server) => server.stop()));

export const signing = ({ key, secret }) => ['-k', key, '-s', secret];
