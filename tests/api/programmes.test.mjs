// What is around an exchange: programmes and how an operator sets them, the
// events that tell of it, and what stays when a person or a sandbox goes.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { earn, exchange, listen, points, programme, revert, tell }
    from '../lib/exchange.mjs';
import { balance, good, refused, rows } from '../lib/expect.mjs';
import { configureHooks, deliver, deliveries, startReceiver }
    from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
await configureHooks(site);
const acme = await site.partner({ slug: 'acme' });
const shop = await startReceiver();
const side = ['--partner', 'acme', '--side', 'test'];
const list = () => site.cli('programme', 'list', ...side);

test('an operator sets, changes, lists and removes programmes', async () => {
	assert.deepEqual(await list(), []);
	const miles = await programme(acme);
	assert.deepEqual(miles, { code: 'MILES', name: 'Blue Sky',
		tokenName: 'Blue Miles', tokenSymbol: 'BLUE', tokens: 10,
		points: 1, status: 'ACTIVE', createdAt: miles.createdAt });
	site.clock.advance(60);
	const changed = await programme(acme, { tokens: 5, points: 2,
		status: 'INACTIVE', tokenSymbol: 'BLÜ' });
	assert.deepEqual(changed, { ...miles, tokens: 5, points: 2,
		status: 'INACTIVE', tokenSymbol: 'BLÜ' });
	await programme(acme, { code: 'A1_B' });
	assert.deepEqual((await list()).map((p) => p.code),
	    ['A1_B', 'MILES']);
	const remove = (code) => site.tryCli('programme', 'remove', ...side,
	    '--code', code);
	assert.equal((await remove('A1_B')).code, 0);
	assert.equal((await remove('A1_B')).code, 1);
	assert.deepEqual((await list()).map((p) => p.code), ['MILES']);
	assert.deepEqual(await site.cli('programme', 'list', '--partner',
	    'acme', '--side', 'live'), []);
	await programme(acme);
});

test('what is no programme is not set', async () => {
	const before = await list();
	const bad = { code: ['miles', '', '1A', 'A'.repeat(65)],
		name: ['', 'x'.repeat(129)], tokenName: [''],
		tokenSymbol: ['', 'x'.repeat(17)],
		tokens: [0, -1, 1.5, 'x', 1e9 + 1], points: [0, 1e9 + 1],
		status: ['', 'active'] };
	for (const [name, values] of Object.entries(bad))
		for (const value of values)
			await assert.rejects(programme(acme,
			    { [name]: value }), /status 2/, `${name} ${value}`);
	assert.deepEqual(await list(), before);
	await assert.rejects(listen(acme, { symbol: '' }), /status 2/);
	await assert.rejects(site.cli('inbound', 'set', ...side, '--format',
	    'chuffed', '--token-symbol', 'BLUE'), /status 2/);
});

test('a change is for what comes; a removed one can be reverted',
    async () => {
	await earn(acme, 'ann', 300);
	const x = good(await exchange(acme), 201);
	await programme(acme, { tokens: 1, tokenSymbol: 'NEW' });
	assert.deepEqual(good(await acme.get(
	    `/v1/partner/exchanges/${x.exchangeId}`)), x);
	const y = good(await exchange(acme), 201);
	assert.deepEqual([y.points, y.tokenSymbol], [100, 'NEW']);
	await site.cli('programme', 'remove', ...side, '--code', 'MILES');
	refused(await exchange(acme), 422, 'PROGRAMME_NOT_FOUND');
	for (const { exchangeId } of [x, y])
		good(await revert(acme, exchangeId));
	assert.equal((await balance(acme, 'ann')).available, 300);
	await programme(acme);
});

test('events tell of it as it is now, in every format', async () => {
	for (const format of ['sir', 'standard', 'qiibee'])
		good(await acme.post('/v1/partner/webhooks', { url: shop.url,
			format, eventTypes: ['exchange.completed',
				'exchange.reverted'] }), 201);
	const x = good(await exchange(acme), 201);
	const back = good(await revert(acme, x.exchangeId));
	await deliver(site);
	assert.equal(shop.got.length, 6);
	const told = shop.got.map(({ body }) => JSON.parse(body));
	const qiibee = told.filter((t) => t.tx_hash !== undefined);
	assert.deepEqual(qiibee.map((t) => [t.tx_hash, t.tx_hash_reverted])
	    .sort(), [[x.txHash, null], [back.revertTxHash, x.txHash]].sort());
	for (const { data } of told.filter((t) => t.type !== undefined))
		assert.deepEqual(data, back);
	for (const type of ['exchange.completed', 'exchange.reverted']) {
		const { data: [event] } = good(await acme.get(
		    `/v1/partner/events?type=${type}`));
		assert.deepEqual(event.data, back);
	}
});

/** Which of the texts stand in the database or in its log? */
function traces(texts) {
	const bytes = ['', '-wal'].map((suffix) =>
		`${site.dir}/data/ledger.db${suffix}`)
	    .filter((name) => fs.existsSync(name))
	    .map((name) => fs.readFileSync(name));
	return texts.filter((text) => bytes.some((b) => b.includes(text)));
}

test('who is erased is nobody over there either', async () => {
	const MEMBER = 'private-member-4711';
	shop.answer = (response, { body }) => response.end(body);
	await earn(acme, 'jane', 300);
	const x = good(await exchange(acme, { partnerUserId: 'jane',
		membershipId: MEMBER, idempotencyKey: 'jane' }), 201);
	await deliver(site);
	const y = good(await exchange(acme, { partnerUserId: 'jane',
		membershipId: MEMBER }), 201);
	assert.deepEqual(traces([MEMBER]), [MEMBER]);
	site.clock.advance(1);
	const gone = await acme.signed('DELETE', '/v1/partner/users/jane');
	assert.equal(gone.status, 204);
	assert.deepEqual(traces([MEMBER]), []);

	const shown = good(await acme.get(
	    `/v1/partner/exchanges/${x.exchangeId}`));
	assert.deepEqual(shown, { ...x, partnerUserId: null,
		membershipId: null });
	const again = await exchange(acme, { partnerUserId: 'jane',
		membershipId: MEMBER, idempotencyKey: 'jane' });
	assert.equal(again.status, 409);
	assert.equal(again.body.membershipId, null);
	/* The tokens come back, and the programme cannot be told whose. */
	good(await revert(acme, y.exchangeId));
	const before = shop.got.length;
	await deliver(site);
	const late = shop.got.slice(before).map((g) => JSON.parse(g.body));
	assert.ok(late.length > 0 && late.every((t) => t.tx_hash ===
	    undefined && t.data.membershipId === null));
	const open = (await deliveries(acme)).filter((d) => d.status === 1);
	assert.deepEqual(open, []);
});

test('a sandbox that begins anew keeps its programmes and its password',
    async () => {
	const secret = await listen(acme, { symbol: 'BLUE' });
	const before = await list();
	site.clock.advance(1);
	good(await acme.post('/v1/partner/sandbox/reset', {}));
	assert.deepEqual(await list(), before);
	assert.deepEqual(good(await acme.get('/v1/partner/exchanges')).data,
	    []);
	assert.deepEqual(await rows(site,
	    'SELECT 1 FROM exchanges WHERE member IS NOT NULL'), []);
	await acme.post('/v1/partner/users', { externalId: 'bob' });
	refused(await tell(site, points({ token_symbol: 'RED' }), secret),
	    422, 'PROGRAMME_NOT_FOUND');
	assert.equal((await tell(site, points(), secret)).status, 204);
	assert.equal((await balance(acme, 'bob')).available, 100);
	await earn(acme, 'ann', 100);
	good(await exchange(acme), 201);
});

test('live and test exchange nothing with one another', async () => {
	const live = await acme.newKey({ side: 'live' });
	refused(await exchange(live), 422, 'PROGRAMME_NOT_FOUND');
	const { data: [x] } = good(await acme.get('/v1/partner/exchanges'));
	refused(await live.get(`/v1/partner/exchanges/${x.exchangeId}`), 404,
	    'NOT_FOUND');
	refused(await revert(live, x.exchangeId), 404, 'NOT_FOUND');
	assert.deepEqual(good(await live.get('/v1/partner/exchanges')).data,
	    []);
});
