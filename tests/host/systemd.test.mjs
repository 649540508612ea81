// The units of etc/systemd: that systemd takes them, and that what they start
// works as they start it, again and again.  Where there is no systemd to be
// the first of all processes, the test does what it would.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { good, refused, rows } from '../lib/expect.mjs';
import { run } from '../lib/process.mjs';
import { groups } from '../lib/servers.mjs';
import { kill, startSite, until } from '../lib/site.mjs';
import { readUnit, startService, units } from '../lib/systemd.mjs';

const there = fs.existsSync('/usr/bin/systemd-analyze');

test('systemd finds no fault in them',
    { skip: there ? undefined : 'systemd-analyze is not installed' },
    async () => {
	for (const unit of ['almoner.target', 'almoner-groups.target',
		'almoner@almoner.service', 'almoner-cron@deliver.timer',
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

const one = (site) => startService(site, 'almoner@.service', 'almoner');
const socket = (site) => `${site.dir}/run/almoner.sock`;

/** The program's process, once it is there. */
async function program(site) {
	assert.ok(await until(() => site.workers().length === 1, 5000));
	return site.workers()[0];
}

for (const server of ['nginx-one', 'apache-vhost'])
	test(`behind ${server} a program that died is started again`,
	    async () => {
		const site = await startSite({ server });
		try {
			const shop = await site.partner();
			assert.equal(readUnit(site, 'almoner@.service', 'x')
			    .Restart[0], 'always');
			assert.equal(fs.statSync(socket(site)).mode & 0o777,
			    0o660);
			for (const signal of ['SIGKILL', 'SIGTERM']) {
				good(await shop.submit());
				const pid = await program(site);
				kill([pid], signal);
				assert.ok(await until(() =>
					site.workers().length === 0, 5000));
				const { status } = await shop.submit();
				assert.ok([502, 503].includes(status));
				/* The old socket lies there still. */
				assert.ok(fs.existsSync(socket(site)));
				one(site);
				assert.notEqual(await program(site), pid);
				assert.ok(await until(async () => (await
				    shop.get('/v1/partner/users')).status ===
				    200, 5000));
				/* No grudge: from now on each is answered. */
				for (let n = 0; n < 5; n++)
					good(await shop.submit());
			}
			await site.verify();
		} finally {
			await site.stop();
		}
	});

test('two on one socket: the second leaves the first alone', async () => {
	const site = await startSite({ server: 'nginx-one' });
	try {
		const pid = await program(site);
		const second = one(site);
		assert.ok(await until(() => second.exitCode !== null, 5000));
		assert.notEqual(second.exitCode, 0);
		assert.deepEqual(site.workers(), [pid]);
		refused(await site.request('GET', '/v1/partner/users'), 401,
		    'MISSING_CREDENTIALS');
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
