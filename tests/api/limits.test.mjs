// How often a partner may call, how often a stranger may fail, and what is
// counted of both: shared by every process of every program, kept over a
// restart, never written with a request.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { until, useSite } from '../lib/site.mjs';

const site = await useSite({ procs: 2 });
const minute = () => Math.floor(site.clock.now() / 60);

/** What the books say, read beside the server. */
function sql(query) {
	return execFileSync('sqlite3', ['-readonly',
		`${site.dir}/data/ledger.db`, query], { encoding: 'utf8' })
	    .trim();
}

test('a partner has so many requests a minute, over all programs', async () => {
	const acme = await site.partner({ limit: 4 });
	const targets = ['/v1/partner/actions', '/v1/partner/token-pools',
		'/v1/partner/users/nobody', '/v1/partner/actions?limit=1'];
	for (const [i, target] of targets.entries()) {
		const { headers, status } = await acme.get(target);
		assert.notEqual(status, 429);
		assert.equal(headers['x-ratelimit-limit'], '4');
		assert.equal(headers['x-ratelimit-remaining'], String(3 - i));
		assert.equal(headers['x-ratelimit-reset'],
		    String((minute() + 1) * 60));
	}
	const { status, body, headers } =
	    await acme.get('/v1/partner/token-pools');
	assert.equal(status, 429);
	assert.equal(body.code, 'RATE_LIMITED');
	assert.equal(headers['x-ratelimit-remaining'], '0');
	assert.equal(headers['retry-after'],
	    String((minute() + 1) * 60 - site.clock.now()));
});

test('the limit survives a restart and ends with its minute', async () => {
	const acme = await site.partner({ limit: 1 });
	assert.equal((await acme.get('/v1/partner/actions')).status, 200);
	await site.restart();
	const again = await acme.get('/v1/partner/actions?page=1');
	assert.equal(again.status, 429);
	site.clock.advance(Number(again.headers['retry-after']));
	assert.equal((await acme.get('/v1/partner/actions')).status, 200);
});

test('two partners, and two sides of one, do not share', async () => {
	const acme = await site.partner({ limit: 1 });
	const bolt = await site.partner({ limit: 1 });
	assert.equal((await acme.get('/v1/partner/actions')).status, 200);
	assert.equal((await bolt.get('/v1/partner/actions')).status, 200);
	const live = await site.createKey({ slug: acme.slug, side: 'live' });
	assert.equal((await acme.get('/v1/partner/actions', {
		key: live.secretKey, secret: live.hmacSecret,
	})).status, 200);
	assert.equal((await acme.get('/v1/partner/actions')).status, 429);
});

test('the tier is the limit where a partner has none of its own', async () => {
	const acme = await site.partner({ limit: null });
	const limit = async () => (await acme.get('/v1/partner/actions'))
	    .headers['x-ratelimit-limit'];
	for (const [tier, number] of [['STANDARD', 1000],
		['PROFESSIONAL', 5000], ['ENTERPRISE', 20000]]) {
		await site.cli('partner', 'set', '--partner', acme.slug,
		    '--tier', tier);
		site.clock.advance(1);
		assert.equal(await limit(), String(number));
	}
	const { code, stderr } = await site.tryCli('partner', 'set',
	    '--partner', acme.slug, '--tier', 'GOLD');
	assert.equal(code, 1);
	assert.match(stderr, /STANDARD, PROFESSIONAL or ENTERPRISE/);
});

test('a refused request counts, an unknown caller has no headers', async () => {
	const acme = await site.partner({ limit: 2 });
	const bad = await acme.post('/v1/partner/actions/submit', {});
	assert.equal(bad.status, 400);
	assert.equal(bad.headers['x-ratelimit-remaining'], '1');
	const stranger = await acme.get('/v1/partner/actions',
	    { key: 'sk_test_x' });
	assert.equal(stranger.status, 401);
	assert.equal(stranger.headers['x-ratelimit-limit'], undefined);
});

test('an address that keeps failing is not listened to', async () => {
	const acme = await site.partner();
	site.configure({ failures_a_minute: 3 });
	await site.restart();
	site.clock.advance(60);
	const wrong = { secret: '0'.repeat(64) };
	for (let i = 0; i < 3; i++)
		assert.equal((await acme.get(
		    `/v1/partner/actions?page=${i + 1}`, wrong)).status, 401);
	const { status, body, headers } =
	    await acme.get('/v1/partner/token-pools');
	assert.equal(status, 429);
	assert.equal(body.code, 'RATE_LIMITED');
	assert.match(body.detail, /address/);
	site.clock.advance(Number(headers['retry-after']));
	assert.equal((await acme.get('/v1/partner/actions')).status, 200);
	site.configure({ failures_a_minute: 1000000 });
	await site.restart();
});

/** What is counted after an answer is there with a later minute's work. */
const inTime = (partner, test) => until(async () => {
	site.clock.advance(60);
	await partner.get('/v1/partner/actions');
	return test();
}, 20000);

test('usage is written down once a minute, not with a request', async () => {
	const acme = await site.partner({ limit: 8 });
	const tenant = sql('SELECT max(tenant) FROM api_keys');
	const rows = () => sql(`SELECT counter, times FROM usage WHERE
	    tenant = ${tenant} AND counter < 1000 ORDER BY counter`);
	site.clock.advance(60);
	await acme.get('/v1/partner/actions');	// the minute's work, then this
	site.clock.advance(1);
	await acme.post('/v1/partner/actions/submit', {});
	await acme.get('/v1/partner/actions?page=0');
	assert.doesNotMatch(rows(), /^4/m);
	assert.ok(await inTime(acme, () => /^2\|\d+\n4\|2$/.test(rows())),
	    rows());
	const times = `SELECT sum(times) FROM usage WHERE tenant = ${tenant}
	    AND counter`;
	assert.ok(await inTime(acme, () => sql(`${times} >= 1000`) ===
	    sql(`${times} BETWEEN 2 AND 5`)));
});

test('a key shows when it was last used', async () => {
	const acme = await site.partner();
	const shown = async () => (await site.cli('key', 'list', '--partner',
	    acme.slug, '--side', 'test'))[0].lastUsedAt;
	assert.equal(await shown(), null);
	await acme.get('/v1/partner/actions');
	const used = site.clock.now();
	assert.ok(await inTime(acme, async () =>
		Date.parse(await shown()) / 1000 >= used));
});

test('a rotated key goes on for its overlap, its successor now', async () => {
	const acme = await site.partner();
	const next = await site.cli('key', 'rotate', '--key', acme.keyId,
	    '--overlap', '2');
	const fresh = { key: next.secretKey, secret: next.hmacSecret };
	const both = async () => [
		(await acme.get('/v1/partner/actions')).status,
		(await acme.get('/v1/partner/actions', fresh)).status];
	assert.deepEqual(await both(), [200, 200]);
	site.clock.advance(7199);
	assert.deepEqual(await both(), [200, 200]);
	site.clock.advance(1);
	const old = await acme.get('/v1/partner/actions');
	assert.equal(old.status, 401);
	assert.equal(old.body.code, 'KEY_EXPIRED');
	assert.deepEqual(await both(), [401, 200]);
	const { code } = await site.tryCli('key', 'rotate', '--key',
	    acme.keyId);
	assert.equal(code, 1, 'an expired key has no successor');
});

test('a revoked key is refused by every process at once', async () => {
	const acme = await site.partner();
	for (let i = 0; i < 6; i++)
		await acme.get(`/v1/partner/actions?page=${i + 1}`);
	await site.tryCli('key', 'revoke', '--key', acme.keyId);
	const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((page) =>
	    acme.get(`/v1/partner/actions?page=${page}`)));
	assert.ok(answers.every(({ body }) => body.code === 'INVALID_KEY'));
});

test('an event warns, once, of a key that will expire', async () => {
	const expires = new Date((site.clock.now() + 20 * 86400) * 1000);
	const acme = await site.partner({ expires: expires.toISOString() });
	const warned = () => sql('SELECT count(*) FROM events e JOIN api_keys k'
	    + ` ON k.id = e.refers WHERE k.publishable = '${
	    acme.publishableKey}' AND e.data IS NULL AND e.tenant = k.tenant`
	    + ' AND k.warned_at IS NOT NULL AND e.type = 7');
	const worked = () => sql('SELECT sum(times) FROM usage');
	const before = worked();
	assert.ok(await inTime(acme, () => worked() !== before));
	assert.equal(warned(), '0');
	site.clock.advance(7 * 86400);
	assert.ok(await inTime(acme, () => warned() === '1'));
	const then = worked();
	assert.ok(await inTime(acme, () => worked() !== then));
	assert.equal(warned(), '1');
});
