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
import { bearer, makeAdmin } from '../lib/admin.mjs';
import { makeCampaign, setStatus } from '../lib/campaign.mjs';
import { conform, operations, takes } from '../lib/contract.mjs';
import { programme } from '../lib/exchange.mjs';
import { ID } from '../lib/expect.mjs';
import { configureHooks, startReceiver } from '../lib/hooks.mjs';
import { root, useSite } from '../lib/site.mjs';

/** In this order; every operation has its place. */
const STORY = [
	'showConfig', 'searchNonprofits', 'showNonprofit', 'showAppeal',
	'createDonationLink', 'showDonationStatus',
	'listTokenPools', 'showTokenPool',
	'requestTokens', 'showTokenRequest',
	'createUser', 'changeUser', 'listUsers',
	'registerWebhook', 'listWebhooks', 'changeWebhook', 'showWebhook',
	'submitAction', 'submitActions', 'redeemTokens', 'reverseAction',
	'showAction', 'listActions',
	'showUser', 'showUserBalance', 'listUserTransactions',
	'showTokenPoolBalance', 'listTokenPoolTransactions',
	'withdrawTokenRequest', 'listTokenRequests',
	'listEvents', 'showEvent', 'testWebhook', 'retryDelivery',
	'listDeliveries', 'replayWebhook', 'rotateWebhookSecret',
	'showOverview', 'showIntegrationHealth', 'showWebhooksHealth',
	'showApiUsage',
	'exchangeTokens', 'showExchange', 'revertExchange', 'listExchanges',
	'removeCampaign', 'createCampaign', 'changeCampaign', 'showCampaign',
	'listCampaigns', 'listActiveCampaigns', 'showCampaignAnalytics',
	'removeWebhook', 'eraseUser',
	'moveSandboxClock', 'showSandboxClock', 'resetSandbox',
	'login', 'showMember', 'refreshSession', 'logout',
];

/** Of the last login. */
let tokens;

const EVENT = /^evt_[0-9a-f]{24}$/;
const FOLDER = path.join(root, 'doc/examples');
const site = await useSite();
await configureHooks(site);
const shop = await startReceiver();
const acme = await site.partner({ name: 'Acme Shop', slug: 'acme' });

await programme(acme);
await makeAdmin(site);

const APPEAL = ['--partner', 'acme', '--side', 'test', '--appeal', '1'];
await site.cli('appeal', 'create', ...APPEAL.slice(0, 4), '--nonprofit',
    'american-red-cross', '--title', 'Winter shelter', '--currency', 'USD',
    '--goal', '5000');
await site.cli('appeal', 'perk', ...APPEAL, '--title', 'A scarf',
    '--min-amount', '50', '--stock', '100', '--question', 'Which colour?');
await site.cli('appeal', 'fundraiser', ...APPEAL, '--title',
    'Ada runs for shelter', '--owner', 'Ada Lovelace');

/** A campaign is activated and somebody gives: then it has what to tell. */
const before = { showCampaign: () =>
	setStatus(acme, known.campaignId, 'ACTIVE'),
showCampaignAnalytics: () => acme.submit({
	actionType: 'DONATION', amount: 25, stakeholders: [
		{ stakeholderTypeCode: 'DONOR', partnerUserId: 'user_42' },
		{ stakeholderTypeCode: 'CHARITY', partnerUserId: 'aid' },
	] }) };

/** What {names} in paths stand for, and ids in bodies: the latest told. */
const known = { externalId: 'user_42', tokenPoolId: acme.tokenPoolId,
	slug: 'american-red-cross', appealId: '1',
	campaignId: (await makeCampaign(acme)).campaignId };

const read = (name) => fs.existsSync(path.join(FOLDER, name)) ?
	JSON.parse(fs.readFileSync(path.join(FOLDER, name), 'utf8')) :
	undefined;

/** Ids in an example are of another site: these are ours. */
const ours = (value) => JSON.parse(JSON.stringify(value), (name, member) =>
	name === 'url' ? shop.url :
	name in known && ID.test(member) ? known[name] : member);

/** What no two runs have the same. */
const MEASURED = new Set(['durationMs', 'p50Ms', 'p95Ms', 'requests',
	'status2xx', 'remaining']);

/** Equal but for ids: what is compared. */
const faceless = (value) => JSON.parse(JSON.stringify(value),
    (name, member) => ID.test(member) || EVENT.test(member) ? 'an id' :
	name === 'url' || name === 'donationLink' ? 'an address' :
	MEASURED.has(name) && member !== null ? 0 :
	name === 'accessToken' ? 'a token' :
	/^whsec_[0-9a-f]{64}$/.test(member) ? 'a secret' :
	/^[0-9a-f]{64}$/.test(member) ? 'a hash' : member);

function remember(body) {
	for (const [name, value] of Object.entries(body ?? {}))
		if (typeof value === 'string' && ID.test(value))
			known[name] = value;
	const first = body?.data?.[0]?.id;
	if (EVENT.test(first))
		known.eventId = first;
}

function ask({ method, path: pattern, about }, request) {
	const target = pattern.replace(/\{(\w+)\}/g, (_, name) => {
		assert.ok(name in known, `the story has no ${name} yet`);
		return encodeURIComponent(known[name]);
	});
	if (takes({ about }, 'Signature'))
		return acme.signed(method, target, { body: request });
	if (takes({ about }, 'AccessToken'))
		return site.request(method, target,
		    { headers: bearer(tokens.accessToken) });
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
	await before[id]?.();
	const request = ours(read(`${id}.request.json`) ?? null);
	assert.equal(request !== null, about.requestBody !== undefined,
	    `${id}.request.json`);

	if (request?.refreshToken !== undefined)
		request.refreshToken = tokens.refreshToken;
	const { status, body, text } = await ask(operation,
	    request ?? undefined);
	assert.ok(status < 300 && status in about.responses, text);
	remember(body);
	if (body?.accessToken !== undefined)
		tokens = body;

	const name = `${id}.response.json`;
	try {
		assert.deepEqual(faceless(body ?? null),
		    faceless(read(name) ?? null), name);
	} catch (error) {
		if (process.env.ALMONER_EXAMPLES !== 'write')
			throw error;
		const { url } = read('registerWebhook.request.json');
		fs.writeFileSync(path.join(FOLDER, name), `${JSON.stringify(
		    body, null, 2).replaceAll(shop.url, url)}\n`);
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
