// Donations that were made elsewhere, told by the webhook of the format
// "chuffed": whoever has a side's secret rewards its donors, once each.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { balance, good, refused, rows } from '../lib/expect.mjs';
import { run } from '../lib/process.mjs';
import { useSite } from '../lib/site.mjs';
import { sample } from '../lib/webhook.mjs';

const SECRET = 'my super cool secret';

const site = await useSite();
const shop = await site.partner();
const shelter = await site.partner();
await site.rule({ slug: shop.slug, type: 'DONATION', perUnit: 10 });
const of = ({ slug, side }) => ['--partner', slug, '--side', side];
const set = (partner, ...more) => site.cli('inbound', 'set',
    ...of(partner), '--format', 'chuffed', ...more);
await set(shop, '--secret', SECRET);
const { secret: OTHER } = await set(shelter);

let ids = 0;

/** The seed's example, as JSON. */
const gift = (changes = {}, identity = {}) => ({ data: {
	id: ++ids, created_at: '2025-05-10T11:00:00Z',
	donation: { amount: 1295, currency: 'AUD' },
	total: { amount: 1495, currency: 'AUD' },
	donation_converted: { amount: 895, currency: 'USD' },
	recurring: true, recurring_period: 'weekly', recurring_iteration: 1,
	payment_type: 'stripe', visibility: 'anonymous',
	payment_vendor: { name: 'stripe', reference: 'py_1234abcd' },
	recipient: { type: 'campaign', id: 12345 },
	campaign: { id: 12345, title: 'My Campaign' },
	identity: { email: `donor-${ids}@domain.com`, first_name: 'Ben',
		last_name: 'Rowe', subscriptions: { campaign: true },
		address: '123 fake street', phone: '12345678', ...identity },
	perk: null, ...changes,
} });

const sign = (secret, body) =>
	createHmac('sha256', secret).update(body).digest('hex');

function tell(what, { secret = SECRET, ...options } = {}) {
	const body = typeof what === 'string' ? what : JSON.stringify(what);
	const signature = 'signature' in options ? options.signature :
		sign(secret, body);
	return site.request('POST', '/v1/inbound/chuffed', { body,
		headers: { 'Content-Type': 'application/json',
			Signature: signature } });
}

async function taken(what, options) {
	const answer = await tell(what, options);
	assert.equal(answer.status, 204, answer.text);
	assert.equal(answer.text, '');
}

test('a donor who was unknown is rewarded', async () => {
	const what = gift();
	await taken(what);
	const { email } = what.data.identity;
	assert.equal((await balance(shop, email)).available, 130);
	const user = good(await shop.get(`/v1/partner/users/${email}`));
	assert.deepEqual([user.firstName, user.lastName], ['Ben', 'Rowe']);
	const { data: [action] } = good(await shop.get(
	    '/v1/partner/actions?limit=1'));
	assert.equal(action.idempotencyKey, `chuffed:${what.data.id}`);
	assert.equal(action.actionType, 'DONATION');
	assert.equal(action.amount, 12.95);
	assert.equal(action.currency, 'AUD');
});

test('told again it changes nothing, whatever it says then', async () => {
	const what = gift();
	const { email } = what.data.identity;
	await taken(what);
	await taken(what);
	await taken({ data: { ...what.data, donation: { amount: 99999,
		currency: 'AUD' } } });
	await Promise.all(Array.from({ length: 6 }, () => taken(what)));
	assert.equal((await balance(shop, email)).available, 130);
});

test('many at the same moment count once', async () => {
	const what = gift();
	await Promise.all(Array.from({ length: 8 }, () => taken(what)));
	assert.equal((await balance(shop,
	    what.data.identity.email)).available, 130);
});

test('a donor who is known keeps their name', async () => {
	good(await shop.post('/v1/partner/users', { externalId: 'ben',
		email: 'ben@domain.com', firstName: 'Benjamin' }), 201);
	await taken(gift({}, { email: 'Ben@Domain.com' }));
	assert.equal((await balance(shop, 'ben')).available, 130);
	const user = good(await shop.get('/v1/partner/users/ben'));
	assert.equal(user.firstName, 'Benjamin');
});

test('the secret says whose it is', async () => {
	const what = gift();
	const { email } = what.data.identity;
	await taken(what, { secret: OTHER });
	refused(await shop.get(`/v1/partner/users/${email}`), 404,
	    'NOT_FOUND');
	assert.ok((await balance(shelter, email)).available > 0);
	/* Its number is its own: the other side has that one, too. */
	await taken(what);
	assert.equal((await balance(shop, email)).available, 130);
});

test('what is not signed is refused, and nothing of it read', async () => {
	const before = await rows(site, 'SELECT count(*) AS n FROM actions');
	const body = JSON.stringify(gift());
	const right = sign(SECRET, body);
	for (const signature of [undefined, '', right.slice(1), `${right}0`,
		`sha256=${right}`, sign('another secret here', body),
		sign(SECRET, `${body} `), sign('', body), '0'.repeat(64)])
		refused(await tell(body, { signature }), 401,
		    'INVALID_SIGNATURE');
	refused(await tell('{', { signature: right }), 401,
	    'INVALID_SIGNATURE');
	refused(await tell('{'), 400, 'MALFORMED_JSON');
	assert.deepEqual(await rows(site,
	    'SELECT count(*) AS n FROM actions'), before);
	await taken(body, { signature: right.toUpperCase() });
});

test('what lacks something is refused by its name', async () => {
	const bad = async (what, ...fields) => refused(await tell(what), 400,
	    'INVALID_REQUEST', fields);
	await bad({}, '/data');
	await bad({ data: {} }, '/data/id', '/data/donation',
	    '/data/identity');
	await bad(gift({ id: -1 }), '/data/id');
	await bad(gift({ id: '1' }), '/data/id');
	await bad(gift({ donation: { amount: 12.95, currency: 'AUD' } }),
	    '/data/donation/amount');
	await bad(gift({ donation: { amount: -1, currency: 'AUD' } }),
	    '/data/donation/amount');
	await bad(gift({ donation: { amount: 1, currency: 'aud' } }),
	    '/data/donation/currency');
	await bad(gift({}, { email: 'nobody' }), '/data/identity/email');
});

test('nobody to reward: taken, so that it is not sent again', async () => {
	for (const email of ['', null, undefined])
		await taken(gift({}, { email }));
});

test('a pool that is empty: again later, and then once', async () => {
	const poor = await site.partner({ tokens: 0 });
	const { secret } = await set(poor);
	const what = gift();
	refused(await tell(what, { secret }), 402, 'INSUFFICIENT_POOL');
	await site.cli('pool', 'allocate', '--pool', poor.tokenPoolId,
	    ...of(poor), '--tokens', '100000');
	await taken(what, { secret });
	await taken(what, { secret });
	const { available } = await balance(poor, what.data.identity.email);
	assert.ok(available > 0);
});

test('our own webhook of this format is taken', async () => {
	const one = await site.partner();
	const { secret } = await set(one);
	const { body, headers } = await sample('chuffed', '--secret', secret);
	await taken(body, { signature: headers.signature });
	const { email } = JSON.parse(body).data.identity;
	assert.ok((await balance(one, email)).available > 0);
});

test('suspended, or not approved for the live side: refused', async () => {
	const waiting = await site.partner({ side: 'live', approve: false });
	const { secret } = await set(waiting);
	refused(await tell(gift(), { secret }), 403, 'PARTNER_NOT_APPROVED');
	await site.cli('partner', 'suspend', '--partner', waiting.slug);
	refused(await tell(gift(), { secret }), 403, 'PARTNER_SUSPENDED');
});

test('a sandbox that begins again is told as before', async () => {
	good(await shelter.post('/v1/partner/sandbox/reset', {}));
	const what = gift();
	await taken(what, { secret: OTHER });
	assert.ok((await balance(shelter,
	    what.data.identity.email)).available > 0);
});

test('the command: set anew, listed without secrets, removed', async () => {
	const one = await site.partner();
	const { secret, path } = await set(one);
	assert.match(secret, /^[0-9a-f]{64}$/);
	assert.equal(path, '/v1/inbound/chuffed');
	const fresh = await set(one);
	refused(await tell(gift(), { secret }), 401, 'INVALID_SIGNATURE');
	await taken(gift(), { secret: fresh.secret });
	const points = await site.cli('inbound', 'set', ...of(one),
	    '--format', 'points');
	assert.match(points.secret, /^almoner:[0-9a-f]{64}$/);
	const listed = await site.cli('inbound', 'list', ...of(one));
	assert.deepEqual(listed.map((row) => Object.keys(row)),
	    Array(2).fill(['format', 'path', 'createdAt']));
	await site.cli('inbound', 'remove', ...of(one), '--format', 'chuffed');
	refused(await tell(gift(), { secret: fresh.secret }), 401,
	    'INVALID_SIGNATURE');
	assert.equal((await site.cli('inbound', 'list', ...of(one))).length, 1);
});

test('the command refuses secrets that would not do', async () => {
	const one = await site.partner();
	const fails = async (says, format, secret) => {
		const { code, stderr } = await site.tryCli('inbound', 'set',
		    ...of(one), '--format', format, '--secret', secret);
		assert.equal(code, 1, stderr);
		assert.match(stderr, says);
	};
	await fails(/Another side/, 'chuffed', SECRET);
	await fails(/Between 16 and/, 'chuffed', 'short');
	await fails(/a colon/, 'points', 'no colon in this one');
	/* It may set its own again. */
	await set(shop, '--secret', SECRET);
	const { code } = await site.tryCli('inbound', 'remove', ...of(one),
	    '--format', 'chuffed');
	assert.equal(code, 1);
});

test('the secret is sealed: it is not in the file', async () => {
	await run('sqlite3', [`${site.dir}/data/ledger.db`,
		'PRAGMA wal_checkpoint(TRUNCATE)']);
	const { stdout } = await run('grep', ['-c', SECRET,
		`${site.dir}/data/ledger.db`]);
	assert.equal(stdout.trim(), '0');
});
