// The release on the systems that hosts have, as trees of their own: a site is
// made, a first reward given and told by HTTPS, verified against the
// authorities that lie there; by names of /etc/hosts, whatever nsswitch.conf
// says; without /proc, /dev, a time zone, or a variable that names the site.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, test } from 'node:test';
import { laidOut, serves } from '../lib/carried.mjs';
import { startWitness, useRelease } from '../lib/release.mjs';
import { systems, tree } from '../lib/systems.mjs';

const release = await useRelease();
const witness = await startWitness(release.folder);
after(() => witness.stop());

for (const [name, system] of Object.entries(systems))
	test(`the release on ${name}`, async () => {
		const run = release.chroot(laidOut(release), (folder) => {
			tree(folder, system, witness.certificate);
			if (name !== 'Debian 11')
				fs.writeFileSync(`${folder}/etc/localtime`,
				    'no time zone\n');
		});
		await serves(run, witness);
		const { stdout } = await run({}, '/home/site/bin/almoner',
		    'doctor', '--json');
		const { level, found } = JSON.parse(stdout).find(
		    ({ subject }) => subject === 'authorities');
		assert.equal(level, 'ok');
		assert.ok([system.bundle, ...Object.keys(system.links ?? {})]
		    .includes(found), found);
	});

test('the doctor finds that there are no authorities', async () => {
	const run = release.chroot(laidOut(release));
	assert.equal((await run({}, '/home/site/bin/almoner', 'init', '--dir',
	    '/home/site')).code, 0);
	const { code, stdout } = await run({}, '/home/site/bin/almoner',
	    'doctor');
	assert.equal(code, 2);
	assert.match(stdout, /^fault +authorities +no file .*\n.* name such/m);
});
