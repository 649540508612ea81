// Logging in: whatever is wrong is told in the same words, who guesses waits,
// and nothing of a password is left lying about.

import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import fs from 'node:fs';
import test from 'node:test';
import { askAuth, login, makeAdmin } from '../lib/admin.mjs';
import { good, refused, rows } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const ann = await makeAdmin(site, { email: 'Ann@Example.org',
	password: 'Grüße aus Köln, 世界' });
const QUARTER = 900;
const enter = (email, password) =>
	askAuth(site, 'login', { email, password });

/** Into a quarter of an hour of its own. */
const later = () => site.clock.advance(QUARTER);

const SALT = Buffer.from('SodiumChloride16');
const bare = (bytes) => bytes.toString('base64').replace(/=+$/, '');

/** Keep it as a site once did that asked for less work: ours is told. */
async function keepCheaply({ email, password }) {
	const kept = `$scrypt$ln=10,r=8,p=1$${bare(SALT)}$` + bare(
	    scryptSync(password, SALT, 32, { N: 1024, r: 8, p: 1 }));
	await site.run('sqlite3', '-cmd', '.timeout 5000',
	    `${site.dir}/data/ledger.db`, 'UPDATE members SET password =' +
	    ` '${kept}' WHERE email = '${email.toLowerCase()}'`);
	return kept;
}

test('who knows both is let in, however the address is written', async () => {
	for (const email of ['ann@example.org', 'ANN@EXAMPLE.ORG']) {
		const body = good(await enter(email, ann.password));
		assert.deepEqual([body.tokenType, body.expiresIn,
			body.refreshExpiresIn, body.member.email,
			body.member.role, body.member.partnerId],
		['Bearer', 900, 30 * 86400, 'ann@example.org', 'ADMIN', null]);
		assert.match(body.refreshToken, /^[0-9a-f]{64}$/);
	}
});

test('whatever is wrong has the same words', async () => {
	later();
	const gone = await makeAdmin(site, { email: 'gone@example.org' });
	await site.cli('admin', 'disable', '--email', gone.email);
	const told = [];
	for (const [email, password] of [
		[ann.email, 'wrong'], [ann.email, `${ann.password} `],
		[ann.email, ann.password.toUpperCase()],
		['nobody@example.org', ann.password],
		[gone.email, gone.password], [gone.email, 'wrong']]) {
		const answer = await enter(email, password);
		const { requestId, ...rest } = refused(answer, 401,
		    'INVALID_CREDENTIALS');
		assert.equal(answer.headers['www-authenticate'],
		    'Bearer realm="almoner"');
		told.push(rest);
	}
	for (const one of told)
		assert.deepEqual(one, told[0]);
	await site.cli('admin', 'enable', '--email', gone.email);
	await login(site, gone);
});

test('an unknown address takes a scrypt, too', async () => {
	later();
	/* By processor time: other tests may be running. */
	const spent = () => site.workers().reduce((sum, pid) => {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
		    .replace(/^.*\) /, '').split(' ');
		return sum + Number(stat[11]) + Number(stat[12]);
	}, 0);
	const cost = async (email) => {
		const before = spent();
		refused(await enter(email, 'wrong'), 401,
		    'INVALID_CREDENTIALS');
		return spent() - before;
	};
	const known = await cost(ann.email);
	const unknown = await cost('nobody@example.org');
	assert.ok(known >= 4 && unknown >= 4, `${known}, ${unknown}`);
});

test('a fault of a field is no guess', async () => {
	later();
	for (let i = 0; i < 12; i++) {
		refused(await enter(ann.email, ''), 400, 'INVALID_REQUEST',
		    ['/password']);
		refused(await enter('ann', 'x'), 400, 'INVALID_REQUEST',
		    ['/email']);
	}
	refused(await enter(ann.email, 'é'.repeat(1025)), 400,
	    'INVALID_REQUEST', ['/password']);
	await login(site, ann);
});

test('ten wrong ones of an address, and it waits; others do not', async () => {
	later();
	const bob = await makeAdmin(site, { email: 'bob@example.org' });
	await keepCheaply(ann);
	for (let i = 0; i < 10; i++)
		refused(await enter(i % 2 ? ann.email : 'ANN@example.org',
		    `guess ${i}`), 401, 'INVALID_CREDENTIALS');
	const answer = await enter(ann.email, ann.password);
	refused(answer, 429, 'RATE_LIMITED');
	const wait = QUARTER - site.clock.now() % QUARTER;
	assert.equal(answer.headers['retry-after'], String(wait));
	await login(site, bob);
	await site.restart();
	refused(await enter(ann.email, ann.password), 429, 'RATE_LIMITED');
	site.clock.advance(wait - 1);
	refused(await enter(ann.email, ann.password), 429, 'RATE_LIMITED');
	site.clock.advance(1);
	await login(site, ann);
});

test('who logs in rightly is not counted', async () => {
	later();
	await keepCheaply(ann);
	for (let i = 0; i < 9; i++)
		refused(await enter(ann.email, 'x'), 401,
		    'INVALID_CREDENTIALS');
	for (let i = 0; i < 3; i++)
		await login(site, ann);
	refused(await enter(ann.email, 'x'), 401, 'INVALID_CREDENTIALS');
	refused(await enter(ann.email, 'x'), 429, 'RATE_LIMITED');
});

test('thirty wrong ones from one place, and it waits', async () => {
	later();
	const others = ['dan', 'eve', 'fay'].map((name) => ({
		email: `${name}@example.org`, password: `${name} engine` }));
	for (const one of others) {
		await makeAdmin(site, one);
		await keepCheaply(one);
	}
	/* Of addresses that are known and that are not. */
	for (let i = 0; i < 30; i++)
		refused(await enter(i < 27 ? others[i % 3].email :
		    `nobody${i}@example.org`, 'x'), 401,
		    'INVALID_CREDENTIALS');
	refused(await enter('else@example.org', 'x'), 429, 'RATE_LIMITED');
	refused(await enter(ann.email, ann.password), 429, 'RATE_LIMITED');
	later();
	await login(site, ann);
});

test('many guesses at once are no way round it', async () => {
	later();
	await keepCheaply(ann);
	const answers = await Promise.all(Array.from({ length: 40 },
	    (_, i) => enter(ann.email, `guess ${i}`)));
	for (const answer of answers)
		assert.ok([401, 429].includes(answer.status), answer.text);
	assert.ok(answers.filter(({ status }) => status === 401).length <= 10);
	assert.ok(answers.every(({ status, headers }) => status === 401 ||
	    Number(headers['retry-after']) > 0));
});

test('an old way of keeping it becomes ours at the next login', async () => {
	later();
	const cat = await makeAdmin(site, { email: 'cat@example.org' });
	const old = await keepCheaply(cat);
	const kept = async () => (await rows(site, 'SELECT password' +
	    " FROM members WHERE email = 'cat@example.org'"))[0].password;
	refused(await enter(cat.email, 'wrong'), 401, 'INVALID_CREDENTIALS');
	assert.equal(await kept(), old);
	await login(site, cat);
	assert.match(await kept(), /^\$scrypt\$ln=15,r=8,p=3\$/);
	await login(site, cat);
});

test('no password and no token is in a log or in the books', async () => {
	later();
	const { accessToken, refreshToken } = await login(site, ann);
	good(await askAuth(site, 'refresh', { refreshToken }));
	refused(await enter(ann.email, 'my secret guess'), 401,
	    'INVALID_CREDENTIALS');
	const secrets = [ann.password, 'my secret guess', accessToken,
		refreshToken];
	const files = ['ledger.db', 'ledger.db-wal'].map((name) =>
		fs.readFileSync(`${site.dir}/data/${name}`));
	for (const secret of secrets) {
		assert.ok(!site.log().includes(secret));
		assert.ok(!site.serverLog().includes(secret));
		for (const bytes of files)
			assert.ok(!bytes.includes(secret));
	}
	assert.ok(!site.log().includes('ann@example.org'));
});
