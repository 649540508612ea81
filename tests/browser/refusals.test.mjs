// What goes wrong: each is a sentence in the donor's language, nothing is
// lost, and where it helps the donor can try again.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { clean, problem, shot, strict, useBrowser, widget }
    from '../lib/browser.mjs';
import { root } from '../lib/servers.mjs';

const { api, shop, visit } = await useBrowser();

const donate = (page) => page.getByRole('button', { name: /^Donate/ });
const alert = (page, text) => page.getByRole('alert').getByText(text);

async function open(attributes = {}, options = {}) {
	const page = await visit(shop.page(widget(api, attributes), options),
	    options);
	await donate(page).waitFor();
	return page;
}

/** Answers to create-link: status, code, what the donor reads, and whether
 * the next try is another request with another key. */
const REFUSALS = [
	[401, 'INVALID_KEY', /not set up correctly/, true],
	[403, 'ORIGIN_NOT_ALLOWED', /not set up correctly/, true],
	[403, 'PARTNER_SUSPENDED', /not set up correctly/, true],
	[422, 'PROVIDER_NOT_CONFIGURED', /not set up correctly/, true],
	[404, 'NONPROFIT_NOT_FOUND', /cannot take donations/, true],
	[422, 'NONPROFIT_INACTIVE', /cannot take donations/, true],
	[429, 'RATE_LIMITED', /many donors/, false],
	[502, 'PROVIDER_UNAVAILABLE', /payment service/, false],
	[503, 'UNAVAILABLE', /cannot be reached/, false],
	[500, 'INTERNAL', /did not work/, false],
	[422, 'SOMETHING_NEW', /did not work/, true],
];
for (const [status, code, sentence, fresh] of REFUSALS)
	test(`create-link: ${code}`, async () => {
		const page = await open({}, { before: (at) =>
			at.addInitScript(() => document.addEventListener(
			    'donate:error', (event) => {
				window.heard = event.detail;
			})) });
		api.answer('/donations/create-link', problem(status, code));
		await donate(page).click();
		await alert(page, sentence).waitFor();
		assert.ok(await alert(page, 'Nothing was charged')
			.isVisible());
		assert.deepEqual(await page.evaluate(() => window.heard),
		    { code, message: code, requestId: 'req_1' });
		if (code === 'INVALID_KEY') {
			await shot(page, 'refused');
			await clean(page);
		}
		api.answer('/donations/create-link', undefined);
		await donate(page).click();
		await page.waitForURL(/\/pay\/don_1/);
		const keys = api.links().map(({ headers }) =>
			headers['idempotency-key']);
		assert.equal(keys.length, 2);
		assert.equal(keys[0] !== keys[1], fresh);
	});

const ODD = { 'a page of HTML': { raw: '<h1>Hello' }, 'null': { raw: 'null' },
	'no link': { body: {} }, 'a list': { body: [] },
	'javascript:': { body: { donationLink: 'javascript:alert(1)',
		partnerDonationId: 'don_1' } },
	'data:': { body: { donationLink: 'data:text/html,x',
		partnerDonationId: 'don_1' } },
	'no id': { body: { donationLink: 'https://pay.example/1' } },
	'an HTML error': { status: 502, raw: '<h1>Bad gateway' } };
for (const [name, reply] of Object.entries(ODD))
	test(`create-link answers ${name}`, async () => {
		const page = await open();
		const url = page.url();
		api.answer('/donations/create-link', reply);
		await donate(page).click();
		await alert(page, 'did not work').waitFor();
		assert.equal(page.url(), url);
	});

test('faults are shown at their fields, and are gone once mended', async () => {
	const page = await open({ appeal: 7 });
	api.answer('/donations/create-link', problem(400, 'INVALID_REQUEST',
	    { errors: [{ pointer: '/donorEmail', detail: 'no' },
		{ pointer: '/lastName', detail: 'no' },
		{ pointer: '/elsewhere', detail: 'no' }] }));
	await page.getByLabel('E-mail').fill('a@b.example');
	await donate(page).click();
	await alert(page, 'check what is marked').waitFor();
	const email = page.getByLabel('E-mail');
	assert.equal(await email.getAttribute('aria-invalid'), 'true');
	const last = page.getByLabel('Last name');
	assert.ok(await last.evaluate((node) =>
		node.getRootNode().activeElement === node));
	await shot(page, 'faults');
	await clean(page);
	await email.fill('c@d.example');
	assert.equal(await email.getAttribute('aria-invalid'), 'false');
});

test('a host that is not listed: without the way back, once', async () => {
	const page = await open();
	api.answer('/donations/create-link', (request) => {
		if (JSON.parse(request.body).successUrl)
			return problem(400, 'INVALID_REQUEST', { errors: [
				{ pointer: '/successUrl', detail: 'no' },
				{ pointer: '/cancelUrl', detail: 'no' }] });
		api.answer('/donations/create-link', undefined);
		return api.reply(request);
	});
	await donate(page).click();
	await page.waitForURL(/\/pay\/don_1/);
	assert.equal(api.links().length, 2);
});

test('a perk that somebody else has just taken', async () => {
	const page = await open({ appeal: 7 }, { csp: strict(api.base) });
	const perk = page.getByRole('radio', { name: /T-shirt/ });
	await perk.click();
	assert.ok(await page.getByRole('radio', { name: /Dinner/ })
		.isDisabled());
	await donate(page).click();
	await page.getByText('Please answer this question').waitFor();
	await page.getByLabel('Which size?').fill('L');
	api.answer('/donations/create-link', problem(409, 'PERK_SOLD_OUT'));
	await donate(page).click();
	await alert(page, 'just sold out').waitFor();
	assert.ok(await perk.isDisabled());
	await shot(page, 'sold-out');
	await clean(page);
	api.answer('/donations/create-link', undefined);
	await donate(page).click();
	await page.waitForURL(/\/pay\/don_1/);
	assert.equal(JSON.parse(api.links()[1].body).perk, undefined);
});

test('what is still under way is asked for again, by itself', async () => {
	const page = await open();
	let n = 0;
	api.answer('/donations/create-link', (request) => {
		if (++n === 1)
			return problem(409, 'IN_PROGRESS');
		api.answer('/donations/create-link', undefined);
		return api.reply(request);
	});
	await donate(page).click();
	await page.waitForURL(/\/pay\/don_1/);
});

for (const target of ['/config', '/organizations/american-red-cross'])
	test(`${target} does not answer: again, or by a link`, async () => {
		api.answer(target, null);
		const page = await visit(shop.page(widget(api, { lang: 'de' }),
		    { csp: strict(api.base), lang: 'de' }));
		await alert(page, 'nicht zu erreichen').waitFor();
		const link = page.getByRole('link', { name: 'eigenen Seite' });
		assert.match(await link.getAttribute('href'),
		    /\/partner\/donate\/american-red-cross\?key=pk_test_1$/);
		await shot(page, 'unreachable');
		await clean(page);
		api.answer(target, undefined);
		await page.getByRole('button', { name: 'Noch einmal' }).click();
		await page.getByRole('button', { name: /spenden/ }).waitFor();
	});

test('a policy that forbids to connect: the link', async () => {
	const page = await visit(shop.page(widget(api),
	    { csp: `script-src ${api.base}; connect-src 'none'` }));
	await page.getByRole('link', { name: 'on our own page' }).waitFor();
	assert.ok(page.troubles.splice(0).every((said) =>
		/connect/i.test(said)));
});

test('no words can be had: the page\u2019s own link', async () => {
	const page = await visit('about:blank');
	await page.route(/words\.en/, (route) => route.abort());
	await page.goto(shop.page(widget(api)));
	await page.getByRole('link', { name: 'Donate' }).waitFor();
});

const WRONG = { 'no key': { key: '' }, 'no nonprofit': { nonprofit: '' },
	'no currency': { currency: 'EURO' } };
for (const [name, attributes] of Object.entries(WRONG))
	test(`set up wrongly: ${name}`, async () => {
		const page = await visit(shop.page(widget(api, attributes)));
		await alert(page, 'not set up correctly').waitFor();
		assert.equal(await page.getByRole('button').count(), 0);
		await clean(page);
	});

test('an unknown organisation, and a name that would be markup', async () => {
	api.answer('/organizations/american-red-cross',
	    problem(404, 'NONPROFIT_NOT_FOUND'));
	const page = await visit(shop.page(widget(api)));
	await alert(page, 'cannot take donations').waitFor();
	api.answer('/organizations/american-red-cross', undefined);
	api.organization.name = '<img src=x onerror=alert(1)>';
	await page.getByRole('button', { name: 'Try again' }).click();
	await page.getByRole('heading', { name: /<img/ }).waitFor();
});

/* Amounts: currency, language, typed, minor units (null: refused). */
const AMOUNTS = [
	['USD', 'en', '12.50', 1250], ['USD', 'en', '$1,234.5', 123450],
	['USD', 'en', '15,5', 1550], ['USD', 'en', '1,000', 100000],
	['USD', 'en', '12.345', null], ['USD', 'en', '-5', null],
	['USD', 'en', '1e3', null], ['USD', 'en', '0', null],
	['USD', 'en', '', null], ['USD', 'en', '1 000', 100000],
	['USD', 'en', '99999999999999', null], ['USD', 'en', '4.99', null],
	['USD', 'en', '10001', null],
	['EUR', 'de', '1.234,56 \u20ac', 123456], ['EUR', 'de', '12,5', 1250],
	['EUR', 'de', '12.5', 1250], ['EUR', 'de', '1.000', 100000],
	['EUR', 'fr', '1\u202f234,56', 123456],
	['JPY', 'en', '1500', 1500], ['JPY', 'en', '1500.5', null],
	['KWD', 'en', '12.345', 12345], ['KWD', 'en', '12.3456', null],
	['KWD', 'ar', '\u0661\u0662\u066b\u0663\u0664\u0665', 12345],
	['HUF', 'en', '500', 50000],
];
test('own amounts, in each way of writing', async () => {
	const page = await visit(shop.page(widget(api, { min: '5', max: '10000',
		ask: '', amounts: '7 9' })), { before: (fresh) =>
		fresh.addInitScript(() => document.addEventListener(
		    'donate:redirect', (event) => event.preventDefault())) });
	for (const [currency, lang, typed, minor] of AMOUNTS) {
		const name = `${currency} ${lang} "${typed}"`;
		const before = api.links().length;
		await page.evaluate((wanted) => Object.assign(
		    document.querySelector('donate-widget'), wanted),
		{ currency, lang });
		await page.locator(`div[lang=${lang}] form`).getByText(
		    new RegExp(`${currency}\\)`)).waitFor(
		    { state: 'attached' });
		const form = page.locator('donate-widget form');
		await form.locator('[value=own]').click();
		await form.locator('[name=own]').fill(typed);
		await form.locator('button').click();
		await page.locator(minor === null ?
		    '#bad-amount:not([hidden])' :
		    '[aria-busy=false]').waitFor();
		const links = api.links().slice(before);
		assert.equal(links.length, minor === null ? 0 : 1, name);
		if (minor !== null)
			assert.equal(JSON.parse(links[0].body).amount, minor,
			    name);
		await page.evaluate(() =>
			document.querySelector('donate-widget').reset());
	}
});

test('every currency has the digits that the API gives it', async () => {
	const text = fs.readFileSync(path.join(root, 'lib/base/money.c'),
	    'utf8');
	const rows = [...text.matchAll(/\{ "([A-Z]{3})", (\d) \}/g)]
		.map(([, code, digits]) => [code, Number(digits)]);
	assert.ok(rows.length > 150);
	const page = await visit(shop.page(''));
	const found = await page.evaluate(async ([base, codes]) => {
		const { Money } = await import(`${base}/donate/money.js`);
		return codes.map((code) =>
			[code, new Money(code, 'en').digits]);
	}, [api.base, rows.map(([code]) => code)]);
	assert.deepEqual(found, rows);
});
