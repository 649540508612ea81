// What the release does on a system that it was carried to, in a root of
// release.mjs: a site is made, a first reward given and told by HTTPS.
//
//	const run = release.chroot(laidOut(release));
//	await serves(run, await startWitness(release.folder));
//
// Programs find the site by where they lie, and no variable names it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { sign } from './http.mjs';
import { purchase } from './site.mjs';

/** Where the programs and what they need go in a root. */
export const laidOut = ({ top, give }) => ({
	'home/site/bin/almoner': { from: `${top}/bin/almoner` },
	'home/site/bin/deliver': { from: `${top}/bin/deliver` },
	'home/site/bin/housekeep': { from: `${top}/bin/housekeep` },
	'home/web/cgi-bin/almoner.cgi': {
		from: `${give}/cgi-bin/almoner.cgi` },
	'home/web/almoner.path': '/home/site/almoner.conf\n',
});

/** One signed request, as a web server starts a CGI program: what it says. */
export async function cgi(run, program, keys, { method, target, body = '',
	env = {} }) {
	const now = Math.floor(Date.now() / 1000);
	const { stdout, stderr } = await run({ input: body, env: {
		GATEWAY_INTERFACE: 'CGI/1.1', SERVER_PROTOCOL: 'HTTP/1.1',
		REQUEST_METHOD: method, REQUEST_URI: target,
		REMOTE_ADDR: '127.0.0.1', CONTENT_TYPE: 'application/json',
		CONTENT_LENGTH: String(body.length),
		HTTP_X_PARTNER_KEY: keys.secretKey, HTTP_X_TIMESTAMP: now,
		HTTP_X_SIGNATURE: sign(keys.hmacSecret, now, method, target,
		    body),
		...env,
	} }, program);
	assert.match(stdout, /^Status: 20[01] /, `${stdout}${stderr}`);
	return stdout;
}

const ask = (run, keys, target, sent) => cgi(run,
    '/home/web/cgi-bin/almoner.cgi', keys,
    { method: 'POST', target, body: JSON.stringify(sent) });

/** Steps of doc/hosting.md, as who is logged in there. */
export async function serves(run, witness) {
	const almoner = async (words) => {
		const { code, stdout, stderr } = await run({},
		    '/home/site/bin/almoner', ...words.split(' '), '--json');
		assert.equal(code, 0, stderr);
		return JSON.parse(stdout);
	};
	const shop = '--partner shop --side test';
	await almoner('init --dir /home/site');
	fs.appendFileSync(`${run.folder}/home/site/almoner.conf`,
	    'loopback_http = yes\nstart_deliver = no\n' +
	    `webhook_ports = ${witness.port}\n`);
	await almoner('partner create --name Shop --slug shop --approve');
	await almoner(`pool create ${shop} --name Main --default`);
	await almoner(`pool allocate ${shop} --tokens 1000`);
	const keys = await almoner(`key create ${shop} --all-scopes`);

	const before = witness.got.length;
	await ask(run, keys, '/v1/partner/webhooks', {
		url: `https://good.test:${witness.port}/`,
		receiveAllEvents: true });
	assert.match(await ask(run, keys, '/v1/partner/actions/submit',
	    purchase()), /"tokensDistributed":50,/);
	for (const name of ['deliver', 'housekeep'])
		assert.deepEqual(await run({}, `/home/site/bin/${name}`),
		    { code: 0, stdout: '', stderr: '' });
	assert.ok(witness.got.length > before, 'nothing was delivered');
	assert.match(witness.got.at(-1), /good\.test/);
	await almoner('ledger verify');
}
