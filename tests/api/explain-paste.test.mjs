// almoner explain: what is right is called right; which set of keys was
// meant, what the clock says, and all the forms in which people show a
// request.  The mistakes themselves are in explain.test.mjs.

import assert from 'node:assert/strict';
import test from 'node:test';
import { body, bodyOf, explainer, get, mac, pathOf, SUBMIT, wire }
    from '../lib/explain.mjs';
import { sha256, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const live = await site.createKey({ slug: acme.slug, side: 'live' });
const second = await acme.newKey();
const stranger = await site.partner();
const { asked, credentials, explain, file, make, ours, wrong } =
    explainer(site, acme, [live, second, stranger]);

test('what is right is right, POST and GET', async () => {
	for (const changes of [{}, get, { body: '' }])
		for (const words of asked(make(undefined, changes))) {
			const answer = await explain(...words);
			assert.deepEqual([answer.right, answer.accepted,
				answer.off], [true, true, 0]);
		}
	/* The server takes hex of either case. */
	for (const words of asked(make((r) =>
		mac(r.secret, r.text).toUpperCase())))
		assert.ok((await explain(...words)).accepted);
});

test('people read sentences', async () => {
	const r = make();
	const [words] = asked(r);
	const good = await site.tryCli('explain', ...words);
	assert.equal(good.code, 0);
	assert.match(good.stdout, /^The signature is right\.$/m);
	assert.match(good.stdout, /^The timestamp is 0 s from our clock/m);

	const bad = await site.tryCli('explain',
	    ...asked(make(bodyOf(JSON.stringify(JSON.parse(body)))))[0]);
	assert.equal(bad.code, 1);
	assert.match(bad.stdout, /^The signature is wrong\.$/m);
	assert.match(bad.stdout, /JSON\.stringify/);
	assert.ok(bad.stdout.includes(r.text));
});

// Keys and secrets of several sets ----------------------------------------

test('the other environment, another set, nobody\'s', async () => {
	const mixed = (key, secret) => make(undefined,
	    { key: key.secretKey, secret: secret.hmacSecret });
	const both = (a, b) => ['--credentials', credentials(a), '--other',
		credentials(b)];
	for (const [code, key, secret] of [
		['OTHER_ENVIRONMENT', acme, live],
		['OTHER_ENVIRONMENT', live, acme],
		['OTHER_SET', acme, second],
		['OTHER_SET', second, acme],
	]) {
		const name = file(wire(mixed(key, secret)));
		const known = await wrong(code, '--request', name,
		    ...both(key, secret));
		assert.match(known.details, /Take key and secret from one/);
		await wrong(code, '--request', name, ...both(secret, key));
		const { details } = await wrong(code, '--request', name);
		assert.ok(details.includes(key.keyId) &&
		    details.includes(secret.keyId), details);
		await wrong('UNEXPLAINED', '--request', name,
		    '--credentials', credentials(key));
		await wrong('UNKNOWN_KEY', '--request', name,
		    '--credentials', credentials(secret));
	}
	/* Another partner's secret is nothing that we may find. */
	const name = file(wire(mixed(acme, stranger)));
	await wrong('UNEXPLAINED', '--request', name);
	await wrong('UNKNOWN_KEY', '--request', file(wire(make(undefined,
	    { key: `sk_test_${'0'.repeat(64)}` }))));
});

test('a set may be named by any of its names', async () => {
	const r = make();
	const words = ['--timestamp', r.timestamp, '--signature', r.signature,
		'--method', 'POST', '--path', SUBMIT, '--body', body];
	for (const key of [acme.secretKey, acme.publishableKey, acme.keyId])
		assert.ok((await explain('--key', key, ...words)).accepted);
	for (const key of ['key_000000000000000000000000', 'key_x', 'x',
		'pk_test_0'])
		await wrong('UNKNOWN_KEY', '--key', key, ...words);
});

test('a set that is revoked, expired, or of a stopped partner', async () => {
	const expired = await site.partner({
		expires: new Date((site.clock.now() - 60) * 1000)
		    .toISOString(),
	});
	const pending = await site.partner({ approve: false, side: 'live' });
	const revoked = await acme.newKey();
	await site.cli('key', 'revoke', '--key', revoked.keyId);
	for (const [code, set] of [['KEY_EXPIRED', expired],
	    ['KEY_REVOKED', revoked], ['PARTNER_NOT_APPROVED', pending]]) {
		const answer = await explain('--request', file(wire(make(
		    undefined, { key: set.secretKey,
			secret: set.hmacSecret }))));
		assert.deepEqual([answer.right, answer.accepted,
			answer.codes], [true, false, [code]]);
	}
});

// The clock ---------------------------------------------------------------

const at = (seconds) => make(undefined,
    { timestamp: String(site.clock.now() + seconds) });

test('300 seconds are taken, 301 are not', async () => {
	for (const [seconds, codes] of [[300, []], [-300, []],
	    [301, ['CLOCK_OFF']], [-301, ['CLOCK_OLD']]])
		for (const words of asked(at(seconds))) {
			const answer = await explain(...words);
			assert.equal(answer.right, true);
			assert.equal(answer.off, seconds);
			assert.deepEqual(answer.codes, codes);
		}
});

test('--at and the answer\'s Date say when it arrived', async () => {
	const now = site.clock.now();
	const [words] = asked(at(-7000));
	assert.ok((await explain(...words, '--at', String(now - 7010)))
	    .accepted);
	assert.ok((await explain(...words, '--at',
	    new Date((now - 6900) * 1000).toISOString())).accepted);
	assert.deepEqual((await explain(...words, '--at', String(now))).codes,
	    ['CLOCK_OFF']);

	const r = at(-7000);
	const verbose = (date) => ['--request', file([
		'*   Trying 127.0.0.1:8080...',
		...wire({ ...r, body: '' }, 'Content-Length: ' +
		    `${Buffer.byteLength(body)}\r\n`).trimEnd()
		    .split('\r\n').map((line) => `> ${line}`), '>',
		'* upload completely sent off: 61 bytes',
		'< HTTP/1.1 401 Unauthorized',
		`< Date: ${date.toUTCString()}`, '<', '{"type":"x"}',
	].join('\n')), '--body', body, '--credentials', ours];
	const early = await explain(...verbose(
	    new Date((now - 6990) * 1000)));
	assert.deepEqual([early.accepted, early.off], [true, -10]);
	assert.deepEqual((await explain(...verbose(
	    new Date(now * 1000)))).codes, ['CLOCK_OFF']);
});

test('another time zone, another unit, no number', async () => {
	for (const [code, timestamp] of [
		['CLOCK_ZONE', site.clock.now() + 7200],
		['CLOCK_ZONE', site.clock.now() + 19800 + 12],
		['CLOCK_OFF', site.clock.now() + 7650],
		['CLOCK_OFF', site.clock.now() + 86400],
		['CLOCK_MILLISECONDS', `${site.clock.now()}123`],
		['CLOCK_MILLISECONDS', `${site.clock.now()}123456`],
		['CLOCK_FORMAT', `${site.clock.now()}.5`],
		['CLOCK_FORMAT', 'now'],
		['CLOCK_FORMAT', '-5'],
	])
		for (const words of asked(make(undefined,
		    { timestamp: String(timestamp) }))) {
			const answer = await explain(...words);
			assert.deepEqual([answer.right, answer.codes],
			    [true, [code]], answer.details);
		}
	const [words] = asked(at(-7200));
	assert.deepEqual((await explain(...words, '--at',
	    String(site.clock.now()))).codes, ['CLOCK_ZONE']);
	await wrong(['TIME_IN_SECONDS', 'CLOCK_MILLISECONDS'], ...asked(
	    make((r) => mac(r.secret, r.text.replace('123POST', 'POST')),
		{ timestamp: `${site.clock.now()}123` }))[0]);
});

// What people paste -------------------------------------------------------

/** A curl command; `data` are the words that say the body. */
const curl = (r, data, url = `https://shop.example/give${r.target}`) =>
	`curl -sS -X ${r.method} "${url}" \\\n  -o /dev/null ` +
	`-H 'X-Partner-Key: ${r.key}' \\\n` +
	`  -H "x-timestamp: ${r.timestamp}" ` +
	`--header='X-Signature: ${r.signature}' \\\n  ${data}\n`;

const quote = (text) => `'${text.replaceAll('\'', '\'\\\'\'')}'`;

test('a curl command, however it says its body', async () => {
	const r = make();
	const plain = make(undefined, { body: '{"a":"it\'s $5 \\\\"}' });
	const named = file(body);
	for (const [request, data] of [
		[r, `--data-binary ${quote(body)}`],
		[r, `--data-raw ${quote(body)}`],
		[r, `-d${quote(body)}`],
		[r, `--json ${quote(body)}`],
		[r, `--data-binary @${named}`],
		[r, `--data-binary $'${body.replaceAll('\r', '\\r')
		    .replaceAll('\n', '\\n').replace('é', '\\u00e9')}'`],
		[plain, `-d ${quote(plain.body)} | jq .`],
		[plain, '-d "{\\"a\\":\\"it\'s \\$5 \\\\\\\\\\"}"; echo'],
	]) {
		const answer = await explain('--request',
		    file(curl(request, data)), '--credentials', ours);
		assert.deepEqual(answer.codes, [], data + answer.details);
	}
	const listed = make(undefined, get);
	for (const text of [
		curl(listed, '').replace('-X GET ', '-m5 '),
		`$ ${curl(listed, '')}`,
		curl(listed, `-G -d 'a=x+y'`, 'https://shop.example/give' +
		    listed.target.replace('&a=x+y', '')),
		curl(make(undefined, { ...get, method: 'HEAD' }), '-I')
		    .replace('-X HEAD', ''),
	])
		assert.ok((await explain('--request', file(text),
		    '--credentials', ours)).accepted, text);
});

test('the folder, the host, curl -d @FILE', async () => {
	const named = file('{"a":1,\n"b":2}\n');
	const r = (path) => curl(make(pathOf(path)),
	    `--data-binary ${quote(body)}`);
	await wrong('PATH_WITH_FOLDER', '--credentials', ours, '--request',
	    file(r(`/give${SUBMIT}`)));
	await wrong('PATH_WITH_HOST', '--credentials', ours, '--request',
	    file(r(`https://shop.example/give${SUBMIT}`)));
	const sent = make(bodyOf('{"a":1,\n"b":2}\n'),
	    { body: '{"a":1,"b":2}' });
	await wrong('BODY_CURL_DATA', '--credentials', ours, '--request',
	    file(curl(sent, `-d @${named}`)));
	/* With --path the file of keys says where the site is. */
	const there = make(pathOf(`https://a.example/give${SUBMIT}`));
	await wrong('PATH_WITH_HOST', '--credentials', credentials(acme,
	    { baseUrl: 'https://a.example/give/' }), '--path', SUBMIT,
	    '--body', body, '--timestamp', there.timestamp, '--signature',
	    there.signature);
});

test('what curl printed after the command counts more', async () => {
	const r = make();
	const command = curl({ ...r, timestamp: '$now',
		signature: '$signature' }, `--data-binary ${quote(body)}`);
	const printed = wire({ ...r, body: '' }).trimEnd().split('\r\n')
	    .filter((line) => !line.startsWith('Content-Length'))
	    .map((line) => `> ${line}`).join('\n');
	assert.ok((await explain('--credentials', ours, '--request',
	    file(`${command}* Trying\n${printed}\n>\n`))).accepted);
});

test('a paste that is not byte for byte', async () => {
	const r = make();
	const text = wire(r);
	await wrong(['BODY_LENGTH', 'UNEXPLAINED'], '--credentials', ours,
	    '--request', file(text.replace('"flag":true', '')));
	/* A line end more is the editor's. */
	assert.ok((await explain('--credentials', ours, '--request',
	    file(`${text}\n`))).accepted);
	assert.ok((await explain('--credentials', ours, '--request',
	    file(`${text.replace(/Content-Length.*\r\n/, '')}\n`))).accepted);
});

test('headers that are missing or come twice', async () => {
	const text = wire(make());
	for (const name of ['X-Partner-Key', 'X-Timestamp', 'X-Signature']) {
		const line = new RegExp(`${name}.*\r\n`);
		const { details } = await wrong('MISSING_HEADER',
		    '--credentials', ours, '--request',
		    file(text.replace(line, '')));
		assert.ok(details.includes(name));
		await wrong('HEADER_TWICE', '--credentials', ours,
		    '--request', file(text.replace(line, '$&$&')));
	}
	await wrong('NO_V1', '--credentials', ours, '--request',
	    file(text.replace('/v1/', '/')));
	await wrong('NO_V1', '--credentials', ours, '--request',
	    file(text.replace('/v1/', '/?x=/v1/')));
});

test('a terminal is shown no control characters', async () => {
	const target = '/v1/partner/users/%1b%5b31m';
	const [words] = asked(make(pathOf('/v1/partner/users/\x1b[31m'),
	    { ...get, target }));
	await wrong('PATH_DECODED', ...words);
	const { stdout } = await site.tryCli('explain', ...words);
	assert.match(stdout, /users\/\?\[31m/);
	assert.ok(!stdout.includes('\x1b'));
});

test('a long body takes no long time', async () => {
	const long = JSON.stringify({ a: 'é'.repeat(200000),
		b: Array(20000).fill({ c: 1 }) });
	const r = make(() => '0'.repeat(64), { body: long });
	const started = Date.now();
	await wrong('UNEXPLAINED', '--credentials', ours, '--request',
	    file(wire(r)));
	assert.ok(Date.now() - started < 60000);
});

test('what cannot be read is said', async () => {
	const r = make();
	const good = ['--timestamp', r.timestamp, '--signature', r.signature];
	for (const [said, ...words] of [
		[/--request, --url or --path/, '--credentials', ours],
		[/whose is it/, '--path', SUBMIT, ...good],
		[/cannot read/, '--request', `${site.dir}/none`],
		[/cannot read/, '--path', SUBMIT, '--body', '@none',
			'--credentials', ours, ...good],
		[/neither a curl command/, '--request', file('hello\n'),
			'--credentials', ours],
		[/cannot be read here: say --body/, '--credentials', ours,
			'--request', file(curl(r, '-d @none.json'))],
		[/--body, as @FILE/, '--credentials', ours, '--request',
			file(wire(r).split('\r\n\r\n')[0].split('\r\n')
			    .map((line) => `> ${line}`).join('\n'))],
		[/is a variable/, '--credentials', ours, '--request',
			file(curl({ ...r, signature: '$s' }, '-d x'))],
		[/--at is unix seconds/, '--credentials', ours, '--path',
			SUBMIT, '--at', 'noon', ...good],
		[/beside --credentials/, '--other', ours, '--path', SUBMIT,
			'--key', acme.keyId, ...good],
		[/hmacSecret/, '--credentials', file('{"secretKey":' +
		    '"sk_test_0"}'), '--path', SUBMIT, ...good],
	]) {
		const { code, stdout, stderr } =
		    await site.tryCli('explain', ...words);
		assert.equal(code, 2, stdout + stderr);
		assert.match(stderr, said);
	}
	assert.ok((await explain('--credentials', ours, '--request',
	    file(curl(r, '-d @none.json')), '--body', body)).accepted);
});
