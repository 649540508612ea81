// Appeals: what the operator makes, what a page sees of them, and the rates
// at which other currencies count.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, ID, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ slug: 'acme' });
const other = await site.partner({ slug: 'other' });
const side = (slug, name = 'test') => ['--partner', slug, '--side', name];

const create = (slug, ...more) => site.cli('appeal', 'create', ...side(slug),
    '--nonprofit', 'american-red-cross', '--currency', 'USD', ...more);
const get = (partner, id, options) =>
	partner.get(`/v1/partner/appeals/${id}`, { key: 'pk', ...options });

async function cannot(status, why, ...words) {
	const { code, stderr } = await site.tryCli(...words);
	assert.equal(code, status, stderr);
	assert.match(stderr, why);
}

test('an appeal as a page sees it', async () => {
	const made = await create('acme', '--title', 'Winter shelter',
	    '--goal', '5000');
	assert.equal(made.id, 1);
	const at = [...side('acme'), '--appeal', '1'];
	await site.cli('appeal', 'perk', ...at, '--title', 'A scarf',
	    '--description', 'Red', '--min-amount', '49.50', '--stock', '2',
	    '--question', 'Which colour?');
	await site.cli('appeal', 'perk', ...at, '--title', 'A card');
	await site.cli('appeal', 'fundraiser', ...at, '--title', 'Ada runs',
	    '--owner', 'Ada Lovelace');
	const answer = await get(acme, 1);
	assert.deepEqual(good(answer), {
		id: 1, title: 'Winter shelter',
		nonprofitSlug: 'american-red-cross',
		goal: 500000, raised: 0, currency: 'USD', donors: 0,
		perks: [
			{ id: 1, title: 'A scarf', description: 'Red',
				minAmount: 4950, stock: 2, remaining: 2,
				question: 'Which colour?' },
			{ id: 2, title: 'A card', description: null,
				minAmount: 0, stock: null, remaining: null,
				question: null },
		],
		fundraisers: [{ id: 1, title: 'Ada runs' }],
	});
	assert.ok(!answer.text.includes('Lovelace'));
});

test('each side has its own, and nobody sees another\'s', async () => {
	await create('acme', '--title', 'Spring');
	assert.equal((await create('other', '--title', 'Theirs')).id, 1);
	assert.equal(good(await get(other, 1)).title, 'Theirs');
	assert.equal(good(await get(acme, 2)).goal, null);
	refused(await get(other, 2), 404, 'NOT_FOUND');
	await site.cli('partner', 'approve', '--partner', 'acme');
	refused(await get(await acme.newKey({ side: 'live' }), 1), 404,
	    'NOT_FOUND');
	for (const id of ['0', '3', '-1', '1x', 'x', '1.0', '4294967297',
	    '9'.repeat(30), '%201', acme.tokenPoolId])
		refused(await get(acme, id), 404, 'NOT_FOUND');
});

test('a page may ask, from any site', async () => {
	const { headers } = await get(acme, 1,
	    { headers: { Origin: 'https://shop.example' } });
	assert.equal(headers['access-control-allow-origin'],
	    'https://shop.example');
	good(await site.request('GET', '/v1/partner/appeals/1?key=' +
	    acme.publishableKey));
	refused(await site.request('GET', '/v1/partner/appeals/1'), 401,
	    'MISSING_CREDENTIALS');
	refused(await get(acme, ''), 404, 'NOT_FOUND');
});

test('what the operator cannot say', async () => {
	const appeal = (...more) => ['appeal', 'create', ...side('acme'),
		...more];
	const base = ['--nonprofit', 'american-red-cross', '--title', 'x'];
	await cannot(2, /ISO 4217/, ...appeal(...base, '--currency', 'usd'));
	await cannot(2, /at most 0 decimals/, ...appeal(...base,
	    '--currency', 'JPY', '--goal', '1.5'));
	await cannot(2, /--goal/, ...appeal(...base, '--currency', 'USD',
	    '--goal', '-1'));
	await cannot(1, /NONPROFIT_NOT_FOUND/, ...appeal('--nonprofit',
	    'nobody', '--title', 'x', '--currency', 'USD'));
	await cannot(1, /\/title/, ...appeal('--nonprofit',
	    'american-red-cross', '--title', '', '--currency', 'USD'));
	await site.cli('nonprofit', 'deactivate', 'american-red-cross');
	await cannot(1, /NONPROFIT_INACTIVE/, ...appeal(...base,
	    '--currency', 'USD'));
	await site.cli('nonprofit', 'activate', 'american-red-cross');

	const perk = (...more) => ['appeal', 'perk', ...side('acme'),
		'--title', 'x', ...more];
	await cannot(1, /APPEAL_NOT_FOUND/, ...perk('--appeal', '9'));
	await cannot(2, /--appeal/, ...perk('--appeal', '0'));
	await cannot(2, /--stock/, ...perk('--appeal', '1', '--stock', '-1'));
	await cannot(2, /--stock/, ...perk('--appeal', '1', '--stock',
	    '99999999999999999999'));
	await cannot(2, /--min-amount/, ...perk('--appeal', '1',
	    '--min-amount', '1.234'));
	await cannot(1, /\/title/, ...perk('--appeal', '1', '--title',
	    'x'.repeat(256)));
	await cannot(1, /APPEAL_NOT_FOUND/, 'appeal', 'fundraiser',
	    ...side('acme'), '--appeal', '9', '--title', 'x');
	await cannot(1, /APPEAL_NOT_FOUND/, 'appeal', 'show',
	    ...side('acme'), '--appeal', '9');
	assert.equal((await site.cli('appeal', 'list', ...side('acme')))
	    .length, 2);
});

test('an appeal has a hundred perks, and no more', async () => {
	const at = [...side('other'), '--appeal', '1', '--title', 'x'];
	for (let i = 0; i < 100; i++)
		await site.cli('appeal', 'perk', ...at);
	await cannot(1, /no more/, 'appeal', 'perk', ...at);
	assert.equal(good(await get(other, 1)).perks.length, 100);
});

test('a sandbox that begins again keeps its appeals', async () => {
	good(await acme.post('/v1/partner/sandbox/reset', {}));
	const { title, perks, fundraisers } = good(await get(acme, 1));
	assert.deepEqual([title, perks.length, fundraisers.length],
	    ['Winter shelter', 2, 1]);
});

test('show and list, for people and for programs', async () => {
	const shown = await site.tryCli('appeal', 'show', ...side('acme'),
	    '--appeal', '1');
	assert.equal(shown.code, 0);
	for (const word of [/Winter shelter/, /A scarf/, /Ada runs/])
		assert.match(shown.stdout, word);
	const list = await site.cli('appeal', 'list', ...side('acme'));
	assert.deepEqual(list.map(({ id }) => id), [2, 1]);
	assert.ok(!ID.test(String(list[0].id)));
});

test('rates are set, set again and listed, as they were written',
    async () => {
	const rate = (from, to, units, ...more) => site.cli('rate', 'set',
	    '--from', from, '--to', to, '--rate', units, ...more);
	assert.deepEqual(await rate('AUD', 'USD', '0.6911', '--day',
	    '2025-05-09'), { day: '2025-05-09', from: 'AUD', to: 'USD',
		rate: 0.6911 });
	const { day } = await rate('IDR', 'USD', '0.0000613');
	assert.equal(day, '2025-05-10', 'today');
	await rate('AUD', 'USD', '0.7', '--day', '2025-05-09');
	assert.deepEqual(await site.cli('rate', 'list'), [
		{ day: '2025-05-10', from: 'IDR', to: 'USD',
			rate: 0.0000613 },
		{ day: '2025-05-09', from: 'AUD', to: 'USD', rate: 0.7 },
	]);
	const set = (...more) => ['rate', 'set', ...more];
	await cannot(2, /--from/, ...set('--from', 'aud', '--to', 'USD',
	    '--rate', '1'));
	await cannot(2, /--rate/, ...set('--from', 'AUD', '--to', 'USD',
	    '--rate', '1,5'));
	await cannot(2, /--day/, ...set('--from', 'AUD', '--to', 'USD',
	    '--rate', '1', '--day', '2025-02-30'));
	await cannot(1, /\/rate/, ...set('--from', 'AUD', '--to', 'USD',
	    '--rate', '0'));
	await cannot(1, /\/to/, ...set('--from', 'AUD', '--to', 'AUD',
	    '--rate', '1'));
});
