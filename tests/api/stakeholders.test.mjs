// Who is meant by a stakeholder: by the partner's own id, by e-mail, or both;
// made on the way or refused; and never two people made one.

import assert from 'node:assert/strict';
import test from 'node:test';
import { balance, good, refused, rows } from '../lib/expect.mjs';
import { useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();

/** Stakeholders from "id", "e@mail" or "id e@mail" each. */
const named = (...names) => names.map((name) => {
	const words = name.split(' ');
	return {
		stakeholderTypeCode: 'CUSTOMER',
		partnerUserId: words.find((word) => !word.includes('@')),
		userEmail: words.find((word) => word.includes('@')),
	};
});

const reward = (names, changes = {}) => acme.submit(
    { amount: 10, stakeholders: named(...names), ...changes });

const know = (name) => {
	const [{ partnerUserId, userEmail }] = named(name);
	return acme.post('/v1/partner/users',
	    { externalId: partnerUserId, email: userEmail });
};

const user = (name) =>
	acme.get(`/v1/partner/users/${encodeURIComponent(name)}`);

const count = async (table) =>
	(await rows(site, `SELECT count(*) AS n FROM ${table}`))[0].n;

/** Nothing at all may be written while it happens. */
async function nothing(happens) {
	const tables = ['users', 'actions', 'events', 'transactions'];
	const before = await Promise.all(tables.map(count));
	await happens();
	assert.deepEqual(await Promise.all(tables.map(count)), before);
}

test('by id, by e-mail, by both: always the same person', async () => {
	good(await reward(['ann ann@a.example']));
	good(await reward(['ann']));
	good(await reward(['ann@a.example']));
	good(await reward(['ANN@A.Example']));
	good(await reward(['ann Ann@a.example']));
	assert.equal((await balance(acme, 'ann')).available, 50);
	assert.equal((await balance(acme, 'ann@a.example')).available, 50);
	assert.equal((await balance(acme, 'ANN@a.EXAMPLE')).available, 50);
	/* Ids are told apart by case, e-mail addresses are not. */
	refused(await user('Ann'), 404, 'NOT_FOUND');
});

test('who is not known is made only if that is asked for', async () => {
	await nothing(async () => {
		for (const autoCreateUsers of [false, undefined])
			refused(await reward(['bob'], { autoCreateUsers }),
			    422, 'USER_NOT_FOUND', ['/stakeholders/0']);
	});
	good(await reward(['bob']));
	good(await reward(['bob'], { autoCreateUsers: false }));
	assert.equal((await balance(acme, 'bob')).available, 20);
});

test('USER_NOT_FOUND names all who are not known', async () => {
	await nothing(async () => {
		refused(await reward(['c1', 'bob', 'c2@c.example', 'c3'],
		    { autoCreateUsers: false }), 422, 'USER_NOT_FOUND',
		    ['/stakeholders/0', '/stakeholders/2',
			'/stakeholders/3']);
	});
});

test('a user known by e-mail alone comes to have an id', async () => {
	good(await reward(['dan@d.example']));
	assert.equal(good(await user('dan@d.example')).externalId, null);
	good(await reward(['dan dan@d.example']));
	const { externalId, email } = good(await user('dan'));
	assert.deepEqual([externalId, email], ['dan', 'dan@d.example']);
	assert.equal((await balance(acme, 'dan')).available, 20);
});

test('a user known by id alone comes to have an e-mail', async () => {
	good(await reward(['eve']));
	assert.equal(good(await user('eve')).email, null);
	good(await reward(['eve Eve@e.example']));
	assert.equal(good(await user('eve')).email, 'eve@e.example');
	assert.equal((await balance(acme, 'eve@e.example')).available, 20);
});

test('what a user has is not replaced by what a request says', async () => {
	good(await reward(['fay fay@f.example']));
	good(await reward(['fay other@f.example']));
	assert.equal(good(await user('fay')).email, 'fay@f.example');
	refused(await user('other@f.example'), 404, 'NOT_FOUND');
});

for (const [name, known, said] of [
	['two who have both', ['g1 g1@g.example', 'g2 g2@g.example'],
		'g1 g2@g.example'],
	['one by id, one by e-mail', ['h1', 'h2@h.example'],
		'h1 h2@h.example'],
	['a new id with the e-mail of another id', ['i1 i1@i.example'],
		'i2 I1@I.example'],
])
	test(`never merged: ${name}`, async () => {
		for (const one of known)
			good(await know(one), 201);
		await nothing(async () => {
			for (const autoCreateUsers of [true, false])
				refused(await reward(['bob', said],
				    { autoCreateUsers }), 409,
				    'USER_CONFLICT',
				    ['/stakeholders/1/userEmail']);
		});
	});

test('new users at odds within one request: none is made', async () => {
	for (const names of [['j1 j@j.example', 'j2 j@j.example'],
	    ['bob', 'j3', 'j1 j@j.example', 'J@J.example', 'j2 J@j.example'],
	    ['j1', 'j@j.example', 'j1 j@j.example']])
		await nothing(async () => {
			refused(await reward(names), 409, 'USER_CONFLICT');
			refused(await user('j1'), 404, 'NOT_FOUND');
			refused(await user('j@j.example'), 404, 'NOT_FOUND');
		});
	assert.equal((await balance(acme, 'bob')).available, 20);
});

test('one new user twice in one request is made once', async () => {
	const before = await count('users');
	good(await reward(['k', 'k', 'k k@k.example', 'K@k.example']));
	assert.equal(await count('users'), before + 1);
	assert.equal((await balance(acme, 'k')).available, 10);
});

test('names are kept when a user is made, and not changed later', async () => {
	const [stakeholder] = named('lea');
	const tell = (userFirstName, userLastName) => acme.submit({
		stakeholders: [{ ...stakeholder, userFirstName,
		    userLastName }] });
	good(await tell('Lea', null));
	good(await tell('Eva', 'M\u00fcller'));
	const { firstName, lastName } = good(await user('lea'));
	assert.deepEqual([firstName, lastName], ['Lea', null]);
});

test('each stakeholder must say who it is, and as what', async () => {
	const role = { stakeholderTypeCode: 'CUSTOMER' };
	refused(await acme.submit({ stakeholders: [role, named('bob')[0],
	    { ...role, partnerUserId: null, userEmail: null }] }),
	    400, 'INVALID_REQUEST', ['/stakeholders/0', '/stakeholders/2']);
	refused(await acme.submit({ stakeholders: [{ partnerUserId: 'bob' },
	    { stakeholderTypeCode: 'customer', partnerUserId: 'bob' },
	    'bob', null, []] }), 400, 'INVALID_REQUEST',
	    ['/stakeholders/0/stakeholderTypeCode',
		'/stakeholders/1/stakeholderTypeCode', '/stakeholders/2',
		'/stakeholders/3', '/stakeholders/4']);
});

for (const [id, fits] of [['x'.repeat(128), true], ['x'.repeat(129), false],
    ['\u{1f397}'.repeat(128), true], ['', false], ['a/b', false],
    ['a\nb', false], ['a\u007fb', false], ['a b', true], ['..', true],
    ['%2F', true], ['a?b#c', true], ['<script>', true]])
	test(`partnerUserId ${JSON.stringify(id).slice(0, 20)} ` +
	    `(${[...id].length}) ${fits ? 'fits' : 'is refused'}`,
	    async () => {
		const [stakeholder] = named('x');
		const answer = await acme.submit({ stakeholders: [
		    { ...stakeholder, partnerUserId: id }] });
		if (fits)
			assert.equal(good(answer).breakdown[0].partnerUserId,
			    id);
		else
			refused(answer, 400, 'INVALID_REQUEST',
			    ['/stakeholders/0/partnerUserId']);
	    });

for (const [email, fits] of [['a@b', true], ['x@y@z', false],
    ['nobody', false], ['@b.example', false], ['a@', false],
    ['a b@c.example', false], ['a@b.example\n', false],
    [`${'a'.repeat(244)}@b.example`, true],
    [`${'a'.repeat(245)}@b.example`, false],
    ['j\u00f6rg@b\u00fccher.example', true], ['a+b/c@d.example', true]])
	test(`userEmail ${JSON.stringify(email).slice(0, 24)} ` +
	    `${fits ? 'fits' : 'is refused'}`, async () => {
		const [stakeholder] = named('x');
		const answer = await acme.submit({ stakeholders: [
		    { ...stakeholder, partnerUserId: undefined,
			userEmail: email }] });
		if (fits)
			good(answer);
		else
			refused(answer, 400, 'INVALID_REQUEST',
			    ['/stakeholders/0/userEmail']);
	});
