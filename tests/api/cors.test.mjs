// What browsers are told, and what a page may know of its partner.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ slug: 'acme', name: 'Acme & S\u00f6hne',
    limit: 3000 });

const CONFIG = '/v1/partner/config';
const ORIGIN = 'https://shop.example';

const list = (text) => text.toLowerCase().split(/, */);

test('a preflight is answered without a key', async () => {
	const { status, headers, text } = await site.request('OPTIONS',
	    CONFIG, { headers: {
		Origin: ORIGIN,
		'Access-Control-Request-Method': 'GET',
		'Access-Control-Request-Headers': 'x-partner-key',
	    } });
	assert.equal(status, 204);
	assert.equal(text, '');
	assert.equal(headers['access-control-allow-origin'], ORIGIN);
	assert.ok(list(headers['access-control-allow-methods'])
	    .includes('get'));
	for (const name of ['content-type', 'x-partner-key'])
		assert.ok(list(headers['access-control-allow-headers'])
		    .includes(name));
	assert.ok(Number(headers['access-control-max-age']) > 0);
	assert.ok(list(headers.vary).includes('origin'));
	assert.equal(headers['access-control-allow-credentials'], undefined);
	assert.match(headers['x-request-id'], /^req_/);
});

test('OPTIONS without an origin is answered too', async () => {
	const { status, headers } = await site.request('OPTIONS', CONFIG);
	assert.equal(status, 204);
	assert.equal(headers['access-control-allow-origin'], undefined);
});

for (const target of ['/v1/partner/actions', '/v1/partner/users',
    '/v1/partner/actions/submit', '/v1/partner/token-pools'])
	test(`no browser is let in to ${target}`, async () => {
		const answer = await site.request('OPTIONS', target,
		    { headers: { Origin: ORIGIN,
			'Access-Control-Request-Method': 'POST' } });
		refused(answer, 405, 'METHOD_NOT_ALLOWED');
		assert.equal(answer.headers['access-control-allow-origin'],
		    undefined);
		const get = await acme.get('/v1/partner/actions',
		    { headers: { Origin: ORIGIN } });
		good(get);
		assert.equal(get.headers['access-control-allow-origin'],
		    undefined);
	});

test('an answer may be read by the page, its headers too', async () => {
	const { headers } = await acme.get(CONFIG,
	    { key: 'pk', headers: { Origin: ORIGIN } });
	assert.equal(headers['access-control-allow-origin'], ORIGIN);
	assert.ok(list(headers.vary).includes('origin'));
	const exposed = list(headers['access-control-expose-headers']);
	for (const name of ['x-request-id', 'x-ratelimit-remaining',
	    'retry-after'])
		assert.ok(exposed.includes(name), name);
});

test('a refusal may be read by the page as well', async () => {
	const answer = await site.request('GET', CONFIG, { headers: {
		'X-Partner-Key': 'pk_test_x', Origin: ORIGIN } });
	refused(answer, 401, 'INVALID_KEY');
	assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
});

test('an origin is given back as a header or not at all', async () => {
	const bytes = Buffer.from(`GET ${site.prefix}${CONFIG} HTTP/1.1\r\n` +
	    'Host: x\r\nConnection: close\r\n' +
	    `X-Partner-Key: ${acme.publishableKey}\r\n` +
	    'Origin: https://a.example\r\n X-Evil: 1\r\n\r\n');
	const { status, headers } = await site.raw(bytes);
	assert.ok([200, 400].includes(status));
	assert.equal(headers['x-evil'], undefined);
});

test('GET /config says what a page may know', async () => {
	const body = good(await acme.get(CONFIG, { key: 'pk' }));
	assert.deepEqual(body, {
		id: acme.id,
		name: 'Acme & S\u00f6hne',
		slug: 'acme',
		enabledFeatures: body.enabledFeatures,
		rateLimit: 3000,
		isActive: true,
		webhookUrl: null,
		tipConfig: { enabled: false, defaultPercent: 10 },
		currencies: ['USD'],
		suggestedAmounts: [1000, 2500, 5000, 10000],
	});
	assert.ok(Array.isArray(body.enabledFeatures));
});

test('GET /config takes no body, and names what it ignores', async () => {
	const { status, headers } = await acme.get(`${CONFIG}?colour=red`,
	    { key: 'pk' });
	assert.equal(status, 200);
	assert.equal(headers['x-ignored-fields'], '/colour');
});
