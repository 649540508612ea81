// The units of etc/systemd, and programs started as they say: with a unit's own
// ExecStart, umask and folder, where systemd itself cannot be had.
//
//	readUnit(site, 'almoner@.service', 'almoner')
//			its lines as {Name: [value, …]}, for the site's folder
//	startService(site, unit, instance)	what systemd does with it: the
//			process, which lives in the foreground
//	startSocket(site, instance)	the same with almoner@.socket and its
//			service: the process that holds the socket, and starts
//			the program on it again whenever that ends

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { start } from './process.mjs';

/** The folder that stands in the units. */
const SITE = '/srv/almoner';

export const units = fileURLToPath(
    new URL('../../etc/systemd', import.meta.url));

export function readUnit(site, unit, instance) {
	const said = {};
	const text = fs.readFileSync(`${units}/${unit}`, 'utf8')
	    .replaceAll(SITE, site.dir).replaceAll('%i', instance);
	for (const [, name, value] of text.matchAll(/^(\w+)=(.*)$/gm))
		(said[name] ??= []).push(value);
	return said;
}

/** `around` are the words before those of its ExecStart. */
function startUnit(site, unit, instance, around) {
	const { ExecStart: [line], UMask: [mask],
	    WorkingDirectory: [cwd] } = readUnit(site, unit, instance);
	return start(['/bin/sh', '-c', `umask ${mask}; exec "$@"`, 'sh',
		...around, ...line.split(' ')],
	`${site.folder}/log/stderr.log`,
	{ env: site.env, cwd, ...site.user });
}

export const startService = (site, unit, instance) =>
	startUnit(site, unit, instance, []);

export function startSocket(site, instance) {
	const { ListenStream: [path], SocketMode: [mode] } =
	    readUnit(site, 'almoner@.socket', instance);
	const { Restart, ExecStopPost: [pause] } =
	    readUnit(site, 'almoner@.service', instance);
	assert.deepEqual(Restart, ['always']);
	return startUnit(site, 'almoner@.service', instance,
	    ['spawn-fcgi', '-n', '-s', path, '-M', mode, '--', '/bin/sh', '-c',
		`while :; do "$@"; ${pause}; done`, 'sh']);
}
