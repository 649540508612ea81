// A site whose programs run in cgi-bin alone: its files lie under another
// address, and the server there sends no header that lets others load them.
// Here it is another origin even.  A shop's page has the widget as a classic
// script, and the site's own pages have their style.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, test } from 'node:test';
import { useBrowser } from '../lib/browser.mjs';
import { run } from '../lib/process.mjs';
import { root, useSite } from '../lib/site.mjs';

const TYPES = { '.js': 'text/javascript', '.css': 'text/css' };

/** The files, and not a header more than they need. */
const plain = http.createServer((request, response) => {
	const name = path.join(root, 'htdocs',
	    path.normalize(new URL(request.url, 'http://x').pathname));
	const found = fs.existsSync(name) && fs.statSync(name).isFile();
	response.writeHead(found ? 200 : 404,
	    { 'Content-Type': TYPES[path.extname(name)] ?? 'text/plain' });
	response.end(found ? fs.readFileSync(name) : '');
});
await new Promise((done) => plain.listen(0, '127.0.0.1', done));
after(() => {
	plain.closeAllConnections();
	plain.close();
});
const files = `http://127.0.0.1:${plain.address().port}`;

const site = await useSite({ now: null });
const acme = await site.partner({ slug: 'acme' });
site.configure({ assets_url: files });
await site.restart();
const { api, shop, visit } = await useBrowser();

const widget = (script, base, attributes) => `${script}
<donate-widget api="${base}/v1/partner" nonprofit="american-red-cross"
    ${attributes}></donate-widget>`;
const classic = `<script defer src="${files}/donate.classic.js"></script>`;

/** What doc/widget.md tells pages to allow, and nothing else. */
const policy = (base) => `default-src 'none'; script-src ${files}; ` +
    `connect-src ${base}; require-trusted-types-for 'script'; ` +
    "trusted-types 'none'; base-uri 'none'; form-action 'self'";

test('the module is not to be had from there', async () => {
	const page = await visit(shop.page(widget(`<script type="module"
	    src="${files}/donate.js"></script>`, site.base,
	`key="${acme.publishableKey}"`)));
	assert.ok(await page.evaluate(() =>
		customElements.get('donate-widget') === undefined));
	assert.match(page.troubles.splice(0).join(), /CORS/);
});

test('the classic script is; donor, checkout and thanks', async () => {
	const page = await visit(shop.page(widget(classic, site.base,
	    `key="${acme.publishableKey}" lang="de"`),
	{ csp: policy(site.base) }));
	await page.getByRole('radio', { name: '100' }).click();
	await page.getByRole('button', { name: /100.*spenden/ }).click();
	await page.waitForURL(/\/v1\/checkout\//);

	/* page.css came, by the policy of the page. */
	assert.equal(await page.evaluate(() =>
		getComputedStyle(document.querySelector('main')).maxWidth !==
		    'none' && document.styleSheets.length), 1);
	assert.equal(await page.locator('link[rel=stylesheet]')
	    .getAttribute('href'), `${files}/checkout/page.css`);
	await page.getByLabel('Card number').fill('4242 4242 4242 4242');
	await page.getByRole('button', { name: 'Pay' }).click();
	await page.waitForURL(/\/page\d+/);
	await page.getByRole('heading', { name: /Dank/ }).waitFor();
});

test('all that the module imports is in it', async () => {
	for (const lang of ['en', 'de', 'fr', 'es', 'ar']) {
		const page = await visit(shop.page(widget(classic, api.base,
		    `key="pk_test_1" appeal="7" lang="${lang}"`),
		{ csp: policy(api.base) }));
		await page.getByText('Postcard').waitFor();
		assert.ok(await page.locator('progress, [role=progressbar]')
		    .count() > 0);
	}
	assert.deepEqual(api.asked.filter((asked) =>
		!asked.path.startsWith('/v1/')), []);
});

test('it is joined from the same parts', async () => {
	const { stdout } = await run('sh', ['etc/donate.sh', 'classic'],
	    { cwd: root });
	assert.equal(stdout, fs.readFileSync(path.join(root,
	    'htdocs/donate.classic.js'), 'utf8'),
	'run: sh etc/donate.sh classic >htdocs/donate.classic.js');
});
