// Folders that are on file systems of other kinds, as homes on shared hosts
// are: files that another process, or another machine, has.
//
//	const at = await mount('bindfs');	// or 'sshfs'
//	at.why			a sentence where it cannot be done here, or
//	at.folder		what lies there
//	await at.leave()
//
// What serves the files is a program of ours by FUSE, so nothing of the kernel
// need be loaded; it ends with the test, however that ends, and unmounts.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { end, ended, siteUser, start, until } from './process.mjs';

const SFTP = '/usr/lib/openssh/sftp-server';

/** Words that serve `from` as `to` until they are ended. */
const kinds = {
	/* The same files, handed on by a process. */
	bindfs: {
		words: (folder) => ['bindfs', '-f', '-o', 'allow_other',
			`${folder}/from`, `${folder}/to`],
	},
	/* As it reaches another machine, by SFTP: names and inodes are what
	 * the protocol has, and there is no ssh between. */
	sshfs: {
		needs: SFTP,
		words: (folder) => ['sshfs', '-f', '-o', 'allow_other,' +
			`default_permissions,ssh_command=${folder}/ssh`,
		`here:${folder}/from`, `${folder}/to`],
	},
};

/** Files that it makes are those of the user that it runs as. */
function as() {
	const { uid, gid } = siteUser();
	return `exec setpriv --reuid ${uid} --regid ${gid} --clear-groups`;
}

const mounted = (folder) => fs.readFileSync('/proc/mounts', 'utf8')
    .includes(` ${folder} fuse`);

function whyNot(kind) {
	if (process.getuid() !== 0)
		return 'only root can mount for others';
	if (!fs.existsSync('/dev/fuse'))
		return 'this system has no FUSE';
	if (spawnSync(kind, ['--version']).error !== undefined ||
	    !fs.existsSync(kinds[kind].needs ?? '/'))
		return `${kind} is not installed`;
	return undefined;
}

export async function mount(kind) {
	const why = whyNot(kind);
	if (why !== undefined)
		return { why };
	const folder = fs.mkdtempSync('/tmp/almoner-far-');
	fs.chmodSync(folder, 0o755);
	for (const name of ['from', 'to'])
		fs.mkdirSync(`${folder}/${name}`);
	const { uid, gid } = siteUser();
	fs.chownSync(`${folder}/from`, uid, gid);
	fs.writeFileSync(`${folder}/ssh`, `#!/bin/sh\n${as()} ${SFTP}\n`,
	    { mode: 0o755 });
	const child = start(kinds[kind].words(folder), `${folder}/log`, {});
	const at = { kind, folder: `${folder}/to`, leave: async () => {
		await end(child, folder);
		fs.rmSync(folder, { recursive: true, force: true });
	} };
	if (await until(() => ended(child) || mounted(at.folder), 10000) &&
	    !ended(child))
		return at;
	const said = fs.readFileSync(`${folder}/log`, 'utf8').trim();
	await at.leave();
	return { why: `${kind} cannot be mounted here: ${said}` };
}
