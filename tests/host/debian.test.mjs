// The release in real Debian systems, the oldest and the newest that the
// mirror has: their packages unpacked, and the programs run among them.  That
// fetches some 60 MB, so only SOAK=1 does it.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { after, test } from 'node:test';
import { laidOut, serves } from '../lib/carried.mjs';
import { run } from '../lib/process.mjs';
import { must, startWitness, useRelease } from '../lib/release.mjs';

const MIRROR = 'http://deb.debian.org/debian';
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

const why = process.env.SOAK === undefined ? 'only SOAK=1 fetches systems' :
	process.getuid() !== 0 ? 'only root can unpack a system' :
	spawnSync('debootstrap', ['--version']).error !== undefined ?
		'debootstrap is not installed' : undefined;

if (why !== undefined) {
	test('the release on real Debian systems', (t) => t.skip(why));
} else {
	const release = await useRelease();
	const witness = await startWitness(release.folder);
	after(() => witness.stop());

	/** The system, and the names and the authority of the test's own. */
	const furnish = (from) => (folder) => {
		spawnSync('cp', ['-a', `${from}/.`, folder]);
		fs.mkdirSync(`${folder}/etc/ssl/certs`, { recursive: true });
		fs.writeFileSync(folder + BUNDLE, witness.certificate);
		fs.writeFileSync(`${folder}/etc/hosts`,
		    '127.0.0.1 good.test\n');
		if (!fs.existsSync(`${folder}/etc/nsswitch.conf`))
			fs.copyFileSync(
			    `${folder}/usr/share/libc-bin/nsswitch.conf`,
			    `${folder}/etc/nsswitch.conf`);
	};

	for (const suite of ['bullseye', 'trixie'])
		test(`the release on Debian ${suite}`, async (t) => {
			const from = `${release.folder}/${suite}`;
			const { code, stdout } = await run('debootstrap',
			    ['--foreign', '--variant=minbase', suite, from,
				    MIRROR]);
			if (code !== 0 && /Failed getting release/.test(stdout))
				return t.skip(`${suite} is not to be had`);
			await must('test', ['-d', `${from}/etc`]);
			await serves(release.chroot(laidOut(release),
			    furnish(from)), witness);
		});
}
