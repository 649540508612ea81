// The whole way, on the real site: a donor gives on a shop's page of another
// origin, pays on the sandbox's checkout, comes back, and has tokens.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { clean, shot, strict, useBrowser, widget }
    from '../lib/browser.mjs';
import { good } from '../lib/expect.mjs';
import { root, useSite } from '../lib/site.mjs';

const site = await useSite({ now: null, prepare: ({ dir }) =>
	fs.cpSync(path.join(root, 'htdocs'), path.join(dir, 'htdocs'),
	    { recursive: true }) });
const acme = await site.partner({ slug: 'acme' });
const { shop, visit } = await useBrowser();

const PAID = '4242 4242 4242 4242', DECLINED = '4000 0000 0000 0002';
const attributes = { key: acme.publishableKey };
const html = (more = {}) => widget(site, { ...attributes, ...more });

async function pay(page, card) {
	await page.waitForURL(/\/v1\/checkout\//);
	await page.getByLabel('Card number').fill(card);
	await shot(page, 'checkout');
	await clean(page);
	await page.getByRole('button', { name: 'Pay' }).click();
	await page.waitForURL(/\/page\d+/);
}

test('paid: thanks, and the tokens are there', async () => {
	const page = await visit(shop.page(html({ reference: 'zoe' }),
	    { csp: strict(site.base) }));
	await page.getByRole('radio', { name: '$100' }).click();
	await page.getByLabel('E-mail').fill('zoe@example.org');
	await page.getByRole('button', { name: 'Donate $100' }).click();
	await pay(page, PAID);
	await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
	const { available } = good(
	    await acme.get('/v1/partner/users/zoe/balance'));
	assert.ok(available > 0);
	await page.getByText(`earned: ${available}`).waitFor();
	assert.match(page.url(), /\/page\d+$/);
});

test('declined: the checkout says so, and another card may pay', async () => {
	const page = await visit(shop.page(html()));
	await page.getByRole('button', { name: 'Donate $25' }).dblclick();
	await page.waitForURL(/\/v1\/checkout\//);
	await page.getByLabel('Card number').fill(DECLINED);
	await page.getByRole('button', { name: 'Pay' }).click();
	await page.getByText('The card was declined').waitFor();
	await clean(page);
	await page.getByLabel('Card number').fill(PAID);
	await page.getByRole('button', { name: 'Pay' }).click();
	await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
});

test('the donor turns round at the checkout: the form again', async () => {
	const page = await visit(shop.page(html()));
	await page.getByRole('button', { name: 'Donate $25' }).click();
	await page.waitForURL(/\/v1\/checkout\//);
	await page.goBack();
	await page.getByRole('button', { name: 'Donate $25' }).waitFor();
});

test('a key of nobody, from another origin: a sentence', async () => {
	const page = await visit(shop.page(html(
	    { key: `pk_test_${'0'.repeat(64)}` })));
	await page.getByRole('alert').getByText('not set up').waitFor();
});
