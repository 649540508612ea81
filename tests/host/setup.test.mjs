// A site made in a browser: the page is there only for who placed a word
// beside where almoner.conf is going to be, once, and never after.  As plain
// CGI, and by programs that run before there is a site and go on with the one
// that was made meanwhile.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { Partner, purchase } from '../lib/partner.mjs';
import { Site, startSite } from '../lib/site.mjs';

const TOKEN = 'a word that nobody guesses';
const PASSWORD = 'wise owls fly at dusk';
/** Of the server that is looked at. */
let site;
const file = (name) => `${site.dir}/${name}`;
const page = (method = 'GET', fields = undefined, headers = {}) =>
	site.request(method, '/v1/setup', fields === undefined ? {} : {
		body: new URLSearchParams(fields).toString(),
		headers: { 'Content-Type':
		    'application/x-www-form-urlencoded', ...headers } });
const form = (changes = {}) => ({ token: TOKEN, baseUrl: site.base,
	name: 'My Shop', slug: 'my-shop', email: 'Ann@Example.org',
	password: PASSWORD, again: PASSWORD, ...changes });

function place(text) {
	fs.writeFileSync(file('setup.token'), text);
	site.own(file('setup.token'));
}

/** Programs, and nothing that they could answer with. */
class Unmade extends Site {
	async found() {}

	configure() {}
}

const exists = () => fs.existsSync(file('data/ledger.db')) ||
    fs.readdirSync(site.dir).some((name) =>
	    name.startsWith('almoner.conf') || name === 'master.key');

const steps = [];
const step = (name, run) => steps.push({ name, run });

step('without the token there is no page', async () => {
	assert.equal((await page()).status, 404);
	assert.equal((await page('POST', form())).status, 404);
	place('too short\n');
	const { status, text } = await page();
	assert.equal(status, 503);
	assert.match(text, /fewer than 16 characters/);
	assert.equal((await page('POST',
	    form({ token: 'too short' }))).status, 503);
	assert.ok(!exists());
});

step('what is wrong is told, and nothing is made', async () => {
	place(`${TOKEN}\n`);
	const { status, text, headers } = await page();
	assert.equal(status, 200);
	assert.ok(text.includes(`value="${site.base}"`), text);
	assert.ok(!text.includes(TOKEN));
	assert.match(headers['content-security-policy'], /default-src 'none'/);
	for (const [changes, why] of [
		[{ token: 'something else altogether' }, /not what the file/],
		[{ token: TOKEN.slice(0, -1) }, /not what the file/],
		[{ baseUrl: 'give.example' }, /address like/],
		[{ baseUrl: 'https://x.example\nstripe_key = x' },
			/address like/],
		[{ baseUrl: 'https://x.example/' }, /address like/],
		[{ slug: 'My Shop' }, /small letters/],
		[{ name: '' }, /name/],
		[{ email: 'ann' }, /no e-mail address/],
		[{ password: 'too short', again: 'too short' },
			/fewer than 10 characters/],
		[{ again: `${PASSWORD}!` }, /passwords differ/],
	]) {
		const answer = await page('POST', form(changes));
		assert.equal(answer.status, 400, answer.text);
		assert.match(answer.text, why);
		assert.ok(!answer.text.includes(TOKEN));
		assert.ok(!answer.text.includes(PASSWORD));
		assert.ok(!exists());
	}
	assert.equal((await site.request('GET',
	    '/v1/partner/token-pools')).status, 503);
});

step('who guesses waits', async () => {
	fs.rmSync(file('setup.counts'), { force: true });
	let last;
	for (let i = 0; i < 12; i++)
		last = await page('POST', form({ token: `guess number ${i}` }));
	/* Unless a minute ended just now. */
	if (last.status !== 429)
		for (let i = 0; i < 12; i++)
			last = await page('POST', form({ token: `more ${i}` }));
	assert.equal(last.status, 429);
	assert.equal((await page('POST', form())).status, 429);
	assert.ok(!exists());
	fs.rmSync(file('setup.counts'));
});

step('a folder that cannot be written is told of', async () => {
	fs.mkdirSync(file('data'), { mode: 0o500 });
	site.own(file('data'));
	const { status, text } = await page('POST', form());
	assert.equal(status, 503);
	assert.match(text, /Permission denied/);
	assert.ok(!exists());
	fs.rmSync(file('data'), { recursive: true });
});

step('two at once make one site, its keys work, and the page is gone',
    async () => {
	const answers = await Promise.all([1, 2, 3, 4].map(() =>
		page('POST', form())));
	const made = answers.filter(({ status }) => status === 201);
	assert.equal(made.length, 1, answers.map((a) => a.text).join());
	const [, pk, sk, hmac] = new RegExp('Publishable key</dt>\\n<dd>' +
	    '<code>(pk_test_\\w+)<[^]*(sk_test_\\w+)<[^]*Signing secret' +
	    '</dt>\\n<dd><code>(\\w{64})<').exec(made[0].text);
	assert.equal(fs.existsSync(file('setup.token')), false);
	for (const [name, mode] of [['almoner.conf', 0o600],
		['master.key', 0o600], ['data', 0o700],
		['data/ledger.db', 0o600]])
		assert.equal(fs.statSync(file(name)).mode & 0o777, mode, name);

	const shop = new Partner(site, { publishableKey: pk, secretKey: sk,
		hmacSecret: hmac });
	await site.rule({ slug: 'my-shop', type: 'PURCHASE', perUnit: 1 });
	/* Of two processes, one gets two of three. */
	for (let n = 0; n <= site.procs; n++) {
		const { status, text } = await shop.submit(purchase());
		assert.equal(status, 200, text);
	}
	/* Those that were there before it now may have threads. */
	const threads = site.workers().map((pid) =>
		fs.readdirSync(`/proc/${pid}/task`).length);
	assert.ok(site.server === 'apache-cgi' || Math.max(...threads) > 1);
	const key = fs.readFileSync(file('master.key'), 'utf8');
	place(TOKEN);
	assert.equal((await page()).status, 404);
	assert.equal((await page('POST', form())).status, 404);
	assert.equal(fs.readFileSync(file('master.key'), 'utf8'), key);
	assert.deepEqual((await site.cli('partner', 'list')).length, 1);
});

step('its administrator logs in', async () => {
	const { body, text } = await site.request('POST', '/v1/auth/login', {
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ email: 'ann@example.org',
			password: PASSWORD }) });
	const me = await site.request('GET', '/v1/auth/me', {
		headers: { Authorization: `Bearer ${body.accessToken}` } });
	assert.equal(me.body?.email, 'ann@example.org', text + me.text);
});

step('what init and setup write down says all settings', () => {
	const text = fs.readFileSync(file('almoner.conf'), 'utf8');
	assert.match(text, new RegExp(`^base_url = ${site.base}$`, 'm'));
	for (const name of ['database', 'stripe_key', 'webhook_ports'])
		assert.match(text, new RegExp(`^# .+\\n#${name} =`, 'm'));
});

step('a program that has known another site makes none', async () => {
	/* Elsewhere the page's program never opens the books. */
	if (site.server !== 'nginx-one')
		return;
	const mine = ['almoner.conf', 'master.key', 'data'];
	for (const name of mine)
		fs.renameSync(file(name), file(`away.${name}`));
	place(TOKEN);
	const { status, text } = await page('POST', form());
	assert.equal(status, 503);
	assert.match(text, /known another site/);
	assert.ok(!exists());
	fs.rmSync(file('data'), { recursive: true });
	for (const name of mine)
		fs.renameSync(file(`away.${name}`), file(name));
});

for (const server of ['apache-cgi', 'lighttpd', 'nginx', 'nginx-one',
	'apache-vhost'])
	test(`behind ${server}`, async (t) => {
		site = await startSite({ server, now: null, Kind: Unmade });
		try {
			for (const { name, run } of steps)
				await t.test(name, run);
			await site.verify();
		} finally {
			await site.stop();
		}
	});
