// almoner ledger: verify finds what was changed and names the first of it,
// export is a journal that hledger reads, balance adds up.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import test, { after } from 'node:test';
import { balance, good, pool, rows } from '../lib/expect.mjs';
import { startSite, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner({ slug: 'acme', tokens: 1000 });
const other = await site.partner({ slug: 'other', side: 'live',
    tokens: 500 });
const side = ['--partner', 'acme', '--side', 'test'];

/** Earn, spend, take back, owe, pay: six transactions with the first. */
async function story(partner) {
	const user = { stakeholders: ['ann', 'bob'].map((partnerUserId) => ({
		stakeholderTypeCode: 'CUSTOMER', partnerUserId })) };
	const action = good(await partner.submit({ ...user, amount: 101 }));
	good(await partner.post('/v1/partner/users/ann/redeem',
	    { tokens: 41, idempotencyKey: 'spend' }));
	good(await partner.post(
	    `/v1/partner/actions/${action.actionId}/reverse`,
	    { refundIdempotencyKey: 'refund' }));
	good(await partner.submit({ ...user, amount: 30 }));
	good(await partner.submit({ ...user, amount: 0 }));
	good(await partner.submit({ ...user, amount: 60 }));
}

await story(acme);
good(await other.submit({ amount: 7 }));

const journal = (await site.tryCli('ledger', 'export', ...side)).stdout;

/* Another, whose books will be spoilt again and again. */
const spoilt = await startSite();
const file = `${spoilt.dir}/data/ledger.db`;
await story(await spoilt.partner({ slug: 'acme', tokens: 1000 }));
await spoilt.stopServer();
const whole = fs.readdirSync(`${spoilt.dir}/data`).map((name) =>
	[name, fs.readFileSync(`${spoilt.dir}/data/${name}`)]);
after(() => spoilt.stop());

test('verify: all is well, of all or of one', async () => {
	const all = await site.cli('ledger', 'verify');
	assert.deepEqual(all.map((v) => [v.partner, v.side, v.clean,
	    v.transactions]), [['acme', 'test', true, 6],
	    ['acme', 'live', true, 0], ['other', 'test', true, 0],
	    ['other', 'live', true, 2]]);
	const [head] = await rows(site, 'SELECT hex(head_hash) AS hash' +
	    ' FROM tenants ORDER BY id LIMIT 1');
	assert.equal(all[0].head, head.hash.toLowerCase());
	assert.equal(all[1].head, '0'.repeat(64));
	const [{ n }] = await rows(site, 'SELECT count(*) AS n FROM entries');
	assert.equal(all.reduce((sum, v) => sum + v.entries, 0), n);
	assert.deepEqual(await site.cli('ledger', 'verify', ...side),
	    [all[0]]);
	assert.deepEqual(await site.cli('ledger', 'verify', '--side', 'live'),
	    [all[1], all[3]]);
	const { code, stdout } = await site.tryCli('ledger', 'verify');
	assert.equal(code, 0);
	assert.match(stdout, /^partner +side +clean +transactions/);
	assert.match(stdout, /^acme +test +yes +6 /m);
});

test('verify: a name that nobody has does not look clean', async () => {
	const nobody = await site.tryCli('ledger', 'verify',
	    '--partner', 'acne');
	assert.deepEqual([nobody.code, nobody.stdout], [1, '']);
	assert.match(nobody.stderr, /no partner acne/);
	const both = await site.tryCli('ledger', 'verify', '--side', 'both');
	assert.deepEqual([both.code, both.stdout], [2, '']);
	assert.match(both.stderr, /test or live/);
});

test('balance: the accounts by kind, adding up to nothing', async () => {
	const sums = await site.cli('ledger', 'balance', ...side);
	assert.equal(sums.reduce((sum, { balance: b }) => sum + b, 0), 0);
	const by = Object.fromEntries(sums.map((s) => [s.kind, s]));
	const ann = await balance(acme, 'ann');
	const bob = await balance(acme, 'bob');
	const { availableBalance } = await pool(acme);
	assert.deepEqual(Object.values(by).map((s) => s.balance)
	    .sort((a, b) => a - b), [-1000, availableBalance,
	    ann.available + bob.available, 41, 0, 0].sort((a, b) => a - b));
	const { stdout } = await site.tryCli('ledger', 'balance', ...side);
	assert.match(stdout, /^kind +accounts +balance$/m);
});

const hledger = (...words) => execFileSync('hledger', ['-f', '-', ...words],
    { input: journal, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    .toString();

test('export: hledger reads it, and finds the same balances', async () => {
	hledger('check');
	const lines = hledger('balance', '--flat', '--no-total',
	    '--output-format', 'csv').trim().split('\n').slice(1);
	const theirs = lines.map((line) => Number(
	    /,"(-?\d+) /.exec(line.replaceAll('"0"', '"0 SIR"'))[1]))
	    .filter((n) => n !== 0).sort((a, b) => a - b);
	const ours = (await rows(site, 'SELECT balance FROM accounts' +
	    ' WHERE tenant = 1 AND balance <> 0 ORDER BY balance'))
	    .map((row) => row.balance);
	assert.deepEqual(theirs, ours);
});

test('export: as many transactions as there are', () => {
	const found = hledger('print').split('\n')
	    .filter((line) => /^\d{4}-/.test(line));
	assert.equal(found.length, 6);
	assert.ok(!journal.includes('ann') && !journal.includes('bob'));
});

test('export: of what is empty, and of nobody', async () => {
	const none = await site.tryCli('ledger', 'export', '--partner',
	    'acme', '--side', 'live');
	assert.deepEqual([none.code, none.stderr], [0, '']);
	assert.ok(!/^\d{4}-/m.test(none.stdout));
	const nobody = await site.tryCli('ledger', 'export', '--partner',
	    'x', '--side', 'live');
	assert.equal(nobody.code, 1);
});

/* What somebody with the file and a shell might do to it. */

const drop = 'DROP TRIGGER entries_stay; DROP TRIGGER entries_still;' +
    ' DROP TRIGGER transactions_stay; DROP TRIGGER transactions_still;' +
    ' DROP TRIGGER accounts_stay; DROP TRIGGER entry_posts;' +
    ' DROP TRIGGER transaction_closes;';

for (const [name, sql, first] of [
	['an entry changed',
		'UPDATE entries SET change = change + 1' +
		' WHERE number = 4 AND change > 0', 4],
	['two entries changed alike',
		'UPDATE entries SET change = change * 2 WHERE number = 3', 3],
	['an entry removed', 'DELETE FROM entries WHERE number = 2' +
		' AND kind = 3 AND owner = 1', 2],
	['an entry added', 'INSERT INTO entries VALUES (1, 3, 9, 3, 5)', 3],
	['an entry moved to another account', 'UPDATE entries SET owner = 7' +
		' WHERE number = 3 AND kind = 3', 3],
	['a transaction removed', 'DELETE FROM transactions' +
		' WHERE number = 3; DELETE FROM entries WHERE number = 3', 3],
	['the last one removed', 'DELETE FROM transactions' +
		' WHERE number = 6; DELETE FROM entries WHERE number = 6', 6],
	['all removed', 'DELETE FROM transactions; DELETE FROM entries', 1],
	['a time changed', 'UPDATE transactions' +
		' SET created_at = created_at + 1 WHERE number = 5', 5],
	['a reason changed', 'UPDATE transactions SET refers = 9' +
		' WHERE number = 2', 2],
	['a hash changed', 'UPDATE transactions' +
		" SET hash = x'" + '00'.repeat(32) + "' WHERE number = 4", 4],
	['two exchanged', 'UPDATE transactions SET number = -3' +
		' WHERE number = 3; UPDATE transactions SET number = 3' +
		' WHERE number = 4; UPDATE transactions SET number = 4' +
		' WHERE number = -3', 3],
	['a balance changed', 'UPDATE accounts SET balance = balance + 5' +
		' WHERE kind = 3 AND owner = 2', 2],
	['the head changed', 'UPDATE tenants SET head_number = 7', 7],
])
	test(`verify finds ${name}`, async () => {
		for (const [part, bytes] of whole) {
			fs.writeFileSync(`${spoilt.dir}/data/${part}`, bytes);
			spoilt.own(`${spoilt.dir}/data/${part}`);
		}
		await spoilt.run('sqlite3', file, `${drop} ${sql};`);
		const { code, stdout, stderr } = await spoilt.tryCli(
		    'ledger', 'verify', '--json');
		const [verdict] = JSON.parse(stdout);
		assert.equal(code, 1);
		assert.equal(verdict.clean, false, stdout);
		assert.equal(verdict.firstBad, first, stdout);
		assert.ok(verdict.finding.length > 10);
		assert.match(stderr, /books were changed/);
	});
