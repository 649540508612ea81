// Coming back from the checkout, by its link or by the browser's own ways:
// what is polled and how often, what the donor reads, what stays behind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clean, problem, shot, strict, useBrowser, widget }
    from '../lib/browser.mjs';

const { api, shop, visit } = await useBrowser({
	ignoreDefaultArgs: ['--disable-back-forward-cache'],
});

const polls = () => api.asked.filter(({ path }) =>
	path.includes('/status/')).length;
const heading = (page, name) => page.getByRole('heading',
    { name, exact: true });
const form = (page) => page.getByRole('button', { name: /Donate \$/ });

/** Statuses one after the other, the last for ever. */
function statuses(...words) {
	api.answer('/donations/status', () => {
		const status = words.length > 1 ? words.shift() : words[0];
		return status === null ? null : typeof status === 'object' ?
			status : { body: { partnerDonationId: 'don_9',
				...api.status, status } };
	});
}

/** A page to which a donor comes back, whose clock is ours. */
async function back(attributes = {}, options = {}) {
	const url = shop.page(widget(api, attributes, options.inside),
	    { csp: strict(api.base), ...options });
	return await visit(`${url}?a=1&donation=don_9&session_id=cs_1#give`, {
		...options, before: async (page) => {
			await page.clock.install();
			await page.addInitScript(() => {
				window.heard = [];
				window.asked = [];
				window.flying = 0;
				const { fetch } = window;
				window.fetch = async (url, init) => {
					if (url.includes('/status/'))
						window.asked.push(Date.now());
					window.flying++;
					try {
						const answer =
						    await fetch(url, init);
						await answer.clone().text();
						return answer;
					} finally {
						window.flying--;
					}
				};
				for (const name of ['status', 'complete',
					'error', 'ready'])
					document.addEventListener(
					    `donate:${name}`, (event) =>
						window.heard.push([name,
							event.detail]));
			});
		} });
}

/** Let seconds pass, each with its answers, until that is to be seen. */
async function until(page, locator) {
	for (let second = 0; second < 300; second++) {
		while (await page.evaluate(() => window.flying > 0))
			continue;
		if (await locator.isVisible())
			return;
		await page.clock.runFor(1000);
	}
	assert.fail(`not seen: ${locator}`);
}

const ENDS = {
	COMPLETED: 'Thank you!', FAILED: 'The payment did not go through',
	EXPIRED: 'The payment did not go through',
	REFUNDED: 'This donation was given back',
};
for (const [status, title] of Object.entries(ENDS))
	test(`back with ${status}`, async () => {
		statuses(status);
		const page = await back();
		await page.clock.runFor(10);
		await heading(page, title).waitFor();
		assert.match(page.url(), /\/page\d+\?a=1#give$/);
		assert.equal(polls(), 1);
		await shot(page, status.toLowerCase());
		await clean(page);
		const heard = Object.fromEntries(
		    await page.evaluate(() => window.heard));
		assert.deepEqual(heard.complete, { partnerDonationId: 'don_9',
			status, tokensDistributed: 175 });
		if (status === 'COMPLETED')
			for (const said of [/\$25 to American Red Cross/,
				/earned: 175/])
				assert.ok(await page.getByText(said)
					.isVisible());
		await page.getByRole('button').click();
		await form(page).waitFor();
		await page.reload();
		await form(page).waitFor();
		assert.equal(polls(), 1);
	});

test('pending, then completed; asked more and more seldom', async () => {
	statuses('PENDING', 'PENDING', 'PROCESSING', 'PENDING', 'COMPLETED');
	const page = await back();
	await page.clock.runFor(10);
	await heading(page, 'One moment, please').waitFor();
	await shot(page, 'asking');
	await clean(page);
	await until(page, heading(page, 'Thank you!'));
	assert.equal(polls(), 5);
	const at = await page.evaluate(() => window.asked);
	const waits = at.slice(1).map((time, i) => time - at[i]);
	assert.deepEqual(waits, [...waits].sort((a, b) => a - b));
	assert.ok(waits[0] >= 1000 && waits[3] >= 5000, String(waits));
	const heard = await page.evaluate(() => window.heard);
	assert.deepEqual(heard.filter(([name]) => name === 'status')
		.map(([, detail]) => detail.status),
	['PENDING', 'PROCESSING', 'PENDING', 'COMPLETED']);
});

test('never confirmed: it says so after two minutes, and can look again',
	async () => {
		statuses('PENDING');
		const page = await back();
		const title = 'Your payment is not confirmed yet';
		await until(page, heading(page, title));
		const at = await page.evaluate(() => window.asked);
		assert.ok(at.at(-1) - at[0] >= 119000);
		assert.ok(polls() <= 10, `${polls()} polls`);
		await shot(page, 'pending');
		await clean(page);
		await page.reload();
		await page.clock.runFor(10);
		await heading(page, 'One moment, please').waitFor();
		await until(page, heading(page, title));
		statuses('COMPLETED');
		await page.getByRole('button', { name: 'Look again' }).click();
		await page.clock.runFor(10);
		await heading(page, 'Thank you!').waitFor();
	});

test('answers that do not come, or are none, are asked for again',
	async () => {
		statuses(null, { raw: '<html>oops' },
		    problem(503, 'UNAVAILABLE'),
		    { ...problem(429, 'RATE_LIMITED'), headers:
			{ 'Retry-After': '2' } }, 'COMPLETED');
		const page = await back();
		await until(page, heading(page, 'Thank you!'));
		assert.equal(polls(), 5);
	});

test('an id that is not known: the form', async () => {
	statuses(problem(404, 'NOT_FOUND'));
	const page = await back();
	await page.clock.runFor(10);
	await form(page).waitFor();
	assert.equal(polls(), 1);
	assert.doesNotMatch(page.url(), /donation=/);
});

test('an id that cannot be one is not asked for', async () => {
	const page = await visit(shop.page(widget(api)) +
	    '?donation=..%2F..%2Fconfig%3F');
	await form(page).waitFor();
	assert.equal(polls(), 0);
});

test('the API is away as the donor comes back: no false word, and again',
	async () => {
		api.answer('/config', null);
		const page = await back();
		const alert = page.getByRole('alert');
		await alert.getByText('cannot be reached').waitFor();
		assert.doesNotMatch(await alert.textContent(), /charged/);
		assert.equal(await page.getByRole('link').count(), 0);
		api.answer('/config', undefined);
		await page.getByRole('button', { name: 'Try again' }).click();
		await page.clock.runFor(10);
		await heading(page, 'Thank you!').waitFor();
	});

test('in Arabic and yen, with what the page adds; in the dialog', async () => {
	api.status.currency = 'JPY';
	const page = await back({ lang: 'ar', mode: 'modal' }, { inside:
		'<p slot="thanks">See you at the feast</p>' });
	await page.clock.runFor(10);
	await page.getByRole('dialog').getByText('2,500').waitFor();
	assert.ok(await page.getByText('See you at the feast').isVisible());
	await clean(page);
});

test('of several widgets the one that was left shows it', async () => {
	api.status.status = 'COMPLETED';
	const page = await visit(shop.page(widget(api) +
	    '<donate-widget id="two" key="pk_test_1" mode="button" ' +
	    'nonprofit="american-red-cross"></donate-widget>'));
	await page.getByRole('button', { name: /to American/ }).click();
	await page.waitForURL(/\/pay\//);
	await page.getByRole('link', { name: 'Back' }).click();
	await page.locator('#two').getByRole('heading',
	    { name: 'Thank you!' }).waitFor();
	assert.ok(await form(page).isVisible());
	await clean(page);
});

for (const kept of [true, false])
	test(`the back button${kept ? ', from its cache' : ''}: the form again`,
		async () => {
			api.status.status = 'PENDING';
			const unkept = (fresh) => fresh.addInitScript(() =>
				addEventListener('unload', () => {}));
			const page = await visit(shop.page(widget(api)),
			    { before: kept ? undefined : unkept });
			await form(page).waitFor();
			await page.getByLabel('First name').fill('Jane');
			await form(page).click();
			await page.waitForURL(/\/pay\//);
			await page.goBack({ waitUntil: 'commit' });
			await form(page).waitFor();
			const busy = form(page).and(
			    page.locator('[aria-busy=true]'));
			await busy.waitFor({ state: 'detached' });
			await form(page).click();
			await page.waitForURL(/\/pay\//);
			const keys = api.links().map(({ headers }) =>
				headers['idempotency-key']);
			assert.equal(keys.length, 2);
		});

test('the page as the browser kept it: usable, one gift, one key', async () => {
	api.status.status = 'PENDING';
	const page = await visit(shop.page(widget(api)), { before: (fresh) =>
		fresh.addInitScript(() => document.addEventListener(
		    'donate:redirect', (event) => event.preventDefault())) });
	await form(page).click();
	await page.waitForFunction(() => sessionStorage.length === 1);
	const restore = () => page.evaluate(() => dispatchEvent(
	    new PageTransitionEvent('pageshow', { persisted: true })));
	await restore();
	await form(page).and(page.locator('[aria-busy=false]')).waitFor();
	await form(page).click();
	await page.waitForLoadState('networkidle');
	const keys = api.links().map(({ headers }) =>
		headers['idempotency-key']);
	assert.equal(keys.length, 2);
	assert.equal(keys[0], keys[1]);

	/* It was paid meanwhile: then that is said. */
	api.status.status = 'COMPLETED';
	await restore();
	await heading(page, 'Thank you!').waitFor();
});
