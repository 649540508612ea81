// An account on a shared host, in each way that hosts have: with mod_fcgid and
// without, by suexec and as the account itself, in the document root, in a
// folder of it, and where cgi-bin is all that there is.  Each is installed as
// INSTALL says, asked what a partner and a donor's page ask, and visited by
// somebody who would like to download more than that.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { asks } from '../lib/asks.mjs';
import { balance, good, refused, rows } from '../lib/expect.mjs';
import { give, led, pay, shown, status, visit } from '../lib/gifts.mjs';
import { addWebhook, startReceiver } from '../lib/hooks.mjs';
import { request } from '../lib/http.mjs';
import { useRelease } from '../lib/release.mjs';
import { until } from '../lib/site.mjs';
import { ID, startAccount, whyNot } from '../lib/suexec.mjs';

const why = whyNot();
const release = why === undefined ? await useRelease() : undefined;

/** Whatever lies there, by an address from the host's root on. */
const page = (site, target) => request({ port: site.port, target });

/** What the widget does, up to the tokens. */
async function donation(site, shop) {
	for (const name of ['donate.js', 'donate.classic.js',
		'donate/words.de.js']) {
		const script = await page(site, `${site.pages}/${name}`);
		assert.equal(script.status, 200, name);
		assert.match(script.headers['content-type'], /javascript/);
		assert.equal(script.headers['access-control-allow-origin'],
		    site.htaccess ? '*' : undefined);
	}
	const { donationLink, partnerDonationId: id } = good(await give(shop,
	    { partnerUserId: 'donor' }));
	assert.equal(donationLink, `${site.base}/v1/checkout/${id}`);
	const html = shown(await visit(site, id));
	const [, style] = html.match(/<link rel="stylesheet" href="([^"]*)"/);
	assert.equal((await page(site, new URL(style, site.base).pathname))
	    .status, 200);
	assert.equal((await status(shop, id)).status, 'PENDING');
	led(await pay(site, id));
	assert.equal((await status(shop, id)).status, 'COMPLETED');
	assert.equal((await balance(shop, 'donor')).available, 175);
}

async function cron(site, shop) {
	const receiver = await startReceiver();
	await addWebhook(shop, { url: receiver.url, events: 1 << 1 });
	const { actionId } = good(await shop.submit());
	assert.equal(site.crons.length, 2);
	for (const said of await site.cron())
		assert.deepEqual(said, { code: 0, stdout: '', stderr: '' });
	assert.equal(receiver.got.length, 1);
	assert.ok(receiver.got[0].body.includes(actionId));
	const beats = await rows(site, 'SELECT count(*) AS n' +
	    ' FROM heartbeats WHERE ended_at IS NOT NULL');
	assert.equal(beats[0].n, 2);
}

async function doctor(site) {
	const { code, stdout } = await site.tryCli('doctor', '--web',
	    site.htaccess ? site.web : site.bin);
	assert.equal(code, 0, stdout);
	assert.match(stdout, /\n0 faults, 0 warnings\n$/);
}

/** Files that should not be where the web begins, and yet are there. */
const astray = ['almoner.conf', 'master.key', 'ledger.db', 'ledger.db-wal',
	'ledger.db-shm', 'ledger.db.lock', 'ledger.db.counts', 'LEDGER.DB',
	'data/ledger.db', 'data/notes.txt', 'backups/ledger-2026.db',
	'backups/ledger-2026.db.key', 'almoner.conf~', 'almoner.conf.bak',
	'.env', '.htaccess~', '.git/config', '.git/objects/aa', 'schema.sql',
	'bin/almoner', 'etc/crontab', 'log/almoner.log', 'almoner.log.1',
	'cgi-bin/.almoner.fcgi.new'];

async function downloads(site) {
	const refuses = async (target) => {
		const { status: code, text } = await page(site, target);
		assert.ok([400, 403, 404, 500, 503].includes(code),
		    `${target}: ${code}`);
		assert.doesNotMatch(text, /astray|almsgiver|\/home|ELF/,
		    target);
		return code;
	};
	const at = `${site.web.slice(`${site.home}/public_html`.length)}`;
	const secret = `${'/..'.repeat(at.split('/').length)}/almoner`;
	for (const up of [secret, secret.replaceAll('..', '%2e%2e'),
		`/cgi-bin${secret}`])
		for (const name of ['master.key', 'almoner.conf',
			'data/ledger.db'])
			await refuses(`${at}${up}/${name}`);
	for (const name of ['.htaccess', 'almoner.path', 'cgi-bin/',
		'cgi-bin/almoner.path', 'give/almoner.path'])
		await refuses(`${at}/${name}`);
	for (const name of fs.readdirSync(site.bin))
		await refuses(`${site.bin.slice(
		    `${site.home}/public_html`.length)}/${name}`);
	if (!site.htaccess)
		return;
	for (const name of astray) {
		await site.shell(`f=${site.web}/${name}
			mkdir -p "$(dirname $f)"; echo astray >$f`);
		assert.equal(await refuses(`${at}/${name}`), 403, name);
	}
	for (const name of ['', 'docs/', 'data', 'data/', 'data//notes.txt',
		'/data/notes.txt', 'demo/../data/notes.txt',
		'demo/..//.git/config'])
		await refuses(`${at}/${name}`);
}

/** Programs run as the account; by suexec only where it is there. */
async function identity(site) {
	const log = `${site.folder}/log/apache2/suexec.log`;
	assert.equal(fs.existsSync(log), site.options.suexec);
	if (site.options.suexec)
		assert.match(fs.readFileSync(log, 'utf8'),
		    /uid: \(\d+\/almsgiver\) .* cmd: almoner\.f?cgi/);
	/* One that serves a single request ends when it is answered. */
	const stay = site.options.fcgid && site.htaccess;
	assert.ok(await until(() => site.workers().length > 0 === stay, 5000));
	for (const pid of site.workers())
		assert.equal(fs.statSync(`/proc/${pid}`).uid, ID);
	for (const name of fs.readdirSync(`${site.dir}/data`)) {
		const { uid, mode } = fs.statSync(`${site.dir}/data/${name}`);
		assert.deepEqual([uid, mode & 0o777], [ID, 0o600], name);
	}
}

const parts = { ...asks, donation, cron, doctor, downloads, identity };

for (const fcgid of [true, false])
	for (const suexec of [true, false])
		for (const where of ['document root', 'sub-folder',
			'cgi-bin only'])
			test(`${fcgid ? 'mod_fcgid' : 'plain CGI'}, ` +
			    `${suexec ? 'suexec' : 'as the account'}, ` +
			    `${where}`, { skip: why }, async (t) => {
				const site = await startAccount(release,
				    { fcgid, suexec, where });
				try {
					const shop = await site.partner();
					for (const part of
						Object.values(parts))
						await t.test(part.name, () =>
							part(site, shop));
					await site.verify();
				} finally {
					await site.stop();
				}
			});

/* A host that has neither lets all its accounts read what one can. */
for (const fcgid of [true, false])
	test(`${fcgid ? 'mod_fcgid' : 'plain CGI'}, as the host's own user: ` +
	    'nothing is served, and nothing given away', { skip: why },
	async () => {
		const site = await startAccount(release, { fcgid,
			suexec: false, stranger: true, where: 'sub-folder' });
		try {
			const shop = await site.partner();
			refused(await shop.submit(), 503, 'UNAVAILABLE');
			assert.equal((await page(site, '/give/donate.js'))
			    .status, 200);
			await downloads(site);
			await site.verify();
		} finally {
			await site.stop();
		}
	});
