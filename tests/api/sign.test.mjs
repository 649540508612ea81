// almoner sign: the command that it prints is run by a shell, and taken by
// the site, whatever stands in its body.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { run } from '../lib/process.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const SUBMIT = '/v1/partner/actions/submit';

let files = 0;
function file(text) {
	const name = `${site.dir}/file-${++files}`;
	fs.writeFileSync(name, text);
	fs.chmodSync(name, 0o644);
	return name;
}

const keys = { secretKey: acme.secretKey, hmacSecret: acme.hmacSecret };
const credentials = file(JSON.stringify({ ...keys, baseUrl: site.base,
	more: 'is ignored' }));

/** What the site answers to the command that was printed. */
async function answer(...words) {
	const { code, stdout, stderr } = await site.tryCli('sign', ...words);
	assert.equal(code, 0, stderr);
	assert.ok(!stdout.includes(acme.hmacSecret));
	const sent = await run('sh', ['-c', `${stdout.trimEnd()} -sS`]);
	return JSON.parse(sent.stdout);
}

test('a GET with a query', async () => {
	assert.ok(Array.isArray((await answer('--credentials', credentials,
	    '--path', '/v1/partner/actions?limit=5&x=%27a b'.replace(' ',
		'%20'))).data));
});

for (const [what, change] of [
	['plain', {}],
	['with quotes', { reason: 'it\'s "quoted" \\\' $HOME `id` %s' }],
	['beyond ASCII', { reason: 'Żoë \u{1f397}' }],
])
	test(`a POST, its body ${what}`, async () => {
		const body = JSON.stringify(purchase({ metadata: change }));
		assert.equal((await answer('--credentials', credentials,
		    '--path', SUBMIT, '--data', body)).tokensDistributed, 50);
	});

test('a body in a file, with line ends', async () => {
	const name = file(`${JSON.stringify(purchase(), null, 2)}\n`);
	assert.equal((await answer('--credentials', credentials, '--path',
	    SUBMIT, '--data', `@${name}`)).tokensDistributed, 50);
});

test('another method, and where the site is', async () => {
	const bare = file(JSON.stringify(keys));
	const said = await answer('--credentials', bare, '--base-url',
	    site.base, '--method', 'DELETE', '--path', SUBMIT);
	assert.equal(said.code, 'METHOD_NOT_ALLOWED');
	/* A slash at the end of the base is no part of the path. */
	const slash = file(JSON.stringify({ ...keys,
		baseUrl: `${site.base}//` }));
	assert.ok((await answer('--credentials', slash, '--path',
	    '/v1/partner/token-pools')).data);
});

test('what is wrong is said, with status 2', async () => {
	for (const [says, ...words] of [
		[/--credentials FILE is missing/, '--path', SUBMIT],
		[/--path PATH is missing/, '--credentials', credentials],
		[/cannot read/, '--credentials', `${site.dir}/none`,
			'--path', SUBMIT],
		[/cannot read/, '--credentials', credentials, '--path',
			SUBMIT, '--data', '@none'],
		[/cannot read/, '--credentials', credentials, '--path',
			SUBMIT, '--data', `@${file('x'.repeat(1048577))}`],
		[/begins with \/v1\//, '--credentials', credentials,
			'--path', '/give/v1/partner/users'],
		[/nor --base-url/, '--credentials',
			file(JSON.stringify(keys)), '--path', SUBMIT],
		[/hmacSecret/, '--credentials', file(JSON.stringify(
			{ ...keys, hmacSecret: 'short' })), '--path', SUBMIT],
		[/secretKey/, '--credentials', file('{}'), '--path', SUBMIT],
		[/./, '--credentials', file('no JSON'), '--path', SUBMIT],
	]) {
		const { code, stdout, stderr } =
		    await site.tryCli('sign', ...words);
		assert.equal(code, 2, stdout + stderr);
		assert.match(stderr, says);
		assert.ok(!(stdout + stderr).includes(acme.hmacSecret));
	}
});
