// Programs that a test starts: as whom, and how they are ended, exactly those
// and no others.
//
// A test that runs as root starts its site as an ordinary user, since root is
// refused nothing and a test would not see what a host's user sees.  What is
// started dies with the test that started it (setpriv --pdeathsig), however
// that ends.

import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** {uid, gid} of the site's user, or nothing where we are not root. */
export function siteUser() {
	if (process.getuid() !== 0)
		return {};
	const id = (flag) =>
		Number(execFileSync('id', [flag, 'www-data']).toString());
	return { uid: id('-u'), gid: id('-g') };
}

/** Run it to its end: {code, stdout, stderr}, whatever the code is. */
export function run(command, args, options = {}) {
	return new Promise((resolve, reject) => {
		const limits = { maxBuffer: 1 << 28, timeout: 300000 };
		execFile(command, args, { ...limits, ...options },
		    (error, stdout, stderr) => {
			if (error && typeof error.code !== 'number')
				reject(error);
			else
				resolve({ code: error?.code ?? 0,
					stdout, stderr });
		    }).stdin?.end();
	});
}

/** Start it in the background; both its outputs go to the end of `log`. */
export function start(words, log, options) {
	const out = fs.openSync(log, 'a');
	const child = spawn('setpriv',
	    ['--pdeathsig', 'TERM', '--', ...words],
	    { stdio: ['ignore', out, out], detached: true, ...options });
	fs.closeSync(out);
	child.on('error', () => {});
	return child;
}

/** A port below those that the system gives to outgoing connections. */
export async function freePort() {
	for (;;) {
		const port = 20000 + Math.floor(Math.random() * 12000);
		const free = await new Promise((resolve) => {
			const server = net.createServer();
			server.once('error', () => resolve(false));
			server.listen(port, '127.0.0.1', () =>
				server.close(() => resolve(true)));
		});
		if (free)
			return port;
	}
}

export const ended = (child) =>
	child.exitCode !== null || child.signalCode !== null;

/** Wait until `test` is true; false if that takes longer than `wait_ms`. */
export async function until(test, wait_ms) {
	for (const limit = Date.now() + wait_ms; Date.now() < limit;) {
		if (await test())
			return true;
		await sleep(20);
	}
	return false;
}

/** Process ids whose program lies in the folder. */
export function processesOf(folder) {
	return fs.readdirSync('/proc').filter((pid) => {
		try {
			return /^\d+$/.test(pid) &&
			    fs.readlinkSync(`/proc/${pid}/exe`)
			    .startsWith(`${folder}/`);
		} catch {
			return false;	/* ended, or not ours */
		}
	}).map(Number);
}

export function kill(pids, signal) {
	for (const pid of pids) {
		try {
			process.kill(pid, signal);
		} catch (error) {
			if (error.code !== 'ESRCH')
				throw error;
		}
	}
}

/** A server that start() started, and all that it has started itself. */
export function killGroup(child) {
	if (child?.pid !== undefined && !ended(child))
		kill([-child.pid], 'SIGKILL');
}

/** End a server and the programs of its folder: asked first, then made to. */
export async function end(child, folder) {
	if (child && !ended(child)) {
		kill([child.pid], 'SIGTERM');
		if (!await until(() => ended(child), 10000))
			killGroup(child);
	}
	kill(processesOf(folder), 'SIGTERM');
	if (!await until(() => processesOf(folder).length === 0, 10000))
		kill(processesOf(folder), 'SIGKILL');
}
