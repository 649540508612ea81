// Tests of the API once more, with Prism as a witness between them and their
// sites (tests/lib/proxy.mjs): it meets no violation of the OpenAPI document.
// tests/api/examples.test.mjs among them succeeds with every operation; SOAK=1
// runs them all.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { document } from '../lib/contract.mjs';
import { run } from '../lib/process.mjs';
import { startPrism } from '../lib/proxy.mjs';
import { root } from '../lib/servers.mjs';

const files = (wanted) => fs.readdirSync(path.join(root, 'tests/api'))
    .filter((name) => wanted.test(name))
    .map((name) => path.join(root, 'tests/api', name));

/* This process is a test of its own runner: that one is none of its parts. */
const { NODE_TEST_CONTEXT: _, ...env } = process.env;

/** Run these tests through a Prism that has this document. */
async function witness(t, names, text) {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-prism-'));
	t.after(() => fs.rmSync(dir, { recursive: true }));
	const prism = await startPrism(dir, text);
	t.after(() => prism.stop());
	return run(process.execPath,
	    [path.join(root, 'tests/lib/run.mjs'), ...names], {
		cwd: root, timeout: 550000,
		env: { ...env, ALMONER_PROXY: prism.port },
	    });
}

const api = fs.readFileSync(document, 'utf8');

const SOME = new RegExp('^(examples|scenario\\d|submit|bulk|users|' +
    'lists|reverse|pools|campaigns|donation-link|events|webhooks|exchanges|' +
    'dashboard)\\.test\\.mjs$');

test('the tests of the API meet no violation', async (t) => {
	const { code, stdout, stderr } =
	    await witness(t, files(process.env.SOAK === '1' ?
	    /\.test\.mjs$/ : SOME), api);
	const failed = stdout.split('\n')
	    .filter((line) => !line.startsWith('ok'));
	assert.equal(code, 0, failed.join('\n') + stderr);
});

test('where an answer is not as documented, they do', async (t) => {
	const { code, stdout } = await witness(t, files(/^examples\./),
	    api.replaceAll('"lifetimeEarned"', '"everEarned"'));
	assert.equal(code, 1);
	assert.match(stdout, /Prism, of GET/);
	assert.match(stdout, /required property 'everEarned'/);
});
