// The four formats of webhooks, as who receives them reads them: the worked
// examples, the library of Standard Webhooks, a JSON Schema of the donation
// payload, and a receiver of points.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { root } from '../lib/servers.mjs';
import { sample, verify } from '../lib/webhook.mjs';

const { Webhook } = createRequire(import.meta.url)('standardwebhooks');

const read = (name) => JSON.parse(
    fs.readFileSync(`${root}/tests/vectors/${name}`, 'utf8'));
const vectors = read('webhooks.json');

for (const format of ['sir', 'standard', 'chuffed', 'qiibee'])
	test(`${format}: the worked example`, async () => {
		const { secret, body, header, timestamp } = vectors[format];
		const { accepted, details } = await verify(
		    { secret, body, headers: header },
		    ...(timestamp ? ['--at', timestamp] : []));
		assert.ok(accepted, details);
	});

const hmac = (secret, text) =>
	createHmac('sha256', secret).update(text).digest('hex');

test('sir: as its receivers verify it', async () => {
	const { secret, body, headers } = await sample('sir');
	assert.match(secret, /^whsec_[0-9a-f]{64}$/);
	const time = headers['x-sir-timestamp'];
	assert.ok(Math.abs(time - Date.now() / 1000) < 60);
	assert.equal(headers['x-sir-signature'],
	    `sha256=${hmac(secret, `${time}.${body}`)}`);
	const { id, type, createdAt, data, ...more } = JSON.parse(body);
	assert.match(id, /^evt_[0-9a-f]{24}$/);
	assert.equal(type, 'action.completed');
	assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60000);
	assert.equal(typeof data, 'object');
	assert.deepEqual(more, {});
});

for (const format of ['sir', 'standard'])
	test(`${format}: as the library of Standard Webhooks verifies it`,
	    async () => {
		const old = (await sample(format)).secret;
		const { secret, body, headers } =
		    await sample(format, '--old', old);
		for (const known of [secret, old])
			assert.deepEqual(
			    new Webhook(known).verify(body, headers),
			    JSON.parse(body));
		assert.equal(headers['webhook-signature'].split(' ').length,
		    2);
		assert.throws(() => new Webhook(secret).verify(`${body} `,
		    headers), /No matching signature/);
		const other = (await sample(format)).secret;
		assert.throws(() => new Webhook(other).verify(body, headers),
		    /No matching signature/);
	});

test('standard: type, timestamp and data', async () => {
	const { body, headers } = await sample('standard');
	const { id, type, timestamp, data, ...more } = JSON.parse(body);
	assert.equal(id, headers['webhook-id']);
	assert.equal(type, 'action.completed');
	assert.ok(Date.parse(timestamp) > 0);
	assert.equal(typeof data, 'object');
	assert.deepEqual(more, {});
});

const ajv = addFormats(new Ajv({ allErrors: true, strictTypes: false }));
const fits = ajv.compile(read('donation-webhook.schema.json'));

for (const n of [1, 2, 3])
	test(`chuffed: sample ${n} is what the format asks for`, async () => {
		const { secret, body, headers } =
		    await sample('chuffed', '--number', String(n));
		const value = JSON.parse(body);
		assert.ok(fits(value), JSON.stringify(fits.errors));
		assert.deepEqual(headers, { signature: hmac(secret, body) });
		assert.equal(value.data.perk === null, n === 2);
	});

test('chuffed: the schema would see what is missing', async () => {
	const value = JSON.parse((await sample('chuffed')).body);
	for (const name of Object.keys(value.data)) {
		const { [name]: gone, ...rest } = value.data;
		assert.notEqual(gone, undefined);
		assert.ok(!fits({ data: rest }), name);
	}
});

test('qiibee: points that come, and points that go', async () => {
	const [came, went] = await Promise.all(['1', '2'].map((n) =>
		sample('qiibee', '--number', n)));
	assert.deepEqual(came.headers, { authorization:
		`Basic ${Buffer.from(came.secret).toString('base64')}` });
	const a = JSON.parse(came.body), b = JSON.parse(went.body);
	assert.deepEqual(Object.keys(a), ['amount', 'token_name',
		'token_symbol', 'transaction_type', 'tx_hash',
		'tx_hash_reverted', 'auth_id', 'timestamp']);
	assert.ok(Number.isInteger(a.amount) && a.amount > 0);
	assert.equal(a.transaction_type, 'credit');
	assert.equal(a.tx_hash_reverted, null);
	assert.match(a.tx_hash, /^[0-9a-f]{64}$/);
	assert.match(a.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
	assert.equal(b.transaction_type, 'debit');
	assert.equal(b.tx_hash_reverted, a.tx_hash);
	assert.notEqual(b.tx_hash, a.tx_hash);
	assert.equal(b.amount, a.amount);
});
