// Two partners side by side, one of them with its test and its live side: none
// can see or touch anything of another's, over every route of the OpenAPI
// document, hence of the programs.
//
// Whatever is said in a path, a query or a body is said with the names of
// another's things, of every kind, and with such of one's own that do not
// belong there; and it is answered, word for word, like names that nobody has.
// After each route the other's rows in the database are what they were.

import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { follow, operations } from '../lib/contract.mjs';
import { good, NO_ID, refused } from '../lib/expect.mjs';
import { like, makeParty } from '../lib/party.mjs';
import { useSite } from '../lib/site.mjs';
import { fields, filled, place } from '../lib/values.mjs';

const site = await useSite();
const CONTENT = 'application/json';

/* Who there is. */

async function otherSide(partner, side) {
	const keys = await partner.newKey({ side });
	const words = ['--partner', partner.slug, '--side', side];
	const { tokenPoolId } = await site.cli('pool', 'create', ...words,
	    '--name', `Main ${side}`);
	await site.cli('pool', 'allocate', ...words, '--tokens', '1000000');
	return Object.assign(keys, { side, tokenPoolId });
}

const all = Object.values(operations());

/** The texts that a request can say: where names of things may stand. */
function spotsOf({ path, about }) {
	const spots = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
		({ kind: 'path', name }));
	const isText = ({ type, format, enum: words }) =>
		[type].flat().includes('string') && !format && !words;
	for (const { in: where, name, schema } of about.parameters.map(follow))
		if (where === 'query' && isText(schema))
			spots.push({ kind: 'query', name, schema });
	const body = about.requestBody?.content[CONTENT];
	if (body !== undefined)
		for (const field of fields(body.schema,
		    filled(body.schema, body.example)))
			if (isText(field.schema))
				spots.push({ kind: 'body', name:
				    field.path.at(-1), ...field });
	return spots;
}

/* Each spot where a text may be kept has a person of its own to be named. */
let spotCount = 1;
for (const operation of all) {
	operation.spots = spotsOf(operation);
	for (const spot of operation.spots)
		spot.person = spotCount++;
}

const acmePartner = await site.partner();
const test1 = await makeParty(acmePartner, 'acme-test', spotCount);
const live = await makeParty(await otherSide(acmePartner, 'live'),
    'acme-live', spotCount);
const other = await makeParty(await site.partner(), 'other', spotCount);
const parties = [test1, live, other];

/** By attacker and victim. */
const pairs = [[other, test1], [test1, other], [live, test1], [test1, live]];

/* What the database has of one of them. */

const tables = {};
for (const { name, column } of JSON.parse(await site.run('sqlite3', '-json',
    '-readonly', `${site.dir}/data/ledger.db`,
    'SELECT m.name, c.name AS "column" FROM sqlite_schema m' +
    ' JOIN pragma_table_info(m.name) c' +
    " WHERE m.type = 'table' ORDER BY m.name, c.cid")))
	(tables[name] ??= []).push(column);

/* What is counted of requests is written down later, at any time. */
delete tables.usage;
const COUNTED = ['last_used_at'];

async function booksOf({ partner: { slug, side } }) {
	const tenant = '(SELECT t.id FROM tenants t JOIN partners p' +
	    ` ON p.id = t.partner WHERE p.slug = '${slug}'` +
	    ` AND t.side = '${side}')`;
	const selects = Object.entries(tables).flatMap(([table, columns]) => {
		const key = table === 'tenants' ? 'id' :
			columns.find((column) => column === 'tenant');
		const kept = columns.filter((c) => !COUNTED.includes(c));
		return key === undefined ? [] : [`SELECT '${table}', ` +
		    `${kept.map((c) => `quote("${c}")`)} FROM ${table}` +
		    ` WHERE ${key} = ${tenant} ORDER BY ` +
		    kept.map((_, i) => i + 2)];
	});
	const text = await site.run('sqlite3', '-readonly', '-cmd',
	    '.timeout 5000', `${site.dir}/data/ledger.db`,
	    `${selects.join(';')};`);
	assert.match(text, /^actions\|/m);
	return text;
}

/* Requests, each good but for what stands in one spot. */

let count = 0;
const fresh = () => `fresh_${++count}`;

function exampleOf({ about }, { ids, people: [self] }) {
	const body = about.requestBody?.content[CONTENT];
	if (body === undefined)
		return undefined;
	const own = { ...ids, partnerUserId: self.externalId,
		userEmail: self.email };
	return filled(body.schema, JSON.parse(JSON.stringify(body.example),
	    (name, value) => name === 'autoCreateUsers' ? false :
	    name === 'reversalPercentage' ? 0.01 :
	    name === 'email' ? `${fresh()}@example.org` :
	    /^externalId$|Key$/.test(name) ? fresh() :
	    name in own ? own[name] : value));
}

function ask(operation, party, spot, word) {
	const { method, path, about } = operation;
	const at = (kind) => spot?.kind === kind;
	let target = path.replace(/\{(\w+)\}/g, (_, name) => {
		const said = at('path') && spot.name === name ? word :
			party.own[name];
		assert.ok(said !== undefined,
		    `makeParty() makes nothing that is a ${name}`);
		return encodeURIComponent(said);
	});
	if (at('query'))
		target += `?${spot.name}=${encodeURIComponent(word)}`;
	const body = exampleOf(operation, party);
	if (!('Signature' in about.security[0]))
		return site.request(method, target, { headers: {
			'X-Partner-Key': party.partner.publishableKey } });
	site.clock.advance(1);
	return party.partner.signed(method, target, { body:
		at('body') ? place(body, spot.path, word) : body });
}

/** An answer without what differs in any two: what is left is the same. */
function faceless({ status, headers, text }, word) {
	const blind = (said) => said
	    .replaceAll(JSON.stringify(word).slice(1, -1), 'WORD')
	    .replace(/fresh_\d+/g, 'FRESH')
	    .replace(/\b(req_)?[0-9a-f]{24}\b/g, 'ID')
	    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
	const named = Object.entries(headers).filter(([name]) =>
		!/^(x-ratelimit|x-request|content-length|date|connection)/
		.test(name));
	/* What is done for one's own has numbers that grow. */
	const said = blind(text);
	return { status, headers: named.sort(),
	    text: status < 300 ? said.replace(/\d+/g, 'N') : said };
}

/** Nothing in it is another's, but what the asker has said before. */
function tells({ text }, { said, tag }) {
	const rest = text.replace(/[\w-]+/g, (word) => said.has(word) ?
		'' : word);
	for (const { words } of parties.filter((one) => one.tag !== tag))
		for (const secret of words)
			assert.ok(!rest.includes(secret),
			    `${secret}: ${text}`);
}

/** Texts by what they name, of one person and of all that is theirs. */
function names(party, spot) {
	const { externalId, email, key, ids } = party.people[spot.person];
	const things = { ...party.ids, ...ids };
	const text = { externalId, email, key, userId: ids.userId };
	if (spot.kind === 'path')
		return { ...things, externalId, email };
	return spot.schema.maxLength === 24 ? things : text;
}

async function sweep(operation, spot, attacker, victim) {
	const { id } = operation;
	for (const [kind, word] of Object.entries(names(victim, spot))) {
		const nobodys = like(word);
		const said = `${id}: ${kind} in ${spot.name}: ${word}`;
		const one = await ask(operation, attacker, spot, nobodys);
		attacker.said.add(word.split('@')[0]);
		const two = await ask(operation, attacker, spot, word);
		assert.deepEqual(faceless(two, word), faceless(one, nobodys),
		    said);
		tells(two, attacker);
		if (spot.kind === 'path')
			refused(two, 404, 'NOT_FOUND');
	}
}

for (const [attacker, victim] of pairs) {
	const whose = `${attacker.tag} with what is ${victim.tag}'s`;
	let books;
	for (const operation of all)
		test(`${whose}: ${operation.id}`, async () => {
			books ??= await booksOf(victim);
			for (const spot of operation.spots)
				await sweep(operation, spot, attacker, victim);
			assert.equal(await booksOf(victim), books);
		});
}
