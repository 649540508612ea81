// Who is measured, one row each.
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

import { asked, lacking, signing, stopped } from './asked.mjs';
import { grown } from './growth.mjs';
import { run, which } from './machine.mjs';
import { SUBMIT, ours, plainCgi } from './ours.mjs';
import { auditPeer, fastcgi, makeCluster, node, peerBooks, php, phpFpm,
    postgres, postgresFolder } from './servers.mjs';

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
const pgbench = (protocol, connections) => ({
	connections,
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
	'ours': ours('ours, threaded', 1),
	'ours-bulk': ours('ours, threaded, bulk of 100', 1,
	    { bulk: true, connections: [64] }),
	'ours-bare': ours('ours, threaded, without rollups', 1,
	    { bare: true, connections: [16] }),
	'ours-2': ours('ours, 2 processes', 2,
	    { conf: { threads: 1 }, connections: [16] }),
	'ours-4': ours('ours, 4 processes', 4, { conf: { threads: 1 } }),
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
	'pgbench-prepared': pgbench('prepared', [16, 64]),
	'ours-slow': ours('ours, threaded, +2 ms disk', 1,
	    { env: slowDisk, connections: [16, 64] }),
	'ours-4-slow-full': ours('ours, 4 processes, FULL, +2 ms disk', 4, {
		env: slowDisk, connections: [16, 64],
		conf: { threads: 1, sync_full: 'yes' },
	}),
	'ours-cgi': plainCgi('ours, plain CGI',
	    (_, { site }) => path.join(site.dir, 'cgi-bin/actions.fcgi'),
	    ({ site }) => ({ ALMONER_CONF: `${site.dir}/almoner.conf` }), true),
	'floor-cgi': plainCgi('a CGI that commits one row',
	    (bench) => path.join(bench.tools, 'floor.cgi'),
	    ({ database }) => ({ FLOOR_DATABASE: database }), false),
	...Object.fromEntries([1, 10, 100].map((campaigns) =>
		[`ours-campaigns-${campaigns}`, ours(
		    `ours, threaded, active campaigns: ${campaigns}`, 1,
		    { campaigns, connections: [16] })])),
	'ours-campaigns-1-bare': ours(
	    'ours, threaded, active campaigns: 1, without rollups', 1,
	    { bare: true, campaigns: 1, connections: [16] }),
	'grown-little': grown('ours, threaded, few in the ledger', 'little'),
	'grown-much': grown('ours, threaded, many in the ledger', 'much'),
};
