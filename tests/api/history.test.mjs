// Random histories of three tenants at once: rewards one by one and in bulk,
// campaigns that come, pause and go, pools that ask for tokens or fill
// themselves, vesting and expiry by the clock, redemptions, exchanges, gifts,
// reversals, people who are erased, keys that are replaced, and
// bin/housekeep at any moment.  After each step the server and a plain model
// of its books (tests/lib/model.mjs) say the same of the answer, of who was
// touched and of all token pools; after every tenth also of campaigns, their
// analytics, requests and what is reserved; at the end of everything, of the
// rollups that the dashboard shows and of the events; and the audit has to
// agree.
//
// A failure names its seed: ALMONER_SEED=… has it again.  ALMONER_STEPS is
// how many steps there are in all, 250 if nothing is said, in histories of at
// most EACH, with a site for each; a step is one of every tenant.

import test from 'node:test';
import { makeHistory } from '../lib/history.mjs';
import { seeded } from '../lib/random.mjs';
import { startSite } from '../lib/site.mjs';

/* A witness takes its time with each request. */
const STEPS = Number(process.env.ALMONER_STEPS ??
    (process.env.ALMONER_PROXY ? 20 : 250));
const EACH = 500;

/** How often each kind of step is done. */
const LIFE = { submit: 40, bulk: 10, reverse: 16, redeem: 10, campaign: 6,
	changeCampaign: 5, allocate: 2, ask: 2, decide: 4, refill: 3, low: 1,
	exchange: 5, unexchange: 3, points: 5, ahead: 3, donate: 3, refund: 3,
	erase: 3, rotate: 1 };

async function live(site, random, steps) {
	const history = await makeHistory(site, random, LIFE);
	try {
		for (let i = 0; i < steps; i++)
			await history.step();
		await history.compare();
	} catch (error) {
		error.stack = `after step ${history.steps}; the last were\n` +
		    `${history.done()}\n${error.stack}`;
		throw error;
	}
	await site.verify();
}

for (let from = 0; from < STEPS; from += EACH)
	test(`random steps of three tenants, from ${from}`, () =>
		seeded(100 + from, async (random) => {
			const site = await startSite();
			try {
				await live(site, random,
				    Math.min(EACH, STEPS - from));
			} finally {
				await site.stop();
			}
		}));
