// What is secret stays so: no file of a site holds a secret key or a signing
// secret as it was issued, and no log a word about a person.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { good, refused } from '../lib/expect.mjs';
import { sign, useSite } from '../lib/site.mjs';

const site = await useSite();
const acme = await site.partner();
const EMAIL = 'jane.doe@example.com';
const LIST = '/v1/partner/actions?limit=5';
const stakeholders = [{ stakeholderTypeCode: 'CUSTOMER',
	partnerUserId: 'user_of_a_kind', userEmail: EMAIL,
	userFirstName: 'Jane', userLastName: 'Doe' }];
const signature = sign(acme.hmacSecret, site.clock.now(), 'GET', LIST);

/** Some of all that can happen, with names, keys and signatures. */
async function live() {
	good(await acme.submit({ stakeholders }));
	good(await acme.get(LIST));
	refused(await acme.get(`${LIST}0`, { signature }), 401,
	    'INVALID_SIGNATURE');
	refused(await acme.submit({ stakeholders, amount: 9e9 }), 402,
	    'INSUFFICIENT_POOL');
	refused(await acme.submit({ stakeholders, currency: EMAIL }), 400,
	    'INVALID_REQUEST');
	refused(await acme.post('/v1/partner/users', `{"email":"${EMAIL}"`),
	    400, 'MALFORMED_JSON');
	refused(await site.request('GET',
	    `/v1/partner/config?key=${acme.secretKey}`), 401, 'INVALID_KEY');
	/* What is logged: the books are gone for a moment. */
	const file = `${site.dir}/data/ledger.db`;
	fs.renameSync(file, `${file}.away`);
	const answer = await acme.submit({ stakeholders });
	fs.renameSync(`${file}.away`, file);
	refused(answer, 503, 'UNAVAILABLE');
}

/** Every file below a folder, as bytes. */
function* files(folder) {
	for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
		const name = path.join(folder, entry.name);
		if (entry.isDirectory())
			yield* files(name);
		else if (entry.isFile())
			yield [name, fs.readFileSync(name)];
	}
}

test('no file of the site holds a secret as it was issued', async () => {
	await live();
	let seen = 0;
	for (const [name, bytes] of files(site.dir)) {
		for (const secret of [acme.secretKey, acme.hmacSecret])
			assert.ok(!bytes.includes(secret.slice(-64)) &&
			    !bytes.includes(Buffer.from(secret.slice(-64),
			    'hex')), `${name} holds a secret`);
		seen += bytes.includes(acme.publishableKey);
	}
	assert.ok(seen > 0, 'the publishable key is in the books');
});

test('no log tells of a person, a key, a signature or a body', async () => {
	const log = site.log() + site.serverLog();
	assert.match(log, /error req_[0-9a-f]{24} /, 'something was logged');
	for (const word of [EMAIL, 'Jane', 'Doe', 'user_of_a_kind',
		acme.secretKey, acme.publishableKey, acme.hmacSecret,
		signature, 'stakeholders'])
		assert.ok(!log.includes(word), `the log says ${word}`);
});
