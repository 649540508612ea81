// Does a process that answered a million requests need more memory than one
// that answered a few?  The threaded one is asked, and looked at on the way.

import fs from 'node:fs';
import path from 'node:path';

import { contestants } from './contestants.mjs';
import { memory } from './machine.mjs';

const CONNECTIONS = 64;
const LOOKS = 8;
const PROGRAM = 'actions.fcgi';

/** @returns {looks: [{requests, mebibytes}, …], fault}. */
export async function steady(bench, requests) {
	const place = path.join(bench.place, 'steady');
	fs.mkdirSync(place);
	const running = await contestants.ours.start(bench, place);
	const looks = [];
	for (let done = 0; looks.length < LOOKS;) {
		const said = await running.measure(CONNECTIONS, 1000, 0,
		    ['-n', String(Math.ceil(requests / LOOKS))]);
		if (said.done === 0)
			break;
		done += said.done;
		looks.push({ requests: done, mebibytes:
			memory(running.pids)[PROGRAM].rssKiB / 1024 });
	}
	const { fault } = await running.finish();
	fs.rmSync(place, { recursive: true });
	return { looks,
		fault: fault === null ? null : `memory: ${fault}` };
}
