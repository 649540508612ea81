// Every operation of the OpenAPI document has an example in doc/examples,
// NAME.request.json (where it has a body) and NAME.response.json, and they are
// true: told in the order of a small story on a fresh site, each request gets
// the answer of its example, the same but for ids.
//
// ALMONER_EXAMPLES=write writes the answers that differ into the files.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { conform, operations } from '../lib/contract.mjs';
import { ID } from '../lib/expect.mjs';
import { root, useSite } from '../lib/site.mjs';

/** In this order; every operation has its place. */
const STORY = [
	'showConfig', 'listTokenPools', 'showTokenPool',
	'requestTokens', 'showTokenRequest',
	'createUser', 'changeUser', 'listUsers',
	'submitAction', 'submitActions', 'redeemTokens', 'reverseAction',
	'showAction', 'listActions',
	'showUser', 'showUserBalance', 'listUserTransactions',
	'showTokenPoolBalance', 'listTokenPoolTransactions',
	'withdrawTokenRequest', 'listTokenRequests',
	'eraseUser',
	'moveSandboxClock', 'showSandboxClock', 'resetSandbox',
];

const FOLDER = path.join(root, 'doc/examples');
const site = await useSite();
const acme = await site.partner({ name: 'Acme Shop', slug: 'acme' });

/** What {names} in paths stand for, and ids in bodies: the latest told. */
const known = { externalId: 'user_42', tokenPoolId: acme.tokenPoolId };

const read = (name) => fs.existsSync(path.join(FOLDER, name)) ?
	JSON.parse(fs.readFileSync(path.join(FOLDER, name), 'utf8')) :
	undefined;

/** Ids in an example are of another site: these are ours. */
const ours = (value) => JSON.parse(JSON.stringify(value), (name, member) =>
	name in known && ID.test(member) ? known[name] : member);

/** Equal but for ids: what is compared. */
const faceless = (value) => JSON.parse(JSON.stringify(value), (_, member) =>
	ID.test(member) ? 'an id' : member);

function remember(body) {
	for (const [name, value] of Object.entries(body ?? {}))
		if (typeof value === 'string' && ID.test(value))
			known[name] = value;
}

function ask({ method, path: pattern, about }, request) {
	const target = pattern.replace(/\{(\w+)\}/g, (_, name) => {
		assert.ok(name in known, `the story has no ${name} yet`);
		return encodeURIComponent(known[name]);
	});
	if ('Signature' in about.security[0])
		return acme.signed(method, target, { body: request });
	return site.request(method, target, {
		body: request && JSON.stringify(request),
		headers: {
			'X-Partner-Key': acme.publishableKey,
			'Content-Type': request && 'application/json',
		},
	});
}

async function tell(operation) {
	const { id, about } = operation;
	const request = ours(read(`${id}.request.json`) ?? null);
	assert.equal(request !== null, about.requestBody !== undefined,
	    `${id}.request.json`);

	const { status, body, text } = await ask(operation,
	    request ?? undefined);
	assert.ok(status < 300 && status in about.responses, text);
	remember(body);

	const name = `${id}.response.json`;
	try {
		assert.deepEqual(faceless(body ?? null),
		    faceless(read(name) ?? null), name);
	} catch (error) {
		if (process.env.ALMONER_EXAMPLES !== 'write')
			throw error;
		fs.writeFileSync(path.join(FOLDER, name),
		    `${JSON.stringify(body, null, 2)}\n`);
	}
}

const all = operations();

for (const id of STORY)
	test(`the example of ${id} is true`, () => tell(all[id]));

test('every operation has its place in the story', () => {
	assert.deepEqual(Object.keys(all).sort(), [...STORY].sort());
});

test('no example is of an operation that is not there', () => {
	for (const name of fs.readdirSync(FOLDER)) {
		const [id, part] = name.split('.');
		assert.ok(all[id], name);
		const { requestBody, responses } = all[id].about;
		const there = part === 'request' ? requestBody :
			Object.values(responses)[0];
		const { schema, example } = there.content['application/json'];
		conform(schema, example, `${name}: `);
	}
});
