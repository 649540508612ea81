// Two partners side by side, one of them with its test and its live side: none
// can see or touch anything of another's, over every route of the OpenAPI
// document, hence of the programs.
//
// Whatever is said in a path, a query or a body is said with the names of
// another's things, of every kind, and with such of one's own that do not
// belong there; and it is answered, word for word, like names that nobody has.
// After each route the other's rows in the database are what they were.

import assert from 'node:assert/strict';
import test from 'node:test';
import { follow, operations, takes } from '../lib/contract.mjs';
import { exchange } from '../lib/exchange.mjs';
import { good, ID, NO_ID, refused } from '../lib/expect.mjs';
import { booksOf, like, makeParty, unchanged } from '../lib/party.mjs';
import { configureHooks } from '../lib/hooks.mjs';
import { useSite } from '../lib/site.mjs';
import { fields, filled, place } from '../lib/values.mjs';

const site = await useSite();
await configureHooks(site);
const CONTENT = 'application/json';

/* What can be asked. */

const isText = ({ type, format, enum: words }) =>
	[type].flat().includes('string') && !format && !words;

/** The texts that a request can say: where names of things may stand. */
function spotsOf({ path, about }) {
	const spots = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
		({ kind: 'path', name }));
	for (const { in: where, name, schema } of about.parameters.map(follow))
		if (where === 'query' && isText(schema))
			spots.push({ kind: 'query', name, schema });
	const body = about.requestBody?.content[CONTENT];
	if (body !== undefined)
		for (const field of fields(body.schema,
		    filled(body.schema, body.example)))
			if (isText(field.schema))
				spots.push({ kind: 'body',
				    name: field.path.at(-1), ...field });
	return spots;
}

/* What people do who log in is done for no partner. */
const all = Object.values(operations()).filter((operation) =>
    takes(operation, 'PartnerKey'));

/* At each spot somebody else is named, since what is said may be kept. */
let people = 1;
for (const operation of all) {
	operation.spots = spotsOf(operation);
	for (const spot of operation.spots)
		spot.person = people++;
}

/** Erasing comes last, and a new beginning after it. */
const late = ({ method, id }) => (method === 'DELETE' ? 1 : 0) +
    (id === 'resetSandbox' ? 2 : 0);
const inOrder = [...all].sort((a, b) => late(a) - late(b));

/* Who there is. */

async function otherSide(partner, side) {
	const keys = await partner.newKey({ side });
	const words = ['--partner', partner.slug, '--side', side];
	const { tokenPoolId } = await site.cli('pool', 'create', ...words,
	    '--name', `Main ${side}`);
	await site.cli('pool', 'allocate', ...words, '--tokens', '1000000');
	return Object.assign(keys, { side, tokenPoolId });
}

const acmes = await site.partner();
const acme = await makeParty(acmes, 'acme-test', people);
const live = await makeParty(await otherSide(acmes, 'live'), 'acme-live',
    people);
const other = await makeParty(await site.partner(), 'other', people);
const parties = [acme, live, other];
/* A witness takes its time with each request. */
const pairs = [[other, acme], [live, acme], [acme, live], [acme, other]]
    .slice(0, process.env.ALMONER_PROXY ? 1 : undefined);

/* Requests, each good but for what stands in one spot. */

let count = 0;
const fresh = () => `fresh_${++count}`;

function bodyOf({ about }, { ids, url, people: [self] }) {
	const body = about.requestBody?.content[CONTENT];
	if (body === undefined)
		return undefined;
	const own = { ...ids, partnerUserId: self.externalId,
		userEmail: self.email, autoCreateUsers: false,
		reversalPercentage: 0.01, url };
	return filled(body.schema, JSON.parse(JSON.stringify(body.example),
	    (name, value) => name in own ? own[name] :
	    name === 'email' ? `${fresh()}@example.org` :
	    /^externalId$|Key$/.test(name) ? fresh() : value));
}

/** What can be done once needs something new of one's own each time. */
const renew = {
	revertExchange: async ({ partner, own, people: [self] }) => {
		own.exchangeId = good(await exchange(partner, { tokens: 10,
			partnerUserId: self.externalId }), 201).exchangeId;
	},
};

/** `spot` may be none; `options` as for signed(). */
async function ask(operation, party, spot, word, options) {
	const { method, path } = operation;
	const at = (kind) => spot?.kind === kind;
	await renew[operation.id]?.(party);
	let target = path.replace(/\{(\w+)\}/g, (_, name) => {
		const said = at('path') && spot.name === name ? word :
			party.own[name];
		assert.ok(said !== undefined,
		    `makeParty() makes nothing that is a ${name}`);
		return encodeURIComponent(said);
	});
	if (at('query'))
		target += `?${spot.name}=${encodeURIComponent(word)}`;
	const own = bodyOf(operation, party);
	const body = at('body') ? place(own, spot.path, word) : own;
	if (!takes(operation, 'Signature'))
		return site.request(method, target, {
			body: body && JSON.stringify(body), headers: {
				'X-Partner-Key': party.partner.publishableKey,
				'Content-Type': body && CONTENT } });
	/* The same bytes in the same second would be the same request. */
	site.clock.advance(1);
	return party.partner.signed(method, target, { ...options, body });
}

/** An answer without what differs in any two: what is left is the same. */
function faceless({ status, headers, text }, word) {
	const named = Object.entries(headers).filter(([name]) =>
		!/^(x-ratelimit|x-request|content-length|date|connection)/
		.test(name));
	const said = text
	    .replaceAll(JSON.stringify(word).slice(1, -1), 'WORD')
	    .replace(/fresh_\d+/g, 'FRESH')
	    .replace(/\b(req_|evt_)?[0-9a-f]{24}\b/g, 'ID')
	    .replace(/whsec_[0-9a-f]{64}/g, 'SECRET')
	    .replace(/"[0-9a-f]{64}"/g, '"HASH"')
	    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
	/* What is done for one's own has numbers that grow. */
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

/* Sweeps. */

const takesIds = ({ kind, schema }) => kind === 'path' ||
    schema.maxLength === 24;

/** What may be named in a spot, and of what kind it is. */
function names(party, spot) {
	const { externalId, email, key, ids } = party.people[spot.person];
	const things = { ...party.ids, ...ids };
	if (spot.kind === 'path')
		return { ...things, externalId, email };
	return takesIds(spot) ? things :
		{ externalId, email, key, userId: ids.userId };
}

async function sweep(operation, spot, attacker, victim) {
	for (const [kind, word] of Object.entries(names(victim, spot))) {
		const nobodys = like(word);
		const one = await ask(operation, attacker, spot, nobodys);
		attacker.said.add(word.split('@')[0]);
		const two = await ask(operation, attacker, spot, word);
		assert.deepEqual(faceless(two, word), faceless(one, nobodys),
		    `${kind} in ${spot.name}: ${word}`);
		tells(two, attacker);
		if (spot.kind === 'path')
			refused(two, 404, 'NOT_FOUND');
	}
}

for (const [attacker, victim] of pairs) {
	const whose = `${attacker.tag} names what is ${victim.tag}'s`;
	let books;
	for (const operation of all.filter((one) => one.spots.length > 0))
		test(`${whose}: ${operation.id}`, async () => {
			books ??= await booksOf(victim);
			for (const spot of operation.spots)
				await sweep(operation, spot, attacker, victim);
			unchanged(await booksOf(victim), books);
		});
}

/** Names that are near to what is there, and are not. */
const nearly = (id) => [NO_ID, 'f'.repeat(24), id.replace(/[a-f]/, 'A'),
	id.slice(0, -1) + (id.endsWith('0') ? '1' : '0'),
	`${(parseInt(id.slice(0, 8), 16) + 1).toString(16)}${id.slice(8)}`];

for (const operation of inOrder)
	for (const spot of operation.spots.filter(takesIds))
		test(`an id of another kind in ${spot.name} of ` +
		    `${operation.id}`, async () => {
			const nobodys = like(NO_ID);
			const unknown = faceless(await ask(operation, acme,
			    spot, nobodys), nobodys);
			const isUnknown = async (word) => {
				const answer = await ask(operation, acme,
				    spot, word);
				return JSON.stringify(unknown) ===
				    JSON.stringify(faceless(answer, word));
			};
			const taken = [];
			for (const [kind, id] of Object.entries(acme.ids)
			    .filter(([, one]) => ID.test(one))) {
				if (!await isUnknown(id))
					taken.push(kind);
				for (const word of nearly(id))
					assert.ok(await isUnknown(word), word);
			}
			assert.ok(taken.length <= 1, taken.join());
		});

/* Without a name of anything. */

/* Nonprofits are everybody's. */
const lists = all.filter(({ id, method, path, about }) =>
    id !== 'searchNonprofits' && method === 'GET' && !path.includes('{') &&
    about.parameters.map(follow).some(({ name }) => name === 'cursor'));

for (const operation of lists)
	test(`${operation.id} has one's own alone`, async () => {
		const seen = new Set();
		for (const party of parties) {
			const answer = await ask(operation, party,
			    { kind: 'query', name: 'limit' }, '100');
			const { data } = good(answer);
			assert.ok(data.length > 0);
			tells(answer, party);
			for (const row of data) {
				const [id] = Object.values(row);
				assert.ok(!seen.has(id), id);
				seen.add(id);
			}
		}
	});

test('a key signs nothing with the secret of another', async () => {
	for (const [attacker, { partner, tag }] of pairs)
		for (const operation of all) {
			if (!takes(operation, 'Signature'))
				continue;
			refused(await ask(operation, attacker, undefined,
			    undefined, { key: partner.secretKey }),
			    401, 'INVALID_SIGNATURE');
			refused(await ask(operation, attacker, undefined,
			    undefined, { secret: partner.hmacSecret }),
			    401, 'INVALID_SIGNATURE');
		}
});

for (const operation of inOrder)
	test(`${operation.id} is good for who owns it, alone`, async () => {
		const books = [await booksOf(acme), await booksOf(live)];
		const answer = await ask(operation, other);
		assert.ok(answer.status < 300, answer.text);
		tells(answer, other);
		unchanged(await booksOf(acme), books[0]);
		unchanged(await booksOf(live), books[1]);
	});
