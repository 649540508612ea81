// Where a donor may be sent back to, and what `almoner partner set` lets
// pages do.  No address leads anywhere that its partner has not listed,
// however a browser would read it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { allow, give, led, pay, start, step } from '../lib/gifts.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const shop = await site.partner();
const live = await shop.newKey({ side: 'live' });
await allow(shop, '--return-hosts',
    'shop.example .pages.example Big.Example');

const GOOD = [
	'https://shop.example', 'https://shop.example/',
	'https://shop.example?a',
	'https://shop.example#a', 'https://SHOP.example/a?b=c&d=%20#e',
	'https://shop.example:8443/', 'https://eu.pages.example/',
	'https://a.b.pages.example/@you', 'https://big.example/\u00e9',
	'https://shop.example/?next=https://evil.example',
	'https://shop.example/a@b',
];
const LOOPBACK = ['http://localhost/', 'http://localhost:3000/a',
	'http://127.0.0.1:8080', 'https://localhost/', 'http://[::1]:8080/'];
const BAD = [
	'http://shop.example/', '//shop.example/', '/thanks', 'thanks.html',
	'shop.example/thanks', 'javascript:alert(1)//shop.example',
	'JavaScript:alert(1)', 'data:text/html,hello', 'https:shop.example',
	'https:/shop.example', 'https:///shop.example', 'ftp://shop.example/',
	'https://evil.example/', 'https://evil.example/shop.example',
	'https://evil.example?https://shop.example',
	'https://evil.example#.pages.example',
	'https://shop.example@evil.example/',
	'https://shop.example:x@evil.example/', 'https://u@shop.example/',
	'https://shop.example%40evil.example/',
	'https://evil.example\\.shop.example/',
	'https://evil.example\\@shop.example',
	'https://shop.example\\@evil.example/', 'https:\\\\shop.example',
	'https://shop.example/\\evil', 'https://shop.example/a\tb',
	'https://evil.example\t.shop.example/', '\thttps://shop.example/',
	' https://shop.example/', 'https://shop.example/ ',
	'https://shop.exam ple/',
	'https://shop.example/a\nb', 'https://shop.example\r\nSet-Cookie: a=b',
	'https://shop.example/\u007f', 'https://shop.example/"',
	'https://shop.example/<a>', 'https://shop.example.evil.example/',
	'https://evilshop.example/', 'https://shop.example./',
	'https://shop\u3002example/', 'https://evil.example\u3002shop.example/',
	'https://evil.example\uff0fshop.example/',
	'https://evil\uff0eexample/.pages.example',
	'https://shop.example\uff20evil.example/',
	'https://sh\u043ep.example/', 'https://pages.example/',
	'https://evilpages.example/', 'https://.pages.example/',
	'https://[shop.example/', 'https://[::1]shop.example/',
	'https://', 'https://?', 'https://#shop.example', 'https://:443/',
	'https://shop.example:evil/',
	'https://shop.example:80:80/', 'https://shop.example:8o/',
	'https://localhost.evil.example/', 'http://127.0.0.1.evil.example/',
	'http://2130706433/', 'http://localhost@evil.example/',
	`https://shop.example/${'x'.repeat(2048)}`,
];

for (const field of ['successUrl', 'cancelUrl'])
	test(`${field}: which are good, and which are not`, async () => {
		for (const url of [...GOOD, ...LOOPBACK])
			good(await give(shop, { [field]: url }));
		for (const url of BAD)
			refused(await give(shop, { [field]: url }), 400,
			    'INVALID_REQUEST', [`/${field}`]);
	});

test('on the live side a loopback is nobody\u2019s page', async () => {
	site.configure({ every_org_token: 't', every_org_secret: 's' });
	await site.restart();
	const wish = { provider: 'every.org' };
	for (const url of GOOD)
		good(await give(live, { ...wish, successUrl: url }));
	for (const url of [...LOOPBACK, ...BAD])
		refused(await give(live, { ...wish, successUrl: url }), 400,
		    'INVALID_REQUEST', ['/successUrl']);
});

test('the donor comes back with the donation\u2019s id', async () => {
	for (const [successUrl, back] of [
		['https://shop.example', 'https://shop.example?donation=ID'],
		['https://shop.example/a?b=c',
			'https://shop.example/a?b=c&donation=ID'],
		['https://shop.example/#/x?y',
			'https://shop.example/?donation=ID#/x?y'],
		['https://shop.example/?donation=evil#a',
			'https://shop.example/?donation=evil&donation=ID#a'],
	]) {
		const id = await start(shop, { successUrl,
			cancelUrl: 'https://shop.example/no?a=b' });
		assert.equal(led(await step(site, id, 'cancel')),
		    'https://shop.example/no?a=b');
		assert.equal(led(await pay(site, id)), back.replace('ID', id));
	}
	const id = await start(shop);
	assert.equal(led(await step(site, id, 'cancel')),
	    `${site.base}/v1/checkout/${id}/cancelled`);
	assert.equal(led(await pay(site, id)),
	    `${site.base}/v1/checkout/${id}/thanks`);
});

test('almoner partner set: what it takes', async () => {
	const set = async (...words) => (await site.tryCli('partner', 'set',
	    '--partner', shop.slug, ...words)).code;
	for (const [option, values] of Object.entries({
		'return-hosts': ['https://shop.example', 'shop.example:443',
			'shop.example  two.example', ' shop.example', '.',
			'*.shop.example', 'shop.example/', '..example',
			'a@b.example', '-shop.example',
			'shop.example,b.example',
			`${'x'.repeat(64)}.example`, `${'a.'.repeat(1100)}b`],
		currencies: ['', 'usd', 'USD,EUR', 'USD XXY', 'USD EUR '],
		amounts: ['', '0', '10.00', '1000,2500', '1000  2500', '-5',
			'100000000', '01', '999999999'],
		tip: ['-1', '101', 'no', '1.5', ''],
	}))
		for (const value of values)
			assert.notEqual(await set(`--${option}`, value), 0,
			    `${option} ${value}`);
	assert.equal(await set('--currencies', 'EUR USD', '--amounts',
	    '500 99999999', '--tip', '0', '--return-hosts', ''), 0);
	const config = good(await site.request('GET',
	    `/v1/partner/config?key=${shop.publishableKey}`));
	assert.deepEqual([config.currencies, config.suggestedAmounts,
		config.tipConfig], [['EUR', 'USD'], [500, 99999999],
		{ enabled: true, defaultPercent: 0 }]);
	refused(await give(shop, { successUrl: 'https://shop.example/' }), 400,
	    'INVALID_REQUEST', ['/successUrl']);
	const { code, stderr } = await site.tryCli('partner', 'set',
	    '--partner', 'nobody', '--tip', '5');
	assert.equal(code, 1, stderr);
});
