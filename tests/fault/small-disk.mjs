// A site with its books on a small disk of their own, which a test can fill.
// Only the real root may mount one: siteOnDisk() is null for others.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { after } from 'node:test';
import { startSite } from '../lib/site.mjs';

/** Is this the real root, or one who may not mount? */
function mounts(folder, size) {
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o',
			`size=${size},mode=711`, 'almoner-test', folder],
		{ stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

/** A site with its books on a small disk of their own; null: no such thing. */
export async function siteOnDisk(size = '3m') {
	const disk = fs.mkdtempSync('/tmp/almoner-disk-');
	if (!mounts(disk, size)) {
		fs.rmdirSync(disk);
		return null;
	}
	const leave = () => {
		execFileSync('umount', ['-l', disk]);
		fs.rmdirSync(disk);
	};
	process.once('exit', leave);
	const site = await startSite();
	await site.stopServer();
	fs.cpSync(`${site.dir}/data`, disk, { recursive: true });
	site.own(disk);
	site.disk = disk;
	site.database = `${disk}/ledger.db`;
	site.configure({ database: site.database });
	await site.startServer();
	after(async () => {
		try {
			await site.verify();
		} finally {
			await site.stop();
			process.off('exit', leave);
			leave();
		}
	});
	return site;
}

/** Every byte that the disk has left. */
export function fill(site) {
	const file = fs.openSync(`${site.disk}/ballast`, 'a');
	let size = 1 << 20;
	while (size > 0) {
		try {
			fs.writeSync(file, Buffer.alloc(size));
		} catch (error) {
			assert.equal(error.code, 'ENOSPC');
			size >>= 1;
		}
	}
	fs.closeSync(file);
}
