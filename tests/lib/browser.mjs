// A browser, a shop's page and an API that stands in for the site: for tests
// of htdocs/donate.js alone, where the API is to fail in ways that the site
// does not.
//
//	const { api, shop, visit } = await useBrowser();
//	const page = await visit(shop.page(widget()), { colorScheme: 'dark' });
//
// api: the stand-in, on an origin of its own that also serves htdocs/
//	base		its URL
//	asked		every request to /v1/: {method, path, headers, body}
//	links()		those of create-link
//	config, organization, appeal, status	what it answers
//	answer(path, reply)	reply: {status, body, headers, raw}, or a
//			function of the request that gives one; null: hangs up
//	forget()	all of that as at first; between tests by itself
// shop: another origin, with a page of any HTML under any policy
//	page(html, {csp, lang, title})	its URL
// visit(url, options): a page in a fresh context (options are playwright's).
//	What its console says of errors and of CSP is in page.troubles, and
//	fails the test unless it is emptied; see also clean() and shot().

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, afterEach } from 'node:test';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { root } from './servers.mjs';

const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html',
	json: 'application/json' };
const axe = fs.readFileSync(createRequire(import.meta.url)
	.resolve('axe-core/axe.min.js'), 'utf8');

/** Where Debian has it, or ALMONER_CHROMIUM. */
export const executablePath =
    process.env.ALMONER_CHROMIUM ?? '/usr/bin/chromium';

/** Under this a page's own scripts and ours work, and nothing else does. */
export const strict = (api) => `default-src 'none'; script-src ${api}; ` +
    `connect-src ${api}; style-src 'self'; require-trusted-types-for ` +
    "'script'; trusted-types 'none'; base-uri 'none'; form-action 'self'";

function listen(answer) {
	return new Promise((done) => {
		const server = http.createServer(answer);
		server.listen(0, '127.0.0.1', () => done(server));
	});
}

const address = (server) => `http://127.0.0.1:${server.address().port}`;

function body(request) {
	return new Promise((done) => {
		let text = '';
		request.on('data', (bytes) => { text += bytes; });
		request.on('end', () => done(text));
	});
}

/** problem+json, as lib/api/problem.c makes it. */
export const problem = (status, code, more = {}) => ({ status, headers: {
	'Content-Type': 'application/problem+json' }, body: {
	type: 'about:blank', title: code, status, code, detail: code,
	requestId: 'req_1', errors: [], ...more } });

/** What doc/api.md says that these endpoints answer. */
const first = () => ({
	config: { id: '65f1', name: 'Demo Shop', slug: 'demo',
		enabledFeatures: ['donations'], rateLimit: 1000,
		isActive: true, webhookUrl: null, tipConfig: {
			enabled: false, defaultPercent: 10 },
		currencies: ['USD'],
		suggestedAmounts: [1000, 2500, 5000, 10000] },
	organization: { id: '65f2', slug: 'american-red-cross',
		name: 'American Red Cross', logoUrl: null, ein: '530196605',
		status: 'ACTIVE', description: null },
	appeal: { id: 7, title: 'Flood relief 2026',
		nonprofitSlug: 'american-red-cross', goal: 5000000,
		raised: 1845000, currency: 'USD', donors: 214, perks: [
			{ id: 1, title: 'Postcard', description:
				'Written by hand, from the field',
			minAmount: 2000, stock: null, remaining: null,
			question: null },
			{ id: 2, title: 'T-shirt', description:
				'Organic cotton',
			minAmount: 6000, stock: 50, remaining: 3,
			question: 'Which size?' },
			{ id: 3, title: 'Dinner with the team', description:
				null, minAmount: 100000, stock: 2,
			remaining: 0, question: null }],
		fundraisers: [] },
	status: { status: 'COMPLETED', amount: 2500, currency: 'USD',
		tokensDistributed: 175, nonprofit: {
			slug: 'american-red-cross',
			name: 'American Red Cross' } },
});

export class StandIn {
	asked = [];
	#own = new Map();
	/** Idempotency-Key to donation: the same key, the same link. */
	#made = new Map();

	constructor(server) {
		this.base = address(server);
		this.forget();
	}

	forget() {
		Object.assign(this, first());
		this.asked.length = 0;
		this.#own.clear();
		this.#made.clear();
	}

	answer(target, reply) {
		this.#own.set(target, reply);
	}

	links() {
		return this.asked.filter(({ path: target, method }) =>
		    method === 'POST' && target.endsWith('/create-link'));
	}

	#link(request) {
		const key = request.headers['idempotency-key'];
		const id = this.#made.get(key) ?? `don_${this.#made.size + 1}`;
		this.#made.set(key, id);
		const back = encodeURIComponent(
		    JSON.parse(request.body).successUrl ?? '');
		return { status: 201, body: { partnerDonationId: id,
			donationLink: `${this.base}/pay/${id}?back=${back}`,
			expiresAt: '2099-01-01T00:00:00Z' } };
	}

	/** The reply to a request, or null for none. */
	reply(request) {
		const rest = request.path.replace('/v1/partner', '');
		const name = rest.replace(/(status)\/.*/, '$1');
		const own = this.#own.get(name);
		if (own !== undefined)
			return typeof own === 'function' ? own(request) : own;
		if (name === '/config')
			return { body: this.config };
		if (name.startsWith('/organizations/'))
			return { body: this.organization };
		if (name.startsWith('/appeals/'))
			return { body: this.appeal };
		if (name === '/donations/status')
			return { body: { partnerDonationId:
				rest.split('/').pop(), ...this.status } };
		if (name === '/donations/create-link')
			return this.#link(request);
		return problem(404, 'NOT_FOUND');
	}
}

/** CORS as lib/api/cors.c has it. */
const cors = (origin) => ({ Vary: 'Origin',
	'Access-Control-Allow-Origin': origin ?? '*',
	'Access-Control-Allow-Methods': 'GET, HEAD, POST',
	'Access-Control-Allow-Headers':
	    'content-type, x-partner-key, idempotency-key',
	'Access-Control-Expose-Headers': 'X-Request-Id, Retry-After' });

function file(target, response) {
	const name = path.join(root, 'htdocs', path.normalize(target));
	const found = fs.existsSync(name) && fs.statSync(name).isFile();
	response.writeHead(found ? 200 : 404, { ...cors(), 'Content-Type':
		TYPES[path.extname(name).slice(1)] ?? 'text/plain' });
	response.end(found ? fs.readFileSync(name) : '');
}

/** The checkout: a page with the way back. */
function checkout({ pathname, searchParams }, response) {
	const id = pathname.split('/').pop();
	const back = searchParams.get('back');
	const url = back ? new URL(back) : null;
	url?.searchParams.set('donation', id);
	response.writeHead(200, { 'Content-Type': 'text/html' });
	response.end('<!DOCTYPE html><title>Checkout</title>' +
	    `<h1>Pay ${id}</h1><a href="${url ?? ''}">Back</a>`);
}

async function answer(api, request, response) {
	const url = new URL(request.url, 'http://x');
	if (url.pathname.startsWith('/pay/'))
		return checkout(url, response);
	if (!url.pathname.startsWith('/v1/'))
		return file(url.pathname, response);
	const head = cors(request.headers.origin);
	if (request.method === 'OPTIONS') {
		response.writeHead(204, head);
		return response.end();
	}
	const asked = { method: request.method, path: url.pathname,
		query: url.searchParams, headers: request.headers,
		body: await body(request) };
	api.asked.push(asked);
	const reply = await api.reply(asked);
	if (!reply)
		return response.destroy();
	response.writeHead(reply.status ?? 200, { ...head,
		'Content-Type': 'application/json', ...reply.headers });
	return response.end(reply.raw ?? JSON.stringify(reply.body));
}

class Shop {
	#pages = new Map();

	async start() {
		this.server = await listen((request, response) => {
			const { pathname } = new URL(request.url, 'http://x');
			const page = this.#pages.get(pathname);
			response.writeHead(page ? 200 : 404, { 'Content-Type':
				'text/html; charset=utf-8', ...(page?.csp && {
				'Content-Security-Policy': page.csp }) });
			response.end(page?.text ?? '');
		});
		this.base = address(this.server);
		return this;
	}

	page(html, { csp, lang = 'en', head = '' } = {}) {
		const name = `/page${this.#pages.size}`;
		this.#pages.set(name, { csp, text: `<!DOCTYPE html>
<html lang="${lang}"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${head}</head>
<body><main><h1>Our shop</h1>${html}</main></body></html>` });
		return this.base + name;
	}
}

/** axe finds nothing to say; shadow roots are looked into. */
export async function clean(page) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => window.axe.run());
	assert.deepEqual(violations.map(({ id, nodes }) => [id,
		nodes.map(({ target, failureSummary }) =>
		    [String(target), failureSummary])]), []);
}

/** A picture for people, where ALMONER_SHOTS names a folder. */
export async function shot(page, name) {
	if (process.env.ALMONER_SHOTS)
		await page.screenshot({ fullPage: true, path:
			`${process.env.ALMONER_SHOTS}/widget-${name}.png` });
}

export async function useBrowser(launch = {}) {
	const server = await listen((request, response) =>
		answer(api, request, response));
	const api = new StandIn(server);
	const shop = await new Shop().start();
	const browser = await chromium.launch({ executablePath,
		args: ['--no-sandbox'], ...launch });
	const pages = new Set();

	async function visit(url, options = {}) {
		const context = await browser.newContext(
		    { locale: 'en-US', reducedMotion: 'reduce',
			...options });
		const page = await context.newPage();
		page.setDefaultTimeout(10000);
		page.troubles = [];
		page.on('pageerror', (error) =>
			page.troubles.push(String(error)));
		page.on('console', (said) => {
			if (said.type() === 'error' &&
			    !/Failed to load resource/.test(said.text()))
				page.troubles.push(said.text());
		});
		pages.add(page);
		await options.before?.(page);
		await page.goto(url);
		return page;
	}

	afterEach(async () => {
		const troubles = [...pages].flatMap((page) => page.troubles);
		for (const page of pages)
			await page.context().close();
		pages.clear();
		api.forget();
		assert.deepEqual(troubles, []);
	});
	after(async () => {
		await browser.close();
		for (const each of [server, shop.server]) {
			each.closeAllConnections();
			each.close();
		}
	});
	return { api, shop, visit, browser };
}

/** The two lines of HTML, with any attributes. */
export function widget(api, attributes = {}, inside = null) {
	const text = Object.entries({ key: 'pk_test_1',
		nonprofit: 'american-red-cross', ...attributes })
		.map(([name, value]) => ` ${name}="${value}"`).join('');
	return `<script type="module" src="${api.base}/donate.js"></script>\n` +
	    `<donate-widget${text}>${inside ??
	    `<a href="${api.base}/v1/partner/donate/american-red-cross` +
	    '?key=pk_test_1">Donate</a>'}</donate-widget>`;
}
