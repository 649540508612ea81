// The doctor finds each fault that is planted, says what to do, and finds
// nothing when there is none.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { after, test } from 'node:test';
import { addWebhook, configureHooks, sql } from '../lib/hooks.mjs';
import { freePort, run, until } from '../lib/process.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const file = (name) => `${site.dir}/${name}`;
const conf = () => fs.readFileSync(file('almoner.conf'), 'utf8');
const beat = () => sql(site, 'INSERT INTO heartbeats VALUES' +
    ` ('deliver', ${site.clock.now()}000, 1),` +
    ` ('housekeep', ${site.clock.now()}000, 1) ON CONFLICT (program)` +
    ' DO UPDATE SET began_at = excluded.began_at');

/** What it is started by: as a program of the site, or of another host. */
let start = (...words) => site.tryCli(...words);

/** {code, all, worst: those that are warnings and faults}. */
async function doctor(...words) {
	const { code, stdout } = await start('doctor', '--json', ...words);
	const all = JSON.parse(stdout);
	return { code, all, worst: all.filter(({ level }) =>
		level === 'warning' || level === 'fault') };
}

/** With something planted, this is found, and nothing once it is gone. */
async function finds(subject, level, found, plant, undo, ...words) {
	const restore = conf();
	await plant();
	try {
		const { code, worst, all } = await doctor(...words);
		const hit = worst.find((f) => f.subject === subject &&
		    f.level === level && found.test(f.found));
		assert.ok(hit, JSON.stringify(all, null, 1));
		assert.ok(hit.advice.length > 0);
		assert.equal(code,
		    worst.some((f) => f.level === 'fault') ? 2 : 1);
	} finally {
		fs.writeFileSync(file('almoner.conf'), restore);
		await undo?.();
	}
}

const mode = (name, planted, good) => [
	() => fs.chmodSync(file(name), planted),
	() => fs.chmodSync(file(name), good)];

/** A web server that answers as it likes, in the place of ours. */
async function impostor(answer) {
	const server = http.createServer(answer);
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	after(() => server.close());
	site.configure({ base_url:
	    `http://127.0.0.1:${server.address().port}` });
	return () => new Promise((done) => {
		server.closeAllConnections();
		server.close(done);
	});
}

test('a site that is well has nothing wrong', async () => {
	await beat();
	const { code, worst } = await doctor();
	assert.deepEqual(worst, []);
	assert.equal(code, 0);
	const { stdout } = await site.tryCli('doctor');
	assert.match(stdout, /^ok +requests /m);
	assert.match(stdout, /\n0 faults, 0 warnings\n$/);
});

test('files that others can read or write', async () => {
	await finds('configuration', 'fault', /mode 0644/,
	    ...mode('almoner.conf', 0o644, 0o600));
	await finds('master key', 'fault', /read by others/,
	    ...mode('master.key', 0o640, 0o600));
	await finds('data folder', 'warning', /mode 0755/,
	    ...mode('data', 0o755, 0o700));
	await finds('data folder', 'fault', /others can read it/,
	    ...mode('data/ledger.db', 0o644, 0o600));
	await finds('programs', 'fault', /written by others/,
	    ...mode('cgi-bin/users.fcgi', 0o775, 0o711));
	await finds('programs', 'warning', /gives it out/,
	    ...mode('cgi-bin/users.fcgi', 0o755, 0o711));
	await finds('programs', 'fault', /bin has mode 0775: others may put/,
	    ...mode('cgi-bin', 0o775, 0o755));
	await finds('programs', 'fault', /bin has mode 0777: others may put/,
	    ...mode('bin', 0o777, 0o755));
	await finds('programs', 'fault', /cannot be started/,
	    ...mode('bin/deliver', 0o600, 0o711));
});

test('files that are not there, or not what they should be', async () => {
	const put = (from, to) => () =>
		fs.renameSync(file(from), file(to));
	await finds('master key', 'fault', /missing/,
	    put('master.key', 'away'), put('away', 'master.key'));
	await finds('database', 'fault', /No such file/,
	    () => site.configure({ database: 'data/none.db' }));
	await finds('configuration', 'fault', /there is no setting/,
	    () => site.configure({ datebase: 'x' }));
	await finds('authorities', 'fault', /no certificate/,
	    () => site.configure({ ca_file: 'almoner.conf' }));
	await finds('log', 'fault', /No such file/,
	    () => site.configure({ log: 'nowhere/almoner.log' }));
});

test('programs that run as somebody else, as without suexec', async (t) => {
	if (process.getuid() !== 0)
		return t.skip('only root can give files away');
	const { uid, gid } = site.user;
	await finds('owners', 'warning', /and uid 24601: .*counts/,
	    () => fs.chownSync(file('data/ledger.db.counts'), 24601, 24601),
	    () => fs.chownSync(file('data/ledger.db.counts'), uid, gid));
});

test('a database of a newer release', async () => {
	const set = (version) => sql(site, 'PRAGMA ignore_check_constraints' +
	    ` = 1; UPDATE site SET version = ${version}`);
	const [{ version }] = await sql(site, 'SELECT version FROM site');
	await finds('schema', 'warning', /the database has version/,
	    () => set(version + 1), () => set(version));
});

test('a host that has no semaphore left', async (t) => {
	if (process.getuid() !== 0)
		return t.skip('only root can have a host of its own');
	/* Of 0 sets, in a namespace that ends with the doctor. */
	const { uid, gid } = site.user;
	start = (...words) => run('unshare', ['--ipc', 'sh', '-euc',
		'echo 250 32000 32 0 >/proc/sys/kernel/sem; exec "$@"', 'sh',
		'setpriv', `--reuid=${uid}`, `--regid=${gid}`,
		'--clear-groups', file('bin/almoner'), ...words],
	{ env: site.env, cwd: site.dir });
	try {
		await finds('writers', 'warning', /has no semaphore left/,
		    () => {});
	} finally {
		start = (...words) => site.tryCli(...words);
	}
});

test('a database that is damaged', async () => {
	await site.cli('backup', '--to', file('copy.db'));
	const torn = fs.readFileSync(file('copy.db'));
	torn.fill(0x55, 20 * 4096, 90 * 4096);
	await finds('database', 'fault', /damaged/, () => {
		fs.writeFileSync(file('torn.db'), torn, { mode: 0o600 });
		site.own(file('torn.db'));
		site.configure({ database: 'torn.db' });
	});
});

test('cron that does not come, and webhooks that wait', async () => {
	await finds('cron', 'warning', /deliver was last started 600 s ago/,
	    () => site.clock.advance(600), beat);
	await finds('cron', 'fault', /housekeep was never started/,
	    () => sql(site, 'DELETE FROM heartbeats'), beat);

	const restore = conf();
	await configureHooks(site);
	const acme = await site.partner();
	await addWebhook(acme, { url: 'http://127.0.0.1:9/' });
	await acme.submit();
	site.clock.advance(1000);
	await beat();
	const { worst } = await doctor();
	assert.match(worst.find((f) => f.subject === 'webhooks').found,
	    /^\d deliveries wait, the first for 1\d\d\d s$/);
	await sql(site, 'UPDATE webhooks SET removed_at = created_at');
	fs.writeFileSync(file('almoner.conf'), restore);
});

test('a web server that is not there, or does it wrong', async () => {
	const port = await freePort();
	await finds('requests', 'fault', /127\.0\.0\.1/, () =>
		site.configure({ base_url: `http://127.0.0.1:${port}` }));
	await finds('settings', 'warning', /base_url is not said/, () =>
		site.configure({ base_url: undefined }));

	let stop;
	const acts = async (subject, found, answer) => finds(subject,
	    'fault', found, async () => {
		stop = await impostor(answer);
	}, () => stop());
	await acts('requests', /gives out the program/, (q, r) =>
		r.end(Buffer.from('\x7fELF and more')));
	await acts('requests', /leads elsewhere \(301\)/, (q, r) =>
		r.writeHead(301, { Location: 'https://x/' }).end());
	await acts('requests', /knows no such address/, (q, r) =>
		r.writeHead(404).end('<html>'));
	await acts('requests', /status 500/, (q, r) =>
		r.writeHead(500).end('<html>'));
	await acts('large bodies', /200000 bytes: status 500/, (q, r) =>
		r.writeHead(q.method === 'POST' ? 500 : 401)
		    .end('{"code":"MISSING_CREDENTIALS"}'));
	await acts('clock', /(3999|400\d) s ahead/, (q, r) => r.writeHead(401, {
		Date: new Date(Date.now() + 4001000).toUTCString(),
	}).end('{"code":"MISSING_CREDENTIALS"}'));
});

test('what is given out that should be nobody\'s', async () => {
	const gives = (name, as) => finds('secrets', 'fault',
	    new RegExp(`gives out .*${as}`), () => {
		fs.copyFileSync(file(name), file(`htdocs/${as}`));
		fs.chmodSync(file(`htdocs/${as}`), 0o644);
	}, () => fs.rmSync(file(`htdocs/${as}`)));
	await gives('copy.db', 'ledger.db');
	await gives('almoner.conf', 'almoner.conf');
	await gives('master.key', 'master.key');
	await finds('secrets', 'fault', /actions\.fcgi gives out a program/,
	    () => {
		fs.mkdirSync(file('htdocs/cgi-bin'));
		fs.copyFileSync(file('cgi-bin/actions.fcgi'),
		    file('htdocs/cgi-bin/actions.fcgi'));
		fs.chmodSync(file('htdocs/cgi-bin/actions.fcgi'), 0o755);
	}, () => fs.rmSync(file('htdocs/cgi-bin'), { recursive: true }));
	/* lighttpd remembers a file for a second. */
	assert.ok(await until(async () =>
		(await doctor()).worst.length === 0, 10000));
});

test('requests that do not get out, only if that is asked', async () => {
	const port = await freePort();
	const values = { stripe_url: `http://127.0.0.1:${port}`,
		every_org_url: site.base };
	await finds('outbound', 'fault', /127\.0\.0\.1/, () =>
		site.configure(values), undefined, '--online');
	const before = conf();
	site.configure(values);
	assert.deepEqual((await doctor()).worst, []);
	fs.writeFileSync(file('almoner.conf'), before);
});

test('a disk that is full', async (t) => {
	if (process.getuid() !== 0)
		return t.skip('only root can mount a small disk');
	const disk = file('disk');
	fs.mkdirSync(disk);
	const mounted = await run('mount', ['-t', 'tmpfs', '-o',
		'size=8m,mode=700', 'almoner-test', disk]);
	if (mounted.code !== 0)
		return t.skip('nothing can be mounted here');
	try {
		fs.copyFileSync(file('copy.db'), `${disk}/ledger.db`);
		fs.chmodSync(`${disk}/ledger.db`, 0o600);
		site.own(disk);
		await finds('disk', 'fault', /^[0-7] MiB are left/, () =>
			site.configure({ database: 'disk/ledger.db' }));
	} finally {
		await run('umount', ['-l', disk]);
	}
});
