// A partner's side that owns one of everything, and people by the dozen, for
// tests of what strangers can see and touch of it.
//
//	const party = await makeParty(partner, 'tag', people)
//	party.partner		who signs for it
//	party.ids		{kind: id} of things of its own
//	party.own		what the {names} in paths stand for
//	party.people[n]		{externalId, email, key, ids}: somebody whom
//				nothing else names; `key` was used for an
//				action, a reversal and a redemption of theirs
//	party.words		every text above, which none but itself may see
//	party.url		what its webhooks may call
//	party.said		words of others that it has spelled out itself
//	like(word)		another word of the same form: nobody's
//	await booksOf(party)	every row that the database has of it
//	unchanged(books, before)	they are the same

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { earn, exchange, programme } from './exchange.mjs';
import { activate, makeCampaign } from './campaign.mjs';
import { start } from './gifts.mjs';
import { good, NO_ID } from './expect.mjs';

const V1 = '/v1/partner';
const CLASSES = ['0123456789', 'abcdef', 'ghijklmnopqrstuvwxyz',
	'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

export const like = (word) => word.replace(/[0-9a-zA-Z]/g, (letter) => {
	const letters = CLASSES.find((all) => all.includes(letter));
	return letters[randomInt(letters.length)];
});

const share = (partnerUserId) => [{ stakeholderTypeCode: 'CUSTOMER',
	partnerUserId }];

async function makePerson(partner, name) {
	const externalId = `${name}-id`, email = `${name}@example.org`;
	const key = `${name}-key`;
	const { userId } = good(await partner.post(`${V1}/users`,
	    { externalId, email, firstName: `${name}-first` }), 201);
	const { actionId, transactionIds: [transactionId] } = good(
	    await partner.submit({ idempotencyKey: key, amount: 100,
		stakeholders: share(externalId) }));
	const { redemptionId } = good(await partner.post(
	    `${V1}/users/${externalId}/redeem`,
	    { tokens: 5, idempotencyKey: key }));
	const { reversalId } = good(await partner.post(
	    `${V1}/actions/${actionId}/reverse`,
	    { refundIdempotencyKey: key, reversalPercentage: 1 }));
	return { externalId, email, key, ids: { userId, actionId,
		transactionId, redemptionId, reversalId } };
}

/** On the live side only an address of the world's will do: nobody calls. */
const addressOf = ({ side }) => side === 'live' ? 'https://9.9.9.9/hook' :
	'http://127.0.0.1:9/hook';

async function makeWebhook(partner, description) {
	const { webhookId } = good(await partner.post(`${V1}/webhooks`,
	    { url: addressOf(partner), eventTypes: ['user.created'],
		description }), 201);
	good(await partner.post(`${V1}/users`,
	    { externalId: `${description}-user` }), 201);
	const path = `${V1}/webhooks/${webhookId}`;
	const { data: [{ deliveryId, eventId }] } =
	    good(await partner.get(`${path}/deliveries`));
	if (partner.side === 'live')
		return { webhookId, deliveryId, eventId };
	/* One that has ended, and may be sent again. */
	const tried = good(await partner.post(`${path}/test`));
	return { webhookId, deliveryId: tried.deliveryId, eventId };
}

/** It takes tokens to exchange some again and again. */
async function makeExchange(partner, { externalId }, tag) {
	await programme(partner);
	await earn(partner, externalId, 100000);
	const { exchangeId } = good(await exchange(partner, {
		partnerUserId: externalId, membershipId: `${tag}-member` }),
	    201);
	return exchangeId;
}

/** A live side has no sandbox that would play a provider. */
const makeGift = (partner, { externalId, email }) =>
	partner.side === 'live' ? {} : start(partner, { donorEmail: email,
		partnerUserId: externalId }).then((partnerDonationId) =>
		({ partnerDonationId }));

export async function makeParty(partner, tag, count) {
	const people = await Promise.all(Array.from({ length: count },
	    (_, n) => makePerson(partner, `${tag}-person-${n}`)));
	const { requestId } = good(await partner.post(
	    `${V1}/token-pools/request`,
	    { amount: 1000, reason: `${tag}-reason` }), 201);
	const appeal = (verb, ...words) => partner.site.arrange('appeal', verb,
	    '--partner', partner.slug, '--side', partner.side, ...words);
	await appeal('create', '--nonprofit', 'american-red-cross',
	    '--title', `${tag}-appeal`, '--currency', 'USD');
	await appeal('perk', '--appeal', '1', '--title', 'Scarf');
	const hook = await makeWebhook(partner, `${tag}-hook`);
	const { campaignId } = await makeCampaign(partner,
	    { name: `${tag}-campaign` });
	const active = await activate(partner,
	    { name: `${tag}-active`, actionTypes: ['NEVER_DONE'] });
	const exchangeId = await makeExchange(partner, people[0], tag);
	const gift = await makeGift(partner, people[0]);
	const ids = {
		...people[0].ids, ...gift, requestId,
		tokenPoolId: partner.tokenPoolId, keyId: partner.keyId,
		campaignId, ...hook, exchangeId,
	};
	return {
		partner, tag, people, ids, said: new Set(),
		url: addressOf(partner),
		own: { partnerDonationId: NO_ID, ...ids,
			externalId: people[0].externalId,
			/* Everybody's, and the first of each. */
			slug: 'american-red-cross', appealId: '1' },
		words: [...Object.values(ids), `${tag}-`, active.campaignId,
			...people.flatMap((one) => Object.values(one.ids))],
	};
}

/** The tables that have rows of tenants: {name: columns}. */
async function tablesOf(site, file) {
	const tables = {};
	const text = await site.run('sqlite3', '-readonly', '-json', file,
	    'SELECT m.name, c.name AS "column" FROM sqlite_schema m' +
	    ' JOIN pragma_table_info(m.name) c' +
	    " WHERE m.type = 'table' ORDER BY m.name, c.cid");
	for (const { name, column } of JSON.parse(text))
		(tables[name] ??= []).push(column);
	/* What is counted of requests is written down later, at any time. */
	delete tables.usage;
	for (const columns of Object.values(tables))
		if (columns.includes('last_used_at'))
			columns.splice(columns.indexOf('last_used_at'), 1);
	return tables;
}

export async function booksOf({ partner: { site, slug, side } }) {
	const file = `${site.dir}/data/ledger.db`;
	const tenant = '(SELECT t.id FROM tenants t JOIN partners p' +
	    ` ON p.id = t.partner WHERE p.slug = '${slug}'` +
	    ` AND t.side = '${side}')`;
	site.tables ??= await tablesOf(site, file);
	const selects = Object.entries(site.tables).map(([name, columns]) => {
		const key = name === 'tenants' ? 'id' :
			columns.find((column) => column === 'tenant');
		return key === undefined ? '' : `SELECT '${name}', ` +
		    `${columns.map((c) => `quote("${c}")`)} FROM ${name}` +
		    ` WHERE ${key} = ${tenant}` +
		    ` ORDER BY ${columns.map((_, i) => i + 2)};`;
	});
	const text = await site.run('sqlite3', '-readonly', '-cmd',
	    '.timeout 5000', file, selects.join(''));
	assert.match(text, /^tenants\|/m);
	assert.match(text, /^entries\|/m);
	return text;
}

/** Shown is what differs: all of it would be a book indeed. */
export function unchanged(books, before) {
	const less = (all, others) => {
		const known = new Set(others.split('\n'));
		return all.split('\n').filter((row) => !known.has(row));
	};
	if (books !== before)
		assert.fail('not as it was; new are\n' +
		    `${less(books, before).slice(0, 9).join('\n')}\n` +
		    `and gone are\n` +
		    less(before, books).slice(0, 9).join('\n'));
}
