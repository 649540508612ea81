// The operator's command: every word of it, what it says when it is said
// wrongly, tables for people and JSON for programs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';
import { good, ID, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ slug: 'acme', name: 'Acme' });
const side = ['--partner', 'acme', '--side', 'test'];

/** It ends well and says nothing to standard error: what it printed. */
async function says(...words) {
	const { code, stdout, stderr } = await site.tryCli(...words);
	assert.equal(code, 0, stderr);
	assert.equal(stderr, '');
	return stdout;
}

/** It was said wrongly: status 2, why, and how to find out more. */
async function wrong(why, ...words) {
	const { code, stdout, stderr } = await site.tryCli(...words);
	assert.deepEqual([code, stdout], [2, ''], stderr);
	assert.match(stderr, /^almoner: /);
	assert.match(stderr, why);
	assert.match(stderr, /--help/);
}

/** It cannot be done: status 1 and why. */
async function cannot(why, ...words) {
	const { code, stdout, stderr } = await site.tryCli(...words);
	assert.deepEqual([code, stdout], [1, ''], stderr);
	assert.match(stderr, /^almoner: /);
	assert.match(stderr, why);
}

const help = await says('--help');
const commands = [...help.matchAll(/^ {2}almoner ((?:\S+ )*\S+) {2,}\S/gm)]
    .map(([, name]) => name);

test('--help names every command, and how to begin', async () => {
	for (const name of ['init', 'version', 'partner create',
	    'partner list', 'partner approve', 'partner suspend',
	    'key create', 'key list', 'key revoke', 'pool create',
	    'pool allocate', 'pool list', 'rule set', 'ledger verify',
	    'ledger export', 'ledger balance', 'sign'])
		assert.ok(commands.includes(name), name);
	assert.match(help, /almoner init --dir/);
	assert.match(help, /ALMONER_CONF/);
	assert.ok(help.split('\n').every((line) => line.length <= 80));
	assert.equal(await says('help'), help);
	const { code, stdout } = await site.tryCli();
	assert.deepEqual([code, stdout], [2, help]);
});

for (const name of commands)
	test(`${name} --help says what it needs`, async () => {
		const words = name.split(' ');
		const text = await says(...words, '--help');
		assert.ok(text.startsWith(`almoner ${name}`));
		assert.match(text, /--json/);
		await wrong(/--colour/, ...words, '--colour', 'red');
		/* The first may be the name of a file. */
		await wrong(/red/, ...words, 'red', 'red');
		const [usage] = text.split('\n');
		const needs = usage.replace(/\[[^\]]*\]/g, '')
		    .match(/--\S+/g) ?? [];
		if (needs.length > 0)
			await wrong(new RegExp(needs[0]), ...words);
		for (const option of usage.match(/--[\w-]+ [^\]\s-]/g) ?? [])
			await wrong(/needs/, ...words, option.split(' ')[0]);
	});

test('what is no command', async () => {
	await wrong(/frobnicate/, 'frobnicate');
	await wrong(/partner/, 'partner');
	await wrong(/partner/, 'partner', 'frobnicate');
	await wrong(/--partner/, '--partner');
});

test('version', async () => {
	assert.match(await says('version'), /^almoner \d+\.\d+.*schema \d+/);
	const { version, schema } = await site.cli('version');
	assert.match(version, /^\d+\.\d+/);
	assert.equal(schema, 1);
});

test('init makes a site that only its user can read, once', async () => {
	for (const name of ['almoner.conf', 'master.key', 'data/ledger.db'])
		assert.equal(fs.statSync(`${site.dir}/${name}`).mode & 0o77,
		    0, name);
	const before = fs.readFileSync(`${site.dir}/almoner.conf`, 'utf8');
	await cannot(/almoner\.conf/, 'init', '--dir', site.dir);
	fs.renameSync(`${site.dir}/almoner.conf`, `${site.dir}/conf`);
	await cannot(/master\.key/, 'init', '--dir', site.dir);
	fs.renameSync(`${site.dir}/conf`, `${site.dir}/almoner.conf`);
	assert.equal(
	    fs.readFileSync(`${site.dir}/almoner.conf`, 'utf8'), before);
	good(await acme.submit());
	await cannot(/nowhere/, 'init', '--dir', '/nowhere/at/all');

	const dir = `${site.dir}/run/second`;
	const text = await says('init', '--dir', dir, '--base-url',
	    'https://give.example');
	assert.match(text, /Next:\n {2}export ALMONER_CONF=/);
	assert.match(fs.readFileSync(`${dir}/almoner.conf`, 'utf8'),
	    /^base_url = https:\/\/give\.example$/m);
});

test('partner: create, approve, suspend, list', async () => {
	const made = await site.cli('partner', 'create', '--name',
	    'Zo\u00eb & S\u00f6hne', '--slug', 'zoe-1');
	assert.match(made.partnerId, ID);
	assert.deepEqual([made.name, made.slug, made.status],
	    ['Zo\u00eb & S\u00f6hne', 'zoe-1', 'PENDING']);
	for (const [word, status] of [['approve', 'ACTIVE'],
	    ['suspend', 'SUSPENDED']]) {
		const text = await says('partner', word, '--partner',
		    'zoe-1');
		assert.match(text, new RegExp(`^status +${status}$`, 'm'));
	}
	const list = await site.cli('partner', 'list');
	assert.deepEqual(list.map((p) => [p.slug, p.status]),
	    [['acme', 'ACTIVE'], ['zoe-1', 'SUSPENDED']]);

	const table = (await says('partner', 'list')).split('\n');
	assert.match(table[0], /^partnerId +name +slug +status/);
	/* Columns stand under each other, umlauts or not. */
	const columns = table.slice(0, 3).map((line) =>
		[...line].join('').search(/slug|acme|zoe-1/));
	assert.equal(new Set(columns).size, 1);

	await cannot(/slug/, 'partner', 'create', '--name', 'x',
	    '--slug', 'acme');
	await cannot(/partner list/, 'partner', 'approve', '--partner', 'x');
	for (const slug of ['', 'A', 'a b', 'a/b', 'x'.repeat(65)])
		await wrong(/--slug/, 'partner', 'create', '--name', 'x',
		    '--slug', slug);
});

test('key: create, list, revoke', async () => {
	const made = await site.cli('key', 'create', ...side, '--name',
	    'Shop', '--scopes', 'read actions:write', '--ip',
	    '10.0.0.0/8,::1', '--origin', 'https://a.example',
	    '--expires', '2030-01-01T00:00:00Z');
	assert.match(made.id, /^key_[0-9a-f]{24}$/);
	assert.match(made.secretKey, /^sk_test_[0-9a-f]{64}$/);
	assert.match(made.publishableKey, /^pk_test_[0-9a-f]{64}$/);
	assert.match(made.hmacSecret, /^[0-9a-f]{64}$/);
	assert.deepEqual([made.name, made.environment, made.scopes,
	    made.expiresAt], ['Shop', 'test', 'read actions:write',
	    '2030-01-01T00:00:00Z']);

	const list = await says('key', 'list', ...side);
	assert.ok(list.includes(made.id) && list.includes('10.0.0.0/8 ::1'));
	assert.ok(list.includes(made.publishableKey));
	const all = JSON.stringify(await site.cli('key', 'list', ...side));
	for (const secret of [made.secretKey, made.hmacSecret,
	    acme.secretKey, acme.hmacSecret])
		assert.ok(!list.includes(secret) && !all.includes(secret));

	await says('key', 'revoke', '--key', made.id);
	const revoked = (await site.cli('key', 'list', ...side))
	    .find((key) => key.id === made.id);
	assert.match(revoked.revokedAt, /Z$/);
	for (const id of [made.id, 'key_x', 'x', `key_${'0'.repeat(24)}`])
		await cannot(/key list/, 'key', 'revoke', '--key', id);
});

test('key create: what cannot be wished for', async () => {
	const words = ['key', 'create', ...side];
	for (const [option, value] of [['--scopes', 'read everything'],
	    ['--ip', '10.0.0.0/33'], ['--ip', 'here'], ['--ip', '::1/x'],
	    ['--origin', 'shop.example'], ['--origin', 'https://a/b']])
		await cannot(/INVALID_REQUEST/, ...words, option, value);
	for (const value of ['tomorrow', '2030-01-01', ''])
		await wrong(/--expires/, ...words, '--expires', value);
	await wrong(/--side/, 'key', 'create', '--partner', 'acme',
	    '--side', 'both');
	await cannot(/partner list/, 'key', 'create', '--partner', 'nobody',
	    '--side', 'test');
});

test('without --scopes a key has all but actions:reverse', async () => {
	const usual = (await site.cli('key', 'create', ...side)).scopes;
	const all = (await site.cli('key', 'create', ...side,
	    '--all-scopes')).scopes;
	for (const scope of ['actions:write', 'users:write', 'read',
	    'campaigns:write', 'token-pools:request', 'webhooks:write',
	    'exchanges:write'])
		assert.ok(usual.split(' ').includes(scope), scope);
	assert.ok(!usual.includes('actions:reverse'));
	assert.deepEqual(all.split(' ').sort(),
	    [...usual.split(' '), 'actions:reverse'].sort());
});

test('pool: create, allocate, list', async () => {
	const { tokenPoolId } = await site.cli('pool', 'create', ...side,
	    '--name', 'Gifts');
	const done = await site.cli('pool', 'allocate', ...side, '--pool',
	    tokenPoolId, '--tokens', '250', '--reason', 'A start');
	assert.match(done.transactionId, ID);
	assert.deepEqual([done.tokens, done.availableBalance], [250, 250]);
	const table = await says('pool', 'list', ...side);
	assert.match(table, /^tokenPoolId +name +isDefault/);
	assert.match(table, new RegExp(`^${tokenPoolId} +Gifts +no +250 +250`,
	    'm'));
	for (const tokens of ['0', '-5', '1.5', 'many', '', '9'.repeat(30),
	    '1000000000000001', '5x'])
		await wrong(/--tokens/, 'pool', 'allocate', ...side,
		    '--tokens', tokens);
	await cannot(/POOL_NOT_FOUND/, 'pool', 'allocate', ...side,
	    '--tokens', '5', '--pool', '0'.repeat(24));
	await cannot(/POOL_NOT_FOUND/, 'pool', 'allocate', '--partner',
	    'acme', '--side', 'live', '--tokens', '5', '--pool', tokenPoolId);
});

test('rule set: by unit or flat, and nothing else', async () => {
	const words = ['rule', 'set', ...side, '--type', 'VOLUNTEER'];
	await says(...words, '--per-unit', '0.000001');
	await says(...words, '--flat', '10');
	assert.equal(good(await acme.submit({ actionType: 'VOLUNTEER' }))
	    .tokensDistributed, 10);
	await wrong(/one of them/, ...words);
	await wrong(/one of them/, ...words, '--flat', '1', '--per-unit', '1');
	for (const value of ['x', '', '-1', '1.5', '1e99', '0x10'])
		await wrong(/--flat/, ...words, '--flat', value);
	for (const value of ['x', '', '-1', '0.0000001', '1e99'])
		await wrong(/--per-unit/, ...words, '--per-unit', value);
	for (const type of ['volunteer', 'A-B', '', 'A'.repeat(65)])
		await wrong(/--type/, 'rule', 'set', ...side, '--type', type,
		    '--flat', '1');
});

const credentials = `${site.dir}/run/credentials.json`;
fs.writeFileSync(credentials, JSON.stringify({ baseUrl: site.base,
    secretKey: acme.secretKey, hmacSecret: acme.hmacSecret }));

/** What a shell that is given the printed command gets for it. */
function runs(command) {
	const [, status, text] = /^(\d+) ([^]*)$/.exec(execFileSync('sh',
	    ['-c', `${command.trimEnd()} -s -w '\n%{http_code}'`],
	    { cwd: site.dir }).toString()
	    .replace(/^([^]*)\n(\d+)$/, '$2 $1'));
	return { status: Number(status), body: JSON.parse(text), text };
}

const signs = (...words) => says('sign', '--credentials', credentials,
    ...words);

test('sign prints a curl command that works', async () => {
	const get = await signs('--path', '/v1/partner/actions?limit=1&page=1');
	assert.match(get, /^curl .*-X GET '/);
	assert.ok(!get.includes(acme.hmacSecret));
	assert.equal(runs(get).status, 200);

	const name = "O'Neill & \"S\u00f6hne\" $HOME `x` \\n";
	const body = JSON.stringify({ externalId: 'quoted', lastName: name },
	    null, 1);
	const made = runs(await signs('--path', '/v1/partner/users',
	    '--data', body));
	assert.deepEqual([made.status, made.body.lastName], [201, name]);

	fs.writeFileSync(`${site.dir}/run/body.json`,
	    JSON.stringify({ externalId: 'from-file' }));
	assert.equal(runs(await signs('--path', '/v1/partner/users',
	    '--data', '@run/body.json')).status, 201);
	const put = runs(await signs('--path', '/v1/partner/users',
	    '--method', 'PUT', '--data', '{}'));
	assert.equal(put.body.code, 'METHOD_NOT_ALLOWED');

	/* It is good for five minutes. */
	site.clock.advance(301);
	assert.equal(runs(get).body.code, 'TIMESTAMP_OUT_OF_RANGE');
	refused(await acme.get('/v1/partner/users/nobody'),
	    404, 'NOT_FOUND');
});

test('sign: what is missing or wrong', async () => {
	await wrong(/cannot read/, 'sign', '--credentials', '/nowhere',
	    '--path', '/v1/');
	await wrong(/--path/, 'sign', '--credentials', credentials,
	    '--path', '/partner');
	await wrong(/cannot read/, 'sign', '--credentials', credentials,
	    '--path', '/v1/', '--data', '@/nowhere');
	const broken = `${site.dir}/run/broken.json`;
	for (const text of ['', '{', '{}', '{"secretKey":"sk_test_x"}', '[]'])
		await wrong(/broken\.json/, 'sign', '--credentials',
		    (fs.writeFileSync(broken, text), broken), '--path',
		    '/v1/');
	fs.writeFileSync(broken, JSON.stringify({
	    secretKey: acme.secretKey, hmacSecret: acme.hmacSecret }));
	await wrong(/--base-url/, 'sign', '--credentials', broken,
	    '--path', '/v1/');
	assert.match(await says('sign', '--credentials', broken, '--path',
	    '/v1/x', '--base-url', 'https://b.example'),
	    /'https:\/\/b\.example''\/v1\/x'/);
});
