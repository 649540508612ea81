// Who is measured, one row each, and whom we compare ourselves with.
//
// A contestant is
//	title		as the table says it
//	missing(bench)	what the machine lacks for it, or null
//	connections	those that it is measured with, if not all
//	start(bench, place)	-> a running one, fresh, in the folder `place`
// and a running one has
//	pids		its processes, whose time and memory are counted
//	measure(connections, seconds, warm)	-> {rate, p50, p99, max, done}
//	finish()	stop it; -> {fault, bytesAnAction}
// where rate is what was done in a second, p50, p99 and max are milliseconds,
// done is how much was done with the warm-up, and fault says what is wrong
// with its books or its answers, or is null.

import fs from 'node:fs';
import path from 'node:path';

import { startSite } from '../lib/site.mjs';
import { run, which } from './machine.mjs';
import { auditPeer, cgi, fastcgi, makeCluster, node, peerBooks, php, phpFpm,
    postgres, postgresFolder } from './servers.mjs';

const SUBMIT = '/v1/partner/actions/submit';
const RICH = 1000000000000;	// tokens that no run uses up

/** The names of those that are null, as one sentence, or null. */
function lacking(found) {
	const names = Object.keys(found).filter((name) => !found[name]);
	return names.length === 0 ? null : `needs ${names.join(', ')}`;
}

/**
 * Whatever answers HTTP: `web` is where, `how` are the generator's words.
 * `close` stops it and looks at its books, told how many were answered.
 */
function asked(bench, web, target, how, close) {
	const faults = [];
	let answered = 0;

	async function measure(connections, seconds, warm) {
		const { stdout } = await run(path.join(bench.tools, 'load'), [
			...how, '-c', String(connections),
			'-d', String(seconds), '-w', String(warm),
			web.url + target,
		]);
		const said = JSON.parse(stdout);
		answered += said.allGood;
		const { statuses, broken, unanswered } = said;
		if (Object.keys(statuses).join() !== '200' || broken > 0 ||
		    unanswered > 0)
			faults.push(`answers: ${JSON.stringify(statuses)}, ` +
			    `${broken} broken, ${unanswered} missing`);
		return { ...said, done: said.allGood };
	}

	async function finish() {
		const { fault = null, ...more } = await close(answered);
		if (fault !== null)
			faults.push(fault);
		return { ...more, fault: faults.join('; ') || null };
	}

	return { pids: web.servers.map(({ pid }) => pid), measure, finish };
}

const stopped = (servers) =>
	Promise.all(servers.map((server) => server.stop()));

const signing = ({ key, secret }) => ['-k', key, '-s', secret];

/** Bytes in the core tables and their indexes: metadata is the partner's. */
async function coreBytes(database) {
	const { stdout } = await run('sqlite3', ['-readonly', database,
		`SELECT sum(pgsize) FROM dbstat
		WHERE name NOT IN ('action_metadata', 'replays')`]);
	return Number(stdout);
}

async function ourBooks(bench, place, options) {
	// Sites are made where temporary files go.
	process.env.TMPDIR = place;
	const site = await startSite({
		build: bench.build, server: 'lighttpd', now: null, ...options,
	});
	const partner = await site.partner({ tokens: RICH });
	const database = path.join(site.dir, 'data/ledger.db');
	return { site, database, empty: await coreBytes(database),
		key: partner.secretKey, secret: partner.hmacSecret };
}

/** Stop the site; is all that was answered in its books, and are they good? */
async function closeOurs({ site, database, empty }, answered) {
	await site.stopServer();
	let fault = await site.verify().then(() => null, (e) => e.message);
	const { stdout } = await run('sqlite3', ['-readonly', database,
		'SELECT count(*) FROM actions']);
	if (Number(stdout) !== answered)
		fault = `${answered} answered, ${stdout.trim()} in the books`;
	const bytes = await coreBytes(database) - empty;
	await site.stop();
	return { fault, bytesAnAction: answered > 0 ? bytes / answered : null };
}

const ourNeeds = (bench) => lacking({
	'make all': fs.existsSync(
	    path.join(bench.build, 'cgi-bin/actions.fcgi')),
	lighttpd: which('lighttpd'), sqlite3: which('sqlite3'),
});

/** Our program in so many processes, as etc/lighttpd has it. */
function ours(title, processes, env = () => ({})) {
	return {
		title, missing: ourNeeds,
		async start(bench, place) {
			const books = await ourBooks(bench, place,
			    { procs: processes, env: env(bench) });
			const web = { url: books.site.base,
				servers: [books.site.process] };
			return asked(bench, web, SUBMIT,
			    ['-m', 'submit', ...signing(books)],
			    (answered) => closeOurs(books, answered));
		},
	};
}

/** A CGI program on our books: our own, or the least there can be. */
function plainCgi(title, program, env, audited) {
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

/** The same endpoint by others, on tables of their own. */
function theirs(title, missing, serve) {
	return {
		title, missing,
		async start(bench, place) {
			const books = await peerBooks(place);
			const web = await serve(place, books.database, bench);
			return asked(bench, web, SUBMIT,
			    ['-m', 'submit', ...signing(books)],
			    async (answered) => {
				await stopped(web.servers);
				return { fault: await auditPeer(
				    books.database, answered) };
			    });
		},
	};
}

/** Each line of pgbench's logs has a transaction's end and microseconds. */
function readLogs(folder) {
	const files = fs.readdirSync(folder)
	    .map((name) => path.join(folder, name));
	const lines = files.flatMap((file) =>
		fs.readFileSync(file, 'utf8').trim().split('\n'));
	files.forEach((file) => fs.unlinkSync(file));
	return lines.map((line) => {
		const [, , took, , at, micros] = line.split(' ').map(Number);
		return { at: at + micros / 1e6, ms: took / 1000 };
	});
}

function summary(ends, seconds, warm) {
	const from = warm + ends.reduce((least, { at }) => Math.min(least, at),
	    Infinity);
	const times = ends.filter(({ at }) => at >= from && at < from + seconds)
	    .map(({ ms }) => ms).sort((a, b) => a - b);
	const within = (part) => times[
	    Math.min(times.length - 1, Math.floor(part * times.length))];
	return { rate: times.length / seconds, p50: within(0.5),
		p99: within(0.99), max: within(1), done: ends.length };
}

/** PostgreSQL's own benchmark, in one of its protocols. */
const pgbench = (protocol) => ({
	title: `pgbench TPC-B s50, ${protocol}`,
	missing: () => lacking({ postgresql: postgresFolder() }),
	async start(bench) {
		// Its tables are large, and the same for each round.
		const place = path.join(bench.place, 'postgres');
		if (!fs.existsSync(place)) {
			fs.mkdirSync(place);
			await makeCluster(place, bench.scale);
		}
		const times = path.join(bench.place, 'pgbench');
		fs.mkdirSync(times, { recursive: true });
		const { servers } = await postgres(place);
		return {
			pids: servers.map(({ pid }) => pid),
			async measure(connections, seconds, warm) {
				const threads = Math.min(2, connections);
				await run(`${postgresFolder()}/pgbench`, [
					'-h', place, '-U', 'bench', '-M',
					protocol, '-c', String(connections),
					'-j', String(threads), '-l',
					'--log-prefix', `${times}/times`,
					'-T', String(Math.ceil(seconds + warm)),
					'bench',
				]);
				return summary(readLogs(times), seconds, warm);
			},
			async finish() {
				await servers[0].stop();
				return { fault: null };
			},
		};
	},
});

const slowDisk = (bench) =>
	({ LD_PRELOAD: path.join(bench.tools, 'slow-disk.so') });

export const contestants = {
	'hello': {
		title: 'hello, 2 processes, lighttpd',
		missing: () => lacking({ lighttpd: which('lighttpd') }),
		async start(bench, place) {
			const web = await fastcgi(place,
			    path.join(bench.tools, 'hello.fcgi'), 2);
			return asked(bench, web, SUBMIT, ['-m', 'submit'],
			    async () => {
				await stopped(web.servers);
				return {};
			    });
		},
	},
	'ours-2': ours('ours, 2 processes', 2),
	'ours-4': ours('ours, 4 processes', 4),
	'php': theirs('PHP-FPM, PDO SQLite', () => lacking({
		'php-fpm': phpFpm(), lighttpd: which('lighttpd'),
		sqlite3: which('sqlite3'),
	}), php),
	'node': theirs('Node, better-sqlite3', (bench) => lacking({
		sqlite3: which('sqlite3'),
		'better-sqlite3 (run make bench once)': fs.existsSync(
		    path.join(bench.modules, 'node_modules/better-sqlite3')),
	}), (place, database, bench) => node(place, database, bench.modules)),
	'pgbench': pgbench('simple'),	// as it is by itself
	'pgbench-prepared': pgbench('prepared'),
	'ours-4-slow': ours('ours, 4 processes, +2 ms disk', 4, slowDisk),
	'ours-cgi': plainCgi('ours, plain CGI',
	    (_, { site }) => path.join(site.dir, 'cgi-bin/actions.fcgi'),
	    ({ site }) => ({ ALMONER_CONF: `${site.dir}/almoner.conf` }), true),
	'floor-cgi': plainCgi('a CGI that commits one row',
	    (bench) => path.join(bench.tools, 'floor.cgi'),
	    ({ database }) => ({ FLOOR_DATABASE: database }), false),
};

// What is divided by what, and how much it must be at least, by connections.
export const comparisons = [
	{ of: 'ours-2', to: 'hello' },
	{ of: 'ours-4', to: 'hello', least: { 16: 0.2 } },
	{ of: 'ours-2', to: 'php' },
	{ of: 'ours-4', to: 'php', least: { 16: 4 } },
	{ of: 'ours-2', to: 'pgbench' },
	{ of: 'ours-4', to: 'pgbench', least: { 16: 0.85 } },
	{ of: 'ours-4', to: 'node' },
	{ of: 'ours-4', to: 'ours-4-slow' },
	{ of: 'ours-cgi', to: 'floor-cgi', least: { 1: 0.67 } },
];
