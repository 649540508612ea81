// Giving, in a browser: the form by mouse, by keyboard, without scripts, on a
// narrow screen, in the dark, from the right, under a strict policy; and what
// is asked of the API for it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { clean, shot, strict, useBrowser, widget }
    from '../lib/browser.mjs';
import { run } from '../lib/process.mjs';
import { root } from '../lib/servers.mjs';

const { api, shop, visit } = await useBrowser();

const BIG = { appeal: 7, tip: '0,10,15', 'cover-fees': '',
	ask: 'name email subscribe',
	frequencies: 'once weekly monthly yearly' };
const ready = (page) => page.getByRole('button', { name: /Donate \$/ })
	.waitFor();
const pick = (page, name) => page.getByRole('radio',
    { name, exact: true }).click();
const gift = (at = 0) => JSON.parse(api.links()[at].body);
const checkout = (page) => page.waitForURL(/\/pay\/don_1/);

async function open(attributes, options = {}) {
	const page = await visit(shop.page(widget(api, attributes), options),
	    options);
	await ready(page);
	return page;
}

test('by mouse: amount, perk, tip, fees, then the checkout', async () => {
	const page = await open(BIG, { csp: strict(api.base) });
	await pick(page, '$50');
	await pick(page, 'Monthly');
	await page.getByRole('radio', { name: /T-shirt/ }).click();
	assert.match(await page.getByRole('status').textContent(),
	    /amount is now \$60/);
	assert.equal(await page.getByLabel('Your amount (USD)').inputValue(),
	    '60');
	await page.getByLabel('Which size?').fill(' M ');
	await page.getByLabel('Tip for').selectOption('10');
	await page.getByText(/to cover the fees/).click();
	await page.getByLabel('First name').fill('Zo\u00eb');
	await page.getByLabel('E-mail (optional)').fill('zoe@example.org');
	await page.getByText('Do not show my name').click();
	await page.getByText('Send me news').click();
	const sum = await page.locator('.sum').textContent();
	assert.equal(sum,
	    'Monthly: $60 \u00b7 tip $6 \u00b7 fees $1.80 \u00b7 Total $67.80');
	await shot(page, 'filled');
	await clean(page);
	await page.getByRole('button', { name: /Donate \$67\.80/ }).click();
	await checkout(page);

	assert.equal(api.links().length, 1);
	const { headers } = api.links()[0];
	assert.equal(headers['x-partner-key'], 'pk_test_1');
	assert.match(headers['idempotency-key'], /^[0-9a-f]{32}$/);
	assert.equal(headers.cookie, undefined);
	const { successUrl, cancelUrl, ...rest } = gift();
	assert.ok(successUrl.startsWith(shop.base));
	assert.equal(cancelUrl, successUrl);
	assert.deepEqual(rest, { nonprofitSlug: 'american-red-cross',
		amount: 6000, currency: 'USD', frequency: 'monthly',
		provider: 'stripe', tipAmount: 780,
		donorEmail: 'zoe@example.org', firstName: 'Zo\u00eb',
		visibility: 'anonymous', subscribe: true, appealId: 7,
		perk: { id: 2, multiplier: 1, answer: 'M' } });
});

test('by keyboard alone', async () => {
	const page = await open({ appeal: 7 });
	const press = async (...keys) => {
		for (const key of keys)
			await page.keyboard.press(key);
	};
	await press('Tab', 'ArrowRight', 'Tab', 'ArrowRight', 'ArrowRight',
	    'ArrowRight', 'Tab');
	await page.keyboard.type('12.50');
	await press('Tab', 'Tab', 'Tab');
	await page.keyboard.type('Doe');
	await press('Tab', 'Tab', 'Space', 'Tab');
	const at = await page.evaluate(() => document.activeElement
		.shadowRoot.activeElement.textContent);
	assert.match(at, /^Donate/);
	await press('Enter');
	await checkout(page);
	assert.equal(gift().amount, 1250);
	assert.equal(gift().frequency, 'monthly');
	assert.equal(gift().lastName, 'Doe');
	assert.equal(gift().visibility, 'anonymous');
	assert.equal(gift().perk, undefined);
});

test('Enter in a field gives too; the page\u2019s attributes go along',
	async () => {
		const page = await open({ reference: 'user_42',
			email: 'a@b.example',
			'first-name': 'Jane', 'last-name': 'Doe', ask: '',
			referral: 'ref', campaign: 'spring', amount: '7.5',
			provider: 'every.org', fundraiser: '3' });
		const own = page.getByLabel('Your amount (USD)');
		assert.equal(await own.inputValue(), '7.50');
		await own.press('Enter');
		await checkout(page);
		const { successUrl, cancelUrl, ...rest } = gift();
		assert.deepEqual(rest, { nonprofitSlug: 'american-red-cross',
			amount: 750, currency: 'USD', frequency: 'once',
			provider: 'every.org', donorEmail: 'a@b.example',
			firstName: 'Jane', lastName: 'Doe',
			visibility: 'visible', partnerUserId: 'user_42',
			referralCode: 'ref', fundraiserId: 3,
			metadata: { campaign: 'spring' } });
		assert.ok(successUrl && cancelUrl);
	});

test('without scripts there is the page\u2019s own link', async () => {
	const page = await visit(shop.page(widget(api)),
	    { javaScriptEnabled: false });
	const link = page.getByRole('link', { name: 'Donate' });
	assert.ok(await link.isVisible());
	assert.match(await link.getAttribute('href'),
	    /\/v1\/partner\/donate\/american-red-cross\?key=pk_test_1$/);
	assert.equal(api.asked.length, 0);
});

const LOOKS = {
	light: [{}, {}], dark: [{}, { colorScheme: 'dark' }],
	narrow: [{}, { viewport: { width: 320, height: 640 } }],
	arabic: [{ lang: 'ar' }, {}],
	'arabic-narrow': [{ lang: 'ar' },
		{ viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
	german: [{ lang: 'de-AT', currency: 'EUR' }, {}],
	french: [{ lang: 'fr', currency: 'EUR' }, {}],
	spanish: [{ lang: 'es', currency: 'EUR' }, {}],
	forced: [{}, { forcedColors: 'active', reducedMotion: 'reduce' }],
	'theme-dark': [{ theme: 'dark' }, {}],
};
for (const [name, [attributes, options]] of Object.entries(LOOKS))
	test(`it is whole and accessible: ${name}`, async () => {
		const page = await visit(shop.page(widget(api,
		    { ...BIG, ...attributes }), { csp: strict(api.base),
			lang: attributes.lang }),
		{ viewport: { width: 640, height: 900 }, ...options });
		await page.locator('donate-widget button').waitFor();
		await shot(page, name);
		await clean(page);
		const { wide, small, dir } = await page.evaluate(() => {
			const inner = document.querySelector('donate-widget')
				.shadowRoot;
			return { dir: getComputedStyle(inner.querySelector(
			    'form')).direction,
			wide: document.documentElement.scrollWidth -
			    innerWidth,
			small: [...inner.querySelectorAll(
			    'button, label, input:not([type])')]
				.map((node) => node.getBoundingClientRect())
				.filter(({ height }) => height > 0 &&
				    height < 44).length };
		});
		assert.ok(wide <= 0, `${wide} px too wide`);
		assert.equal(small, 0, 'targets under 44 px');
		assert.equal(dir, attributes.lang === 'ar' ? 'rtl' : 'ltr');
	});

test('every language has the same names, and no other', async () => {
	const read = async (lang) => (await import(
	    path.join(root, `htdocs/donate/words.${lang}.js`))).default;
	const holes = (words) => Object.entries(words).map(([name, text]) =>
		`${name} ${(text.match(/\{\w+\}/g) ?? []).sort()}`).sort();
	const english = holes(await read('en'));
	for (const lang of ['de', 'fr', 'es', 'ar'])
		assert.deepEqual(holes(await read(lang)), english, lang);
});

test('a double click is one donation', async () => {
	let held;
	api.answer('/donations/create-link', (request) =>
		new Promise((done) => {
			held = () => {
				api.answer('/donations/create-link', undefined);
				done(api.reply(request));
			};
		}));
	const page = await open({});
	const button = page.getByRole('button', { name: /Donate/ });
	await button.dblclick();
	await page.waitForFunction(() => document.querySelector('donate-widget')
		.shadowRoot.querySelector('[aria-busy=true]'));
	await button.click();
	await shot(page, 'busy');
	await clean(page);
	while (!held)
		await page.waitForTimeout(5);
	held();
	await checkout(page);
	assert.equal(api.links().length, 1);
});

test('a lost answer: the same gift has the same key, another gift another',
	async () => {
		const page = await open({});
		const button = page.getByRole('button', { name: /Donate/ });
		api.answer('/donations/create-link', null);
		await button.click();
		await page.getByRole('alert').getByText('reached').waitFor();
		await button.click();
		await page.getByRole('alert').getByText('reached').waitFor();
		await page.waitForFunction(() => !document.querySelector(
		    'donate-widget').shadowRoot.querySelector(
		    '[aria-busy=true]'));
		await pick(page, '$100');
		api.answer('/donations/create-link', undefined);
		await button.click();
		await checkout(page);
		const keys = api.links().map(({ headers }) =>
			headers['idempotency-key']);
		assert.equal(new Set(keys.slice(0, -1)).size, 1);
		assert.notEqual(keys.at(-1), keys[0]);
	});

const MODES = { button: 'Donate \\$25 to American Red Cross',
	modal: 'Donate$' };
for (const [mode, name] of Object.entries(MODES))
	test(`mode ${mode}, under the strict policy`, async () => {
		const page = await visit(shop.page(widget(api, { mode }),
		    { csp: strict(api.base) }));
		const button = page.getByRole('button',
		    { name: new RegExp(`^${name}`) });
		await button.waitFor();
		await shot(page, `${mode}-closed`);
		await clean(page);
		await button.click();
		if (mode === 'modal') {
			const dialog = page.getByRole('dialog');
			await dialog.getByText('$50').waitFor();
			await shot(page, 'modal-open');
			await clean(page);
			await page.keyboard.press('Escape');
			await dialog.waitFor({ state: 'hidden' });
			await page.evaluate(() =>
				document.querySelector('donate-widget').open());
			await page.getByRole('button', { name: 'Close' })
				.click();
			await dialog.waitFor({ state: 'hidden' });
			await button.click();
			await dialog.getByRole('button', { name: /Donate/ })
				.click();
		}
		await checkout(page);
		assert.equal(gift().amount, 2500);
	});

test('events, and a page that opens the checkout itself', async () => {
	const page = await visit(shop.page(widget(api)), { before: (fresh) =>
		fresh.addInitScript(() => {
			window.heard = [];
			for (const name of ['ready', 'change', 'submit',
				'link', 'redirect', 'error'])
				document.addEventListener(`donate:${name}`,
				    (event) => {
					window.heard.push([name, event.detail]);
					if (name === 'redirect')
						event.preventDefault();
				    });
		}) });
	await ready(page);
	await page.getByLabel('E-mail').fill('secret@example.org');
	await pick(page, '$100');
	await page.getByRole('button', { name: /Donate/ }).click();
	await page.waitForFunction(() =>
		window.heard.some(([name]) => name === 'redirect'));
	const heard = await page.evaluate(() => window.heard);
	assert.deepEqual(heard.map(([name]) => name).filter((name, i, all) =>
		name !== all[i - 1]),
	['ready', 'change', 'submit', 'link', 'redirect']);
	const said = Object.fromEntries(heard);
	assert.deepEqual(said.change, { amount: 10000, frequency: 'once',
		extra: 0, currency: 'USD' });
	assert.equal(said.link.partnerDonationId, 'don_1');
	assert.match(said.redirect.url, /\/pay\/don_1/);
	assert.ok(!JSON.stringify(heard).includes('secret'));
	assert.equal(await page.getByRole('button', { name: /Donate/ })
		.getAttribute('aria-busy'), 'false');
});

test('attributes are properties and may change', async () => {
	const page = await open({});
	await page.getByLabel('First name').fill('Jane');
	await page.evaluate(() => {
		const element = document.querySelector('donate-widget');
		element.amounts = '5,15';
		element.coverFees = '';
		element.lang = 'de';
	});
	await page.getByRole('button', { name: /15.*spenden/ }).waitFor();
	assert.equal(await page.getByLabel('Vorname').inputValue(), 'Jane');
	assert.ok(await page.getByText(/Geb\u00fchren zu decken/).isVisible());
	await page.evaluate(() =>
		document.querySelector('donate-widget').reset());
	assert.equal(await page.getByLabel('Vorname').inputValue(), '');
});

test('no cookie, no local storage; only the session remembers', async () => {
	const page = await open({});
	await page.getByRole('button', { name: /Donate/ }).click();
	await checkout(page);
	api.status.status = 'PENDING';
	assert.deepEqual(await page.context().cookies(), []);
	await page.goBack();
	await ready(page);
	assert.deepEqual(await page.evaluate(() => [localStorage.length,
		Object.keys(sessionStorage)]), [0, ['donate-widget']]);
});

test('what pages load is joined from its parts, and small', async () => {
	const { stdout } = await run('sh', ['etc/donate.sh'], { cwd: root });
	const file = path.join(root, 'htdocs/donate.js');
	assert.equal(stdout, fs.readFileSync(file, 'utf8'),
	    'run: sh etc/donate.sh >htdocs/donate.js');
	const size = (name) => zlib.gzipSync(fs.readFileSync(
	    path.join(root, 'htdocs', name)), { level: 9 }).length;
	assert.ok(size('donate.js') <= 12 * 1024, `${size('donate.js')} bytes`);
	for (const name of ['words.ar', 'words.de', 'words.en', 'words.es',
		'words.fr', 'after', 'appeal'])
		assert.ok(size(`donate/${name}.js`) <= 2048, name);
});
