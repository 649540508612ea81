// How long does a day's run take?  That of Scenario 7: 10,000 actions in 100
// requests of 100, each sent when the one before it is answered, as a script
// of the partner's would.  A fresh site, and one run, for each round.

import fs from 'node:fs';
import path from 'node:path';

import { contestants } from './contestants.mjs';

const REQUESTS = 100;
const USERS = 250;
const FOR_EVER = 1000;		// seconds: all are answered long before

/** @returns {took, fault}: how many seconds the run took. */
export async function daily(bench, round) {
	const place = path.join(bench.place, `daily-${round}`);
	fs.mkdirSync(place);
	const running = await contestants['ours-bulk'].start(bench, place);
	const said = await running.measure(1, FOR_EVER, 0,
	    ['-n', String(REQUESTS), '-u', String(USERS)]);
	const { fault } = await running.finish();
	fs.rmSync(place, { recursive: true });
	return { took: said.seconds,
		fault: fault === null ? null : `the daily run: ${fault}` };
}
