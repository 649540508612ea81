// Every limit of every field, from both sides, as the OpenAPI document has
// them: for each operation its example is changed in one place, to the last
// value that is good and to the first that is bad.  A bad one is refused with
// that field's pointer and no other, a good one is not.  New fields and new
// routes are tried as soon as they are in the document, hence in the tables of
// the programs.
//
// What a shape cannot say, such as that an id is of a campaign that exists,
// has tests of its own; here it is no fault of the field.

import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { login, makeAdmin } from '../lib/admin.mjs';
import { makeCampaign } from '../lib/campaign.mjs';
import { follow, operations, takes } from '../lib/contract.mjs';
import { exchange, programme } from '../lib/exchange.mjs';
import { good as fine, ID, NO_ID } from '../lib/expect.mjs';
import { configureHooks, startReceiver } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';
import { bad, fields, filled, GONE, good, place, pointer, Raw }
    from '../lib/values.mjs';

const site = await useSite();
await configureHooks(site);
const shop = await startReceiver();
const acme = await site.partner({ tokens: 10 ** 15 });
await programme(acme);
const APPEAL = ['--partner', acme.slug, '--side', acme.side];
await site.cli('appeal', 'create', ...APPEAL, '--nonprofit',
    'american-red-cross', '--title', 'Winter', '--currency', 'USD');
await site.cli('appeal', 'perk', ...APPEAL, '--appeal', '1', '--title',
    'A scarf');
/* What is done to its clock and its books is its own affair. */
const toy = await site.partner({ tokens: 1000 });

const admin = await makeAdmin(site);
const { refreshToken } = await login(site, admin);

/** What only one can know, and only once. */
const secrets = {
	login: { email: admin.email, password: admin.password },
	refreshSession: { refreshToken },
};

/** How the reader of shapes begins to say what is wrong with a value. */
const FAULT = /^(Must be|Required( in the \w+)?:) (an?|one|true) /;

let count = 0;
const unique = () => `generated_${++count}`;
/* Each is a key of its own, which nothing else has used. */
let letters = 0;
const letter = () => String.fromCodePoint(33 + letters++ % 94);

const HOOKS = '/v1/partner/webhooks';

/** Something of ours for each {name} in a path: one that is there. */
const makers = {
	externalId: async () => {
		const externalId = unique();
		fine(await acme.submit({ amount: 1000, stakeholders: [{
			stakeholderTypeCode: 'CUSTOMER',
			partnerUserId: externalId }] }));
		return externalId;
	},
	actionId: async () => fine(await acme.submit()).actionId,
	tokenPoolId: () => acme.tokenPoolId,
	requestId: async () => fine(await acme.post(
	    '/v1/partner/token-pools/request',
	    { amount: 5, reason: unique() }), 201).requestId,
};

/** There may be 50 webhooks, and each takes the place of the one before. */
let hook;

async function dropWebhooks() {
	const { data } = fine(await acme.get(`${HOOKS}?limit=100`));
	for (const { webhookId } of data) {
		site.clock.advance(1);
		await acme.signed('DELETE', `${HOOKS}/${webhookId}`);
	}
}

makers.webhookId = async () => {
	await dropWebhooks();
	hook = fine(await acme.post(HOOKS, { url: shop.url,
		receiveAllEvents: true, description: unique() }), 201);
	return hook.webhookId;
};
makers.deliveryId = async () => fine(await acme.post(
    `${HOOKS}/${hook.webhookId}/test`)).deliveryId;
makers.exchangeId = async () => fine(await exchange(acme,
    { partnerUserId: await makers.externalId() }), 201).exchangeId;
/* Drafts, since nothing else can be changed or deleted. */
makers.campaignId = async () =>
	(await makeCampaign(acme, { name: unique() })).campaignId;
makers.eventId = async () =>
	fine(await acme.get('/v1/partner/events')).data[0].id;

async function addressOf({ id, path }) {
	let target = path;
	if (id === 'registerWebhook')
		await dropWebhooks();
	for (const [name, word] of path.matchAll(/\{(\w+)\}/g))
		target = target.replace(name,
		    await makers[word]?.() ?? NO_ID);
	return target;
}

const CONTENT = 'application/json';

/** The example, with ids of ours, and keys that are new each time. */
function exampleOf({ about }) {
	const { example, schema } = about.requestBody.content[CONTENT];
	return filled(schema, JSON.parse(JSON.stringify(example),
	    (name, value) => ID.test(value) ? acme[name] ?? NO_ID :
	    name === 'url' ? shop.url :
	    name === 'email' ? `${unique()}@example.org` :
	    /^externalId$|Key$/.test(name) ? unique() : value));
}

const show = (value) => value === GONE ? 'nothing' :
	(value instanceof Raw ? value.text : JSON.stringify(value))
	.slice(0, 300);

/** What is wrong with a body, or with one of many in it. */
function faults({ status, body, text }) {
	assert.ok(status < 500, text);
	const items = (body?.results ?? []).flatMap((r) => r.error ?? []);
	return (status === 400 ? [body] : items)
	    .filter(({ code }) => code === 'INVALID_REQUEST')
	    .flatMap(({ errors }) => errors ?? []);
}

function refused(answer, at, value) {
	const said = `${at} may not be ${show(value)}: ${answer.text}`;
	const found = faults(answer);
	assert.deepEqual(found.map((fault) => fault.pointer), [at], said);
	assert.match(found[0].detail, FAULT, said);
}

function taken(answer, at, value) {
	const said = `${at} may be ${show(value)}: ${answer.text}`;
	assert.notEqual(answer.body?.code, 'MALFORMED_JSON', said);
	assert.deepEqual(faults(answer).filter((fault) =>
		FAULT.test(fault.detail)), [], said);
}

/** What pages ask is asked with a page's key. */
const keyFor = (operation) => takes(operation, 'Signature') ? 'sk' : 'pk';
const partnerFor = ({ path }) => path.includes('/sandbox/') ? toy : acme;

async function tryField(operation, { path, schema, needed, sample }, more) {
	const target = await addressOf(operation);
	/* A key is used once: a second use would hide the rest. */
	const send = (value) => partnerFor(operation).signed(
	    operation.method, target, { key: keyFor(operation), body: place(
	    { ...exampleOf(operation), ...more }, path, value) });

	for (const value of good(schema, sample))
		taken(await send(value), pointer(path), value);
	for (const value of bad(schema, sample))
		refused(await send(value), pointer(path), value);
	if (typeof path.at(-1) === 'number')
		return;
	if (needed)
		refused(await send(GONE), pointer(path), GONE);
	else
		taken(await send(GONE), pointer(path), GONE);
}

function tryBodies(operation) {
	const { schema } = operation.about.requestBody.content[CONTENT];
	const example = exampleOf(operation);

	test('the example is good', async () => {
		const { status, text } = await partnerFor(operation).signed(
		    operation.method, await addressOf(operation),
		    { key: keyFor(operation), body: { ...example,
			...secrets[operation.id] } });
		assert.ok(status < 300, text);
	});
	for (const field of fields(schema, example))
		test(pointer(field.path), () => tryField(operation, field));
	/* Each item of a batch is read for itself, unless all hang together. */
	if ('atomic' in follow(schema).properties)
		for (const field of fields(schema, example))
			if (field.path[0] !== 'atomic')
				test(`atomic: ${pointer(field.path)}`, () =>
					tryField(operation, field,
					    { atomic: true }));
}

/**
 * In a query all is text: what would be of another type cannot be said.  Web
 * servers refuse control characters in an address themselves.
 */
const said = (values, type) => values.filter((value) =>
	typeof value === 'string' ? !/[\u0000-\u001f\u007f]/.test(value) :
	type !== 'string' &&
	(typeof value === 'number' || value instanceof Raw));

async function tryQuery(operation, { name, schema }) {
	const target = await addressOf(operation);
	const send = (text) => acme.signed(operation.method,
	    `${target}?${name}=${encodeURIComponent(text)}`,
	    { key: keyFor(operation) });
	const spelled = schema.type === 'integer' ? ['', '+1', ' 1', '1 ',
		'0x1', '--1', '9'.repeat(30)] : [];

	for (const value of said(good(schema), schema.type))
		taken(await send(value), `/${name}`, value);
	for (const value of said([...bad(schema), ...spelled], schema.type))
		refused(await send(value), `/${name}`, value);
	const twice = await acme.signed(operation.method,
	    `${target}?${name}=1&${name}=1`, { key: keyFor(operation) });
	assert.deepEqual(faults(twice).map((fault) => fault.pointer),
	    [`/${name}`], twice.text);
}

/**
 * Headers have no pointers: there the refusal alone is what counts.  An empty
 * one may get lost in a web server.
 */
async function tryHeader(operation, { name, schema }) {
	const send = async (text) => {
		site.clock.advance(1);
		return partnerFor(operation).signed(operation.method,
		    await addressOf(operation), {
			key: keyFor(operation),
			body: operation.about.requestBody &&
			    exampleOf(operation),
			headers: { [name]: text },
		});
	};
	const { minLength, maxLength } = schema;

	for (const n of [minLength, maxLength])
		assert.ok((await send(letter().repeat(n))).status < 300);
	const long = await send('k'.repeat(maxLength + 1));
	assert.equal(long.body?.code, 'INVALID_REQUEST', long.text);
	assert.match(long.body.detail, new RegExp(name));
}

const places = { query: tryQuery, header: tryHeader };

for (const operation of Object.values(operations())) {
	const { id, about } = operation;

	if (about.requestBody !== undefined)
		describe(`${id}, its body`, () => tryBodies(operation));
	for (const parameter of about.parameters.map(follow))
		if (parameter.in !== 'path')
			test(`${id}: ${parameter.name}`, () =>
				places[parameter.in](operation, parameter));
}
