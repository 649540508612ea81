// The same write again: byte for byte, or with the same Idempotency-Key.
// again.test.mjs has the keys that bodies carry.

import assert from 'node:assert/strict';
import test from 'node:test';
import { good, refused, rows } from '../lib/expect.mjs';
import { purchase, sign, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

const USERS = '/v1/partner/users';
const SUBMIT = '/v1/partner/actions/submit';
const DAY = 86400;

let users = 0;
const person = () => ({ externalId: `user_${++users}`, firstName: 'Zo\u00eb' });
const keyed = (key) => ({ headers: { 'Idempotency-Key': key } });

/** The very same answer, said to be so. */
function replayed(answer, first) {
	assert.equal(answer.status, first.status, answer.text);
	assert.equal(answer.text, first.text);
	assert.equal(answer.headers['content-type'],
	    first.headers['content-type']);
	assert.equal(answer.headers['idempotent-replayed'], 'true');
	assert.equal(first.headers['idempotent-replayed'], undefined);
	assert.notEqual(answer.headers['x-request-id'],
	    first.headers['x-request-id']);
}

const count = async (table) =>
	(await rows(site, `SELECT count(*) AS n FROM ${table}`))[0].n;

test('byte for byte the same: the first answer, nothing twice', async () => {
	const body = person();
	const first = await acme.post(USERS, body);
	good(first, 201);
	const had = [await count('users'), await count('events')];
	for (let i = 0; i < 3; i++)
		replayed(await acme.post(USERS, body), first);
	assert.deepEqual([await count('users'), await count('events')], had);

	/* A second later it is another request. */
	site.clock.advance(1);
	refused(await acme.post(USERS, body), 409, 'USER_CONFLICT');
});

test('the same in another spelling of the signature', async () => {
	const body = person();
	const first = await acme.post(USERS, body);
	const signature = sign(acme.hmacSecret, site.clock.now(), 'POST',
	    USERS, JSON.stringify(body)).toUpperCase();
	replayed(await acme.post(USERS, body, { signature }), first);
});

test('who adds, changes or removes a key header replays as well', async () => {
	for (const [one, two] of [[undefined, 'k1'], ['k2', undefined],
	    ['k3', 'k4']]) {
		const body = person();
		const first = await acme.post(USERS, body, keyed(one));
		good(first, 201);
		replayed(await acme.post(USERS, body, keyed(two)), first);
	}
});

test('the same bytes with other keys are another request', async () => {
	const second = await acme.newKey();
	const body = person();
	good(await acme.post(USERS, body), 201);
	refused(await second.post(USERS, body), 409, 'USER_CONFLICT');
	const theirs = await second.post(USERS, person(), keyed('shared'));
	good(theirs, 201);
});

test('a refusal is not kept: it may succeed the next time', async () => {
	const body = { email: 'late@l.example' };
	const taken = await acme.post(USERS, { externalId: 'user_1' });
	refused(taken, 409, 'USER_CONFLICT');
	const again = await acme.post(USERS, { externalId: 'user_1' });
	refused(again, 409, 'USER_CONFLICT');
	assert.equal(again.headers['idempotent-replayed'], undefined);
	refused(await acme.post(USERS, '{', keyed('late')),
	    400, 'MALFORMED_JSON');
	refused(await acme.post(USERS, { externalId: 'user_1' },
	    keyed('late')), 409, 'USER_CONFLICT');
	good(await acme.post(USERS, body, keyed('late')), 201);
});

test('Idempotency-Key: the first answer to the same body', async () => {
	const body = person();
	const first = await acme.post(USERS, body, keyed('key one'));
	good(first, 201);
	site.clock.advance(7);
	replayed(await acme.post(USERS, body, keyed('key one')), first);
	/* And again, now that this one was answered from memory too. */
	replayed(await acme.post(USERS, body, keyed('key one')), first);
	refused(await acme.post(USERS, body, keyed('key two')),
	    409, 'USER_CONFLICT');
});

test('Idempotency-Key: another body or address is refused', async () => {
	const body = person();
	good(await acme.post(USERS, body, keyed('reused')), 201);
	site.clock.advance(1);
	const had = await count('users');
	for (const [target, changed] of [[USERS, person()],
	    [USERS, { ...body, lastName: 'x' }], [`${USERS}?x=1`, body]]) {
		const answer = await acme.post(target, changed,
		    keyed('reused'));
		refused(answer, 422, 'IDEMPOTENCY_KEY_REUSED');
	}
	assert.equal(await count('users'), had);
});

test('Idempotency-Key: kept for 24 hours', async () => {
	const body = person();
	const first = await acme.post(USERS, body, keyed('daily'));
	good(first, 201);
	site.clock.advance(DAY - 1);
	replayed(await acme.post(USERS, body, keyed('daily')), first);
	refused(await acme.post(USERS, person(), keyed('daily')),
	    422, 'IDEMPOTENCY_KEY_REUSED');
	site.clock.advance(1);
	const next = await acme.post(USERS, person(), keyed('daily'));
	good(next, 201);
	assert.equal(next.headers['idempotent-replayed'], undefined);
});

test('what has expired goes, a little with each write', async () => {
	for (let i = 0; i < 10; i++)
		good(await acme.post(USERS, person(), keyed(`old ${i}`)), 201);
	site.clock.advance(DAY);
	const old = () => rows(site, 'SELECT count(*) AS n FROM replays' +
	    ` WHERE expires_at <= ${site.clock.now()}000`)
	    .then(([{ n }]) => n);
	const had = await old();
	assert.ok(had >= 20);
	for (let i = 0; i < had; i++)
		good(await acme.post(USERS, person()), 201);
	assert.equal(await old(), 0);
});

test('Idempotency-Key: not across partners and sides', async () => {
	const other = await site.partner();
	const live = await acme.newKey({ side: 'live' });
	const body = person();
	const first = await acme.post(USERS, body, keyed('everybody'));
	good(first, 201);
	for (const stranger of [other, live]) {
		const answer = await stranger.post(USERS, body,
		    keyed('everybody'));
		good(answer, 201);
		assert.equal(answer.headers['idempotent-replayed'],
		    undefined);
		assert.notEqual(answer.body.userId, first.body.userId);
	}
});

test('Idempotency-Key: from 1 to 255 bytes', async () => {
	const long = 'k'.repeat(255);
	const first = await acme.post(USERS, { externalId: 'long' },
	    keyed(long));
	good(first, 201);
	site.clock.advance(1);
	replayed(await acme.post(USERS, { externalId: 'long' }, keyed(long)),
	    first);
	refused(await acme.post(USERS, person(), keyed(`${long}k`)),
	    400, 'INVALID_REQUEST');
	for (const key of ['"quoted"', 'a, b', '{}', '0'])
		good(await acme.post(USERS, person(), keyed(key)), 201);
});

test('a header that came twice is not two keys', async () => {
	const bytes = acme.wire('POST', USERS, { body: person() });
	const twice = Buffer.from(bytes.toString('latin1').replace('\r\n',
	    '\r\nIdempotency-Key: x\r\nIdempotency-Key: y\r\n'), 'latin1');
	const { status } = await site.raw(twice);
	assert.ok([201, 400].includes(status), String(status));
});

test('who is refused learns nothing of what was answered', async () => {
	const body = person();
	good(await acme.post(USERS, body, keyed('secret')), 201);
	refused(await acme.post(USERS, body, { ...keyed('secret'),
	    signature: '0'.repeat(64) }), 401, 'INVALID_SIGNATURE');
	const reader = await acme.newKey({ scopes: 'read' });
	refused(await reader.post(USERS, body, keyed('secret')),
	    403, 'INSUFFICIENT_SCOPE');
	site.clock.advance(301);
	const timestamp = site.clock.now() - 301;
	refused(await acme.post(USERS, body, { timestamp }),
	    401, 'TIMESTAMP_OUT_OF_RANGE');
});

test('a body with a key of its own: that one answers', async () => {
	const kept = await count('replays');
	const body = purchase();
	const first = await acme.post(SUBMIT, body, keyed('header'));
	const { actionId } = good(first);
	/* Byte for byte, or with another header: the body's key. */
	for (const options of [keyed('header'), keyed('other'), {}]) {
		const again = await acme.post(SUBMIT, body, options);
		assert.equal(again.status, 409);
		assert.deepEqual(again.body, { ...first.body,
		    code: 'IDEMPOTENT', bodyMatches: true });
		assert.equal(again.headers['idempotent-replayed'],
		    undefined);
	}
	/* The header's key is free for another body. */
	good(await acme.post(SUBMIT, purchase(), keyed('header')));
	good(await acme.post(`${USERS}/user_42/redeem`,
	    { tokens: 1, idempotencyKey: 'own' }, keyed('header')));
	good(await acme.post(`/v1/partner/actions/${actionId}/reverse`,
	    { refundIdempotencyKey: 'own' }, keyed('header')));
	assert.equal(await count('replays'), kept);

	/* For ever. */
	site.clock.advance(400 * DAY);
	assert.equal((await acme.post(SUBMIT, body)).status, 409);
});

test('a GET is never from memory', async () => {
	const target = `${USERS}/user_42/balance`;
	const { available } = good(await acme.get(target, keyed('read')));
	good(await acme.submit({ amount: 5 }));
	const now = good(await acme.get(target, keyed('read')));
	assert.equal(now.available, available + 5);
});
