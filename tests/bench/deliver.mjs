// How fast webhooks are sent, from the books to the receiver and its answer
// back into the books, to a receiver of ours that only answers (sink.c).
//
// The deliveries are written by SQL, each of an event of its own; what sends
// them is bin/deliver as cron starts it.  Rates are from its start to its
// end, so that all is on record.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { addWebhook, database, tenantOf } from '../lib/hooks.mjs';
import { startSite } from '../lib/site.mjs';
import { run } from './machine.mjs';
import { median } from './table.mjs';

const HOOKS = 16;
const ACTIONS = 100;
const SLOW_MS = 2000;
const IDLE_MS = 1300;		// until a run that was started has left
const TICKS = 100;		// a second, in /proc

/** What it shall reach: [words, unit, bound, at most]. */
const BOUNDS = {
	http: ['deliveries a second, http, connections kept', '', 10000],
	https: ['deliveries a second, https, connections kept', '', 5000],
	fresh: ['deliveries a second, https, each a new connection', '', 300],
	slow: ['the others\' rate with a receiver of 2 s : without', ' ×', 0.9],
	warm: ['answer to the receiver\'s first byte, busy', ' ms', 20, true],
	cold: ['answer to the receiver\'s first byte, idle', ' ms', 20, true],
	memory: ['memory with a long backlog', ' MiB', 64, true],
	long: ['CPU of each, a long backlog : a short one', ' ×', 1.3, true],
};

/** A sink: its port, and how many it has answered. */
export async function startSink(bench, ...words) {
	const child = spawn(path.join(bench.tools, 'sink'), words,
	    { stdio: ['pipe', 'pipe', 'inherit'] });
	const lines = readline.createInterface({ input: child.stdout });
	const [port] = await once(lines, 'line');
	return {
		port: Number(port),
		async count() {
			child.stdin.write('\n');
			return Number((await once(lines, 'line'))[0]);
		},
		stop: () => child.stdin.end(),
	};
}

function certify(folder) {
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
		'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem',
		'-out', 'cert.pem', '-days', '2', '-subj', '/CN=sink',
		'-addext', 'subjectAltName=IP:127.0.0.1'],
	{ cwd: folder, stdio: 'ignore' });
	fs.chmodSync(`${folder}/cert.pem`, 0o644);
	return ['-c', `${folder}/cert.pem`, '-k', `${folder}/key.pem`];
}

const sql = async (site, text) =>
	(await site.run('sqlite3', '-bail', database(site), text)).trim();

/** So many deliveries, due now, in turn to webhooks 1 to `hooks`. */
async function queue(site, tenant, hooks, count) {
	const now = Date.now();
	await sql(site, `DELETE FROM attempts; DELETE FROM deliveries;
	DELETE FROM events WHERE id > 100000;
	INSERT INTO events (tenant, id, type, refers, created_at)
	SELECT ${tenant}, 100000 + value, 1, 1 + value % ${ACTIONS}, ${now}
	FROM generate_series(1, ${count});
	INSERT INTO deliveries (tenant, id, webhook, event, due_at, created_at)
	SELECT ${tenant}, value, 1 + value % ${hooks}, 100000 + value, ${now},
	    ${now} FROM generate_series(1, ${count});`);
}

/** Both clocks of a process and its largest size, while there is one. */
function look(pid) {
	try {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
		return {
			cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
			peak: Number(/^VmHWM:\s+(\d+)/m.exec(status)[1]) / 1024,
		};
	} catch {
		return null;	/* it has left */
	}
}

/** One run: seconds it took, its CPU seconds, its memory. */
async function deliver(site, watch = () => {}) {
	const began = performance.now();
	const child = spawn(`${site.dir}/bin/deliver`, [], { stdio: 'inherit',
		env: { ...site.env, ALMONER_CONF: `${site.dir}/almoner.conf` },
		...site.user });
	let last = { cpu: 0, peak: 0 };
	const timer = setInterval(() => {
		last = look(child.pid) ?? last;
		watch();
	}, 10);
	const [code] = await once(child, 'exit');
	clearInterval(timer);
	if (code !== 0)
		throw new Error(`deliver: ${code}: ${site.log()}`);
	return { seconds: (performance.now() - began) / 1000, ...last };
}

/** A site with webhooks to these URLs, and what is asked of it. */
async function withSite(bench, conf, urls, work) {
	process.env.TMPDIR = bench.place;
	const site = await startSite({ build: bench.build, now: null });
	try {
		site.configure({ loopback_http: 'yes', start_deliver: 'no',
			...conf });
		await site.restart();
		const partner = await site.partner({ limit: 1000000 });
		for (let n = 0; n < ACTIONS; n++) {
			const { status, text } = await partner.submit();
			if (status !== 200)
				throw new Error(text);
		}
		const tenant = await tenantOf(partner);
		for (const url of urls)
			await addWebhook(partner, { url });
		return await work(site, tenant, partner);
	} finally {
		await site.stop();
	}
}

const urls = (sink, scheme = 'http', count = HOOKS) => Array.from(
    { length: count }, (_, n) => `${scheme}://127.0.0.1:${sink.port}/${n}`);

/** All sent, and all on record as that. */
async function check(site, sink, count, answered) {
	const good = await sql(site,
	    'SELECT count(*) FROM deliveries WHERE status = 2');
	const got = await sink.count() - answered;
	if (Number(good) !== count || got !== count)
		throw new Error(`${count} sent, ${got} came, ${good} recorded`);
}

/** Deliveries a second of a kind of receiver. */
async function rate(bench, scheme, words, count) {
	const tls = scheme === 'https' ? certify(bench.place) : [];
	const sink = await startSink(bench, ...words, ...tls);
	const conf = scheme === 'https' ? { webhook_ports: sink.port,
		ca_file: `${bench.place}/cert.pem` } : {};
	const got = await withSite(bench, conf, urls(sink, scheme),
	    async (site, tenant) => {
		await queue(site, tenant, HOOKS, count);
		const { seconds } = await deliver(site);
		await check(site, sink, count, 0);
		return count / seconds;
	});
	sink.stop();
	return got;
}

/** The rate of quick receivers, alone and beside a slow one. */
async function slow(bench, count) {
	const sink = await startSink(bench);
	const late = await startSink(bench, '-d', String(SLOW_MS));
	const got = await withSite(bench, {}, [...urls(sink),
		`http://127.0.0.1:${late.port}/`],
	async (site, tenant) => {
		const rates = [];
		let before = 0;
		for (const beside of [false, true, false, true]) {
			await queue(site, tenant, HOOKS, count);
			if (beside)
				await sql(site, `INSERT INTO deliveries
				SELECT tenant, id + ${count}, ${HOOKS + 1},
				    event, 1, 0, due_at, created_at, NULL
				FROM deliveries WHERE id <= 3`);
			const goal = before + count;
			const began = performance.now();
			let ended = 0, asking = false;
			await deliver(site, async () => {
				if (asking || ended > 0)
					return;
				asking = true;
				if (await sink.count() >= goal)
					ended = performance.now();
				asking = false;
			});
			before = await sink.count();
			rates.push(count / ((ended || performance.now()) -
			    began));
		}
		return median([rates[1] / rates[0], rates[3] / rates[2]]);
	});
	sink.stop();
	late.stop();
	return got;
}

/** CPU of each and memory, with a backlog and with a small part of it. */
async function backlog(bench, little, much) {
	const sink = await startSink(bench);
	const got = await withSite(bench, {}, urls(sink),
	    async (site, tenant) => {
		const made = [];
		for (const count of [little, much]) {
			const before = await sink.count();
			await queue(site, tenant, HOOKS, count);
			const { cpu, peak } = await deliver(site);
			const sent = await sink.count() - before;
			made.push({ each: cpu / sent, peak, sent });
		}
		const [few, many] = made;
		return { memory: many.peak, long: many.each / few.each,
			sent: many.sent, micros: many.each * 1e6 };
	});
	sink.stop();
	return got;
}

/** Milliseconds from a submit's answer to the receiver's first byte. */
async function latency(bench, times, pause_ms) {
	let came;
	const server = http.createServer((request, response) => {
		came?.(performance.now());
		request.resume().on('end', () => response.end());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${server.address().port}/`;
	const waits = [];
	await withSite(bench, { start_deliver: 'yes' }, [],
	    async (site, tenant, partner) => {
		await addWebhook(partner, { url, events: 1 << 1 });
		for (let n = 0; n < times; n++) {
			const told = new Promise((resolve) => {
				came = resolve;
			});
			await partner.submit();
			const answered = performance.now();
			waits.push(await told - answered);
			await sleep(pause_ms);
		}
	});
	server.close();
	/* The receiver may be quicker than the one who waits for the answer. */
	return Math.max(median(waits), 0);
}

/** {values, faults} of all that BOUNDS names. */
async function measure(bench, quick) {
	const many = quick ? 10000 : 50000;
	const values = {
		http: await rate(bench, 'http', [], many),
		https: await rate(bench, 'https', [], many),
		fresh: await rate(bench, 'https', ['-1'], many / 10),
		slow: await slow(bench, many),
		warm: await latency(bench, 100, 20),
		cold: await latency(bench, quick ? 5 : 25, IDLE_MS),
	};
	const { memory, long, ...more } = await backlog(bench, 20000,
	    quick ? 100000 : 1000000);
	console.error('the long backlog:', more);
	return { ...values, memory, long };
}

/** Rows for the table of claims: [what, connections, measured, bound, good]. */
export async function delivering(bench, quick) {
	const values = await measure(bench, quick);
	return Object.entries(BOUNDS).map(([name, row]) => {
		const [what, unit, bound, most] = row;
		const value = values[name];
		const good = most ? value <= bound : value >= bound;
		const digits = value < 100 ? 2 : 0;
		return [`webhooks: ${what}`, '', value.toFixed(digits) + unit,
			`${most ? 'at most' : 'at least'} ${bound}${unit}`,
			good ? 'good' : 'BELOW'];
	});
}

/** What it needs beside what all our contestants need. */
export const deliverNeeds = (bench) =>
	fs.existsSync(path.join(bench.build, 'bin/deliver')) ? null :
	    'needs make all';

if (process.argv[1] === new URL(import.meta.url).pathname) {
	const [build = 'build/release', ...more] = process.argv.slice(2);
	const place = fs.mkdtempSync('/var/tmp/almoner-bench-');
	fs.chmodSync(place, 0o711);
	const tools = path.join(place, 'tools');
	await run('sh', ['tests/bench/build.sh', tools]);
	process.on('exit', () => fs.rmSync(place,
	    { recursive: true, force: true, maxRetries: 5 }));
	const rows = await delivering({ build: path.resolve(build), place,
		tools }, more.includes('--quick'));
	console.log(rows.map((row) => row.join('  ')).join('\n'));
	process.exit();
}
