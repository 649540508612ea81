// What a login is good for: its tokens, their ends, and tokens of others.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { askAuth, bearer, feed, login, makeAdmin } from '../lib/admin.mjs';
import { good, refused, rows } from '../lib/expect.mjs';
import { startSite, useSite } from '../lib/site.mjs';

const site = await useSite();
const ann = await makeAdmin(site, { email: 'ann@example.org' });
const DAY = 86400;
const me = (token) => askAuth(site, 'me', undefined, token);
const refresh = (refreshToken) =>
	askAuth(site, 'refresh', { refreshToken });

/** It is of no use, and that is how it is told. */
function useless(answer, code) {
	refused(answer, 401, code);
	assert.equal(answer.headers['www-authenticate'],
	    'Bearer realm="almoner", error="invalid_token"');
}

const over = (answer) => useless(answer, 'SESSION_EXPIRED');
const notOurs = (answer) => useless(answer, 'INVALID_TOKEN');

test('an access token says who asks', async () => {
	const { accessToken, member } = await login(site, ann);
	assert.deepEqual(good(await me(accessToken)), member);
	for (const scheme of ['bearer', 'BEARER', 'Bearer  '])
		good(await site.request('GET', '/v1/auth/me', { headers: {
			Authorization: `${scheme} ${accessToken}` } }));
	const { headers } = await site.request('HEAD', '/v1/auth/me',
	    { headers: bearer(accessToken) });
	assert.equal(headers['cache-control'], 'no-store');
});

test('without one nobody asks', async () => {
	const { accessToken } = await login(site, ann);
	for (const headers of [{}, { Authorization: accessToken },
		{ Authorization: `Basic ${accessToken}` },
		{ Authorization: 'Bearer' }]) {
		const answer = await site.request('GET', '/v1/auth/me',
		    { headers });
		refused(answer, 401, 'MISSING_CREDENTIALS');
		assert.equal(answer.headers['www-authenticate'],
		    'Bearer realm="almoner"');
		assert.match(answer.body.detail, /Authorization: Bearer/);
	}
	const acme = await site.partner();
	refused(await acme.get('/v1/auth/me'), 401, 'MISSING_CREDENTIALS');
	refused(await site.request('GET', '/v1/partner/users',
	    { headers: bearer(accessToken) }), 401, 'MISSING_CREDENTIALS');
});

test('it is good for a quarter of an hour', async () => {
	const { accessToken } = await login(site, ann);
	site.clock.advance(899);
	good(await me(accessToken));
	site.clock.advance(1);
	over(await me(accessToken));
});

test('a refresh token is good once, for the next two', async () => {
	const first = await login(site, ann);
	site.clock.advance(1000);
	const second = good(await refresh(first.refreshToken));
	assert.notEqual(second.refreshToken, first.refreshToken);
	good(await me(second.accessToken));
	const third = good(await refresh(second.refreshToken));
	good(await me(third.accessToken));
	assert.equal(third.member.memberId, ann.memberId);
});

test('one that comes again ends its login, and no other', async () => {
	const other = await login(site, ann);
	const first = await login(site, ann);
	const second = good(await refresh(first.refreshToken));
	const again = await refresh(first.refreshToken);
	over(again);
	assert.match(again.body.detail, /used before/);
	over(await refresh(second.refreshToken));
	over(await me(second.accessToken));
	over(await me(first.accessToken));
	good(await me(other.accessToken));
	good(await refresh(other.refreshToken));
	assert.match(site.log(), /came again/);
});

test('of two at once one is served, and the login is over', async () => {
	const { refreshToken } = await login(site, ann);
	const answers = await Promise.all([1, 2, 3, 4].map(() =>
		refresh(refreshToken)));
	const served = answers.filter(({ status }) => status === 200);
	assert.equal(served.length, 1);
	over(await me(served[0].body.accessToken));
	over(await refresh(served[0].body.refreshToken));
});

test('it is good for thirty days, each', async () => {
	const first = await login(site, ann);
	site.clock.advance(30 * DAY - 1);
	const second = good(await refresh(first.refreshToken));
	site.clock.advance(30 * DAY - 1);
	const third = good(await refresh(second.refreshToken));
	site.clock.advance(30 * DAY);
	over(await refresh(third.refreshToken));
});

test('who logs out is out at once, of that login', async () => {
	const [one, two] = [await login(site, ann), await login(site, ann)];
	const answer = await askAuth(site, 'logout', undefined,
	    one.accessToken);
	assert.deepEqual([answer.status, answer.text], [204, '']);
	over(await me(one.accessToken));
	over(await refresh(one.refreshToken));
	over(await askAuth(site, 'logout', undefined, one.accessToken));
	good(await me(two.accessToken));
});

test('who is disabled is out at once, and stays so', async () => {
	const { accessToken, refreshToken } = await login(site, ann);
	await site.cli('admin', 'disable', '--email', 'Ann@example.org');
	over(await me(accessToken));
	over(await refresh(refreshToken));
	await site.cli('admin', 'enable', '--email', 'ann@example.org');
	over(await me(accessToken));
	over(await refresh(refreshToken));
	await login(site, ann);
});

test('another password ends all logins', async () => {
	const all = [await login(site, ann), await login(site, ann)];
	const { code, stderr } = await feed(site, 'another password\n',
	    'admin', 'password', '--email', ann.email, '--password-stdin');
	assert.equal(code, 0, stderr);
	for (const { accessToken, refreshToken } of all) {
		over(await me(accessToken));
		over(await refresh(refreshToken));
	}
	refused(await askAuth(site, 'login', { email: ann.email,
		password: ann.password }), 401, 'INVALID_CREDENTIALS');
	ann.password = 'another password';
	await login(site, ann);
});

const code64 = (value) => Buffer.from(typeof value === 'string' ? value :
	JSON.stringify(value)).toString('base64url');

/** As a token would be made by who has `key`. */
function forged(header, claims, key, hash = 'sha256') {
	const begin = `${code64(header)}.${code64(claims)}`;
	return `${begin}.${createHmac(hash, key).update(begin)
	    .digest('base64url')}`;
}

test('a token that we did not sign is none', async () => {
	const { accessToken, refreshToken } = await login(site, ann);
	const [header, payload, signature] = accessToken.split('.');
	const claims = JSON.parse(Buffer.from(payload, 'base64url'));
	const HS256 = { alg: 'HS256', typ: 'JWT' };
	assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url')), HS256);
	assert.equal(claims.exp - claims.iat, 900);
	const longer = code64({ ...claims, exp: claims.exp + 1 });
	for (const token of [
		`${header}.${longer}.${signature}`,
		`${code64({ alg: 'none', typ: 'JWT' })}.${payload}.`,
		`${code64({ alg: 'none' })}.${payload}`,
		`${header}.${payload}.`, `${header}.${payload}`,
		`${header}.${payload}.${signature}=`, header, '.', '..',
		`${accessToken}.`, `${accessToken.slice(0, -1)}`,
		forged(HS256, claims, ''), forged(HS256, claims, 'secret'),
		forged(HS256, claims, Buffer.alloc(32)),
		forged({ alg: 'HS512', typ: 'JWT' }, claims, '', 'sha512'),
		refreshToken, 'x'.repeat(7000)])
		notOurs(await me(token));
	good(await me(accessToken));
	for (const token of [accessToken, 'x', refreshToken.toUpperCase(),
		'0'.repeat(64)])
		notOurs(await refresh(token));
	good(await refresh(refreshToken));
});

test('a token of another site is none', async () => {
	const other = await startSite();
	try {
		const twin = await makeAdmin(other, { email: ann.email });
		other.clock.set(site.clock.now());
		const theirs = await login(other, twin);
		notOurs(await me(theirs.accessToken));
		notOurs(await refresh(theirs.refreshToken));
	} finally {
		await other.stop();
	}
});

test('who keeps sending wrong ones is not listened to', async () => {
	const { accessToken } = await login(site, ann);
	site.configure({ failures_a_minute: 5 });
	await site.restart();
	site.clock.advance(60 - site.clock.now() % 60);
	for (let i = 0; i < 5; i++)
		notOurs(await me('x'));
	refused(await me(accessToken), 429, 'RATE_LIMITED');
	site.clock.advance(60);
	good(await me(accessToken));
	site.configure({ failures_a_minute: 1000000 });
	await site.restart();
});

test('what is over is forgotten, and nothing that is not', async () => {
	const count = async () => {
		const [{ n, m }] = await rows(site, 'SELECT' +
		    ' (SELECT count(*) FROM sessions) AS n,' +
		    ' (SELECT count(*) FROM refresh_tokens) AS m');
		return [n, m];
	};
	site.clock.advance(31 * DAY);
	const first = await login(site, ann);
	site.clock.advance(29 * DAY);
	const second = good(await refresh(first.refreshToken));
	await site.run(`${site.dir}/bin/housekeep`);
	assert.deepEqual(await count(), [1, 2]);
	site.clock.advance(2 * DAY);
	await site.run(`${site.dir}/bin/housekeep`);
	assert.deepEqual(await count(), [1, 1]);
	notOurs(await refresh(first.refreshToken));
	good(await refresh(second.refreshToken));
	site.clock.advance(31 * DAY);
	await site.run(`${site.dir}/bin/housekeep`);
	assert.deepEqual(await count(), [0, 0]);
});

test('the laws hold whoever writes', async () => {
	const { refreshToken } = await login(site, ann);
	good(await refresh(refreshToken));
	for (const [sql, why] of [
		['UPDATE refresh_tokens SET used_at = NULL', /used once/],
		['UPDATE sessions SET ended_at = 1;' +
		    ' UPDATE sessions SET ended_at = NULL', /is over/],
		["UPDATE members SET role = 'PARTNER'", /CHECK/],
		["UPDATE members SET password = 'plain'", /CHECK/],
		['DELETE FROM members', /FOREIGN KEY/]])
		await assert.rejects(site.run('sqlite3', '-bail', '-cmd',
		    'PRAGMA foreign_keys = on', `${site.dir}/data/ledger.db`,
		    `BEGIN; ${sql};`), why);
});
