// Random sequences of all that moves tokens, done to a server and to a plain
// model of the books (tests/lib/model.mjs).  After each step both say the same
// of the answer, of everybody who was touched and of the token pools; at the
// end of everybody and everything, and the audit has to agree.
//
// A failure names its seed: ALMONER_SEED=… has it again.  ALMONER_STEPS is
// how many steps each of the four sequences has, 250 if nothing is said.

import test from 'node:test';
import { makeBoth } from '../lib/both.mjs';
import { compareAll } from '../lib/both-compare.mjs';
import { seeded } from '../lib/random.mjs';
import { useSite } from '../lib/site.mjs';

/* A witness takes its time with each request. */
const STEPS = Number(process.env.ALMONER_STEPS ??
    (process.env.ALMONER_PROXY ? 60 : 250));
const HISTORY = 25;

/** How often each kind of step is done. */
const LIVES = {
	'some of everything': { submit: 38, bulk: 14, reverse: 18, redeem: 16,
		allocate: 2, ask: 1, decide: 2, advance: 8, erase: 3 },
	'spending and returning': { submit: 14, bulk: 2, reverse: 50,
		redeem: 30, allocate: 1, advance: 3 },
	'days that go by': { submit: 40, bulk: 5, reverse: 8, redeem: 14,
		allocate: 3, advance: 30 },
	'points that come and go': { submit: 25, reverse: 14, redeem: 6,
		exchange: 20, unexchange: 14, points: 30, allocate: 2,
		advance: 5, erase: 2 },
};

const site = await useSite();

async function sequence(random, weights) {
	const both = await makeBoth(site, random, weights);
	try {
		for (let i = 0; i < STEPS; i++)
			await both.step();
		await compareAll(both);
	} catch (error) {
		const { done } = both;
		error.stack = `after step ${done.length}; the last were\n` +
		    `${done.slice(-HISTORY).join('\n')}\n${error.stack}`;
		throw error;
	}
}

for (const [i, [life, weights]] of Object.entries(LIVES).entries())
	test(`${STEPS} random steps: ${life}`, () =>
		seeded(i, (random) => sequence(random, weights)));
