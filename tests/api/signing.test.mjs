// Signatures: the worked examples, what is signed, and how a signature can be
// wrong.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { cgi, cgiHeaders, good, refused } from '../lib/expect.mjs';
import { purchase, root, sha256, sign, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

const SUBMIT = '/v1/partner/actions/submit';
const LIST = '/v1/partner/actions';

const vectors = JSON.parse(
    fs.readFileSync(`${root}/tests/vectors/signing.json`, 'utf8'));

for (const c of vectors.cases)
	test(`vector: ${c.name}`, () => {
		const { timestamp, method, target, body, signature } = c;
		assert.equal(sha256(body), c.bodyHash);
		assert.equal(timestamp + method + target + sha256(body),
		    c.signedPayload);
		assert.equal(sign(vectors.hmacSecret, timestamp, method,
		    target, body), signature);
	});

/* The server knows no key with the vectors' secret; so each is sent again
   signed with one that it knows.  What is refused then is not the signature. */
for (const { name, method, target, body } of vectors.cases)
	test(`the server takes the signature of: ${name}`, async () => {
		const answer = await acme.signed(method, target,
		    { body: body === '' ? undefined : body });
		assert.notEqual(answer.status, 401, answer.text);
		assert.notEqual(answer.status, 403, answer.text);
	});

test('a GET without a body, with a query', async () => {
	good(await acme.get(`${LIST}?page=1&limit=20`));
});

test('spaces and line ends in the body are signed as sent', async () => {
	const text = JSON.stringify(purchase(), null, 2)
	    .replace(/\n/g, '\r\n') + '\n';
	good(await acme.post(SUBMIT, text));
});

test('percent-encoding is signed as sent, path and query', async () => {
	const body = { externalId: 'jos\u00e9@example.com' };
	good(await acme.post('/v1/partner/users', body), 201);
	const user = '/v1/partner/users/jos%C3%A9%40example.com';
	const answer = await acme.get(`${user}/balance?x=%2F&y=a+b`);
	assert.equal(good(answer).externalId, body.externalId);

	/* The same address, spelled in another way, is another signature. */
	good(await acme.get(`${user.replace('%C3', '%c3')}/balance`));
	refused(await acme.get(`${user}/balance`,
	    { sent: `${user.replace('%C3', '%c3')}/balance` }),
	    401, 'INVALID_SIGNATURE');
});

test('a body in UTF-8 beyond ASCII', async () => {
	const body = { externalId: 'u1', firstName: 'Zo\u00eb',
	    lastName: '\u0141ukasz \u{1f397}' };
	const made = good(await acme.post('/v1/partner/users', body), 201);
	assert.equal(made.firstName, body.firstName);
	assert.equal(made.lastName, body.lastName);
});

test('in a sub-folder the folder is not signed', async () => {
	const target = `${LIST}?limit=5`;
	const ask = (uri) => cgi(site, 'actions', {
		...cgiHeaders(acme.headers('GET', target)),
		REQUEST_METHOD: 'GET', REQUEST_URI: uri,
	});
	good(await ask(`/giving${target}`));
	good(await ask(`/a/b%20c${target}`));
	good(await ask(target));
	good(await ask(`https://shop.example${target}`));
	refused(await ask(`/giving${target}0`), 401, 'INVALID_SIGNATURE');
	refused(await ask(`/v1${target}`), 404, 'NOT_FOUND');
	refused(await ask(`/?x=${target}`), 404, 'NOT_FOUND');
});

test('hex digits of a signature may be of either case', async () => {
	const signature = sign(acme.hmacSecret, site.clock.now(), 'GET', LIST);
	good(await acme.get(LIST, { signature }));
	good(await acme.get(LIST, { signature: signature.toUpperCase() }));
});

const right = () => sign(acme.hmacSecret, site.clock.now(), 'GET', LIST);

for (const [name, method, options] of [
	['another secret', 'GET', { secret: vectors.hmacSecret }],
	['the secret as 32 bytes', 'GET', () =>
		({ secret: Buffer.from(acme.hmacSecret, 'hex') })],
	['another query', 'GET', { sent: `${LIST}?limit=6` }],
	['the query left out', 'GET', { sent: LIST }],
	['another path', 'GET', { sent: '/v1/partner/token-pools?limit=5' }],
	['half of it', 'GET', () => ({ signature: right().slice(0, 32) })],
	['one digit less', 'GET', () => ({ signature: right().slice(1) })],
	['one digit more', 'GET', () => ({ signature: `${right()}0` })],
	['no hex', 'GET', { signature: 'g'.repeat(64) }],
	['zeros', 'GET', { signature: '0'.repeat(64) }],
	['a scheme in front', 'GET', () =>
		({ signature: `sha256=${right()}` })],
])
	test(`INVALID_SIGNATURE: ${name}`, async () => {
		refused(await acme.signed(method, `${LIST}?limit=5`,
		    typeof options === 'function' ? options() : options),
		    401, 'INVALID_SIGNATURE');
	});

test('INVALID_SIGNATURE: another body, another method', async () => {
	const body = purchase();
	const signature = sign(acme.hmacSecret, site.clock.now(), 'POST',
	    SUBMIT, JSON.stringify(body));
	refused(await acme.post(SUBMIT, { ...body, amount: 4999 },
	    { signature }), 401, 'INVALID_SIGNATURE');
	refused(await acme.post(SUBMIT, `${JSON.stringify(body)} `,
	    { signature }), 401, 'INVALID_SIGNATURE');
	refused(await acme.post(SUBMIT, undefined, { signature }),
	    401, 'INVALID_SIGNATURE');
	const asGet = sign(acme.hmacSecret, site.clock.now(), 'GET', SUBMIT,
	    JSON.stringify(body));
	refused(await acme.post(SUBMIT, body, { signature: asGet }),
	    401, 'INVALID_SIGNATURE');
	good(await acme.post(SUBMIT, body, { signature }));
});

test('HEAD is signed as HEAD', async () => {
	const answer = await acme.signed('HEAD', LIST);
	assert.equal(answer.status, 200);
	const signature = sign(acme.hmacSecret, site.clock.now(), 'GET', LIST);
	const asGet = await acme.signed('HEAD', LIST, { signature });
	assert.equal(asGet.status, 401);
});

test('the timestamp that was signed is the one that counts', async () => {
	const now = site.clock.now();
	const signature = sign(acme.hmacSecret, now, 'GET', LIST);
	refused(await acme.get(LIST, { signature, timestamp: now + 1 }),
	    401, 'INVALID_SIGNATURE');
});

/** The request's bytes, with another line after the one that begins so. */
function withLine(bytes, begin, line) {
	const text = bytes.toString('latin1');
	const at = text.indexOf('\r\n', text.indexOf(`\r\n${begin}`) + 2);
	assert.ok(at > 0);
	return Buffer.from(
	    `${text.slice(0, at)}\r\n${line}${text.slice(at)}`, 'latin1');
}

for (const name of ['X-Partner-Key', 'X-Timestamp', 'X-Signature'])
	test(`a second ${name} is refused`, async () => {
		const value = acme.headers('GET', LIST)[name];
		const bytes = acme.wire('GET', LIST);
		const spelled = name.toLowerCase().replaceAll('-', '_');
		assert.equal((await site.raw(bytes)).status, 200);
		for (const line of [`${name}: ${value}`,
		    `${name.toLowerCase()}: ${value}`, `${name}: 1`]) {
			const answer =
			    await site.raw(withLine(bytes, name, line));
			assert.equal(answer.status, 401, answer.text);
		}

		/* With an underscore it is another header to the server, or
		   none; to a CGI program it would have the same name. */
		const other = await site.raw(
		    withLine(bytes, name, `${spelled}: 1`));
		assert.ok([200, 400, 401].includes(other.status));
		const first = await site.raw(
		    withLine(bytes, 'Host', `${spelled}: ${value}`));
		assert.ok([200, 400, 401].includes(first.status));
		if (site.server === 'lighttpd')
			assert.deepEqual([other.status, first.status],
			    [401, 401]);
	});
