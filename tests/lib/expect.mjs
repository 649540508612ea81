// What tests expect of answers, said shortly, and a look into the books.
//
//	good(answer, status)	its body, if it has that status (200)
//	refused(answer, status, code, pointers)
//				the problem, if it is that one, whole, and
//				names just those fields, if they are said
//	rows(site, sql)		what the database says, as objects
//	cgi(site, group, env)	a request to the program as plain CGI
//	balance(partner, user)	of a user who is known
//	pool(partner)		the pool that pays for the partner

import assert from 'node:assert/strict';
import { parse } from './http.mjs';
import { run } from './process.mjs';

const REQUEST_ID = /^req_[0-9a-f]{24}$/;

/** Some 24 digits that are no id of ours. */
export const NO_ID = '000000000000000000000000';

export const ID = /^[0-9a-f]{24}$/;

export function good(answer, status = 200) {
	assert.equal(answer.status, status, answer.text);
	assert.match(answer.headers['x-request-id'], REQUEST_ID);
	assert.equal(answer.headers['content-type'], 'application/json');
	return answer.body;
}

export function refused(answer, status, code, pointers = undefined) {
	const { body, headers } = answer;
	assert.equal(answer.status, status, answer.text);
	assert.equal(body?.code, code, answer.text);
	assert.equal(headers['content-type'], 'application/problem+json');
	assert.match(headers['x-request-id'], REQUEST_ID);
	assert.deepEqual(Object.keys(body).filter((key) => key !== 'errors'),
	    ['type', 'title', 'status', 'code', 'detail', 'requestId']);
	assert.equal(body.type, `urn:almoner:problem:${code}`);
	assert.equal(body.status, status);
	assert.equal(body.requestId, headers['x-request-id']);
	assert.ok(body.title !== '' && body.detail !== '');
	for (const { pointer, detail } of body.errors ?? [])
		assert.ok(/^(\/.*)?$/.test(pointer) && detail !== '');
	if (pointers !== undefined)
		assert.deepEqual((body.errors ?? []).map((e) => e.pointer),
		    pointers, answer.text);
	return body;
}

export async function rows(site, sql) {
	const text = await site.run('sqlite3', '-readonly', '-json',
	    `${site.dir}/data/ledger.db`, sql);
	return text.trim() === '' ? [] : JSON.parse(text);
}

export async function cgi(site, group, env) {
	const program = `${site.dir}/${site.kind.programs}/${group}.fcgi`;
	const { stdout } = await run(program, [], {
		env: { ...site.env, GATEWAY_INTERFACE: 'CGI/1.1', ...env },
		cwd: site.dir, ...site.user,
	});
	return parse(Buffer.from(
	    stdout.replace(/^Status: /, 'HTTP/1.1 '), 'utf8'));
}

export async function balance(partner, user) {
	return good(await partner.get(
	    `/v1/partner/users/${encodeURIComponent(user)}/balance`));
}

export async function pool(partner) {
	const { data } = good(await partner.get('/v1/partner/token-pools'));
	return data.find((p) => p.tokenPoolId === partner.tokenPoolId);
}
