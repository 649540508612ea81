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

/** An appeal of a partner's, and its perks. */
async function appeal(partner, ...perks) {
	const own = ['--partner', partner.slug, '--side', 'test'];
	const { id } = await site.cli('appeal', 'create', ...own, '--title',
	    'Winter <shelter>', '--nonprofit', 'american-red-cross',
	    '--currency', 'USD', '--goal', '5000');
	for (const perk of perks)
		await site.cli('appeal', 'perk', ...own, '--appeal',
		    String(id), ...perk);
	await site.cli('appeal', 'fundraiser', ...own, '--appeal',
	    String(id), '--title', 'Ada runs');
	return id;
}

const radios = (html) => [...html.matchAll(new RegExp('<input type="radio" ' +
    'name="perk" value="(\\d+)"( disabled)?( checked)?> <span>([^]*?)' +
    '</span></label>', 'g'))].map(([, id, off, on, text]) => [Number(id),
	off !== undefined, on !== undefined, text.replace(/<[^>]*>/g, ' ')
	    .replace(/ +/g, ' ').trim()]);

test('perks: what each takes, how many are left, and none', async () => {
	const own = await site.partner();
	await appeal(own, ['--title', 'A <scarf>', '--description', 'Red',
		'--min-amount', '49.50', '--stock', '2', '--question',
		'Which <colour>?'], ['--title', 'A card'], ['--title',
		'Dinner', '--stock', '0']);
	const html = shown(await ask('&appealId=1&fundraiserId=1', own));
	assert.ok(html.includes('<strong>Winter &lt;shelter&gt;</strong><br>' +
	    '0.00 of 5000.00 USD raised</p>'));
	assert.match(html, /<legend>Choose a thank-you gift<\/legend>/);
	assert.deepEqual(radios(html), [
		[0, false, true, 'No thank-you gift'],
		[1, false, false,
			'A &lt;scarf&gt; Red. From 49.50 USD. 2 left.'],
		[2, false, false, 'A card'],
		[3, true, false, 'Dinner Sold out.']]);
	assert.match(html, /A &lt;scarf&gt;: Which &lt;colour&gt;\?/);
	assert.deepEqual([value(html, 'appealId'), value(html,
	    'fundraiserId')], ['1', '1']);
	assert.deepEqual(radios(shown(await ask('&appealId=1&perk=2', own)))
	    .map(([, , on]) => on), [false, false, true, false]);
	assert.doesNotMatch(shown(await ask('', own)), /appealId|radio/);

	led(await send({ give: '49.50', appealId: '1', fundraiserId: '1',
		perk: '1', answer: 'blue' }, own));
	led(await send({ appealId: '1', perk: '0', answer: 'none' }, own));
	assert.deepEqual((await gifts(own)).map((row) => [row.appeal,
		row.fundraiser, row.perk, row.perk_times, row.perk_answer]),
	[[1, 1, 1, 1, 'blue'], [1, null, null, 0, null]]);
});

test('perks: what is refused is told beside them', async () => {
	const own = await site.partner();
	await appeal(own, ['--title', 'Scarf', '--min-amount', '49.50',
		'--stock', '1']);
	const low = shown(await send({ give: '49.49', appealId: '1',
		perk: '1', answer: 'blue' }, own), 400);
	assert.ok(low.includes('<fieldset class="field" role="radiogroup" ' +
	    'aria-invalid="true" aria-describedby="perk-wrong">'));
	assert.match(low,
	    /id="perk-wrong">It takes 49\.50 USD or more to have that\./);
	assert.match(low, /<p>Please look again at what is marked below/);
	assert.deepEqual(radios(low)[1].slice(0, 3), [1, false, true]);
	assert.equal(value(low, 'give'), '49.49');
	assert.doesNotMatch(low, /<li>/);
	const last = { give: '50', appealId: '1', perk: '1' };
	const both = await Promise.all([send(last, own), send(last, own)]);
	assert.deepEqual(both.map(({ status }) => status).sort(), [303, 409]);
	const gone = shown(both.find(({ status }) => status === 409), 409);
	assert.match(gone, /id="perk-wrong">0 of that perk are left/);
	assert.deepEqual(radios(gone).map(([id, off, on]) => [id, off, on]),
	    [[0, false, true], [1, true, false]]);
	assert.match(told(await send({ ...last, perk: '99' }, own), 422),
	    /There is no such gift/);
	assert.equal((await gifts(own)).length, 1);
	led(await send({ appealId: '1' }, own));
});

test('an appeal that is not there, or is for another nonprofit', async () => {
	const own = await site.partner();
	await appeal(own);
	shown(await ask('&appealId=1', own));
	told(await ask('&appealId=2', own), 422);
	told(await ask('&appealId=1', own, '530196605x'), 422);
	told(await ask('&appealId=1'), 422);
	told(await send({ appealId: '2' }, own), 422);
	told(await send({ perk: '1' }, own), 400);
	told(await send({ appealId: '1', fundraiserId: '9' }, own), 422);
	assert.deepEqual(await gifts(own), []);
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
