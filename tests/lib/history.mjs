// A random history of a site with several tenants, each beside a model of its
// own books: both sides of one partner, and another partner.  They act at the
// same moment; what is of the whole site, its clock and bin/housekeep, comes
// between such moments.
//
//	const all = await makeHistory(site, random, weights)
//	await all.step()	each of them does something
//	await all.compare()	everything, of everybody, after bin/housekeep
//	all.done()		the last of what was done, in words
//
// `weights` are as in both.mjs, of what one of them does; the site's own are
// SITE below.

import { makeBoth } from './both.mjs';
import { compareAll } from './both-compare.mjs';
import { makeRefills } from './both-pools.mjs';
import { housekeep } from './cron.mjs';
import { Partner } from './partner.mjs';
import { Random } from './random.mjs';
import { words } from './command.mjs';

const HOUR = 3600, DAY = 86400;

/** Of a hundred moments of the site. */
const SITE = { housekeep: 8, advance: 12 };
/** After so many steps that which costs more is compared. */
const SOMETIMES = 10;
const HISTORY = 30;

/** The other side of somebody who is there. */
async function otherSide(site, { slug, id }, side) {
	const { keyId, ...keys } = await site.createKey({ slug, side });
	const { tokenPoolId } = await site.arrange(...words.pool({ slug, side,
		name: 'Main' }));
	await site.arrange(...words.allocate({ slug, side, pool: tokenPoolId,
		tokens: 5000 }));
	return new Partner(site, { ...keys, keyId, id, slug, side,
		tokenPoolId });
}

class History {
	steps = 0;

	constructor(site, random) {
		this.site = site;
		this.random = random;
	}

	now() {
		for (const { model, ...both } of this.all)
			model.now = (this.site.clock.now() + both.ahead_s) *
			    1000;
	}

	note(text) {
		for (const { done } of this.all)
			done.push(text);
	}

	advance() {
		const seconds = this.random.pick([HOUR, HOUR, HOUR, DAY, DAY,
			2 * DAY, 5 * DAY, 12 * DAY]);
		this.note(`the site's clock: ${seconds} s`);
		this.site.clock.advance(seconds);
		this.now();
	}

	async housekeep() {
		this.note('housekeep');
		await housekeep(this.site);
		for (const both of this.all)
			both.model.housekeep();
		await Promise.all(this.all.map((both) => both.learnActions()));
	}

	async step() {
		this.site.clock.advance(1);
		this.now();
		const lot = this.random.below(100);
		if (lot < SITE.housekeep)
			await this.housekeep();
		else if (lot < SITE.housekeep + SITE.advance)
			this.advance();
		await Promise.all(this.all.map((both) => both.act()));
		if (++this.steps % SOMETIMES === 0)
			await Promise.all(this.all.map((both) =>
				both.compareSometimes()));
	}

	async compare() {
		this.site.clock.advance(1);
		this.now();
		await this.housekeep();
		for (const both of this.all)
			await compareAll(both);
	}

	done() {
		return this.all.map(({ done, partner: { slug, side } }) =>
			`of ${slug}, ${side}:\n` +
			done.slice(-HISTORY).join('\n')).join('\n');
	}
}

export async function makeHistory(site, random, weights) {
	const history = new History(site, random);
	const first = await site.partner({ tokens: 5000 });
	const partners = [first, await otherSide(site, first, 'live'),
		await site.partner({ tokens: 5000 })];
	history.all = [];
	for (const [i, partner] of partners.entries()) {
		const live = partner.side === 'live';
		/* A live side has a clock and payments that are real. */
		const both = await makeBoth(site, new Random(random.next(), i),
		    live ? { ...weights, ahead: 0, donate: 0 } : weights,
		    partner);
		await makeRefills(both);
		history.all.push(both);
	}
	return history;
}
