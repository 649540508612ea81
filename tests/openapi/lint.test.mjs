// Two linters that are not ours have nothing to say about the OpenAPI
// document, not even a warning; and they do say so when it is wrong.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { document } from '../lib/contract.mjs';
import { run } from '../lib/process.mjs';
import { root } from '../lib/servers.mjs';

const bin = path.join(root, 'tests/node_modules/.bin');

/* They would ask other hosts for news of themselves. */
const env = { ...process.env, REDOCLY_TELEMETRY: 'off',
	REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_UPDATE_NOTIFIER: '1' };

const LINTERS = {
	redocly: ['lint', '--config',
		path.join(root, 'tests/openapi/redocly.yaml')],
	spectral: ['lint', '--fail-severity', 'hint', '--ruleset',
		path.join(root, 'tests/openapi/spectral.yaml')],
};

const lint = (name, file) => run(process.execPath,
    [path.join(bin, name), ...LINTERS[name], file], { env, cwd: root });

/** Redocly wants a newer Node than our other tests do. */
const [major, minor] = process.versions.node.split('.').map(Number);
const skip = (name) => name === 'redocly' &&
	(major < 20 || major === 20 && minor < 19) &&
	'this Node.js is older than 20.19';

for (const name of Object.keys(LINTERS)) {
	test(`${name} has nothing to say`, { skip: skip(name) },
	    async () => {
		const { code, stdout, stderr } = await lint(name, document);
		assert.equal(code, 0, stdout + stderr);
	    });

	test(`${name} sees a missing reference and a spare one`,
	    { skip: skip(name) }, async (t) => {
		const dir = fs.mkdtempSync(
		    path.join(os.tmpdir(), 'almoner-lint-'));
		t.after(() => fs.rmSync(dir, { recursive: true }));
		const wrong = fs.readFileSync(document, 'utf8')
		    .replace('"Action":{', '"Axtion":{');
		fs.writeFileSync(`${dir}/openapi.json`, wrong);
		const { code, stdout, stderr } =
		    await lint(name, `${dir}/openapi.json`);
		assert.equal(code, 1, stdout + stderr);
		assert.match(stdout + stderr, /schemas.Action\b/);
	    });
}
