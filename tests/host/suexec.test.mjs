// An account on a shared host, in each way that hosts have: with mod_fcgid and
// without, by suexec and as the account itself, in the document root, in a
// folder of it, and where cgi-bin is all that there is.  Each is installed as
// INSTALL says, asked what a partner and a donor's page ask, and visited by
// somebody who would like to download more than that.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { balance, good, refused, rows } from '../lib/expect.mjs';
import { give, led, pay, shown, status, visit } from '../lib/gifts.mjs';
import { addWebhook, startReceiver } from '../lib/hooks.mjs';
import { request } from '../lib/http.mjs';
import { useRelease } from '../lib/release.mjs';
import { purchase, until } from '../lib/site.mjs';
import { ID, startAccount, whyNot } from '../lib/suexec.mjs';

const why = whyNot();
const release = why === undefined ? await useRelease() : undefined;

const SUBMIT = '/v1/partner/actions/submit';
const BULK = '/v1/partner/actions/bulk';
const USERS = '/v1/partner/users';
const CONFIG = '/v1/partner/config';
const ORIGIN = 'https://shop.example';
const MIB = 1 << 20;

/** A purchase of so many bytes. */
function padded(size) {
	const text = JSON.stringify(purchase());
	return text + ' '.repeat(size - text.length);
}

/** Signed, without saying how long it is. */
const chunked = (site, shop, target, body) => request({
	port: site.port, method: 'POST', target: site.prefix + target, body,
	headers: { ...shop.headers('POST', target, body),
		'Transfer-Encoding': 'chunked' },
});

/** Whatever lies there, by an address from the host's root on. */
const page = (site, target) => request({ port: site.port, target });

/** Signed, and with one more line among the headers. */
const withLine = (site, shop, line) => site.raw(Buffer.from(
    shop.wire('GET', USERS).toString('latin1')
    .replace('\r\n\r\n', `\r\n${line}\r\n\r\n`), 'latin1'));

async function rewards(site, shop) {
	const body = purchase();
	const { actionId } = good(await shop.post(SUBMIT, body));
	const again = await shop.post(SUBMIT, body,
	    { timestamp: site.clock.now() - 5 });
	assert.equal(again.status, 409, again.text);
	assert.deepEqual([again.body.code, again.body.actionId],
	    ['IDEMPOTENT', actionId]);
	refused(await shop.post(SUBMIT, body, { secret: 'another' }), 401,
	    'INVALID_SIGNATURE');
	refused(await site.request('GET', USERS), 401, 'MISSING_CREDENTIALS');
	refused(await shop.get('/v1/nothing'), 404, 'NOT_FOUND');
}

async function bodies(site, shop) {
	/* From 100000 bytes on it is another program that reads them. */
	for (const size of [99999, 100000, 131072, 131073, MIB])
		good(await shop.post(SUBMIT, padded(size)));
	const metadata = { note: 'x'.repeat(2000) };
	const actions = Array.from({ length: 80 },
	    () => purchase({ metadata }));
	const all = JSON.stringify({ actions });
	assert.equal(good(await shop.post(BULK, all)).results.length, 80);
	good(await chunked(site, shop, SUBMIT, padded(200000)));
	refused(await shop.post(SUBMIT, padded(MIB + 1)), 413,
	    'PAYLOAD_TOO_LARGE');
	refused(await chunked(site, shop, SUBMIT, padded(2 * MIB)), 413,
	    'PAYLOAD_TOO_LARGE');
}

async function targets(site, shop) {
	/* Some of these are no files that anybody may see. */
	for (const name of ['A b+c', '.x', 'x.db', 'a.key', '%41', '~', 'bin'])
		good(await shop.post(USERS, { externalId: name }), 201);
	for (const query of ['%41%20b%2Bc', 'A%20b%2bc&x=%2541&x=/../',
		'%2541', '%2ex', 'x.db'])
		assert.equal(good(await shop.get(
		    `${USERS}?externalId=${query}`)).data.length, 1, query);
	for (const name of ['%41%20b+c', '.x', '%2Ex', 'x.db', 'a.key',
		'%2541', '~', '%7e', 'bin'])
		good(await shop.get(`${USERS}/${name}`));
	refused(await shop.get(`${USERS}?limit=%41`), 400, 'INVALID_REQUEST');
	/* What was signed is what was sent. */
	refused(await shop.get(`${USERS}?externalId=%41`,
	    { sent: `${USERS}?externalId=A` }), 401, 'INVALID_SIGNATURE');
}

async function headers(site, shop) {
	assert.equal((await withLine(site, shop, 'X-More: 1')).status, 200);
	for (const name of ['X-Signature', 'X-Timestamp', 'X-Partner-Key']) {
		assert.equal((await withLine(site, shop, `${name}: x`)).status,
		    401, name);
		/* Spelled so, Apache drops it. */
		const line = `${name.replaceAll('-', '_')}: x`;
		assert.equal((await withLine(site, shop, line)).status, 200);
	}
}

async function browsers(site, shop) {
	const asked = await site.request('OPTIONS', CONFIG, { headers: {
		Origin: ORIGIN, 'Access-Control-Request-Method': 'GET',
		'Access-Control-Request-Headers': 'x-partner-key' } });
	assert.equal(asked.status, 204);
	assert.equal(asked.headers['access-control-allow-origin'], ORIGIN);
	assert.match(asked.headers['access-control-allow-headers'],
	    /x-partner-key/i);
	refused(await site.request('OPTIONS', SUBMIT, { headers: {
		Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' } }),
	405, 'METHOD_NOT_ALLOWED');
	const config = await shop.get(CONFIG,
	    { key: 'pk', headers: { Origin: ORIGIN } });
	assert.equal(good(config).slug, shop.slug);
	assert.equal(config.headers['access-control-allow-origin'], ORIGIN);
}

/** What the widget does, up to the tokens. */
async function donation(site, shop) {
	const script = await page(site, `${site.pages}/donate.js`);
	assert.equal(script.status, 200);
	assert.match(script.headers['content-type'], /javascript/);
	assert.match(script.text, /customElements\.define/);
	if (site.htaccess)
		assert.equal(script.headers['access-control-allow-origin'],
		    '*');
	const { donationLink, partnerDonationId: id } = good(await give(shop,
	    { partnerUserId: 'donor' }));
	assert.equal(donationLink, `${site.base}/v1/checkout/${id}`);
	const html = shown(await visit(site, id));
	const [, style] = html.match(/<link rel="stylesheet" href="([^"]*)"/);
	if (site.htaccess)
		assert.equal((await page(site, style)).status, 200);
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

const parts = { rewards, bodies, targets, headers, browsers, donation, cron,
	doctor, downloads, identity };

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
