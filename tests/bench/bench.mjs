// make bench: ourselves and our peers, one after another, in rounds.
//
//	node tests/bench/bench.mjs [--rounds 3] [--seconds 4] [--quick]
//	    [--only ours,php] [--connections 1,16,64] [--threads 64]
//	    [--actions 10000,1000000] [--json FILE] [--markdown FILE]
//	    [--build build/release] [--dir /var/tmp] [--keep]
//
// Each contestant starts anew in each round, in an empty folder, and is asked
// by 1, 16 and 64 connections.  What it says it did is looked for in its books
// afterwards; a fault there, or one wrong answer, fails the run.  A claim that
// is not reached is marked BELOW and fails nothing.  --quick is one short round
// for a feeling, without campaigns, webhooks and memory.  --threads is what
// almoner.conf says of our threaded process.  --only takes contestants, and
// what is measured by itself: memory, webhooks, daily, boards.  --actions is
// how many the boards tell of, the fewest first.  Only ratios mean anything
// outside of the machine.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { boards } from './boards.mjs';
import { claimTable } from './claims.mjs';
import { contestants } from './contestants.mjs';
import { daily } from './daily.mjs';
import { deliverNeeds, delivering } from './deliver.mjs';
import { cpuSeconds, endAll, memory, run, which } from './machine.mjs';
import { ourNeeds } from './ours.mjs';
import { steady } from './steady.mjs';
import { asMarkdown, asText, boardsTable, figures, looksTable, memoryTable }
    from './table.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const BETTER_SQLITE3 = 'better-sqlite3@12.11.1';
const TMPFS = 0x01021994;

const { values: options } = parseArgs({ options: {
	rounds: { type: 'string' },
	seconds: { type: 'string' },
	quick: { type: 'boolean', default: false },
	only: { type: 'string' },
	connections: { type: 'string', default: '1,16,64' },
	threads: { type: 'string', default: '64' },
	actions: { type: 'string' },
	json: { type: 'string' },
	markdown: { type: 'string' },
	build: { type: 'string', default: 'build/release' },
	dir: { type: 'string', default: '/var/tmp' },
	keep: { type: 'boolean', default: false },
} });
const { quick } = options;
const rounds = Number(options.rounds ?? (quick ? 1 : 3));
const seconds = Number(options.seconds ?? (quick ? 0.5 : 3));
const warm = quick ? 0.1 : 0.5;
const connections = options.connections.split(',').map(Number);
const sizes = options.actions?.split(',').map(Number) ??
    (quick ? [10000, 100000] : [10000, 1000000, 10000000]);

/** What contestants are told: where things are, and how large to be. */
function prepare() {
	const build = path.resolve(root, options.build);
	const place = fs.mkdtempSync(path.join(options.dir, 'almoner-bench-'));
	// Servers run as other users, who must be able to pass.
	fs.chmodSync(place, 0o711);
	return {
		build, place,
		tools: path.join(place, 'tools'),
		modules: path.join(root, 'build/node'),
		threads: Number(options.threads),
		growth: quick ? { little: 20000, much: 200000, users: 5000 } :
		    { little: 100000, much: 5000000, users: 100000 },
		boards: { sizes, days: quick ? 4 : 30 },
		requests: quick ? 20000 : 1000000,
		// pgbench's scale: 100,000 rows each.
		scale: 50,
	};
}

/**
 * better-sqlite3 is built here, against the headers that are installed where
 * there are some.  It takes a minute, once.
 */
async function installNode(bench) {
	const done = path.join(bench.modules, 'node_modules/better-sqlite3');
	if (fs.existsSync(done) || which('npm') === null)
		return;
	console.log(`building ${BETTER_SQLITE3} …`);
	fs.mkdirSync(bench.modules, { recursive: true });
	const headers = fs.existsSync('/usr/include/node/node.h') ?
	    ['--nodedir=/usr'] : [];
	try {
		await run('npm', ['install', '--prefix', bench.modules,
			'--no-audit', '--no-fund', ...headers, BETTER_SQLITE3]);
	} catch (e) {
		fs.rmSync(done, { recursive: true, force: true });
		console.log(`it can't be had: ${e.message.split('\n')[0]}`);
	}
}

/** Those that can run here; what the others lack goes into `leftOut`. */
function chosen(bench, names, leftOut) {
	return names.filter((name) => {
		const row = contestants[name];
		const why = row === undefined ? 'is not known' :
		    row.missing(bench);
		if (why !== null)
			leftOut.push(`${row?.title ?? name}: ${why}`);
		return why === null;
	});
}

/** One contestant in one round: a sample for each number of connections. */
async function compete(bench, name, round) {
	const row = contestants[name];
	const place = path.join(bench.place, `${name}-${round}`);
	fs.mkdirSync(place);
	const running = await row.start(bench, place);
	const samples = [];
	for (const count of connections) {
		if (row.connections && !row.connections.includes(count))
			continue;
		const before = cpuSeconds(running.pids);
		const said = await running.measure(count, seconds, warm);
		const spent = cpuSeconds(running.pids) - before;
		samples.push({
			name, round, connections: count, rate: said.rate,
			p50: said.p50, p99: said.p99, max: said.max,
			cpuMicros: spent / said.done * 1e6,
			memory: memory(running.pids),
		});
	}
	const { fault, bytesAnAction } = await running.finish();
	if (!options.keep)
		fs.rmSync(place, { recursive: true });
	return { samples, bytesAnAction,
		fault: fault === null ? null : `${row.title}: ${fault}` };
}

function describe() {
	const cpus = os.cpus();
	const disk = fs.statfsSync(options.dir);
	return `${cpus.length} × ${cpus[0].model}, ` +
	    `Linux ${os.release()}, ${options.dir}` +
	    (disk.type === TMPFS ? ' IN MEMORY: syncs cost nothing' : '') +
	    `; ${options.threads} threads; ${rounds} × ${seconds} s, ` +
	    new Date().toISOString();
}

const booksLine = ({ faults }) => faults.length === 0 ?
	'books: every answer is in them, and they add up' :
	`books: FAULTS\n${faults.join('\n')}`;

const tablesOf = (result) => [
	claimTable(result, contestants),
	figures(result.samples, contestants),
	memoryTable(result.samples, contestants),
	looksTable(result.looks),
	boardsTable(result.boards),
].filter(({ rows }) => rows.length > 0);

const bytesLines = ({ bytes }) => Object.entries(bytes)
    .map(([name, value]) => `${contestants[name].title}: ` +
	`${value.toFixed(0)} bytes an action, metadata aside`);

function show(result) {
	for (const table of tablesOf(result))
		console.log(`\n${asText(table)}`);
	console.log(['', ...bytesLines(result), booksLine(result)].join('\n'));
}

function writeMarkdown(file, result) {
	const parts = [
		'# Performance', result.machine,
		...tablesOf(result).map(asMarkdown),
		...bytesLines(result),
		...result.leftOut.map((line) => `Left out: ${line}.`),
		booksLine(result),
	];
	fs.writeFileSync(file, `${parts.join('\n\n')}\n`);
}

async function competeAll(bench, names, result) {
	for (let round = 1; round <= rounds; round++)
		for (const name of names) {
			console.error(`round ${round}: ` +
			    contestants[name].title);
			const { samples, bytesAnAction, fault } =
			    await compete(bench, name, round);
			result.samples.push(...samples);
			if (bytesAnAction)
				result.bytes[name] = bytesAnAction;
			if (fault !== null)
				result.faults.push(fault);
		}
}

async function watchMemory(bench, result) {
	console.error(`memory: ${bench.requests} requests`);
	const { looks, fault } = await steady(bench, bench.requests);
	result.looks.push(...looks);
	return fault;
}

async function sendWebhooks(bench, result) {
	console.error('webhooks');
	result.webhooks.push(...await delivering(bench, quick));
	return null;
}

async function runDays(bench, result) {
	for (let round = 1; round <= rounds; round++) {
		console.error(`daily run: round ${round}`);
		const { took, fault } = await daily(bench, round);
		result.daily.push(took);
		if (fault !== null)
			return fault;
	}
	return null;
}

async function lookAtBoards(bench, result) {
	console.error(`boards: ${bench.boards.sizes.join(', ')} actions`);
	const { looks, fault } = await boards(bench, rounds, seconds, warm);
	result.boards.push(...looks);
	return fault;
}

/** What is measured by itself: what it needs, how, and in a quick run too? */
const apart = {
	memory: [ourNeeds, watchMemory, false],
	webhooks: [deliverNeeds, sendWebhooks, false],
	daily: [ourNeeds, runDays, true],
	boards: [ourNeeds, lookAtBoards, true],
};

async function measureApart(bench, names, result) {
	for (const name of names) {
		const [needs, measure] = apart[name];
		const why = needs(bench);
		if (why !== null) {
			result.leftOut.push(`${name}: ${why}`);
			continue;
		}
		const fault = await measure(bench, result)
		    .catch((e) => `${name}: ${e.message}`);
		if (fault !== null)
			result.faults.push(fault);
	}
}

/** All that is compared, or, for a feeling, what takes the least time. */
function usual() {
	const all = Object.keys(contestants);
	const alone = Object.keys(apart);
	return quick ? [...all.filter((name) => name !== 'pgbench-prepared' &&
		!name.startsWith('ours-campaigns-')),
		...alone.filter((name) => apart[name][2])] :
	    [...all, ...alone];
}

async function compare(bench) {
	const result = { machine: describe(), leftOut: [], samples: [],
		bytes: {}, looks: [], webhooks: [], daily: [], boards: [],
		faults: [] };
	const asked = options.only?.split(',') ?? usual();
	const alone = asked.filter((name) => name in apart);
	const names = chosen(bench, asked.filter((name) =>
		!(name in apart)), result.leftOut);
	console.log([result.machine,
		...result.leftOut.map((line) => `left out: ${line}`),
	].join('\n'));
	await competeAll(bench, names, result);
	await measureApart(bench, alone, result);
	return result;
}

const bench = prepare();
/* However this ends: by itself, by a failure, or since it took too long. */
process.on('exit', () => {
	endAll();
	if (!options.keep)
		fs.rmSync(bench.place,
		    { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.once(signal, () => process.exit(1));

try {
	const tools = path.join(bench.build, 'bench');
	await run('sh', [path.join(here, 'build.sh'), tools,
		bench.build]);
	fs.cpSync(tools, bench.tools, { recursive: true });
	if (!quick)
		await installNode(bench);
	const result = await compare(bench);
	show(result);
	if (options.json)
		fs.writeFileSync(options.json, JSON.stringify(result, null, 1));
	if (options.markdown)
		writeMarkdown(options.markdown, result);
	process.exitCode = result.faults.length === 0 ? 0 : 1;
} catch (e) {
	console.error(e);
	process.exitCode = 1;
}
process.exit();
