// kill -9 of every server process at a random moment under load, again and
// again: the books are clean, every answer that was given holds, nothing is
// there twice, and the server is back by itself.
//
// ALMONER_ROUNDS is how often, 12 by default.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../lib/random.mjs';
import { startSite, until } from '../lib/site.mjs';
import { Load } from './load.mjs';
import { endWorkers } from './trouble.mjs';

const ROUNDS = Number(process.env.ALMONER_ROUNDS ?? 12);
const CLIENTS = 8;
/* Fresh books now and then, so that a long run does not come to verify
   and compare old rounds most of its time. */
const ROUNDS_OF_A_SITE = 12;

/** Strike once, or again as soon as others are there, amid the recovery. */
async function strike(site, random) {
	await sleep(random.below(250));
	for (let blows = 1 + random.below(2); blows > 0; blows--) {
		assert.ok(await until(() => site.workers().length > 0, 10000),
		    'nobody is there to be killed');
		await sleep(random.below(20));
		await endWorkers(site);
	}
}

async function round(site, load, random) {
	const before = site.workers();
	load.start(CLIENTS);
	await strike(site, random);
	const settled = load.settled.length;
	assert.ok(await until(() => load.settled.length > settled + CLIENTS,
	    10000), 'the server does not come back');
	await sleep(random.below(100));
	await load.stop();
	assert.ok(site.workers().every((pid) => !before.includes(pid)),
	    'all processes are new ones');
	await site.verify();
	await load.check(site, 30);
}

for (let from = 0; from < ROUNDS; from += ROUNDS_OF_A_SITE)
	test(`kill -9 under load, from round ${from + 1}`, async (t) => {
		const site = await startSite();
		const load = new Load(
		    await site.partner({ tokens: 1e9 }));
		try {
			for (let n = from; n < ROUNDS &&
			    n < from + ROUNDS_OF_A_SITE; n++)
				await t.test(`round ${n + 1}`, () =>
					seeded(n, (random) => {
						load.random = random;
						return round(site, load,
						    random);
					}));
			assert.ok(load.unanswered > 0, 'all blows went wide');
		} finally {
			await site.stop();
		}
	});
