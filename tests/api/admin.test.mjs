// Administrators by the operator's command: made, listed, given another
// password, let in and out; with and without somebody at a terminal.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { askAuth, feed, login, makeAdmin } from '../lib/admin.mjs';
import { ID, refused } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';
import { openTerminal } from '../lib/terminal.mjs';

const site = await useSite();
const PASSWORD = 'wise owls fly at dusk';
const almoner = `${site.dir}/bin/almoner`;
const unseen = (t, text) => assert.ok(!t.screen.includes(text), t.screen);

async function cannot(why, { code, stdout, stderr }) {
	assert.deepEqual([code, stdout], [1, ''], stderr);
	assert.match(stderr, /^almoner: /);
	assert.match(stderr, why);
}

test('create: a password by standard input', async () => {
	const made = await makeAdmin(site, { email: 'Zoë@Example.org',
		password: 'Grüße aus Köln' });
	assert.match(made.memberId, ID);
	assert.deepEqual([made.email, made.role, made.lastLoginAt],
	    ['zoë@example.org', 'ADMIN', null]);
	await login(site, made);
	for (const [i, end] of ['', '\r\n', '\nanother line\n'].entries()) {
		const email = `end${i}@example.org`;
		const made = await feed(site, `${PASSWORD}${end}`, 'admin',
		    'create', '--email', email, '--password-stdin');
		assert.equal(made.code, 0, made.stderr);
		assert.ok(!made.stdout.includes(PASSWORD));
		await login(site, { email, password: PASSWORD });
	}
});

test('create: a password at random, shown once', async () => {
	const made = await site.cli('admin', 'create', '--email',
	    'random@example.org', '--name', 'Rae & Co');
	assert.match(made.password, /^[0-9a-f]{24}$/);
	assert.equal(made.name, 'Rae & Co');
	await login(site, made);
	const { stdout } = await site.tryCli('admin', 'create', '--email',
	    'table@example.org');
	const [, password] = /^password +(\w{24})$/m.exec(stdout);
	assert.match(stdout, /shown now and never again/);
	await login(site, { email: 'table@example.org', password });
	const list = await site.cli('admin', 'list');
	assert.ok(list.length >= 4);
	assert.ok(!JSON.stringify(list).includes('password'));
});

test('create: what does not do', async () => {
	const create = (input, email) => feed(site, input, 'admin', 'create',
	    '--email', email, '--password-stdin');
	for (const email of ['ann', '@example.org', 'a b@example.org', '',
		`${'a'.repeat(250)}@example.org`])
		await cannot(/email: It is no e-mail address/,
		    await create(`${PASSWORD}\n`, email));
	for (const short of ['', '\n', 'ninechars\n', 'é'.repeat(9)])
		await cannot(/fewer than 10 characters/,
		    await create(short, 'ann@example.org'));
	await cannot(/more than 1024 bytes/,
	    await create('é'.repeat(513), 'ann@example.org'));
	await cannot(/more than 1024 bytes/,
	    await create('x'.repeat(9999), 'ann@example.org'));
	await cannot(/not in UTF-8/, await create(
	    Buffer.from('\xff\xfe latin one', 'latin1'), 'ann@example.org'));
	await cannot(/logs in already; almoner admin password/,
	    await create(`${PASSWORD}\n`, 'RANDOM@example.org'));
	assert.ok(!(await site.cli('admin', 'list'))
	    .some(({ email }) => email === 'ann@example.org'));
	/* The longest that does. */
	const email = 'long@example.org', password = 'é'.repeat(512);
	await makeAdmin(site, { email, password });
	await login(site, { email, password });
});

test('password, disable, enable: of somebody who is there', async () => {
	for (const words of [['password'], ['disable'], ['enable']])
		await cannot(/nobody logs in with .*; almoner admin list/,
		    await site.tryCli('admin', ...words, '--email',
			'nobody@example.org'));
	const email = 'random@example.org';
	const { password } = await site.cli('admin', 'password', '--email',
	    email);
	await login(site, { email, password });
	const { disabledAt } = await site.cli('admin', 'disable', '--email',
	    email);
	assert.ok(disabledAt !== null);
	site.clock.advance(5);
	assert.equal((await site.cli('admin', 'disable', '--email', email))
	    .disabledAt, disabledAt);
	refused(await askAuth(site, 'login', { email, password }), 401,
	    'INVALID_CREDENTIALS');
	assert.equal((await site.cli('admin', 'enable', '--email', email))
	    .disabledAt, null);
	await login(site, { email, password });
});

test('typed: twice, unseen, until both are alike', async () => {
	const t = openTerminal(site, almoner, 'admin', 'create', '--email',
	    'typed@example.org');
	await t.see(/Password for typed@example.org, 10 characters or more: $/);
	t.type('short\r');
	await t.see(/fewer than 10 characters[^]*Password.*: $/);
	t.type(`${PASSWORD}\r`);
	await t.see(/The same again: $/);
	t.type('something else\r');
	await t.see(/they differ: once more[^]*Password.*: $/);
	t.type(`${PASSWORD}\r`);
	await t.see(/The same again: $/);
	t.type(`${PASSWORD}\r`);
	assert.equal(await t.ended(), 0, t.screen);
	for (const text of ['short\r', PASSWORD, 'something else'])
		unseen(t, text);
	assert.match(t.screen, /email +typed@example.org/);
	await login(site, { email: 'typed@example.org', password: PASSWORD });
});

test('typed: who turns away leaves the terminal as it was', async () => {
	/* The shell that started it tells how it finds its terminal. */
	for (const [key, status] of [['\x03', 130], ['\x04', 1]]) {
		const t = openTerminal(site, '/bin/sh', '-c',
		    'trap : INT; "$0" "$@"; echo "status $?";' +
		    ' stty -a | grep -o "[ -]echo "',
		    almoner, 'admin', 'password', '--email',
		    'typed@example.org');
		await t.see(/Password.*: $/);
		t.type(key);
		const [, said] = await t.see(/status (\d+)/);
		assert.equal(Number(said), status, t.screen);
		await t.ended();
		assert.match(t.screen, /\n echo /);
	}
	await login(site, { email: 'typed@example.org', password: PASSWORD });
});

/** A site to be made, by what is typed. */
const dir = (name) => `${site.dir}/run/${name}`;

async function adminOf(name) {
	const { stdout } = await site.run('env', `ALMONER_CONF=${dir(name)}` +
	    '/almoner.conf', almoner, 'admin', 'list', '--json')
	    .then((stdout) => ({ stdout }));
	return JSON.parse(stdout);
}

test('init asks on a terminal, for an administrator too', async () => {
	const t = openTerminal(site, almoner, 'init', '--test-site');
	await t.see(/The folder for the site.*: $/);
	t.type(`${dir('typed')}\r`);
	await t.see(/Where partners will reach it.*: $/);
	t.type('https://give.example\r');
	await t.see(/E-mail address of an administrator.*: $/);
	t.type('Ada@example.org\r');
	await t.see(/Password for Ada@example.org.*: $/);
	t.type(`${PASSWORD}\r`);
	await t.see(/The same again: $/);
	t.type(`${PASSWORD}\r`);
	assert.equal(await t.ended(), 0, t.screen);
	unseen(t, PASSWORD);
	assert.match(t.screen, /administrator +Ada@example.org/);
	assert.doesNotMatch(t.screen, /admin create/);
	assert.match(fs.readFileSync(`${dir('typed')}/almoner.conf`, 'utf8'),
	    /^base_url = https:\/\/give\.example$/m);
	assert.deepEqual((await adminOf('typed')).map(({ email }) => email),
	    ['ada@example.org']);
});

test('init: Enter is later, and the next steps say how', async () => {
	const t = openTerminal(site, almoner, 'init', '--test-site', '--dir',
	    dir('later'));
	await t.see(/Where partners will reach it.*: $/);
	t.type('\r');
	await t.see(/E-mail address of an administrator.*: $/);
	t.type('\r');
	assert.equal(await t.ended(), 0, t.screen);
	assert.match(t.screen, /almoner admin create --email/);
	assert.deepEqual(await adminOf('later'), []);
});

test('init: an address that is none makes no site', async () => {
	const t = openTerminal(site, almoner, 'init', '--dir', dir('none'),
	    '--base-url', 'https://give.example', '--admin-email', 'ada');
	assert.equal(await t.ended(), 1, t.screen);
	assert.match(t.screen, /no e-mail address/);
	assert.ok(!fs.existsSync(dir('none')));
});

test('init without a terminal', async () => {
	const init = (name, input, ...words) => feed(site, input, 'init',
	    '--test-site', '--dir', dir(name), ...words);
	const none = await init('bare', '');
	assert.equal(none.code, 0, none.stderr);
	assert.match(none.stdout, /almoner admin create --email/);
	assert.deepEqual(await adminOf('bare'), []);

	const random = await init('random', '', '--admin-email',
	    'ada@example.org');
	assert.equal(random.code, 0, random.stderr);
	assert.match(random.stdout, /^password +[0-9a-f]{24}$/m);
	assert.match(random.stdout, /shown now and never again/);

	const fed = await init('fed', `${PASSWORD}\n`, '--admin-email',
	    'ada@example.org', '--password-stdin', '--json');
	assert.equal(fed.code, 0, fed.stderr);
	assert.deepEqual(Object.keys(JSON.parse(fed.stdout)),
	    ['configuration', 'database', 'masterKey', 'administrator']);
	assert.equal((await adminOf('fed')).length, 1);
	await cannot(/there is a site already/, await init('fed', '',
	    '--admin-email', 'eve@example.org'));
	await cannot(/fewer than 10/, await init('short', 'x', '--admin-email',
	    'ada@example.org', '--password-stdin'));
	assert.ok(!fs.existsSync(dir('short')));
});

test('doctor says who can log in', async () => {
	const doctor = async (name) => {
		const { stdout } = await feed({ ...site, env: { ...site.env,
			ALMONER_CONF: `${dir(name)}/almoner.conf` } }, '',
		'doctor', '--json');
		return JSON.parse(stdout).filter(({ subject }) =>
			subject === 'administrators')
		    .map(({ level, found }) => [level, found]);
	};
	assert.deepEqual(await doctor('bare'), [['note', 'nobody can log in:' +
	    ' almoner admin create makes somebody who can']]);
	assert.deepEqual(await doctor('fed'), [['ok', '1 can log in']]);
});
