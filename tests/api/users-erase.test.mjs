// DELETE /users/:externalId: a person is forgotten, down to the bytes of the
// file, and the books stay whole.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { balance, good, pool, refused, rows } from '../lib/expect.mjs';
import { purchase, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ slug: 'acme' });
const other = await site.partner();

const USERS = '/v1/partner/users';
const at = (name) => `${USERS}/${encodeURIComponent(name)}`;
const person = (name, partner = acme) => partner.get(at(name));
const erase = (name, partner = acme) => {
	site.clock.advance(1);
	return partner.signed('DELETE', at(name));
};
const part = (partnerUserId, more = {}) => ({
	stakeholderTypeCode: 'CUSTOMER', partnerUserId, ...more });

function erased(answer) {
	assert.equal(answer.status, 204, answer.text);
	assert.equal(answer.text, '');
	assert.equal(answer.headers['content-type'], undefined);
	assert.equal(answer.headers['content-length'], undefined);
}

/** Which of the texts stand in the database or in its log? */
function traces(texts) {
	const bytes = ['', '-wal'].map((suffix) =>
		`${site.dir}/data/ledger.db${suffix}`)
	    .filter((name) => fs.existsSync(name))
	    .map((name) => fs.readFileSync(name));
	return texts.filter((text) => bytes.some((b) => b.includes(text)));
}

/* A crowd in no order, so that rows move from page to page. */
const crowd = Array.from({ length: 600 }, (_, i) => {
	const id = (i * 2654435761 % 2 ** 32).toString(36);
	return { externalId: `crowd_${id}`, email: `${id}@crowd.example`,
		firstName: `First${id}`, lastName: `Last${id}` };
});
for (let i = 0; i < crowd.length; i += 100) {
	const actions = crowd.slice(i, i + 100).map((u) => purchase({
		amount: 10, metadata: { note: `for ${u.email}` },
		stakeholders: [part(u.externalId, { userEmail: u.email,
			userFirstName: u.firstName,
			userLastName: u.lastName })],
	}));
	good(await acme.post('/v1/partner/actions/bulk', { actions }));
}

const secrets = ['jane_the_buyer', 'jane@private.example', 'Janefirst',
	'Doelast', 'likes-red-shoes', 'bought-a-secret-gift',
	'she-told-us-why', 'spent-on-chocolate', 'jane@second.example'];
const jane = good(await acme.post(USERS, { externalId: 'jane_the_buyer',
    email: 'jane@second.example', firstName: 'Janefirst',
    lastName: 'Doelast', metadata: { she: 'likes-red-shoes' } }), 201);
const request = { idempotencyKey: 'order of hers', amount: 100,
	stakeholders: [part('jane_the_buyer')],
	metadata: { what: 'bought-a-secret-gift' } };
const reward = good(await acme.submit(request));
good(await acme.signed('PATCH', at('jane_the_buyer'),
    { body: { email: 'jane@private.example' } }));
const spend = { tokens: 30, idempotencyKey: 'her coffee',
	reason: 'spent-on-chocolate' };
const redeemed = good(await acme.post(
    `${at('jane_the_buyer')}/redeem`, spend));
const reverse = { refundIdempotencyKey: 'her refund',
	reversalPercentage: 20, reason: 'she-told-us-why' };
const reversed = good(await acme.post(
    `/v1/partner/actions/${reward.actionId}/reverse`, reverse));
const held = await pool(acme);

test('no trace is left in the file and its log', async () => {
	assert.deepEqual(traces(secrets), secrets);
	erased(await erase('jane_the_buyer'));
	assert.deepEqual(traces(secrets), []);
});

test('who was erased is not there', async () => {
	for (const name of ['jane_the_buyer', 'jane@private.example',
	    'jane@second.example']) {
		refused(await person(name), 404, 'NOT_FOUND');
		refused(await acme.get(`${at(name)}/balance`),
		    404, 'NOT_FOUND');
		refused(await acme.get(`${at(name)}/transactions`),
		    404, 'NOT_FOUND');
		refused(await acme.signed('PATCH', at(name), { body: {} }),
		    404, 'NOT_FOUND');
		refused(await erase(name), 404, 'NOT_FOUND');
	}
	for (const query of ['externalId=jane_the_buyer',
	    'email=jane%40private.example']) {
		const { data, pagination } =
		    good(await acme.get(`${USERS}?${query}`));
		assert.deepEqual([data, pagination.total], [[], 0]);
	}
	const { data, pagination } = good(await acme.get(USERS));
	assert.equal(pagination.total, crowd.length);
	assert.ok(data.every((u) => u.userId !== jane.userId));
});

test('the books are as they were, under nobody\'s name', async () => {
	const shown = good(await acme.get(
	    `/v1/partner/actions/${reward.actionId}`));
	assert.equal(shown.status, 'PARTIALLY_REVERSED');
	assert.equal(shown.metadata, null);
	assert.equal(shown.breakdown[0].partnerUserId, null);
	assert.equal(shown.breakdown[0].tokens, 100);
	assert.deepEqual(await pool(acme), held);
	const wallets = await rows(site,
	    'SELECT a.balance FROM accounts a' +
	    ' JOIN users u ON u.tenant = a.tenant AND u.id = a.owner' +
	    ' WHERE a.kind = 3 AND u.erased_at IS NOT NULL');
	assert.deepEqual(wallets, [{ balance: 50 }]);
	await site.verify();
});

test('first answers are given again, without the name', async () => {
	const again = async (target, body, first) => {
		const answer = await acme.post(target, body);
		assert.equal(answer.status, 409, answer.text);
		const { code, bodyMatches, ...rest } = answer.body;
		assert.equal(code, 'IDEMPOTENT');
		assert.deepEqual(rest, JSON.parse(JSON.stringify(first)
		    .replaceAll('"jane_the_buyer"', 'null')));
	};
	await again('/v1/partner/actions/submit', purchase(request), reward);
	await again(`${at('jane_the_buyer')}/redeem`, spend, redeemed);
	await again(`/v1/partner/actions/${reward.actionId}/reverse`,
	    reverse, reversed);
});

test('what is taken back after that is a matter of the books', async () => {
	good(await acme.post(`/v1/partner/actions/${reward.actionId}/reverse`,
	    { refundIdempotencyKey: 'the rest', reversalPercentage: 80 }));
	assert.equal((await pool(acme)).availableBalance,
	    held.availableBalance + 50);
	await site.verify();
});

test('the same id is somebody new', async () => {
	const body = good(await acme.post(USERS, {
		externalId: 'jane_the_buyer',
		email: 'jane@private.example' }), 201);
	assert.notEqual(body.userId, jane.userId);
	assert.deepEqual([body.firstName, body.metadata], [null, null]);
	const { available, debt, lifetimeEarned } =
	    await balance(acme, 'jane_the_buyer');
	assert.deepEqual([available, debt, lifetimeEarned], [0, 0, 0]);
	good(await acme.submit({ ...request, idempotencyKey: 'new' }));
	assert.equal((await balance(acme, 'jane_the_buyer')).available, 100);
	erased(await erase('jane@private.example'));
	assert.deepEqual(traces(secrets), []);
});

test('the same request again: nobody is made or erased twice', async () => {
	const body = { externalId: 'twice_known', email: 'tw@ice.example',
		firstName: 'Twicefirst' };
	const timestamp = site.clock.now();
	const first = good(await acme.post(USERS, body, { timestamp }), 201);
	const gone = await erase('twice_known');
	erased(gone);
	const again = await acme.signed('DELETE', at('twice_known'));
	erased(again);
	assert.equal(again.headers['idempotent-replayed'], 'true');
	const answer = await acme.post(USERS, body, { timestamp });
	assert.equal(answer.headers['idempotent-replayed'], 'true');
	assert.deepEqual(good(answer, 201), { ...first, externalId: null,
		email: null, firstName: null });
	refused(await person('twice_known'), 404, 'NOT_FOUND');
	assert.deepEqual(traces(['tw@ice.example', 'Twicefirst']), []);
});

test('other people\'s answers are kept whole', async () => {
	const body = { externalId: 'kept_whole', firstName: 'Kept' };
	const timestamp = site.clock.now();
	const first = good(await acme.post(USERS, body, { timestamp }), 201);
	erased(await erase(crowd[7].externalId));
	const again = await acme.post(USERS, body, { timestamp });
	assert.equal(again.headers['idempotent-replayed'], 'true');
	assert.deepEqual(good(again, 201), first);
});

test('another partner\'s person of that name stays', async () => {
	good(await other.post(USERS, { externalId: 'both_know',
	    email: 'both@know.example' }), 201);
	refused(await erase('both_know'), 404, 'NOT_FOUND');
	good(await acme.post(USERS, { externalId: 'both_know' }), 201);
	erased(await erase('both_know'));
	assert.equal(good(await person('both_know', other)).email,
	    'both@know.example');
});

test('metadata goes with the last who had a part in it', async () => {
	const submit = async (metadata, ...names) => good(await acme.submit({
		amount: 2, metadata, stakeholders: names.map((name) =>
			part(name, { userEmail: `${name}@m.example` })),
	})).actionId;
	const shared = await submit({ a: 'of-both' }, 'ann', 'bob');
	const named = await submit({ by: 'Ann@M.Example' }, 'ann', 'bob');
	const called = await submit({ by: ['ann'] }, 'ann', 'bob');
	const bobs = await submit({ by: 'ann' }, 'bob');
	const metadata = async (id) => good(await acme.get(
	    `/v1/partner/actions/${id}`)).metadata;
	erased(await erase('ann'));
	assert.deepEqual(await metadata(shared), { a: 'of-both' });
	assert.equal(await metadata(named), null);
	assert.equal(await metadata(called), null);
	assert.deepEqual(await metadata(bobs), { by: 'ann' });
	erased(await erase('bob'));
	assert.equal(await metadata(shared), null);
	assert.equal(await metadata(bobs), null);
	assert.deepEqual(traces(['of-both', 'ann@m.example',
	    'Ann@M.Example', 'bob@m.example']), []);
});

test('so does that of shares which left nothing in a wallet', async () => {
	const submit = (amount, metadata) => acme.submit({ amount, metadata,
		stakeholders: [part('empty_handed')] });
	const first = good(await submit(10, {}));
	good(await submit(0, { note: 'worth-nothing-at-all' }));
	good(await acme.post(`${at('empty_handed')}/redeem`,
	    { tokens: 10, idempotencyKey: 'empty' }));
	good(await acme.post(`/v1/partner/actions/${first.actionId}/reverse`,
	    { refundIdempotencyKey: 'empty' }));
	good(await submit(5, { note: 'went-to-a-debt' }));
	erased(await erase('empty_handed'));
	assert.deepEqual(traces(['worth-nothing-at-all', 'went-to-a-debt',
	    'empty_handed']), []);
	await site.verify();
});

test('out of the crowd one by one, and the others stay', async () => {
	for (const { externalId, email, firstName, lastName }
	    of crowd.slice(100, 140)) {
		erased(await erase(externalId));
		assert.deepEqual(traces([email, `for ${email}`,
		    `${firstName}${lastName}`]), []);
	}
	for (const u of crowd.slice(140, 150)) {
		const { userId, createdAt, metadata, ...said } =
		    good(await person(u.externalId));
		assert.deepEqual(said, u);
	}
	assert.doesNotMatch(site.log(), /what was erased may still/);
});
