// What the programs print for the OpenAPI document, and when they do not.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { run } from '../lib/process.mjs';
import { groups, root } from '../lib/servers.mjs';

const build = path.resolve(root, process.env.ALMONER_BUILD ?? 'build/asan');
const examples = path.join(root, 'doc/examples');

const say = (group, words, env = {}) =>
	run(path.join(build, `cgi-bin/${group}.fcgi`), words,
	    { env: { ...process.env, ...env } });

/** A folder of examples that is ours to spoil. */
function folder(t) {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-ex-'));
	t.after(() => fs.rmSync(dir, { recursive: true }));
	fs.cpSync(examples, dir, { recursive: true });
	return dir;
}

for (const group of groups)
	test(`${group} says its part, the same each time`, async () => {
		const first = await say(group, ['--openapi', examples]);
		const second = await say(group, ['--openapi', examples]);
		assert.equal(first.code, 0, first.stderr);
		assert.equal(first.stdout, second.stdout);
		for (const line of first.stdout.trimEnd().split('\n')) {
			const [kind, name, json] = line.split('\t');
			assert.match(kind, /^(paths|schemas|responses)$/);
			assert.ok(name.length > 0);
			JSON.parse(kind === 'paths' ? `{${json}}` : json);
		}
	});

test('without a folder of examples there are none', async () => {
	const { code, stdout } = await say('users', ['--openapi', '/nowhere']);
	assert.equal(code, 0);
	assert.ok(!stdout.includes('"example":'));
});

test('an example that is no JSON is refused by name', async (t) => {
	const dir = folder(t);
	fs.writeFileSync(`${dir}/createUser.request.json`, '{"a": 1, "a": 2}');
	const { code, stdout, stderr } = await say('users', ['--openapi', dir]);
	assert.equal(code, 1);
	assert.equal(stdout, '');
	assert.match(stderr, /createUser\.request\.json: .+/);
});

test('an example that cannot be read is too', async (t) => {
	const dir = folder(t);
	fs.rmSync(`${dir}/createUser.request.json`);
	fs.symlinkSync('createUser.request.json',
	    `${dir}/createUser.request.json`);
	const { code, stderr } = await say('users', ['--openapi', dir]);
	assert.equal(code, 1);
	assert.match(stderr, /createUser\.request\.json: .+/);
});

test('the words of a request are no command', async () => {
	const { stdout } = await say('users', ['--openapi', examples], {
		GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET',
		REQUEST_URI: '/v1/partner/users?--openapi+x',
		QUERY_STRING: '--openapi+x', SERVER_PROTOCOL: 'HTTP/1.1',
	});
	assert.match(stdout, /^Status: 503 /);
	assert.ok(!stdout.includes('"paths'));
});
