// A site made in a browser: the page is there only for who placed a word
// beside where almoner.conf is going to be, once, and never after.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { Partner, purchase } from '../lib/partner.mjs';
import { useSite } from '../lib/site.mjs';

const TOKEN = 'a word that nobody guesses';
const site = await useSite({ server: 'apache-cgi' });
const file = (name) => `${site.dir}/${name}`;
const page = (method = 'GET', fields = undefined, headers = {}) =>
	site.request(method, '/v1/setup', fields === undefined ? {} : {
		body: new URLSearchParams(fields).toString(),
		headers: { 'Content-Type':
		    'application/x-www-form-urlencoded', ...headers } });
const form = (changes = {}) => ({ token: TOKEN, baseUrl: site.base,
	name: 'My Shop', slug: 'my-shop', ...changes });

function place(text) {
	fs.writeFileSync(file('setup.token'), text);
	site.own(file('setup.token'));
}

/** What the site was is gone, as on a host where nothing was made yet. */
function clear() {
	for (const name of ['almoner.conf', 'master.key', 'data',
		'setup.token', 'setup.counts'])
		fs.rmSync(file(name), { recursive: true, force: true });
}

const exists = () => fs.existsSync(file('data/ledger.db')) ||
    fs.readdirSync(site.dir).some((name) =>
	    name.startsWith('almoner.conf') || name === 'master.key');

test('where there is a site the page is not, token or not', async () => {
	assert.equal((await page()).status, 404);
	place(TOKEN);
	const before = fs.readFileSync(file('master.key'), 'utf8');
	assert.equal((await page()).status, 404);
	assert.equal((await page('POST', form())).status, 404);
	assert.equal(fs.readFileSync(file('master.key'), 'utf8'), before);
});

test('without the token there is no page', async () => {
	clear();
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

test('what is wrong is told, and nothing is made', async () => {
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
	]) {
		const answer = await page('POST', form(changes));
		assert.equal(answer.status, 400, answer.text);
		assert.match(answer.text, why);
		assert.ok(!answer.text.includes(TOKEN));
		assert.ok(!exists());
	}
	assert.equal((await site.request('GET',
	    '/v1/partner/token-pools')).status, 503);
});

test('who guesses waits', async () => {
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

test('a folder that cannot be written is told of', async () => {
	fs.mkdirSync(file('data'), { mode: 0o500 });
	site.own(file('data'));
	const { status, text } = await page('POST', form());
	assert.equal(status, 503);
	assert.match(text, /Permission denied/);
	assert.ok(!exists());
	fs.rmSync(file('data'), { recursive: true });
});

test('two at once make one site, its keys work, and the page is gone',
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
	const { status, text } = await shop.submit(purchase());
	assert.equal(status, 200, text);
	place(TOKEN);
	assert.equal((await page()).status, 404);
	assert.equal((await page('POST', form())).status, 404);
	assert.deepEqual((await site.cli('partner', 'list')).length, 1);
});

test('what init and setup write down says all settings', () => {
	const text = fs.readFileSync(file('almoner.conf'), 'utf8');
	assert.match(text, new RegExp(`^base_url = ${site.base}$`, 'm'));
	for (const name of ['database', 'stripe_key', 'webhook_ports'])
		assert.match(text, new RegExp(`^# .+\\n#${name} =`, 'm'));
});
