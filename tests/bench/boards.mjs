// What do analytics and each call of the dashboard cost when the books are
// long?  Three sites with ten thousand, a million and ten million actions are
// asked in turn, call by call, so that their ratio is one moment's.
//
// One site is filled, all of it over HTTP, and copied on its way.  From size
// to size it lives through as many days, so that what is told of the last 30
// is as long each time.  Each day some actions come by themselves and the rest
// in bulk; a campaign with tiers and splits pays for all; and those that come
// by themselves, with a hundredth of the rest, are told to two webhooks.  After
// the last size the books are audited.

import fs from 'node:fs';
import path from 'node:path';

import { activate } from '../lib/campaign.mjs';
import { DAY, housekeep } from '../lib/cron.mjs';
import { addWebhook, configureHooks, deliver, sql } from '../lib/hooks.mjs';
import { Partner } from '../lib/partner.mjs';
import { NOW, startSite } from '../lib/site.mjs';
import { asked, signing } from './asked.mjs';
import { startSink } from './deliver.mjs';
import { memory } from './machine.mjs';
import { BULK, RICH, SUBMIT, SUBMIT_BULK, miscounted, ourBooks } from
    './ours.mjs';

const CONNECTIONS = 64;		// while it is filled
const TOLD = 1 << 1;		// action.completed
const SINGLE = 200;		// actions a day
const SHARE = 100;		// of so many bulk requests, one is told of
const CUSTOMERS = 10000;
const MINUTE = 60;		// seconds, as DAY is
const FOR_EVER = 100000;	// seconds: all are answered long before

/** [name, program, the target of a site] */
const calls = [
	['campaign analytics', 'campaigns.fcgi', ({ campaign }) =>
		`/v1/partner/campaigns/${campaign}/analytics`],
	...['overview', 'integration-health', 'webhooks/health',
		'api-usage?days=30'].map((name) => [`dashboard/${name}`,
		'dashboard.fcgi', () => `/v1/partner/dashboard/${name}`]),
];

const tiered = {
	templateId: 'TIERED_REWARD',
	actionTypes: ['PURCHASE', 'REVIEW', 'VISIT'],
	distribution: {
		tiers: [{ minAmount: 0, multiplier: 1 },
			{ minAmount: 20, multiplier: 1.5 },
			{ minAmount: 100, multiplier: 2 }],
		stakeholderSplits: [
			{ stakeholderTypeCode: 'CUSTOMER', percent: 70 },
			{ stakeholderTypeCode: 'REFERRER', percent: 30 }],
	},
	limits: { totalBudget: RICH },
};

const load = (bench, site, how, target) =>
	asked(bench, { url: site.base, servers: [site.process] }, target,
	    [...how, '-t', String(site.clock.now())], () => ({}));

/** A site with a campaign and two webhooks, and no action yet. */
async function found(bench, place, sink) {
	fs.mkdirSync(place);
	const books = await ourBooks(bench, place, { procs: 1, now: NOW });
	const { site, partner } = books;
	await configureHooks(site);
	for (const type of ['REVIEW', 'VISIT'])
		await site.rule({ slug: partner.slug, type, perUnit: '1' });
	const { campaignId } = await activate(partner, tiered);
	for (const name of ['a', 'b'])
		await addWebhook(partner, { events: 0,
			url: `http://127.0.0.1:${sink.port}/${name}` });
	return { ...books, campaign: campaignId, answered: 0 };
}

/** So many requests, each of `each` actions, told to the webhooks or not. */
async function give(bench, books, requests, each, told) {
	if (requests === 0)
		return;
	const { site } = books;
	await sql(site, `UPDATE webhooks SET events = ${told ? TOLD : 0}`);
	const running = load(bench, site, ['-v', '-n', String(requests),
		'-m', each > 1 ? 'bulk' : 'submit', '-b', String(each),
		'-u', String(CUSTOMERS), ...signing(books)],
	each > 1 ? SUBMIT_BULK : SUBMIT);
	const { done } = await running.measure(Math.min(requests, CONNECTIONS),
	    FOR_EVER, 0);
	const { fault } = await running.finish();
	if (fault !== null || done !== requests)
		throw new Error(`${requests} requests, ${done} good: ${fault}`);
	books.answered += requests * each;
}

/**
 * Days until there are `actions`.  A minute after the last of them the day's
 * usage has been written down, a request's deliveries wait, and cron has been
 * there.
 */
async function live(bench, books, actions, days) {
	const { site } = books;
	const bulk = (actions - books.answered - days * SINGLE) / BULK - 1;
	const until = (day) => Math.floor(bulk * day / days);
	/* After a day it would be long overdue, and sent with care. */
	await deliver(site);
	for (let day = 0; day < days; day++) {
		const today = until(day + 1) - until(day);
		const told = Math.floor(today / SHARE);
		site.clock.advance(DAY);
		await give(bench, books, SINGLE, 1, true);
		await give(bench, books, told, BULK, true);
		await deliver(site);
		await give(bench, books, today - told, BULK, false);
	}
	site.clock.advance(MINUTE);
	await give(bench, books, 1, BULK, true);
	await housekeep(site);
}

/** Another site with the books of one that is stopped. */
async function copy(bench, books, place) {
	fs.mkdirSync(place);
	process.env.TMPDIR = place;
	const site = await startSite({ build: bench.build, server: 'lighttpd',
		procs: 1, now: books.site.clock.now() });
	await site.stopServer();
	site.configure({ threads: bench.threads, start_deliver: 'no' });
	for (const name of ['data/ledger.db', 'master.key'])
		fs.copyFileSync(`${books.site.dir}/${name}`,
		    `${site.dir}/${name}`);
	for (const end of ['-wal', '-shm'])
		fs.rmSync(`${site.dir}/data/ledger.db${end}`, { force: true });
	site.own(site.dir);
	await site.startServer();
	return { ...books, site, partner: new Partner(site, books.partner),
		database: `${site.dir}/data/ledger.db` };
}

/** Sites of each size, the last being that which was filled. */
async function grow(bench, { sizes, days }, sites) {
	const sink = await startSink(bench);
	const books = await found(bench, path.join(bench.place, 'boards'),
	    sink);
	sites.push(books);
	for (const actions of sizes) {
		const began = Date.now();
		await live(bench, books, actions, days);
		console.error(`boards: ${actions} actions after ` +
		    `${((Date.now() - began) / 1000).toFixed(1)} s`);
		if (actions === sizes.at(-1))
			break;
		await books.site.stopServer();
		sites.splice(-1, 0, await copy(bench, books,
		    path.join(bench.place, `boards-${actions}`)));
		await books.site.startServer();
	}
	sink.stop();
}

/** One call for a while: CPU µs of its program and the median of answers. */
async function ask(bench, books, [, program, target], seconds, warm) {
	const { site } = books;
	const spent = () => memory([site.process.pid])[program].cpuSeconds;
	const running = load(bench, site, ['-m', 'get', ...signing(books)],
	    target(books));
	const before = spent();
	const { p50, done } = await running.measure(1, seconds, warm);
	const cpuMicros = (spent() - before) / done * 1e6;
	const { fault } = await running.finish();
	if (fault !== null)
		throw new Error(`${target(books)}: ${fault}`);
	return { p50, cpuMicros };
}

/** Every answer is in the books, and in the sums that the calls tell of. */
async function audit(books) {
	const { partner, campaign, answered, site } = books;
	const { body } = await partner.get(calls[0][2](books) + '?days=366');
	const sums = ['daily', 'byTier', 'topActions'].map((name) =>
		body[name].reduce((sum, { actions }) => sum + actions, 0));
	await site.stopServer();
	await site.verify();
	const all = [body.totals.actions, ...sums];
	if (all.some((n) => n !== answered))
		return `${campaign}: ${answered} answered, ${all} told of`;
	return miscounted(books.database, answered);
}

/**
 * bench.boards is {sizes, days}.
 * @returns {looks: [{call, actions, round, p50, cpuMicros}, …], fault}
 */
export async function boards(bench, rounds, seconds, warm) {
	const sites = [];
	const looks = [];
	await grow(bench, bench.boards, sites);
	for (let round = 1; round <= rounds; round++)
		for (const call of calls)
			for (const books of sites)
				looks.push({ call: call[0], round,
					actions: books.answered,
					...await ask(bench, books, call,
					    seconds, warm) });
	const began = Date.now();
	const fault = await audit(sites.at(-1));
	console.error(`boards: audited in ` +
	    `${((Date.now() - began) / 1000).toFixed(1)} s`);
	for (const { site } of sites)
		await site.stop();
	return { looks, fault: fault === null ? null : `boards: ${fault}` };
}
