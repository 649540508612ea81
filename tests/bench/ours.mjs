// Ourselves as contestants: a site of the tests behind lighttpd, or our program
// as plain CGI, with the books looked through afterwards.

import fs from 'node:fs';
import path from 'node:path';

import { activate } from '../lib/campaign.mjs';
import { startSite } from '../lib/site.mjs';
import { asked, lacking, signing, stopped } from './asked.mjs';
import { run, which } from './machine.mjs';
import { cgi } from './servers.mjs';

export const SUBMIT = '/v1/partner/actions/submit';
export const SUBMIT_BULK = '/v1/partner/actions/bulk';
export const BULK = 100;		// actions in one request
export const RICH = 1000000000000;	// tokens that no run uses up

/** Bytes in the core tables and their indexes: metadata is the partner's. */
async function coreBytes(database) {
	const { stdout } = await run('sqlite3', ['-readonly', database,
		`SELECT sum(pgsize) FROM dbstat
		WHERE name NOT IN ('action_metadata', 'replays')`]);
	return Number(stdout);
}

export async function ourBooks(bench, place, options) {
	// Sites are made where temporary files go.
	process.env.TMPDIR = place;
	const { conf = {}, ...more } = options;
	const site = await startSite({
		build: bench.build, server: 'lighttpd', now: null, ...more,
	});
	const partner = await site.partner(
	    { tokens: RICH, limit: 1000000000 });
	site.configure({ threads: bench.threads, ...conf });
	await site.restart();
	const database = path.join(site.dir, 'data/ledger.db');
	return { site, partner, database, empty: await coreBytes(database),
		key: partner.secretKey, secret: partner.hmacSecret };
}

/**
 * What the books have to say: actions, those of the tallies, those of
 * campaigns, and those of the campaigns' sums by day.
 */
const COUNTS = `SELECT (SELECT count(*) FROM actions),
    (SELECT coalesce(max(actions), 0) FROM tallies),
    (SELECT coalesce(sum(actions), 0) FROM campaigns),
    (SELECT coalesce(sum(times), 0) FROM campaign_sums WHERE kind = 1)`;

/** A sentence if so many answers are not in them; `bare` has no rollups. */
export async function miscounted(database, answered, bare = false) {
	const { stdout } = await run('sqlite3', ['-readonly', database,
		COUNTS]);
	const [actions, tallied, paid, summed] = stdout.trim().split('|')
	    .map(Number);
	if (actions !== answered)
		return `${answered} answered, ${actions} in the books`;
	const good = bare ? tallied === 0 && summed === 0 :
	    tallied === answered && summed === paid;
	return good ? null : `${answered} answered and ${paid} by campaigns, ` +
	    `but the rollups say ${tallied} and ${summed}`;
}

/** Stop the site; is all that was answered in its books, and are they good? */
async function closeOurs({ site, database, empty }, answered, bare) {
	await site.stopServer();
	let fault = await site.verify().then(() => null, (e) => e.message);
	fault = await miscounted(database, answered, bare) ?? fault;
	const bytes = await coreBytes(database) - empty;
	await site.stop();
	return { fault, bytesAnAction: answered > 0 ? bytes / answered : null };
}

export const ourNeeds = (bench) => lacking({
	'make all': fs.existsSync(
	    path.join(bench.build, 'cgi-bin/actions.fcgi')),
	lighttpd: which('lighttpd'), sqlite3: which('sqlite3'),
});

/** Instead of our program that one without rollups: see bare.c. */
const strip = (bench) => (site) => fs.copyFileSync(
    path.join(bench.tools, 'bare.fcgi'), `${site.dir}/cgi-bin/actions.fcgi`);

/**
 * Our program in so many processes, as etc/lighttpd has it.  `conf` changes
 * almoner.conf, `env` the environment; so many `campaigns` are active; `bare`
 * leaves the rollups out.
 */
export function ours(title, procs, more = {}) {
	const { conf, env = () => ({}), connections, bulk, campaigns = 0,
	    bare = false } = more;
	const target = bulk ? SUBMIT_BULK : SUBMIT;
	return {
		title, connections, missing: ourNeeds,
		async start(bench, place) {
			const books = await ourBooks(bench, place,
			    { procs, conf, env: env(bench),
			    prepare: bare ? strip(bench) : undefined });
			for (let i = 0; i < campaigns; i++)
				await activate(books.partner,
				    { limits: { totalBudget: RICH } });
			const web = { url: books.site.base,
				servers: [books.site.process] };
			return asked(bench, web, target,
			    ['-m', bulk ? 'bulk' : 'submit',
				...signing(books)],
			    (answered) => closeOurs(books, answered, bare),
			    bulk ? BULK : 1);
		},
	};
}

/** A CGI program on our books: our own, or the least there can be. */
export function plainCgi(title, program, env, audited) {
	return {
		title, connections: [1, 16], missing: ourNeeds,
		async start(bench, place) {
			const books = await ourBooks(bench, place, {});
			await books.site.stopServer();
			const web = await cgi(place, program(bench, books),
			    env(books), books.site.user);
			return asked(bench, web, SUBMIT,
			    ['-m', 'submit', ...signing(books)],
			    async (answered) => {
				await stopped(web.servers);
				const { fault } = await closeOurs(books,
				    audited ? answered : 0);
				return { fault };
			    });
		},
	};
}
