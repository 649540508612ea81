// The ten lines of doc/hosting.md, as they are printed: on a machine of their
// own, as far as its folders and processes go, and on a port of their own.
// What they install is here already, or this test could not be run.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { freePort } from '../lib/process.mjs';
import { root } from '../lib/servers.mjs';

/** Folders that the lines write in, each over the machine's own. */
const HOST = `
mount --make-rprivate /
mount -t tmpfs tmpfs /srv
for folder in /etc /var; do
	mkdir -p "$1$folder" "$1/work$folder"
	mount -t overlay overlay "$folder" \
	    -o "lowerdir=$folder,upperdir=$1$folder,workdir=$1/work$folder"
done
`;
const why = process.getuid() !== 0 ? 'only root can' :
    spawnSync('unshare', ['-m', '-p', '-f', 'true']).status !== 0 ?
	'no namespaces to be had' : false;

function lines() {
	const text = fs.readFileSync(`${root}/doc/hosting.md`, 'utf8');
	const [, part] = text.split('## A VPS with lighttpd, in ten lines');
	const found = part.split('\n## ')[0].match(/^ {4}.*$/gm);
	assert.equal(found.length, 10);
	return found.map((line) => line.trim());
}

test('a VPS with lighttpd, in ten lines', { skip: why }, async () => {
	const port = await freePort();
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-vps-'));
	const script = HOST + lines().slice(2).map((line) =>
		line === 'make install' ? `${line} >/dev/null\n` +
		    `sed -i s/8080/${port}/ /srv/almoner/etc/lighttpd/*.conf` :
		    line.replace('8080', port)).join('\n') +
	    '\ncrontab -u almoner -l\n';
	const { status, stdout, stderr } = spawnSync('unshare', ['-m', '-p',
		'-f', '--kill-child', '--mount-proc', 'sh', '-euc', script,
		'sh', dir], { cwd: root, encoding: 'utf8' });
	fs.rmSync(dir, { recursive: true });
	assert.equal(status, 0, stdout + stderr);
	assert.match(stdout, /HTTP\/1\.1 401 [^]*"MISSING_CREDENTIALS"/);
	assert.match(stdout, /my-shop/);
	for (const line of ['* * * * * /srv/almoner/bin/deliver',
		'* * * * * /srv/almoner/bin/housekeep', '@reboot lighttpd -f '])
		assert.ok(stdout.includes(`\n${line}`), line);
});
