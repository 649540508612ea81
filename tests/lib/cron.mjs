// What cron starts, as cron starts it; and bin/housekeep by the site's clock.
//
//	await cron(site, 'housekeep')	the line of etc/crontab, from / and
//			with cron's environment, so by the real clock
//	await housekeep(site, ...words)	one run; it must be silent
//	await tryHousekeep(site, …)	{code, stdout, stderr}
//	await ended(site, options)	deliveries that ended at some time
//	await count(site, table, where)	rows

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { sql } from './hooks.mjs';
import { run } from './process.mjs';
import { root } from './servers.mjs';

export const DAY = 86400;

export function cron(site, program) {
	const line = fs.readFileSync(path.join(root, 'etc/crontab'), 'utf8')
	    .split('\n').find((text) => text.endsWith(`/bin/${program}`));
	const command = line.replace('* * * * * ', '')
	    .replace('/srv/almoner', site.dir);
	return run('/bin/sh', ['-c', command], { cwd: '/', env: {
		HOME: site.dir, LOGNAME: 'almoner', SHELL: '/bin/sh',
		PATH: '/usr/bin:/bin',
	}, ...site.user });
}

export const tryHousekeep = (site, ...words) =>
	run(`${site.dir}/bin/housekeep`, words,
	    { env: site.env, cwd: '/', ...site.user });

export async function housekeep(site, ...words) {
	const before = site.log().length;
	const said = await tryHousekeep(site, ...words);
	assert.deepEqual(said, { code: 0, stdout: '', stderr: '' },
	    site.log().slice(before));
	assert.equal(site.log().slice(before), '');
}

/** Deliveries with an attempt each, from number 1 on, ended at `at_ms`. */
export const ended = (site, { tenant, webhook = 1, count, at_ms }) =>
	sql(site, 'CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1' +
	    ` UNION ALL SELECT i + 1 FROM n WHERE i < ${count})` +
	    ' SELECT i FROM n; INSERT INTO deliveries (tenant, id, webhook,' +
	    ' event, status, attempts, created_at, ended_at)' +
	    ` SELECT ${tenant}, i, ${webhook}, i, 2, 1, ${at_ms}, ${at_ms}` +
	    ' FROM n; INSERT INTO attempts (tenant, delivery, number, at,' +
	    ` outcome, status, duration_ms) SELECT ${tenant}, i, 1, ${at_ms},` +
	    ' 1, 200, 5 FROM n');

export const count = async (site, table, where = '1') => (await sql(site,
    `SELECT count(*) AS n FROM ${table} WHERE ${where}`))[0].n;
