// What a partner asks of any site, whatever server it is behind: each of
// `asks` is given a site of site.mjs and a partner of it, and throws.  Targets
// and bodies here are those that servers have their own ideas of.

import assert from 'node:assert/strict';
import { askAuth, login } from './admin.mjs';
import { good, refused } from './expect.mjs';
import { request } from './http.mjs';
import { purchase } from './partner.mjs';

const SUBMIT = '/v1/partner/actions/submit';
const BULK = '/v1/partner/actions/bulk';
const USERS = '/v1/partner/users';
const CONFIG = '/v1/partner/config';
const ORIGIN = 'https://shop.example';
const MIB = 1 << 20;

/** A purchase of so many bytes. */
function padded(size) {
	const text = JSON.stringify(purchase());
	return text + ' '.repeat(size - text.length);
}

/** Signed, without saying how long it is. */
const chunked = (site, shop, target, body) => request({
	port: site.port, method: 'POST', target: site.prefix + target, body,
	headers: { ...shop.headers('POST', target, body),
		'Transfer-Encoding': 'chunked' },
});

/** Signed, and with one more line among the headers. */
const withLine = (site, shop, line) => site.raw(Buffer.from(
    shop.wire('GET', USERS).toString('latin1')
    .replace('\r\n\r\n', `\r\n${line}\r\n\r\n`), 'latin1'));

async function rewards(site, shop) {
	const body = purchase();
	const { actionId } = good(await shop.post(SUBMIT, body));
	const again = await shop.post(SUBMIT, body,
	    { timestamp: site.clock.now() - 5 });
	assert.equal(again.status, 409, again.text);
	assert.deepEqual([again.body.code, again.body.actionId],
	    ['IDEMPOTENT', actionId]);
	refused(await shop.post(SUBMIT, body, { secret: 'another' }), 401,
	    'INVALID_SIGNATURE');
	refused(await site.request('GET', USERS), 401, 'MISSING_CREDENTIALS');
	refused(await shop.get('/v1/nothing'), 404, 'NOT_FOUND');
}

async function bodies(site, shop) {
	/* By .htaccess it is another program that reads 100000 or more. */
	for (const size of [99999, 100000, 131072, 131073, MIB])
		good(await shop.post(SUBMIT, padded(size)));
	const metadata = { note: 'x'.repeat(2000) };
	const actions = Array.from({ length: 80 },
	    () => purchase({ metadata }));
	const all = JSON.stringify({ actions });
	assert.equal(good(await shop.post(BULK, all)).results.length, 80);
	good(await chunked(site, shop, SUBMIT, padded(200000)));
	refused(await shop.post(SUBMIT, padded(MIB + 1)), 413,
	    'PAYLOAD_TOO_LARGE');
	refused(await chunked(site, shop, SUBMIT, padded(2 * MIB)), 413,
	    'PAYLOAD_TOO_LARGE');
}

async function targets(site, shop) {
	/* Some of these are no files that anybody may see. */
	for (const name of ['A b+c', '.x', 'x.db', 'a.key', '%41', '~', 'bin'])
		good(await shop.post(USERS, { externalId: name }), 201);
	for (const query of ['%41%20b%2Bc', 'A%20b%2bc&x=%2541&x=/../',
		'%2541', '%2ex', 'x.db'])
		assert.equal(good(await shop.get(
		    `${USERS}?externalId=${query}`)).data.length, 1, query);
	for (const name of ['%41%20b+c', '.x', '%2Ex', 'x.db', 'a.key',
		'%2541', '~', '%7e', 'bin'])
		good(await shop.get(`${USERS}/${name}`));
	refused(await shop.get(`${USERS}?limit=%41`), 400, 'INVALID_REQUEST');
	/* What was signed is what was sent. */
	refused(await shop.get(`${USERS}?externalId=%41`,
	    { sent: `${USERS}?externalId=A` }), 401, 'INVALID_SIGNATURE');
}

async function headers(site, shop) {
	assert.equal((await withLine(site, shop, 'X-More: 1')).status, 200);
	for (const name of ['X-Signature', 'X-Timestamp', 'X-Partner-Key']) {
		assert.equal((await withLine(site, shop, `${name}: x`)).status,
		    401, name);
		/* Spelled so it is dropped; lighttpd takes it for a second. */
		const line = `${name.replaceAll('-', '_')}: x`;
		assert.equal((await withLine(site, shop, line)).status,
		    site.server.startsWith('lighttpd') ? 401 : 200, name);
	}
}

async function browsers(site, shop) {
	const asked = await site.request('OPTIONS', CONFIG, { headers: {
		Origin: ORIGIN, 'Access-Control-Request-Method': 'GET',
		'Access-Control-Request-Headers': 'x-partner-key' } });
	assert.equal(asked.status, 204);
	assert.equal(asked.headers['access-control-allow-origin'], ORIGIN);
	assert.match(asked.headers['access-control-allow-headers'],
	    /x-partner-key/i);
	refused(await site.request('OPTIONS', SUBMIT, { headers: {
		Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' } }),
	405, 'METHOD_NOT_ALLOWED');
	const config = await shop.get(CONFIG,
	    { key: 'pk', headers: { Origin: ORIGIN } });
	assert.equal(good(config).slug, shop.slug);
	assert.equal(config.headers['access-control-allow-origin'], ORIGIN);
}

/** Who logs in shows a header that some servers keep to themselves. */
async function people(site) {
	const ada = await site.arrange('admin', 'create', '--email',
	    'ada@example.org');
	const { accessToken, refreshToken } = await login(site, ada);
	const ask = (name, body) => askAuth(site, name, body, accessToken);
	assert.equal(good(await ask('me')).memberId, ada.memberId);
	good(await ask('refresh', { refreshToken }));
	assert.equal((await ask('logout')).status, 204);
	refused(await ask('me'), 401, 'SESSION_EXPIRED');
}

export const asks = { rewards, bodies, targets, headers, browsers, people };
