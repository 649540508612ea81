// The helpers in doc/helpers, as doc/quickstart.md says that they are run:
// each of its commands, against a site at the root and one in a folder; and
// what they do when the site is slow, busy, or has gone away in the middle.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { after, test } from 'node:test';
import { run } from '../lib/process.mjs';
import { root, sha256, useSite } from '../lib/site.mjs';

const text = fs.readFileSync(`${root}/doc/quickstart.md`, 'utf8');

/** The commands that the page shows, each on one line. */
const commands = text.replace(/\\\n/g, ' ').split('\n')
    .filter((line) => /^ {4}(sh|node|python3|php|var\/demo\/bin) ?/
	.test(line) && !line.includes('…')).map((line) => line.trim());
const helpers = commands.filter((line) => line.includes('doc/helpers/'));
const stories = helpers.filter((line) => /credentials\.json$/.test(line));
const languages = ['sh', 'node', 'python3', 'php'];

test('the page names every helper, alike', () => {
	const files = fs.readdirSync(`${root}/doc/helpers`);
	assert.deepEqual(files.sort(),
	    ['almoner.mjs', 'almoner.php', 'almoner.py', 'almoner.sh']);
	assert.deepEqual(stories.map((line) => line.split(' ')[0]),
	    languages);
	assert.equal(helpers.length, 4 * languages.length);
});

const sites = [await useSite({ now: null }),
	await useSite({ server: 'apache-cgi', now: null })];

/** A file of credentials for the partner, or with other values. */
let files = 0;
function keep(site, partner, more = {}) {
	const file = `${site.dir}/credentials-${++files}.json`;
	fs.writeFileSync(file, JSON.stringify({
		baseUrl: site.base, publishableKey: partner.publishableKey,
		secretKey: partner.secretKey, hmacSecret: partner.hmacSecret,
		tokenPoolId: partner.tokenPoolId, ...more,
	}, null, 2));
	return file;
}

/** Run the command with that file in place of the demo's. */
function say(command, credentials, more = []) {
	const words = command.replaceAll('var/demo/credentials.json',
	    credentials);
	return run('sh', ['-c', `${words} "$@"`, 'sh', ...more],
	    { cwd: root });
}

for (const site of sites) {
	const where = site.prefix === '' ? 'at the root' : 'in a folder';
	const acme = await site.partner();

	for (const command of helpers)
		test(`${where}: ${command}`, async () => {
			const { code, stdout, stderr } =
			    await say(command, keep(site, acme));
			assert.equal(code, 0, stdout + stderr);
			assert.equal(stderr, '');
			if (stories.includes(command))
				told(stdout);
			else
				assert.ok(JSON.parse(stdout));
		});

	test(`${where}: the base URL may end with a slash`, async () => {
		const file = keep(site, acme, { baseUrl: `${site.base}/` });
		for (const story of stories)
			told((await say(story, file)).stdout);
	});
}

function told(stdout) {
	const [reward, balance, reversal] = stdout.trim().split('\n')
	    .map((line) => JSON.parse(line.slice(line.indexOf('{'))));
	assert.match(stdout, /^reward.*\nbalance.*\nreversal.*\n$/);
	assert.equal(reward.tokensDistributed, 50);
	assert.equal(balance.externalId, 'zoë@shop.example');
	assert.ok(balance.available >= 50);
	assert.equal(reversal.tokensClawedBack, 50);
}

test('a body in UTF-8 arrives as it was said', async () => {
	const [site] = sites;
	const acme = await site.partner();
	const file = keep(site, acme);
	for (const [n, story] of stories.entries()) {
		const body = { externalId: `u${n}`,
			firstName: 'Żoë "\\/" \u{1f397}', lastName: '\'%s $1' };
		const { stdout, stderr } = await say(story, file,
		    ['POST', '/v1/partner/users', JSON.stringify(body)]);
		assert.equal(stderr, '');
		assert.equal(JSON.parse(stdout).firstName, body.firstName);
		assert.equal(JSON.parse(stdout).lastName, body.lastName);
	}
});

test('a refusal is told, with status 1', async () => {
	const [site] = sites;
	const acme = await site.partner();
	for (const story of stories) {
		const missing = await say(story, keep(site, acme),
		    ['GET', '/v1/partner/users/nobody/balance']);
		assert.equal(missing.code, 1);
		assert.match(missing.stderr, /HTTP 404 .*"NOT_FOUND"/);
		const wrong = await say(story, keep(site, acme,
		    { hmacSecret: '0'.repeat(64) }));
		assert.equal(wrong.code, 1);
		assert.match(wrong.stderr, /HTTP 401 .*"INVALID_SIGNATURE"/);
		const usage = await say(story, keep(site, acme), ['GET']);
		assert.equal(usage.code, 2);
		assert.match(usage.stderr, /^usage: /);
	}
});

// A site that is not well -------------------------------------------------

const keys = { secretKey: `sk_test_${'1'.repeat(64)}`,
	hmacSecret: '2'.repeat(64), tokenPoolId: '3'.repeat(24) };

/** Answers each request with the next of these; keeps what was asked. */
async function patient(answers) {
	const seen = [];
	const server = http.createServer((req, res) => {
		const parts = [];
		req.on('data', (part) => parts.push(part));
		req.on('end', () => {
			const [status, headers, body] = answers[seen.length];
			seen.push({ at: Date.now(), method: req.method,
				url: req.url, headers: req.headers,
				body: Buffer.concat(parts).toString() });
			if (status === 0)
				return req.socket.destroy();
			res.writeHead(status, { ...headers,
				'Content-Type': 'application/json' });
			res.end(JSON.stringify(body));
		});
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	after(() => server.close());
	return { seen,
		base: `http://127.0.0.1:${server.address().port}/give` };
}

/** Every try was signed for itself, and was the same in all but that. */
function sameAndSigned(seen) {
	for (const { method, url, headers, body } of seen) {
		const target = url.slice('/give'.length);
		const signature = createHmac('sha256', keys.hmacSecret)
		    .update(headers['x-timestamp'] + method + target +
			sha256(body)).digest('hex');
		assert.equal(headers['x-signature'], signature);
		assert.equal(headers['x-partner-key'], keys.secretKey);
		assert.equal(body, seen[0].body);
		assert.equal(url, seen[0].url);
		assert.ok(headers['idempotency-key']?.length >= 16);
		assert.equal(headers['idempotency-key'],
		    seen[0].headers['idempotency-key']);
	}
}

const wait = { 'Retry-After': '1' };
const TARGET = '/v1/partner/actions/submit?a=%20b&c=d/e';
const BODY = '{"idempotencyKey": "order_1",  "x": "é"}';

async function ask(story, answers) {
	const { seen, base } = await patient(answers);
	const answer = await say(story, keep(sites[0], keys,
	    { baseUrl: base }), ['POST', TARGET, BODY]);
	sameAndSigned(seen);
	assert.equal(seen[0].body, BODY);
	return { ...answer, seen };
}

/** The same for each language, at the same time: most of it is waiting. */
const each = (name, does) =>
	test(name, { concurrency: true }, (t) => Promise.all(
	    stories.map((story) => t.test(story.split(' ')[0],
		() => does(story)))));

each('waits, tries again and takes IDEMPOTENT', async (story) => {
	const { code, stdout, seen } = await ask(story, [
		[503, wait, { code: 'UNAVAILABLE' }],
		[429, wait, { code: 'RATE_LIMITED' }],
		[0],
		[409, {}, { actionId: 'a', code: 'IDEMPOTENT' }],
	]);
	assert.equal(code, 0);
	assert.deepEqual(JSON.parse(stdout),
	    { actionId: 'a', code: 'IDEMPOTENT' });
	assert.equal(seen.length, 4);
	for (const n of [1, 2, 3])
		assert.ok(seen[n].at - seen[n - 1].at >= 990);
});

each('gives up after five tries', async (story) => {
	const { code, stderr, seen } = await ask(story, Array(5).fill(
	    [503, { 'retry-after': '1' }, { code: 'UNAVAILABLE' }]));
	assert.equal(code, 1);
	assert.equal(seen.length, 5);
	assert.match(stderr, /HTTP 503 .*UNAVAILABLE/);
});

each('tries no refusal again', async (story) => {
	for (const [status, code] of [[402, 'INSUFFICIENT_POOL'],
	    [409, 'ALREADY_REVERSED'], [422, 'USER_NOT_FOUND']]) {
		const answer = await ask(story, [[status, {}, { code }]]);
		assert.equal(answer.code, 1);
		assert.equal(answer.seen.length, 1);
		assert.match(answer.stderr, new RegExp(code));
	}
});

// The rest of the page ----------------------------------------------------

test('explain and sign, as the page says them', async () => {
	const [site] = sites;
	const acme = await site.partner();
	const file = keep(site, acme);
	const refused = `${site.dir}/refused.txt`;
	const at = (line) => say(line.replaceAll('refused.txt', refused)
	    .replaceAll('var/demo/bin', `${site.dir}/bin`), file);
	const [explain, sign] = commands.filter((line) =>
		line.startsWith('var/demo/bin'));

	const body = '{"idempotencyKey": "order_1"}';
	const target = '/v1/partner/actions/submit';
	const now = String(Math.floor(Date.now() / 1000));
	const write = (signed) => fs.writeFileSync(refused,
	    `curl ${site.base}${target} -H 'X-Partner-Key: ` +
	    `${acme.secretKey}' -H 'X-Timestamp: ${now}' -H 'X-Signature: ${
		createHmac('sha256', acme.hmacSecret).update(`${now}POST` +
		    target + sha256(signed)).digest('hex')}' -d '${body}'`);

	write(JSON.stringify(JSON.parse(body)));
	const wrong = await at(explain);
	assert.equal(wrong.code, 1);
	/* The page shows what is really said, in lines that fit it. */
	const flat = (s) => s.replace(/\s+/g, ' ');
	const shown = text.split('makes your signature:\n')[1]
	    .split('\n\nIt knows')[0];
	assert.ok(flat(wrong.stdout).startsWith(flat(shown).trim()),
	    wrong.stdout);

	write(body);
	const right = await at(explain);
	assert.equal(right.code, 0, right.stdout + right.stderr);

	const signed = await at(sign);
	assert.equal(signed.code, 0, signed.stderr);
	assert.ok(Array.isArray(JSON.parse(signed.stdout).data));
});
