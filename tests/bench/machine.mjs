// What a benchmark needs of the machine: processes that are started and surely
// stopped, free ports, and how much time and memory a process and its children
// used.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

import { ended, kill, start, until } from '../lib/process.mjs';

export const run = promisify(execFile);

const TICKS_PER_SECOND = 100;	// USER_HZ, what /proc counts in, on Linux
const PATIENCE_MS = 10000;
const running = new Set();

/**
 * Start a server in the foreground, its output in `${place}/${name}.log`.
 * Options are those of child_process.spawn(), env being added to ours; the
 * signal is the one that ends it without waiting for its clients.
 */
export function launch(place, name, words, options = {}, signal = 'SIGTERM') {
	const log = path.join(place, `${name}.log`);
	const child = start(words, log, {
		cwd: place, ...options,
		env: { ...process.env, ...options.env },
	});
	const server = {
		pid: child.pid, log, signal, ended: () => ended(child), stop,
	};
	running.add(server);

	async function stop() {
		running.delete(server);
		if (ended(child))
			return;
		kill([child.pid], signal);
		if (!await until(() => ended(child), PATIENCE_MS))
			kill([child.pid], 'SIGKILL');
	}
	return server;
}

/** Tell all that still run to end, and wait for none. */
export function endAll() {
	for (const { pid, signal, ended: over } of running)
		if (!over())
			kill([pid], signal);
}

function connects(where) {
	return new Promise((resolve) => {
		const socket = typeof where === 'number' ?
		    net.connect(where, '127.0.0.1') : net.connect(where);
		socket.on('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.on('error', () => resolve(false));
	});
}

/** Wait until somebody listens: `where` is a port or the path of a socket. */
export async function listens(server, where) {
	if (await until(() => server.ended() || connects(where), PATIENCE_MS) &&
	    !server.ended())
		return;
	throw new Error(`nothing listens at ${where}:\n` +
	    fs.readFileSync(server.log, 'utf8').slice(-2000));
}

export async function freePort() {
	const server = net.createServer();
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address();
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** The program's path, or null: the folders of servers are looked in too. */
export function which(program) {
	const folders = [...process.env.PATH.split(':'), '/usr/sbin', '/sbin'];
	for (const folder of folders) {
		const file = path.join(folder, program);
		try {
			fs.accessSync(file, fs.constants.X_OK);
			return file;
		} catch {
			continue;
		}
	}
	return null;
}

/** What /proc says of one process, or null when it is gone. */
function look(pid) {
	try {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
		// The name is in parentheses and may have some of its own.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const ticks = fields.slice(11, 15).map(Number);
		return {
			pid: Number(pid), parent: Number(fields[1]),
			name: stat.slice(stat.indexOf('(') + 1,
			    stat.lastIndexOf(')')),
			// Its children's time is here once they are gone.
			cpuSeconds: ticks.reduce((a, b) => a + b) /
			    TICKS_PER_SECOND,
			rssKiB: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]),
		};
	} catch {
		return null;
	}
}

/** The processes of these pids with all that descend from them. */
export function family(pids) {
	const all = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
	    .map(look).filter((process) => process !== null);
	const members = new Set(pids);
	for (let grown = true; grown;) {
		const before = members.size;
		for (const { pid, parent } of all)
			if (members.has(parent))
				members.add(pid);
		grown = members.size > before;
	}
	return all.filter(({ pid }) => members.has(pid));
}

export function cpuSeconds(pids) {
	return family(pids).reduce((sum, { cpuSeconds: s }) => sum + s, 0);
}

/** How many processes of each name there are, and how large the largest is. */
export function memory(pids) {
	const names = {};
	for (const { name, rssKiB, cpuSeconds: cpu } of family(pids)) {
		names[name] ??= { processes: 0, rssKiB: 0, cpuSeconds: 0 };
		names[name].cpuSeconds += cpu;
		names[name].processes++;
		names[name].rssKiB = Math.max(names[name].rssKiB, rssKiB);
	}
	return names;
}
