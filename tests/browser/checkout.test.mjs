// The site's own pages in a browser: the form without scripts, the sandbox's
// checkout, thanks.  Without JavaScript, by keyboard, at 320 px, light and
// dark; axe and html-validate have nothing to say of any of them.
//
// A page's policy forbids all scripts, axe's too: for axe it is lifted.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';
import { executablePath } from '../lib/browser.mjs';
import { allow, CARDS, pay, start, status, step, visit }
    from '../lib/gifts.mjs';
import { sql } from '../lib/hooks.mjs';
import { root, useSite } from '../lib/site.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url)
	.resolve('axe-core/axe.min.js'), 'utf8');
const validator = new HtmlValidate({ extends: ['html-validate:standard',
	'html-validate:a11y'], rules: { 'no-raw-characters': 'off' } });

const site = await useSite({ prepare: (s) => fs.cpSync(
    `${root}/htdocs`, `${s.dir}/htdocs`, { recursive: true }) });
const shop = await site.partner();
await allow(shop, '--tip', '10', '--currencies', 'USD EUR');
const LONG = 'Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerk' +
    'bauunterbeamtengesellschaft & Friends';
await sql(site, 'INSERT INTO nonprofits (slug, name, created_at) VALUES' +
    ` ('long', '${LONG}', 0)`);
const browser = await chromium.launch({ executablePath,
	args: ['--no-sandbox'] });
after(() => browser.close());

const donate = (slug = 'american-red-cross', more = '') =>
	`/v1/partner/donate/${slug}?key=${shop.publishableKey}${more}`;

async function open(target, options = {}) {
	const context = await browser.newContext({ locale: 'en-US',
		reducedMotion: 'reduce', javaScriptEnabled: false,
		viewport: { width: 320, height: 640 }, ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(10000);
	page.troubles = [];
	page.on('console', (said) => {
		if (said.type() === 'error' &&
		    !/40[0249]|502/.test(said.text()))
			page.troubles.push(said.text());
	});
	await page.goto(site.base + target);
	return page;
}

const LOOKS = { light: {}, dark: { colorScheme: 'dark' },
	wide: { width: 1280, height: 800 },
	forced: { forcedColors: 'active' } };

/** What axe says of the page in each look; pictures in ALMONER_SHOTS. */
async function looks(name, target, act = () => {}) {
	const page = await open(target, { javaScriptEnabled: true,
		bypassCSP: true });
	await act(page);
	await page.evaluate(axe);
	for (const [look, { width = 320, height = 640, ...media }] of
	    Object.entries(LOOKS)) {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme: 'light',
			forcedColors: 'none', ...media });
		const { violations } = await page.evaluate(() =>
			window.axe.run({ runOnly: ['wcag2a', 'wcag2aa',
			    'wcag21a', 'wcag21aa', 'wcag22aa',
			    'best-practice'] }));
		assert.deepEqual(violations.map(({ id, nodes }) => [name, look,
			id, nodes.map((n) => n.failureSummary)]), []);
		const over = await page.evaluate(() =>
			document.documentElement.scrollWidth -
			document.documentElement.clientWidth);
		assert.equal(over, 0, `${name} ${look} scrolls sideways`);
		if (process.env.ALMONER_SHOTS)
			await page.screenshot({ fullPage: true, path:
			    `${process.env.ALMONER_SHOTS}/checkout-${name}-` +
			    `${look}.png` });
	}
	await page.context().close();
}

async function valid({ text }) {
	const { results } = await validator.validateString(text);
	assert.deepEqual(results.flatMap(({ messages }) => messages.map(
	    ({ ruleId, message, line }) => [line, ruleId, message])), []);
}

/** Each state of a donation, and how it is reached. */
const states = {
	pending: [], declined: ['0002'], processing: ['0077'],
	failed: ['0077', 'fail'], paid: ['4242'],
	refunded: ['4242', 'refund'],
};

for (const [name, steps] of Object.entries(states))
	test(`checkout and thanks, ${name}`, async () => {
		const id = await start(shop, { frequency: 'monthly',
			tipAmount: 250, partnerUserId: 'somebody' });
		for (const one of steps)
			await (one in CARDS ? pay(site, id, one) :
			    step(site, id, one));
		const declined = async (page) => {
			if (name !== 'declined')
				return;
			await page.getByLabel('Card number')
			    .fill(CARDS['0002']);
			await page.getByRole('button', { name: 'Pay' }).click();
			await page.getByRole('alert').waitFor();
		};
		await looks(name, `/v1/checkout/${id}`, declined);
		await valid(await (name === 'declined' ? pay(site, id, '0002') :
		    visit(site, id)));
		for (const page of ['thanks', 'cancelled']) {
			await looks(`${page}-${name}`,
			    `/v1/checkout/${id}/${page}`);
			await valid(await visit(site, id, page));
		}
	});

test('the form: empty, refused, and for a very long name', async () => {
	const refused = async (page) => {
		await page.getByLabel('Amount').fill('ten');
		await page.getByLabel('E-mail').fill('zoe@');
		await page.getByRole('button').click();
		await page.getByRole('alert').waitFor();
	};
	await looks('form', donate());
	await looks('form-refused', donate(), refused);
	await looks('form-long', donate('long', '&amount=99999999'));
	await looks('not-found', donate('nobody'));
	await valid(await site.request('GET', donate(), {}));
	await valid(await site.request('GET', donate('nobody'), {}));
	await valid(await site.request('POST', donate(), {
		body: 'give=ten&currency=USD&donorEmail=zoe', headers: {
			'Content-Type': 'application/x-www-form-urlencoded' },
	}));
});

const side = ['--partner', shop.slug, '--side', 'test'];
await site.cli('appeal', 'create', ...side, '--title', `For ${LONG}`,
    '--nonprofit', 'american-red-cross', '--currency', 'USD', '--goal', '99');
for (const perk of [[LONG, '--description', LONG, '--min-amount', '20',
	'--question', 'Which colour?'], ['Dinner', '--stock', '0'],
['Last card', '--stock', '1']])
	await site.cli('appeal', 'perk', ...side, '--appeal', '1', '--title',
	    ...perk);
const withPerks = donate(undefined, '&appealId=1');

test('the form with perks, refused as well', async () => {
	await looks('form-perks', withPerks);
	await looks('form-perks-refused', withPerks, async (page) => {
		await page.getByRole('radio').nth(1).check();
		await page.getByRole('button').click();
		await page.getByRole('alert').waitFor();
	});
	/* From the right to the left, as a browser that translates has it. */
	await looks('form-perks-right', withPerks, (page) =>
		page.evaluate(() => { document.dir = 'rtl'; }));
	await valid(await site.request('GET', withPerks, {}));
	await valid(await site.request('POST', withPerks, {
		body: 'give=10&currency=USD&appealId=1&perk=1', headers: {
			'Content-Type': 'application/x-www-form-urlencoded' },
	}));
});

test('a perk by keyboard; two donors at once want the last one', async () => {
	const [one, two] = [await open(withPerks), await open(withPerks)];
	for (const page of [one, two]) {
		const group = page.getByRole('group',
		    { name: 'Choose a thank-you gift' });
		assert.equal(await group.getByRole('radio', { name: 'Dinner' })
		    .isDisabled(), true);
		await group.getByRole('radio', { name: 'No thank-you' })
		    .focus();
		await page.keyboard.press('ArrowUp');
		assert.equal(await group.getByRole('radio',
		    { name: 'Last card 1 left.' }).isChecked(), true);
	}
	await one.getByRole('button').click();
	await one.waitForURL(/\/v1\/checkout\//);
	await two.getByRole('button').click();
	await two.getByRole('alert').waitFor();
	const told = two.getByRole('radiogroup',
	    { name: 'Choose a thank-you gift' });
	assert.match(await told.innerText(), /0 of that perk are left/);
	await two.getByRole('button').click();
	await two.waitForURL(/\/v1\/checkout\//);
	assert.deepEqual([...one.troubles, ...two.troubles], []);
});

test('from the form to thanks, by keyboard, without scripts', async () => {
	const page = await open(donate());
	const press = async (...keys) => {
		for (const key of keys)
			await page.keyboard.press(key);
	};
	await press('Tab');
	await page.keyboard.type('x');
	await press('Enter');
	await page.getByRole('alert').waitFor();
	await page.getByLabel('Amount').focus();
	await press('Control+a');
	await page.keyboard.type('12.50');
	await press('Tab', 'Tab', 'ArrowDown', 'Tab', 'Tab');
	await page.keyboard.type('zoe@example.org');
	await press('Tab');
	await page.keyboard.type('Zo\u00eb');
	await press('Tab', 'Tab', 'Space', 'Tab', 'Enter');
	await page.waitForURL(/\/v1\/checkout\/[0-9a-f]{24}$/);
	const id = page.url().split('/').pop();
	await press('Tab', 'Control+a');
	await page.keyboard.type(CARDS['0002']);
	await press('Enter');
	assert.match(await page.getByRole('alert').textContent(),
	    /Please look again at what is marked below/);
	await press('Tab', 'Control+a');
	await page.keyboard.type(CARDS[4242]);
	await press('Tab', 'Enter');
	await page.waitForURL(/\/thanks\?donation=|\/thanks$/);
	assert.equal(await page.getByRole('heading').textContent(),
	    'Thank you for your donation!');
	assert.match(await page.getByRole('main').textContent(),
	    /Donation12\.50 USD\s*Tip for the platform1\.25 USD/);
	const { frequency, first_name, anonymous } = (await sql(site,
	    'SELECT * FROM donations ORDER BY tenant, id')).at(-1);
	assert.deepEqual([frequency, first_name, anonymous],
	    [3, 'Zo\u00eb', 1]);
	assert.equal((await status(shop, id)).status, 'COMPLETED');
	assert.deepEqual(page.troubles, []);
	await page.context().close();
});

test('a second click pays nothing twice, nor does the way back', async () => {
	const id = await start(shop, { partnerUserId: 'clicker' });
	const page = await open(`/v1/checkout/${id}`);
	await page.getByRole('button', { name: 'Pay' })
	    .dblclick({ noWaitAfter: true });
	/* The second click aborts the first one's way there. */
	await page.getByRole('heading',
	    { name: 'Thank you for your donation!' }).waitFor();
	assert.match(page.url(), /\/thanks/);
	assert.equal((await status(shop, id)).tokensDistributed, 175);
	assert.deepEqual(await sql(site, 'SELECT count(*) AS n FROM actions' +
	    ` WHERE idempotency_key LIKE '%${id}%'`), [{ n: 1 }]);
	await page.goBack();
	await page.getByText('It is paid.').waitFor();
	assert.equal(await page.getByLabel('Card number').count(), 0);
	assert.deepEqual(page.troubles, []);
	await page.context().close();
});

test('nothing of a page is hidden from touch: targets of 44 px',
    async () => {
	const id = await start(shop);
	for (const target of [donate(), `/v1/checkout/${id}`]) {
		const page = await open(target, { javaScriptEnabled: true,
			bypassCSP: true });
		const small = await page.evaluate(() => [...document
		    .querySelectorAll('button, select, label.check, ' +
			'input:not([type=hidden], [type=checkbox])')]
		    .filter((e) => e.getBoundingClientRect().height < 44)
		    .map((e) => e.outerHTML));
		assert.deepEqual(small, []);
		await page.context().close();
	}
});
