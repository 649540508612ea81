// GET and POST /donate/:slug: the way to give for browsers without scripts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startReceiver } from '../lib/hooks.mjs';
import { allow, form, gifts, led, shown, told } from '../lib/gifts.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const shop = await site.partner();
const at = (query = '', { publishableKey } = shop, slug =
'american-red-cross') =>
	`/v1/partner/donate/${slug}?key=${publishableKey}${query}`;
const ask = (query, ...more) => site.request('GET', at(query, ...more), {});
const filled = { give: '25', currency: 'USD', frequency: 'once',
	donorEmail: '', firstName: '', lastName: '' };
const send = (fields, ...more) => form(site, at('', ...more),
    { ...filled, ...fields });
const value = (html, name) =>
	new RegExp(`<input[^>]* name="${name}"[^>]*? value="([^"]*)"`)
	    .exec(html)?.[1];
const chosen = (html, name) => new RegExp(`<select[^>]* name="${name}"` +
    '[^]*?<option value="([^"]*)" selected').exec(html)?.[1];

test('the form, as the link fills it in', async () => {
	const html = shown(await ask());
	assert.match(html, /<h1>Donate to American Red Cross<\/h1>/);
	assert.ok(html.includes('<form method="post" action="?key=' +
	    `${shop.publishableKey}" novalidate>`));
	assert.match(html, />Amount in USD<\/label>/);
	assert.match(html, /For example 10.00, 25.00, 50.00, 100.00/);
	assert.deepEqual([value(html, 'give'), value(html, 'currency'),
		chosen(html, 'frequency')], ['10.00', 'USD', undefined]);
	assert.doesNotMatch(html, /tipPercent|name="provider"/);
	const full = shown(await ask('&amount=1250&frequency=monthly' +
	    '&provider=stripe'));
	assert.deepEqual([value(full, 'give'), chosen(full, 'frequency'),
		value(full, 'provider')], ['12.50', 'monthly', 'stripe']);
});

test('several currencies are to be chosen from', async () => {
	const many = await site.partner();
	await allow(many, '--currencies', 'USD EUR JPY', '--tip', '12');
	const html = shown(await ask('&currency=JPY&amount=3000', many));
	assert.equal(chosen(html, 'currency'), 'JPY');
	assert.equal(value(html, 'give'), '3000');
	assert.match(html, /<option value="EUR">EUR<\/option>/);
	assert.equal(chosen(html, 'tipPercent'), '12');
	assert.equal(chosen(shown(await ask('&tipPercent=7', many)),
	    'tipPercent'), '7');
	assert.equal(chosen(shown(await ask('&currency=GBP', many)),
	    'currency'), 'USD');
	led(await send({ give: '3000', currency: 'JPY', tipPercent: '12' },
	    many));
	const [row] = await gifts(many);
	assert.deepEqual([row.currency, row.amount, row.tip],
	    ['JPY', 3000, 360]);
});

test('what was typed leads to the checkout', async () => {
	const to = led(await send({ give: '25', frequency: 'yearly',
		donorEmail: 'Zoe@example.org', firstName: 'Zo\u00eb',
		lastName: 'Doe', visibility: 'anonymous' }));
	const row = (await gifts(shop)).at(-1);
	assert.equal(row.link, to);
	assert.match(to, /\/v1\/checkout\/[0-9a-f]{24}$/);
	assert.deepEqual([row.amount, row.frequency, row.email,
		row.first_name, row.last_name, row.anonymous],
	[2500, 4, 'zoe@example.org', 'Zo\u00eb', 'Doe', 1]);
	led(await send({ give: '10' }));
	const plain = (await gifts(shop)).at(-1);
	assert.deepEqual([plain.amount, plain.frequency, plain.email,
		plain.first_name, plain.anonymous], [1000, 1, null, null, 0]);
});

test('amounts as people write them', async () => {
	for (const [give, amount] of [['25', 2500], ['25.5', 2550],
	    ['25,50', 2550], [' 25.00 ', 2500], ['0.50', 50],
	    ['1 000', 100000], ['999999.99', 99999999]]) {
		led(await send({ give }));
		assert.equal((await gifts(shop)).at(-1).amount, amount);
	}
	for (const [give, says] of [['', 'like 25 or 25.50'],
	    ['25.001', 'like 25'], ['-25', 'like 25'], ['abc', 'like 25'],
	    ['1,000.00', 'like 25'], ['1.000,00', 'like 25'],
	    ['$25', 'like 25'], ['0.49', 'from 0.50 to 999999.99 USD'],
	    ['0', 'from 0.50'], ['1000000', 'to 999999.99'],
	    ['9'.repeat(40), 'like 25']])
		assert.ok(told(await send({ give }), 400).includes(says), give);
});

test('what is refused is the form again, with what was typed', async () => {
	const html = shown(await send({ give: '<b>"5', frequency: 'monthly',
		donorEmail: 'zoe@', firstName: "Zo\u00eb & 'co'",
		lastName: '<Doe>', visibility: 'anonymous' }), 400);
	assert.match(html, /<div class="alert" role="alert">\n<p>Please look /);
	assert.match(html, /<p class="wrong" id="give-wrong">Write an amount/);
	assert.match(html, new RegExp('id="give"[^>]* aria-invalid="true" ' +
	    'aria-describedby="give-hint give-wrong" ' +
	    'value="&lt;b&gt;&quot;5"'));
	assert.match(html, /<p class="wrong" id="donorEmail-wrong">Write an /);
	assert.equal(value(html, 'donorEmail'), 'zoe@');
	assert.equal(value(html, 'firstName'), 'Zo\u00eb &amp; &#39;co&#39;');
	assert.equal(value(html, 'lastName'), '&lt;Doe&gt;');
	assert.equal(chosen(html, 'frequency'), 'monthly');
	assert.match(html, /value="anonymous" checked>/);
	assert.match(told(await send({ currency: 'EUR' }), 400),
	    /Not one of the partner's currencies: USD/);
});

test('what no form of ours sends is refused by a page', async () => {
	const before = (await gifts(shop)).length;
	for (const fields of [{ frequency: 'daily' }, { provider: 'paypal' },
	    { currency: 'US' }, { tipPercent: '101' },
	    { firstName: 'x'.repeat(129) }])
		assert.match(told(await send(fields), 400), /missing or wrong/);
	told(await form(site, at(), {}), 400);
	assert.match(told(await ask('', shop, 'nobody'), 422),
	    /no such nonprofit/);
	told(await send({}, shop, 'nobody'), 422);
	told(await ask('&amount=abc'), 400);
	told(await ask('', { publishableKey: 'pk_test_1' }), 401);
	told(await site.request('GET',
	    '/v1/partner/donate/american-red-cross', {}), 401);
	told(await ask('', { publishableKey: shop.secretKey }), 401);
	assert.equal((await gifts(shop)).length, before);
});

test('a live form: no provider, then one; then it does not answer',
    async () => {
	const live = Object.assign(await shop.newKey({ side: 'live' }),
	    { side: 'live' });
	assert.match(told(await send({ donorEmail: 'a@example.org' }, live),
	    422), /^Donate to American Red Cross Name another provider/);
	site.configure({ every_org_token: 't', every_org_secret: 's' });
	await site.restart();
	const html = shown(await ask('', live));
	assert.doesNotMatch(html, /weekly|yearly|tipPercent/);
	assert.match(html, /"monthly"/);
	assert.match(led(await send({}, live)),
	    /^https:\/\/www\.every\.org\/american-red-cross\?amount=25\.00&/);
	const stripe = await startReceiver();
	stripe.answer = (response) => response.writeHead(500).end('no');
	site.configure({ stripe_url: stripe.url.replace(/\/$/, ''),
		stripe_key: 'sk_live_1', stripe_secret: 'whsec_1' });
	await site.restart();
	const down = shown(await send({ give: '12.50', firstName: 'Zo\u00eb' },
	    live), 502);
	assert.match(down, /role="alert">\n<p>Nothing was paid\. +Try again/);
	assert.deepEqual([value(down, 'give'), value(down, 'firstName')],
	    ['12.50', 'Zo\u00eb']);
	assert.equal((await gifts(live)).at(-1).status, 5);
	assert.equal(stripe.got.length, 1);
});
