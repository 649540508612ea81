// Who may ask, and who is refused with which code: every row of the table of
// 401 and 403.  signing.test.mjs has what a signature is.

import assert from 'node:assert/strict';
import test from 'node:test';
import { cgi, good, NO_ID, refused } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

const SUBMIT = '/v1/partner/actions/submit';
const LIST = '/v1/partner/actions';
const CONFIG = '/v1/partner/config';

const iso = (seconds) => new Date(seconds * 1000).toISOString();

for (const name of ['X-Partner-Key', 'X-Timestamp', 'X-Signature'])
	test(`MISSING_CREDENTIALS: no ${name}`, async () => {
		const headers = { [name]: undefined };
		for (const answer of [await acme.get(LIST, { headers }),
		    await acme.submit({}, { headers })]) {
			refused(answer, 401, 'MISSING_CREDENTIALS');
			assert.match(answer.headers['www-authenticate'],
			    /^HMAC-SHA256 /);
		}
	});

test('MISSING_CREDENTIALS: nothing at all, and none for a page', async () => {
	refused(await site.request('GET', LIST), 401, 'MISSING_CREDENTIALS');
	refused(await site.request('POST', SUBMIT, { body: '{}' }),
	    401, 'MISSING_CREDENTIALS');
	refused(await site.request('GET', CONFIG), 401, 'MISSING_CREDENTIALS');
});

const unknown = [`sk_test_${'0'.repeat(64)}`, `pk_test_${'0'.repeat(64)}`,
    'sk_test_', 'x', '\'', `sk_live_${acme.secretKey.slice(8)}`,
    acme.secretKey.slice(0, -1), acme.secretKey.toUpperCase(),
    acme.hmacSecret, 'pk_'.padEnd(4000, 'x')];

test('INVALID_KEY: keys that nobody has', async () => {
	for (const key of unknown) {
		refused(await acme.get(LIST, { key }), 401, 'INVALID_KEY');
		if (!key.startsWith('pk_'))
			refused(await acme.submit({}, { key }),
			    401, 'INVALID_KEY');
		refused(await site.request('GET', CONFIG,
		    { headers: { 'X-Partner-Key': key } }),
		    401, 'INVALID_KEY');
	}
});

test('INVALID_KEY: revoked, for pages too', async () => {
	const key = await acme.newKey();
	good(await key.get(LIST));
	await site.cli('key', 'revoke', '--key', key.keyId);
	refused(await key.get(LIST), 401, 'INVALID_KEY');
	refused(await key.get(LIST, { key: 'pk' }), 401, 'INVALID_KEY');
	refused(await key.submit(), 401, 'INVALID_KEY');
	refused(await key.get(CONFIG, { key: 'pk' }), 401, 'INVALID_KEY');
	good(await acme.get(LIST));
});

test('INVALID_KEY: a secret key has no place in a page', async () => {
	const { detail } = refused(await acme.get(CONFIG),
	    401, 'INVALID_KEY');
	assert.match(detail, /publishable/);
});

test('an unknown key and a wrong signature have the same words', async () => {
	const words = ({ title, detail, status }) =>
	    ({ title, detail, status });
	const key = refused(await acme.get(LIST, { key: unknown[0] }),
	    401, 'INVALID_KEY');
	const signature = refused(await acme.get(LIST,
	    { signature: '0'.repeat(64) }), 401, 'INVALID_SIGNATURE');
	assert.deepEqual(words(key), words(signature));
});

test('TIMESTAMP_OUT_OF_RANGE: from 301 seconds on, either way', async () => {
	const now = site.clock.now();
	for (const apart of [0, -300, 300])
		good(await acme.get(LIST, { timestamp: now + apart }));
	for (const apart of [-301, 301, -86400, 86400, -now])
		refused(await acme.get(LIST, { timestamp: now + apart }),
		    401, 'TIMESTAMP_OUT_OF_RANGE');
});

for (const text of ['now', '-1', '0x68', `${site.clock.now()}.0`,
    `+${site.clock.now()}`, `${site.clock.now()}000`, '1e9',
    `${site.clock.now()}Z`, '9'.repeat(12), '9'.repeat(13), '9'.repeat(400),
    iso(site.clock.now()), `0000000${site.clock.now()}`])
	test(`TIMESTAMP_OUT_OF_RANGE: ${text.slice(0, 30)}`, async () => {
		refused(await acme.get(LIST, { timestamp: text }),
		    401, 'TIMESTAMP_OUT_OF_RANGE');
		refused(await acme.submit({}, { timestamp: text }),
		    401, 'TIMESTAMP_OUT_OF_RANGE');
	});

test('KEY_EXPIRED: from its second on, signed or in a page', async () => {
	const now = site.clock.now();
	const key = await acme.newKey({ expires: iso(now + 60) });
	good(await key.get(LIST));
	site.clock.set(now + 59);
	good(await key.get(CONFIG, { key: 'pk' }));
	site.clock.set(now + 60);
	refused(await key.get(LIST), 401, 'KEY_EXPIRED');
	refused(await key.submit(), 401, 'KEY_EXPIRED');
	refused(await key.get(CONFIG, { key: 'pk' }), 401, 'KEY_EXPIRED');
	/* Only to those who can sign. */
	refused(await key.get(LIST, { secret: acme.hmacSecret }),
	    401, 'INVALID_SIGNATURE');
	site.clock.set(now);
});

test('INSUFFICIENT_SCOPE names the scope that is missing', async () => {
	const reader = await acme.newKey({ scopes: 'read' });
	const writer = await acme.newKey({ scopes: 'actions:write' });
	const usual = await acme.newKey({ scopes: null });
	const reverse = `${LIST}/${NO_ID}/reverse`;
	const user = '/v1/partner/users';
	for (const [answer, scope] of [
		[await reader.submit(), 'actions:write'],
		[await reader.post(reverse, {}), 'actions:reverse'],
		[await writer.post(reverse, {}), 'actions:reverse'],
		[await usual.post(reverse, {}), 'actions:reverse'],
		[await reader.post(user, {}), 'users:write'],
		[await reader.post(`${user}/x/redeem`, {}), 'users:write'],
		[await writer.get(LIST), 'read'],
		[await writer.get(`${LIST}/${NO_ID}`), 'read'],
		[await writer.get(`${user}/x`), 'read'],
		[await writer.get(`${user}/x/balance`), 'read'],
		[await writer.get('/v1/partner/token-pools'), 'read'],
	]) {
		const { detail } = refused(answer, 403, 'INSUFFICIENT_SCOPE');
		assert.ok(detail.includes(` ${scope}:`), detail);
	}
	good(await reader.get(LIST));
	good(await writer.submit());
	good(await usual.submit());
	refused(await acme.post(reverse, { refundIdempotencyKey: 'r' }),
	    404, 'NOT_FOUND');
	/* A page needs no scope. */
	good(await writer.get(CONFIG, { key: 'pk' }));
});

test('a refusal for its scope comes before the body is read', async () => {
	const reader = await acme.newKey({ scopes: 'read' });
	refused(await reader.post(SUBMIT, '{'), 403, 'INSUFFICIENT_SCOPE');
	refused(await acme.post(SUBMIT, '{', { key: 'x' }),
	    401, 'INVALID_KEY');
});

test('SECRET_KEY_REQUIRED: a publishable key writes nothing', async () => {
	const body = JSON.stringify(purchase());
	const headers = { 'X-Timestamp': undefined, 'X-Signature': undefined };
	refused(await acme.post(SUBMIT, body, { key: 'pk' }),
	    403, 'SECRET_KEY_REQUIRED');
	refused(await acme.post(SUBMIT, body, { key: 'pk', headers }),
	    403, 'SECRET_KEY_REQUIRED');
	refused(await acme.post('/v1/partner/users', {},
	    { key: 'pk', headers }), 403, 'SECRET_KEY_REQUIRED');
	refused(await acme.post(SUBMIT, body,
	    { key: 'pk', signature: '0'.repeat(64) }),
	    401, 'INVALID_SIGNATURE');
	/* Signed, it reads. */
	good(await acme.get(LIST, { key: 'pk' }));
});

test('PARTNER_SUSPENDED, and approved again', async () => {
	const partner = await site.partner();
	good(await partner.submit());
	await site.cli('partner', 'suspend', '--partner', partner.slug);
	refused(await partner.submit(), 403, 'PARTNER_SUSPENDED');
	refused(await partner.get(LIST), 403, 'PARTNER_SUSPENDED');
	refused(await partner.get(CONFIG, { key: 'pk' }),
	    403, 'PARTNER_SUSPENDED');
	refused(await partner.get(LIST, { secret: acme.hmacSecret }),
	    401, 'INVALID_SIGNATURE');
	await site.cli('partner', 'approve', '--partner', partner.slug);
	good(await partner.submit());
});

test('PARTNER_NOT_APPROVED: until then only test keys work', async () => {
	const partner = await site.partner({ approve: false });
	const live = await partner.newKey({ side: 'live' });
	assert.match(live.secretKey, /^sk_live_[0-9a-f]{64}$/);
	assert.match(live.publishableKey, /^pk_live_[0-9a-f]{64}$/);
	good(await partner.submit());
	refused(await live.get(LIST), 403, 'PARTNER_NOT_APPROVED');
	refused(await live.submit(), 403, 'PARTNER_NOT_APPROVED');
	refused(await live.get(CONFIG, { key: 'pk' }),
	    403, 'PARTNER_NOT_APPROVED');
	await site.cli('partner', 'approve', '--partner', partner.slug);
	good(await live.get(LIST));
});

test('IP_NOT_ALLOWED: only from the networks that the key lists', async () => {
	for (const ip of ['127.0.0.1', '127.0.0.0/8', '0.0.0.0/0',
	    '10.0.0.0/8,127.0.0.1/32', '127.0.0.1/31', '::1,127.0.0.1'])
		good(await (await acme.newKey({ ip })).get(LIST));
	for (const ip of ['127.0.0.2', '10.0.0.0/8', '127.0.0.2/31', '::1',
	    '126.0.0.0/8,128.0.0.0/8', '::/96']) {
		const key = await acme.newKey({ ip });
		refused(await key.get(LIST), 403, 'IP_NOT_ALLOWED');
		refused(await key.submit(), 403, 'IP_NOT_ALLOWED');
		refused(await key.get(CONFIG, { key: 'pk' }),
		    403, 'IP_NOT_ALLOWED');
		/* Anybody can write this one. */
		refused(await key.get(LIST, { headers: {
			'X-Forwarded-For': '10.0.0.1, 127.0.0.2',
			'X-Real-IP': '127.0.0.2',
			'Forwarded': 'for=127.0.0.2',
		} }), 403, 'IP_NOT_ALLOWED');
	}
});

test('IP_NOT_ALLOWED: IPv6 networks', async () => {
	const key = await acme.newKey({ ip: '2001:db8::/32' });
	const ask = (address) => cgi(site, 'donations', {
		REQUEST_METHOD: 'GET', REMOTE_ADDR: address,
		REQUEST_URI: `${CONFIG}?key=${key.publishableKey}`,
	});
	good(await ask('2001:db8::5'));
	good(await ask('2001:DB8:ffff:ffff::'));
	for (const address of ['2001:db9::', '127.0.0.1', '', 'unix:'])
		refused(await ask(address), 403, 'IP_NOT_ALLOWED');
});

test('ORIGIN_NOT_ALLOWED: only from the pages that the key lists', async () => {
	const key = await acme.newKey(
	    { origin: 'https://shop.example,http://localhost:3000' });
	const from = (origin) => site.request('GET', CONFIG, { headers: {
		'X-Partner-Key': key.publishableKey, Origin: origin } });
	for (const origin of ['https://shop.example',
	    'http://localhost:3000']) {
		const answer = await from(origin);
		good(answer);
		assert.equal(answer.headers['access-control-allow-origin'],
		    origin);
	}
	for (const origin of ['https://shop.example.evil.example', 'null',
	    'http://shop.example', 'https://shop.example:444', 'https://shop',
	    'https://evil.example', 'http://localhost:30000'])
		refused(await from(origin), 403, 'ORIGIN_NOT_ALLOWED');
	/* Not a page: curl, say. */
	good(await site.request('GET', CONFIG,
	    { headers: { 'X-Partner-Key': key.publishableKey } }));
	/* A key that lists none may be used anywhere. */
	good(await site.request('GET', CONFIG, { headers: {
		'X-Partner-Key': acme.publishableKey,
		Origin: 'https://evil.example' } }));
});

test('?key= saves a page the preflight, on a GET for pages only', async () => {
	const key = acme.publishableKey;
	const { headers, body } = await site.request('GET',
	    `${CONFIG}?key=${key}`);
	assert.equal(body.slug, acme.slug);
	assert.equal(headers['x-ignored-fields'], undefined);
	good(await site.request('GET', `${CONFIG}?a=1&key=${key}&b=2`));
	refused(await site.request('GET', `${CONFIG}?akey=${key}`),
	    401, 'MISSING_CREDENTIALS');
	refused(await site.request('GET', `${CONFIG}?key=`),
	    401, 'INVALID_KEY');
	refused(await site.request('GET', `${CONFIG}?key=${acme.secretKey}`),
	    401, 'INVALID_KEY');
	refused(await acme.get(`${LIST}?key=${key}`,
	    { headers: { 'X-Partner-Key': undefined } }),
	    401, 'MISSING_CREDENTIALS');
});
