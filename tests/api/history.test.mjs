// Random histories of three tenants at once: rewards one by one and in bulk,
// campaigns that come, pause and go, pools that ask for tokens or fill
// themselves, vesting and expiry by the clock, redemptions, exchanges, gifts,
// reversals, people who are erased, keys that are replaced, and
// bin/housekeep at any moment.  After each step the server and a plain model of its books
// (tests/lib/model.mjs) say the same of the answer, of who was touched and of
// all token pools; after every tenth of campaigns, their analytics, requests
// and what is reserved; at the end of everything, of the rollups that the
// dashboard shows and of the events; and the audit has to agree.
//
// A failure names its seed: ALMONER_SEED=… has it again.  ALMONER_STEPS is how
// many steps each history has; each is one of every tenant.

import test from 'node:test';
import { makeHistory } from '../lib/history.mjs';
import { seeded } from '../lib/random.mjs';
import { useSite } from '../lib/site.mjs';

/* A witness takes its time with each request. */
const STEPS = Number(process.env.ALMONER_STEPS ??
    (process.env.ALMONER_PROXY ? 20 : 120));

/** How often each kind of step is done. */
const LIFE = { submit: 40, bulk: 10, reverse: 16, redeem: 10, campaign: 6,
	changeCampaign: 5, allocate: 2, ask: 2, decide: 4, refill: 3, low: 1,
	exchange: 5, unexchange: 3, points: 5, ahead: 3, donate: 3, refund: 3,
	erase: 3, rotate: 1 };

const site = await useSite();

test(`${STEPS} random steps of three tenants`, () =>
	seeded(100, async (random) => {
		const history = await makeHistory(site, random, LIFE);
		try {
			for (let i = 0; i < STEPS; i++)
				await history.step();
			await history.compare();
		} catch (error) {
			error.stack = `after step ${history.steps}; the last` +
			    ` were\n${history.done()}\n${error.stack}`;
			throw error;
		}
	}));
