// What a partner may do with their own sandbox: move its clock ahead, and
// begin again.  Live keys have none of it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const clock = '/v1/partner/sandbox/clock';
const reset = '/v1/partner/sandbox/reset';

function sql(query) {
	return execFileSync('sqlite3', ['-readonly',
		`${site.dir}/data/ledger.db`, query], { encoding: 'utf8' })
	    .trim();
}

test('the clock shows, moves by seconds and to a time', async () => {
	const acme = await site.partner();
	const iso = (s) => new Date(s * 1000).toISOString()
	    .replace('.000', '');
	const now = site.clock.now();
	assert.deepEqual((await acme.get(clock)).body,
	    { now: iso(now), secondsAhead: 0 });
	assert.deepEqual((await acme.post(clock,
	    { advanceSeconds: 86400 })).body,
	{ now: iso(now + 86400), secondsAhead: 86400 });
	assert.deepEqual((await acme.post(clock,
	    { now: iso(now + 100000) })).body,
	{ now: iso(now + 100000), secondsAhead: 100000 });
	assert.deepEqual((await acme.get(`${clock}?again`)).body,
	    { now: iso(now + 100000), secondsAhead: 100000 });
});

test('what is done then has that time, signatures keep the real', async () => {
	const acme = await site.partner();
	const bolt = await site.partner();
	await acme.post(clock, { advanceSeconds: 3600 });
	const { body } = await acme.submit({});
	const shown = await acme.get(`/v1/partner/actions/${body.actionId}`);
	assert.equal(Date.parse(shown.body.createdAt) / 1000,
	    site.clock.now() + 3600);
	const other = await bolt.submit({});
	const theirs = await bolt.get(
	    `/v1/partner/actions/${other.body.actionId}`);
	assert.equal(Date.parse(theirs.body.createdAt) / 1000,
	    site.clock.now());
});

test('a clock goes neither back nor too far, nor two ways', async () => {
	const acme = await site.partner();
	const past = new Date((site.clock.now() - 60) * 1000).toISOString();
	for (const [body, pointer] of [
		[{ now: past }, '/now'],
		[{}, '/now'],
		[{ now: '2030-01-01T00:00:00Z', advanceSeconds: 1 }, '/now'],
		[{ advanceSeconds: 0 }, '/advanceSeconds'],
		[{ advanceSeconds: -1 }, '/advanceSeconds'],
		[{ advanceSeconds: 10 * 366 * 86400 + 1 }, '/advanceSeconds'],
		[{ now: '2099-01-01T00:00:00Z' }, ''],
	]) {
		const answer = await acme.post(clock, body);
		assert.equal(answer.status, 400, JSON.stringify(body));
		assert.equal(answer.body.errors[0].pointer, pointer);
	}
	const most = { advanceSeconds: 10 * 366 * 86400 };
	assert.equal((await acme.post(clock, most)).status, 200);
	assert.equal((await acme.post(clock,
	    { advanceSeconds: 1 })).status, 400);
});

test('a reset empties it, fills its pools, keeps keys and rules', async () => {
	const acme = await site.partner({ tokens: 5000 });
	await site.rule({ slug: acme.slug, type: 'VOLUNTEER', flat: 7 });
	const first = await acme.submit({});
	await acme.post(clock, { advanceSeconds: 500 });
	const before = sql('SELECT count(*) FROM entries');

	const answer = await acme.post(reset, {});
	assert.equal(answer.status, 200);
	const [pool, ...others] = answer.body.data;
	assert.equal(others.length, 0);
	assert.equal(pool.name, 'Main');
	assert.equal(pool.isDefault, true);
	assert.equal(pool.availableBalance, 5000);
	assert.notEqual(pool.tokenPoolId, acme.tokenPoolId);

	assert.equal((await acme.get('/v1/partner/actions'))
	    .body.pagination.total, 0);
	assert.equal((await acme.get(
	    `/v1/partner/actions/${first.body.actionId}`)).status, 404);
	assert.equal((await acme.get(clock)).body.secondsAhead, 0);
	site.clock.advance(1);
	const again = await acme.submit({});
	assert.equal(again.status, 200, 'its key is free again');
	const worth = await acme.submit({ idempotencyKey: 'v1',
		actionType: 'VOLUNTEER' });
	assert.equal(worth.body.tokensDistributed, 7);
	assert.ok(Number(sql('SELECT count(*) FROM entries')) >
	    Number(before), 'no entry is ever removed');
	assert.equal(sql('SELECT count(*) FROM users u JOIN tenants t'
	    + " ON t.id = u.tenant WHERE t.side = 'gone' AND"
	    + ' coalesce(u.external_id, u.email, u.first_name,'
	    + ' u.last_name) IS NOT NULL'), '0');
});

test('the same reset sent twice is one reset', async () => {
	const acme = await site.partner();
	const first = await acme.post(reset, {});
	const again = await acme.post(reset, {});
	assert.equal(again.headers['idempotent-replayed'], 'true');
	assert.equal(again.text, first.text);
});

test('a sandbox that is ahead forgets nobody\'s answers', async () => {
	const acme = await site.partner();
	const other = await site.partner({ side: 'live' });
	const users = '/v1/partner/users';
	const keyed = { headers: { 'Idempotency-Key': 'once' } };
	const first = [];
	for (const partner of [acme, other])
		first.push(await partner.post(users, { externalId: 'u' },
		    keyed));
	for (let i = 0; i < 3; i++) {
		site.clock.advance(1);
		await acme.post(clock, { advanceSeconds: 30 * 86400 });
	}
	for (const [i, partner] of [acme, other].entries()) {
		const again = await partner.post(users, { externalId: 'u' },
		    keyed);
		assert.equal(again.headers['idempotent-replayed'], 'true');
		assert.equal(again.text, first[i].text);
	}
});

test('a hundred resets a day, then no more', async () => {
	const acme = await site.partner();
	for (let i = 0; i < 100; i++) {
		site.clock.advance(1);
		assert.equal((await acme.post(reset, {})).status, 200);
	}
	site.clock.advance(1);
	const { status, body } = await acme.post(reset, {});
	assert.equal(status, 429);
	assert.match(body.detail, /100 times a day/);
	site.clock.advance(86400);
	assert.equal((await acme.post(reset, {})).status, 200);
});

test('live keys have no sandbox', async () => {
	const acme = await site.partner({ side: 'live' });
	for (const [method, target] of [['GET', clock], ['POST', clock],
		['POST', reset]]) {
		const { status, body } = await acme.signed(method, target,
		    method === 'GET' ? {} :
			{ body: { advanceSeconds: 1 } });
		assert.equal(status, 403);
		assert.equal(body.code, 'SANDBOX_ONLY');
	}
});
