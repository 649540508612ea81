// The demonstration page: what a charity would copy, under its own strict
// policy, on a phone and on a desk, with a key and without.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clean, shot, useBrowser } from '../lib/browser.mjs';

const { api, visit } = await useBrowser();

const SIZES = { phone: { viewport: { width: 320, height: 640 } },
	desk: { viewport: { width: 1200, height: 900 } },
	night: { viewport: { width: 1200, height: 900 },
		colorScheme: 'dark' } };
const DEMO = '/demo/index.html?key=pk_test_1';
for (const [name, options] of Object.entries(SIZES))
	test(`the demonstration on a ${name}: three modes and a log`,
		async () => {
			const page = await visit(api.base + DEMO, options);
			await page.getByRole('button',
			    { name: /Donate \$5 to/ }).waitFor();
			await page.getByRole('button', { name: 'Donate $25' })
				.waitFor();
			await page.locator('#log li').nth(2).waitFor();
			await shot(page, `demo-${name}`);
			await clean(page);
			assert.ok(await page.evaluate(() =>
				document.documentElement.scrollWidth) <=
			    options.viewport.width);
			await page.getByRole('button', { name: 'Give' })
				.click();
			await page.getByRole('dialog').waitFor();
			await clean(page);
		});

test('the way there and back: each step is in the log', async () => {
	const page = await visit(api.base + DEMO);
	await page.getByRole('button', { name: 'Donate $25' }).click();
	await page.waitForURL(/\/pay\//);
	await page.getByRole('link', { name: 'Back' }).click();
	await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
	assert.ok(await page.getByText('From all of us').isVisible());
	await page.locator('#log').getByText('donate:complete').waitFor();
	await page.getByRole('button', { name: 'Give again' }).click();
	await page.getByRole('button', { name: 'Donate $25' }).waitFor();
});

test('without a key it says what is missing', async () => {
	const page = await visit(`${api.base}/demo/index.html`);
	await page.getByText('needs a publishable key').waitFor();
	await page.locator('#log').getByText('donate:error').first().waitFor();
	await clean(page);
});
