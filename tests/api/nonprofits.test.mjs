// Nonprofits as pages see them: one, a search, and a walk through many; and
// what `almoner nonprofit` takes in and shows.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { good, ID, NO_ID, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ limit: 100000 });
const live = await site.partner({ side: 'live' });

const ALL = '/v1/partner/organizations';
const get = (target, options) =>
	acme.get(target, { key: 'pk', ...options });
const search = async (q, more = '') => good(await get(
    `${ALL}?q=${encodeURIComponent(q)}${more}`));
const slugs = ({ data }) => data.map(({ slug }) => slug);

function file(name, text) {
	const full = path.join(site.dir, name);
	fs.writeFileSync(full, text);
	return full;
}

const take = (name, text) => site.cli('nonprofit', 'import',
    file(name, text));

test('a fresh site knows the one of the examples', async () => {
	const body = good(await get(`${ALL}/american-red-cross`));
	assert.match(body.id, ID);
	assert.deepEqual({ ...body, id: '', description: '' }, {
		id: '', slug: 'american-red-cross', ein: '530196605',
		name: 'American Red Cross', logoUrl: null,
		status: 'ACTIVE', description: '',
		city: 'Washington', state: 'DC',
	});
	for (const ein of ['530196605', '53-0196605'])
		assert.deepEqual(good(await get(`${ALL}/${ein}`)), body);
	assert.deepEqual(good(await live.get(`${ALL}/american-red-cross`,
	    { key: 'pk' })), body, 'the same for everybody');
});

test('a page may ask, from any site and without a preflight', async () => {
	const { headers } = await get(`${ALL}/american-red-cross`,
	    { headers: { Origin: 'https://shop.example' } });
	assert.equal(headers['access-control-allow-origin'],
	    'https://shop.example');
	good(await site.request('GET', `${ALL}?q=red&key=` +
	    acme.publishableKey));
	refused(await site.request('GET', ALL), 401, 'MISSING_CREDENTIALS');
	refused(await site.request('POST', ALL), 405, 'METHOD_NOT_ALLOWED');
});

test('who is not there', async () => {
	for (const slug of ['nobody', 'American-Red-Cross', '530196606',
	    '1', '%00', 'a%2Fb', NO_ID, 'x'.repeat(3000)])
		assert.ok([400, 404].includes((await get(`${ALL}/${slug}`))
		    .status), slug);
	refused(await get(`${ALL}/nobody`), 404, 'NOT_FOUND');
});

test('a list of one\'s own is taken in, and again', async () => {
	const list = '\ufeffslug,name,ein,description,logo_url\r\n' +
	    'hope,"Hope, Inc. ""Hope""",01-0000001,For all,' +
	    'https://hope.example/logo.png\r\n' +
	    ',Médecins du Lac,,"Two\nlines",\r\n' +
	    ',Little Hope,010000002,,\r\n' +
	    ',Hope,010000003,,\r\n';
	const { rows, added, bad } = await site.tryCli('nonprofit', 'import',
	    file('own.csv', list), '--json').then((said) => {
		const { code, stdout, stderr } = said;
		assert.equal(code, 1);
		assert.match(stderr, /^line 3: description: /m);
		return JSON.parse(stdout);
	});
	assert.deepEqual([rows, added, bad], [4, 3, 1]);
	const mended = list.replace('"Two\nlines"', 'One line');
	const again = await take('own.csv', mended);
	assert.deepEqual({ ...again, milliseconds: 0 }, { rows: 4, added: 1,
		updated: 0, unchanged: 3, bad: 0, milliseconds: 0 });
	const { updated } = await take('own.csv',
	    mended.replace('For all', 'For everybody'));
	assert.equal(updated, 1);
	const hope = good(await get(`${ALL}/hope`));
	assert.equal(hope.name, 'Hope, Inc. "Hope"');
	assert.equal(hope.description, 'For everybody');
	assert.equal(hope.logoUrl, 'https://hope.example/logo.png');
	assert.deepEqual(slugs(await search('hope')),
	    ['hope', 'little-hope', 'hope-010000003']);
	assert.deepEqual(slugs(await search('MEDECINS lac')),
	    ['medecins-du-lac']);
	assert.deepEqual(slugs(await search('01-0000002')), ['little-hope']);
	assert.deepEqual(slugs(await search('530196606')), []);
});

const IRS = 'EIN,NAME,ICO,STREET,CITY,STATE,ZIP,GROUP,SUBSECTION,' +
    'AFFILIATION,CLASSIFICATION,RULING,DEDUCTIBILITY,FOUNDATION,ACTIVITY,' +
    'ORGANIZATION,STATUS,TAX_PERIOD,ASSET_CD,INCOME_CD,FILING_REQ_CD,' +
    'PF_FILING_REQ_CD,ACCT_PD,ASSET_AMT,INCOME_AMT,REVENUE_AMT,NTEE_CD,' +
    'SORT_NAME\n';
const irs = (ein, name) => `${ein},${name},% JANE DOE,1 MAIN ST,BOISE,ID,` +
    '83701-0000,0000,03,3,1000,199001,1,15,000000000,1,01,202312,4,4,01,0,' +
    '12,1,2,3,X20,\n';

test('the file of the IRS is taken in, bad lines are named', async () => {
	const text = IRS + irs('020000001', 'BOISE CHESS CLUB') +
	    irs('2000002', 'NO SUCH NUMBER') + 'too,few\n' +
	    irs('020000003', '"A "B') + irs('020000004', '') +
	    irs('020000005', 'BOISE CHESS CLUB');
	const { code, stdout, stderr } = await site.tryCli('nonprofit',
	    'import', file('irs.csv', text), '--json');
	assert.equal(code, 1);
	assert.deepEqual({ ...JSON.parse(stdout), milliseconds: 0 },
	    { rows: 6, added: 2, updated: 0, unchanged: 0, bad: 4,
		milliseconds: 0 });
	assert.deepEqual(stderr.match(/^line \d+/gm),
	    ['line 3', 'line 4', 'line 5', 'line 6']);
	assert.match(stderr, /line 3: ein: .*nine digits/);
	assert.match(stderr, /line 5: something stands behind/);
	const found = await search('chess boise');
	assert.deepEqual(slugs(found),
	    ['boise-chess-club', 'boise-chess-club-020000005']);
	assert.equal(found.data[0].city, 'BOISE');
	assert.equal(found.data[0].state, 'ID');
	assert.ok(!JSON.stringify(found).includes('JANE'));
});

test('requests are answered while an import goes on', async () => {
	let text = IRS;
	for (let i = 0; i < 50000; i++)
		text += irs(String(30000000 + i).padStart(9, '0'),
		    `TOWN ${i % 97} SOCIETY ${i}`);
	let done = false;
	const import_ = take('many.csv', text).then((said) => {
		done = true;
		return said;
	});
	let answers = 0;
	while (!done) {
		site.clock.advance(1);
		good(await acme.submit({ amount: 1 }));
		answers++;
	}
	const { added, bad } = await import_;
	assert.deepEqual([added, bad], [50000, 0]);
	assert.ok(answers > 0);
	assert.equal((await search('town society')).pagination.total, null,
	    'more than are counted');
});

test('a walk through a search, by page and by cursor', async () => {
	const first = await search('town 5', '&limit=100');
	assert.equal(first.data.length, 100);
	const seen = [];
	let cursor;
	do {
		const { data, pagination } = await search('town 55',
		    `&limit=7${cursor ? `&cursor=${cursor}` : ''}`);
		seen.push(...data.map(({ id }) => id));
		cursor = pagination.nextCursor;
	} while (cursor !== null);
	const { pagination } = await search('town 55', '&limit=7&page=2');
	assert.equal(pagination.total, seen.length);
	assert.equal(new Set(seen).size, seen.length);
	const second = await search('town 55', '&limit=7&page=2');
	assert.deepEqual(second.data.map(({ id }) => id), seen.slice(7, 14));
	assert.deepEqual((await search('town 55', '&page=9999')).data, []);
});

test('the limits of a search', async () => {
	const wrong = async (query, ...pointers) => refused(
	    await get(`${ALL}?${query}`), 400, 'INVALID_REQUEST', pointers);
	await wrong('q=%21%3F', '/q');
	await wrong('q=', '/q');
	await wrong(`q=${'x'.repeat(101)}`, '/q');
	await wrong('limit=101', '/limit');
	await wrong(`q=town&cursor=${NO_ID}`, '/cursor');
	await wrong(`cursor=${acme.tokenPoolId}`, '/cursor');
	await wrong('q=town&limit=100&page=101', '/page');
	good(await get(`${ALL}?q=town&limit=100&page=100`));
	await wrong('limit=100&page=101', '/page');
	good(await get(`${ALL}?q=${'x+'.repeat(50)}`));
	for (const q of ['" OR "', 'name:x', 'NEAR(a b)', '^x', '{}', '\\',
	    'a AND', "'; DROP TABLE x", '%', '*'])
		assert.ok([200, 400].includes((await get(`${ALL}?q=` +
		    encodeURIComponent(q))).status), q);
});

test('what is switched off is not found, and says so', async () => {
	const off = await site.cli('nonprofit', 'deactivate', 'hope');
	assert.equal(off.status, 'INACTIVE');
	assert.equal(good(await get(`${ALL}/hope`)).status, 'INACTIVE');
	assert.ok(!slugs(await search('hope')).includes('hope'));
	await take('own.csv', 'slug,name\nhope,Hope\n');
	assert.equal(good(await get(`${ALL}/hope`)).status, 'INACTIVE');
	await site.cli('nonprofit', 'activate', 'hope');
	assert.ok(slugs(await search('hope')).includes('hope'));
});

test('the command lists, searches and shows', async () => {
	assert.deepEqual((await site.cli('nonprofit', 'list', '--search',
	    'red cross')).map(({ slug }) => slug), ['american-red-cross']);
	assert.equal((await site.cli('nonprofit', 'list')).length, 100);
	const { slug } = await site.cli('nonprofit', 'show', '53-0196605');
	assert.equal(slug, 'american-red-cross');
	const cannot = async (why, ...words) => {
		const { code, stderr } = await site.tryCli('nonprofit',
		    ...words);
		assert.equal(code, 1);
		assert.match(stderr, why);
	};
	await cannot(/nonprofit list/, 'show', 'nobody');
	await cannot(/nonprofit list/, 'deactivate', 'nobody');
	await cannot(/cannot read/, 'import', '/nowhere.csv');
	await cannot(/directory/, 'import', site.dir);
	await cannot(/first line/, 'import', file('no.csv', 'a,b\nc,d\n'));
	await cannot(/first line/, 'import', file('no.csv', ''));
});
