// The release: what is in the archive, that its programs need nothing of the
// system that they are carried to, and that they serve a site behind each
// server that the archive has a configuration for.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { cgi } from '../lib/carried.mjs';
import { request } from '../lib/http.mjs';
import { purchase, startSite } from '../lib/site.mjs';
import { must, startWitness, useRelease } from '../lib/release.mjs';
import { root } from '../lib/servers.mjs';

const release = await useRelease();
const { top, give } = release;
const programs = ['bin/almoner', 'bin/deliver', 'bin/housekeep',
	'public_html/give/cgi-bin/almoner.fcgi',
	'public_html/give/cgi-bin/almoner.cgi'];
const mode = (name) => fs.statSync(`${top}/${name}`).mode & 0o7777;

/** A server that the roots below call, with a certificate of its own. */
const { certificate, port, stop, file: authority } =
    await startWitness(release.folder);
test.after(() => stop());

test('sums are right, and every file has one', async () => {
	await must('sha256sum', ['--quiet', '-c', release.sums],
	    { cwd: path.dirname(release.archive) });
	await must('sha256sum', ['--quiet', '-c', 'SHA256SUMS'],
	    { cwd: top });
	const named = fs.readFileSync(`${top}/SHA256SUMS`, 'utf8')
	    .trim().split('\n').map((line) => line.slice(66)).sort();
	const there = fs.readdirSync(top,
	    { recursive: true, withFileTypes: true })
	    .filter((file) => file.isFile())
	    .map((file) => path.relative(top, path.join(
		file.parentPath ?? file.path, file.name)))
	    .filter((name) => name !== 'SHA256SUMS').sort();
	assert.deepEqual(named, there);
});

/* Minutes: libcurl too is built twice. */
if (process.env.SOAK)
	test('two builds of it are the same bytes', async () => {
		const made = [];
		for (const name of ['one', 'another']) {
			const to = `${release.folder}/${name}/place`;
			await must('sh', ['etc/dist/dist.sh', to]);
			made.push(fs.readFileSync(`${to}/SHA256SUMS`, 'utf8'));
		}
		assert.equal(made[0], made[1]);
	});

test('modes are those that a host wants', () => {
	assert.equal(fs.statSync(top).mode & 0o7777, 0o700);
	for (const name of programs)
		assert.equal(mode(name), name.startsWith('bin') ? 0o755 :
		    0o711);
	for (const name of ['public_html/give/.htaccess', 'INSTALL',
		'public_html/give/donate.js'])
		assert.equal(mode(name), 0o644);
});

test('programs bring all their libraries along', async () => {
	for (const name of programs) {
		const text = fs.readFileSync(`${top}/${name}`);
		assert.equal(text.includes('/lib64/ld-linux'), false, name);
		assert.equal(text.includes(root), false,
		    `${name} knows where it was built`);
	}
});

test('BUILD says of what they are made, on which terms', () => {
	const text = fs.readFileSync(`${top}/BUILD`, 'utf8');
	const { stdout, version } = JSON.parse(execFileSync(
	    `${top}/bin/almoner`, ['version', '--json']));
	assert.equal(stdout, undefined);
	assert.ok(text.startsWith(`almoner ${version}\ncommit: `), text);
	for (const [, name] of text.matchAll(/^ {2}(\S+) /gm)) {
		const license = fs.readFileSync(`${top}/licenses/${name}`,
		    'utf8');
		assert.match(license, /copyright/i);
	}
	assert.equal(fs.readdirSync(`${top}/licenses`).length, 7);
});

const ALMONER_CONF = '/home/site/almoner.conf';

test('in a root with nothing else a site is made, and served', async () => {
	const run = release.chroot({
		'almoner': { from: `${top}/bin/almoner` },
		'almoner.cgi': { from: `${give}/cgi-bin/almoner.cgi` },
	});
	const almoner = async (words) => {
		const { code, stdout, stderr } = await run(
		    { env: { ALMONER_CONF } }, '/almoner',
		    ...words.split(' '), '--json');
		assert.equal(code, 0, stderr);
		return JSON.parse(stdout);
	};
	const shop = '--partner shop --side test';
	await almoner('init --dir /home/site');
	await almoner('partner create --name Shop --slug shop --approve');
	await almoner(`pool create ${shop} --name Main --default`);
	await almoner(`pool allocate ${shop} --tokens 1000`);
	const keys = await almoner(`key create ${shop} --all-scopes`);
	const ask = (request) => cgi(run, '/almoner.cgi', keys,
	    { env: { ALMONER_CONF }, ...request });
	const given = await ask({ method: 'POST',
		target: '/v1/partner/actions/submit',
		body: JSON.stringify(purchase()) });
	assert.match(given, /^Status: 200 OK\r\n/);
	assert.match(given, /"tokensDistributed":50,/);
	assert.match(await ask({ method: 'GET',
		target: '/v1/partner/users/user_42/balance' }),
	/"available":50,/);
	await almoner('ledger verify');
});

/* What asks the network: the tests' own client of lib/net. */
const call = { from: `${release.objects}/tests/net/call` };

/** Have it call a URL in that root: what became of it, and why. */
async function outcome(run, url, before = []) {
	const { stdout } = await run({ before,
		input: `call one\t5000\t100\tGET\t${url}\t\nwait\n` },
	'/call', '-l', '-p', String(port));
	const fields = stdout.split('\t');
	return `${fields[1]}: ${fields[6]}`;
}

const bundles = {
	'Debian, Ubuntu, Alpine': '/etc/ssl/certs/ca-certificates.crt',
	'RHEL and what follows it': '/etc/pki/tls/certs/ca-bundle.crt',
	'the newest of them':
		'/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
	'SUSE': '/etc/ssl/ca-bundle.pem',
	'newer SUSE': '/var/lib/ca-certificates/ca-bundle.pem',
	'Alpine as it comes': '/etc/ssl/cert.pem',
};

for (const [system, file] of Object.entries(bundles))
	test(`authorities are found where ${system} has them`, async () => {
		const run = release.chroot({ call, [file]: certificate });
		assert.equal(await outcome(run, `https://127.0.0.1:${port}/`),
		    'answered: ');
	});

test('without authorities nobody is trusted', async () => {
	assert.match(await outcome(release.chroot({ call }),
	    `https://127.0.0.1:${port}/`), /^tls: /);
});

test('names are looked up without a library of the host', async () => {
	const run = release.chroot({ call,
		'etc/nsswitch.conf': 'hosts: mymachines resolve sss files ' +
		    'myhostname dns\npasswd: sss files\n',
		'etc/hosts': '127.0.0.1 good.test\n',
		'etc/ssl/cert.pem': certificate,
		'usr/lib/ssl/openssl.cnf': 'no = configuration = of ours\n' });
	const log = `${release.folder}/strace`;
	assert.equal(await outcome(run, `https://good.test:${port}/`,
	    ['strace', '-f', '-o', log, '-e', 'trace=open,openat,execve']),
	'answered: ');
	const all = fs.readFileSync(log, 'utf8');
	const ours = all.slice(all.indexOf('execve("/call"'));
	assert.match(ours, /"\/etc\/hosts"/);
	assert.doesNotMatch(ours, /\.so|openssl\.cnf|gconv|locale/);
});

for (const kind of ['lighttpd-one', 'apache-fcgid', 'apache-cgi',
	'apache-fcgid-root', 'apache-cgi-root', 'apache-fcgid-alias',
	'apache-cgi-alias'])
	test(`a site of the release behind ${kind}`, async () => {
		const site = await startSite({ server: kind,
			build: release.build });
		try {
			await serves(site);
		} finally {
			await site.stop();
		}
	});

/** All groups by one program, bodies of every size, and nothing else. */
async function serves(site) {
	const shop = await site.partner();
	const status = async (wanted, answer) =>
		assert.equal((await answer).status, wanted,
		    (await answer).text);
	await status(200, shop.submit({ amount: 10 }));
	for (const name of ['actions?limit=5', 'users?search=a%2Bb',
		'token-pools', 'webhooks', 'events', 'campaigns'])
		await status(200, shop.get(`/v1/partner/${name}`));
	await status(404, shop.get('/v1/partner/nothing'));
	await status(401, site.request('GET', '/v1/partner/users'));

	const more = { note: 'x'.repeat(2000) };
	const actions = Array.from({ length: 80 },
	    () => purchase({ metadata: more }));
	const body = JSON.stringify({ actions });
	assert.ok(body.length > 140000);
	const bulk = await shop.post('/v1/partner/actions/bulk', body);
	assert.ok(bulk.status === 200 && bulk.body.results.length === 80,
	    bulk.text);
	/* The same without saying how long it is. */
	const target = '/v1/partner/actions/bulk';
	const again = await request({ port: site.port, method: 'POST',
		target: site.prefix + target, body, headers: {
			...shop.headers('POST', target, body),
			'Transfer-Encoding': 'chunked' } });
	assert.equal(again.status, 200, again.text);
	await calls(site, shop);
	await site.verify();

	/* Where a host runs programs, but reads no .htaccess. */
	if (site.server !== 'lighttpd-one')
		await status(401, request({ port: site.port, target:
			`${site.prefix}/cgi-bin/almoner.cgi/v1/partner/users`,
		}));
	for (const name of ['.htaccess', 'almoner.path'])
		await status(403, request({ port: site.port,
			target: `${site.prefix}/${name}` }));
}

/** What has to ask somebody else, by TLS, before it can answer. */
async function calls(site, shop) {
	site.configure({ loopback_http: 'yes', ca_file: authority });
	await site.restart();
	const hook = await shop.post('/v1/partner/webhooks', {
		url: `https://127.0.0.1:${port}/`, receiveAllEvents: true });
	assert.equal(hook.status, 201, hook.text);
	const sent = await shop.post(
	    `/v1/partner/webhooks/${hook.body.webhookId}/test`);
	assert.ok(sent.status === 200 && sent.body.delivered, sent.text);
}
