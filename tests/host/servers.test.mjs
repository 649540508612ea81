// A machine of one's own: each web server with its file of etc/, asked what a
// partner asks, sent targets that servers like to mend, and looked at for what
// it serves besides.  suexec.test.mjs has the hosts that are shared.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { asks } from '../lib/asks.mjs';
import { refused } from '../lib/expect.mjs';
import { request } from '../lib/http.mjs';
import { root, startSite } from '../lib/site.mjs';

const USERS = '/v1/partner/users';

/** Signed as they are: whoever changed one would make it a 401. */
async function spellings(site, shop) {
	for (const target of [`${USERS}/a%2Fb`, `${USERS}/%2e%2e%2fx`,
		`${USERS}/a%2fb/balance`, `${USERS}/.htaccess`,
		`${USERS}/x.cgi`, `${USERS}/%20`, `${USERS}/%c3%a9?x=%2F..%2F`,
		'/v1//partner/users', '/v1/partner/x/../users',
		'/v1/partner/%75sers/', '/v1/nothing%2F%2F?a=//b/../c']) {
		const { status, text, headers } = await shop.get(target);
		assert.equal(status, 404, `${target}: ${text}`);
		assert.match(headers['content-type'], /^application\/problem/);
	}
	const other = await shop.get(`${USERS}/a/b`,
	    { sent: `${USERS}/a%2Fb` });
	assert.ok([401, 404].includes(other.status), other.text);
	assert.equal((await shop.get(`${USERS}?limit=1`, {
		sent: `/x/..//${USERS.slice(1)}?limit=1` })).status, 200);
}

/** Refusals of every kind keep their words; none becomes a server's page. */
async function refusals(site, shop) {
	refused(await shop.get(`${USERS}?limit=x`), 400, 'INVALID_REQUEST');
	refused(await shop.get(`${USERS}/nobody`), 404, 'NOT_FOUND');
	refused(await site.request('PUT', USERS), 405, 'METHOD_NOT_ALLOWED');
	refused(await shop.post(USERS, '{}',
	    { headers: { 'Content-Type': 'text/plain' } }), 415,
	'UNSUPPORTED_MEDIA_TYPE');
	const { status } = await shop.get(USERS, { headers: {
		Proxy: '127.0.0.1:1', Authorization: 'Bearer x' } });
	assert.equal(status, 200);
}

/** Pages and scripts, for other sites too; nothing of the site's own. */
async function files(site) {
	const get = (target) => request({ port: site.port, target });
	for (const [name, type] of [['donate.js', /javascript/],
		['donate/words.de.js', /javascript/],
		['checkout/page.css', /css/], ['demo/', /html/],
		['docs/openapi.json', /json/]]) {
		const { status, headers } = await get(`/${name}`);
		assert.equal(status, 200, name);
		assert.match(headers['content-type'], type);
		if (name.startsWith('donate'))
			assert.equal(headers['access-control-allow-origin'],
			    '*');
	}
	for (const name of ['almoner.conf', '../almoner.conf',
		'%2e%2e/almoner.conf', 'x/../../master.key',
		'x%2f..%2f..%2fmaster.key', 'data/ledger.db',
		'cgi-bin/almoner.fcgi', 'run/almoner.sock', '.htaccess']) {
		const { status, text } = await get(`/${name}`);
		assert.ok([400, 403, 404].includes(status),
		    `${name}: ${status}`);
		assert.doesNotMatch(text, /master_key|ELF|SQLite/);
	}
}

const parts = { ...asks, spellings, refusals, files };

for (const server of ['lighttpd', 'nginx', 'nginx-one', 'apache-vhost'])
	test(`behind ${server}`, async (t) => {
		const site = await startSite({ server, prepare: ({ dir }) =>
			fs.cpSync(`${root}/htdocs`, `${dir}/htdocs`,
			    { recursive: true }) });
		try {
			const shop = await site.partner();
			for (const part of Object.values(parts))
				await t.test(part.name, () =>
					part(site, shop));
			await site.verify();
		} finally {
			await site.stop();
		}
	});
