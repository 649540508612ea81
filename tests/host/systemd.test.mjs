// The units of etc/systemd: that systemd takes them, and that what they start
// works as they start it, again and again.  Where there is no systemd to be
// the first of all processes, the test does what it would.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { good, rows } from '../lib/expect.mjs';
import { run } from '../lib/process.mjs';
import { groups } from '../lib/servers.mjs';
import { kill, startSite, until } from '../lib/site.mjs';
import { readUnit, startService, units } from '../lib/systemd.mjs';

const there = fs.existsSync('/usr/bin/systemd-analyze');

test('systemd finds no fault in them',
    { skip: there ? undefined : 'systemd-analyze is not installed' },
    async () => {
	for (const unit of ['almoner.target', 'almoner-groups.target',
		'almoner@almoner.service', 'almoner@almoner.socket',
		'almoner-cron@deliver.timer',
		'almoner-cron@deliver.service']) {
		const { code, stdout, stderr } = await run('systemd-analyze',
		    ['--man=no', 'verify', `${units}/${unit}`]);
		/* That there is no /srv/almoner is no fault of theirs. */
		const said = (stdout + stderr).split('\n').filter((line) =>
			/almoner/.test(line) && !/not executable/.test(line));
		assert.deepEqual([said, code === 0 || said.length === 0],
		    [[], true], stderr);
	}
});

test('one target wants all groups, the other one program', () => {
	const site = { dir: '/srv/almoner' };
	const wants = (unit) => readUnit(site, unit, '').Wants.join(' ')
	    .split(' ').sort();
	const timers = ['almoner-cron@deliver.timer',
		'almoner-cron@housekeep.timer'];
	assert.deepEqual(wants('almoner-groups.target'),
	    [...groups.map((name) => `almoner@${name}.service`), ...timers]
	    .sort());
	assert.deepEqual(wants('almoner.target'),
	    ['almoner@almoner.service', ...timers].sort());
});

const socket = (site) => `${site.dir}/run/almoner.sock`;

/** The program's process, once it is there. */
async function program(site, other) {
	assert.ok(await until(() => site.workers().length === 1 &&
	    site.workers()[0] !== other, 5000));
	return site.workers()[0];
}

for (const server of ['nginx-one', 'apache-vhost'])
	test(`behind ${server} no request is lost while a program is started` +
	    ' again', async () => {
		const site = await startSite({ server });
		try {
			const shop = await site.partner();
			assert.equal(fs.statSync(socket(site)).mode & 0o777,
			    0o660);
			for (const signal of ['SIGTERM', 'SIGKILL',
				'SIGTERM', 'SIGKILL']) {
				const pid = await program(site);
				kill([pid], signal);
				assert.ok(await until(() => !site.workers()
				    .includes(pid), 5000));
				/* They come while nobody is there. */
				for (const answer of await Promise.all(
				    Array.from({ length: 8 },
					() => shop.submit())))
					good(answer);
				assert.notEqual(await program(site, pid), pid);
			}
			await site.verify();
		} finally {
			await site.stop();
		}
	});

test('what the timer starts runs to its end', async () => {
	const site = await startSite({ server: 'nginx-one' });
	try {
		for (const name of ['deliver', 'housekeep']) {
			const child = startService(site,
			    'almoner-cron@.service', name);
			assert.ok(await until(() => child.exitCode !== null,
			    20000));
			assert.equal(child.exitCode, 0, site.serverLog());
		}
		const beats = await rows(site, 'SELECT count(*) AS n' +
		    ' FROM heartbeats WHERE ended_at IS NOT NULL');
		assert.equal(beats[0].n, 2);
	} finally {
		await site.stop();
	}
});
