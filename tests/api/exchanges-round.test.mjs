// A whole round trip between two sites: what one exchanges, it delivers to the
// other, which credits the member; and what it reverts is taken back there.

import assert from 'node:assert/strict';
import test from 'node:test';
import { earn, exchange, history, listen, programme, revert }
    from '../lib/exchange.mjs';
import { balance, good, pool, rows } from '../lib/expect.mjs';
import { attempts, configureHooks, deliver, deliveries, startReceiver }
    from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';

const PASSWORD = 'almoner:a password of theirs';
const here = await useSite(), there = await useSite();
await configureHooks(here);
const shop = await here.partner({ slug: 'shop' });
const blue = await there.partner({ slug: 'blue', tokens: 1000 });
await programme(shop);
await listen(blue, { symbol: 'BLUE', secret: PASSWORD });

const register = async (url) => good(await shop.post('/v1/partner/webhooks',
    { url, format: 'qiibee', secret: PASSWORD, eventTypes:
	['exchange.completed', 'exchange.reverted'] }), 201).webhookId;
const remove = (id) => {
	here.clock.advance(1);
	return shop.signed('DELETE', `/v1/partner/webhooks/${id}`);
};

test('the payload is that of the format, with the chain\'s hash', async () => {
	const receiver = await startReceiver();
	const id = await register(receiver.url);
	await earn(shop, 'zoë', 300);
	const made = good(await exchange(shop, { partnerUserId: 'zoë',
	    tokens: 250, membershipId: 'zoe@example.com' }), 201);
	await deliver(here);
	here.clock.advance(60);
	const back = good(await revert(shop, made.exchangeId));
	await deliver(here);
	const [credit, debit] = receiver.got.map(({ body }) =>
	    JSON.parse(body));
	assert.deepEqual(credit, { amount: 25, token_name: 'Blue Miles',
		token_symbol: 'BLUE', transaction_type: 'credit',
		tx_hash: made.txHash, tx_hash_reverted: null,
		auth_id: 'zoe@example.com', timestamp: '2025-05-10T11:20:00' });
	assert.deepEqual(debit, { ...credit, transaction_type: 'debit',
		tx_hash: back.revertTxHash, tx_hash_reverted: made.txHash,
		timestamp: '2025-05-10T11:21:00' });
	for (const { headers } of receiver.got) {
		assert.equal(headers.authorization, 'Basic ' +
		    Buffer.from(PASSWORD).toString('base64'));
		assert.equal(headers['content-type'], 'application/json');
	}
	const chain = await rows(here, 'SELECT lower(hex(hash)) AS hash' +
	    ' FROM transactions WHERE kind IN (6, 7) ORDER BY number');
	assert.deepEqual(chain.map((t) => t.hash),
	    [credit.tx_hash, debit.tx_hash]);
	await remove(id);
});

test('1 + 13 tries, each waiting longer, and then no more', async () => {
	const receiver = await startReceiver();
	const id = await register(receiver.url);
	receiver.says(500);
	await earn(shop, 'eve', 10);
	const { exchangeId } = good(await exchange(shop,
	    { partnerUserId: 'eve', tokens: 10 }), 201);
	for (let n = 0; n < 16; n++) {
		await deliver(here);
		assert.equal(receiver.got.length, Math.min(n + 1, 14));
		/* A tenth may be added by chance. */
		here.clock.advance(Math.ceil(30 * 2 ** Math.min(n, 12) * 1.1));
	}
	assert.equal(receiver.got.length, 14);
	assert.equal(new Set(receiver.got.map((g) => g.body)).size, 1);
	const ends = (await deliveries(shop)).filter((d) => d.attempts > 1);
	assert.deepEqual(ends.map((d) => [d.status, d.attempts]), [[3, 14]]);
	const made = await attempts(shop);
	assert.equal(made.filter((a) => a.status === 500).length, 14);
	/* Whoever wants the tokens back has to say so. */
	good(await revert(shop, exchangeId));
	await remove(id);
});

test('tokens of one site are points of the other, and back', async () => {
	const id = await register(`${there.base}/v1/inbound/points`);
	await earn(blue, 'M-1', 5);
	await earn(shop, 'ann', 300);
	const made = good(await exchange(shop, { tokens: 200 }), 201);
	assert.equal(made.points, 20);
	assert.equal((await balance(blue, 'M-1')).available, 5);
	await deliver(here);
	assert.equal((await balance(blue, 'M-1')).available, 25);
	assert.equal((await balance(shop, 'ann')).available, 100);
	assert.equal((await pool(blue)).availableBalance, 975);

	/* Twice, by hand: it counts once. */
	const { data: [last] } = good(await shop.get(
	    `/v1/partner/webhooks/${id}/deliveries?limit=1`));
	good(await shop.post(`/v1/partner/webhooks/${id}/deliveries/` +
	    `${last.deliveryId}/retry`, {}));
	await deliver(here);
	assert.equal((await balance(blue, 'M-1')).available, 25);

	good(await revert(shop, made.exchangeId));
	await deliver(here);
	assert.equal((await balance(blue, 'M-1')).available, 5);
	assert.equal((await balance(shop, 'ann')).available, 300);
	assert.equal((await pool(blue)).availableBalance, 995);
	assert.deepEqual(await history(shop, 'ann'), [['REWARD', 300],
		['EXCHANGE', -200], ['EXCHANGE_REVERT', 200]]);
	assert.deepEqual(await history(blue, 'M-1'), [['REWARD', 5],
		['POINTS', 20], ['POINTS_REVERT', -20]]);
	assert.equal((await deliveries(shop)).filter((d) => d.status === 2)
	    .length, 4);
	await remove(id);
});

test('a member who comes to be known is credited by a retry', async () => {
	const id = await register(`${there.base}/v1/inbound/points`);
	await earn(shop, 'gus', 50);
	const made = good(await exchange(shop, { partnerUserId: 'gus',
		tokens: 50, membershipId: 'new-here' }), 201);
	await deliver(here);
	good(await blue.post('/v1/partner/users',
	    { externalId: 'new-here' }), 201);
	here.clock.advance(120);
	await deliver(here);
	assert.equal((await balance(blue, 'new-here')).available, 5);
	await remove(id);
});
