// What tests expect of answers, said shortly, and a look into the books.
//
//	good(answer, status)	its body, if it has that status (200)
//	refused(answer, status, code, pointers)
//				the problem, if it is that one, whole, and
//				names just those fields, if they are said
//	rows(site, sql)		what the database says, as objects
//	cgi(site, group, env, body)
//				a request to the program as plain CGI; its
//				headers by cgiHeaders()
//	balance(partner, user)	of a user who is known
//	pool(partner)		the pool that pays for the partner

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { parse } from './http.mjs';

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
	    ['type', 'title', 'status', 'code', 'detail', 'requestId',
		/* What there is, and what it takes. */
		...(status === 402 ? ['available', 'needed'] : [])]);
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
	    '-cmd', '.timeout 5000', `${site.dir}/data/ledger.db`, sql);
	return text.trim() === '' ? [] : JSON.parse(text);
}

export function cgi(site, group, env, body = '') {
	const program = `${site.dir}/${site.kind.programs}/${group}.fcgi`;
	return new Promise((resolve, reject) => {
		const child = execFile(program, [], {
			env: { ...site.env, GATEWAY_INTERFACE: 'CGI/1.1',
			    REMOTE_ADDR: '127.0.0.1', ...env },
			cwd: site.dir, ...site.user,
		}, (error, stdout) => error ? reject(error) :
		    resolve(parse(Buffer.from(
		    stdout.replace(/^Status: /, 'HTTP/1.1 ')))));
		child.stdin.on('error', () => {});
		child.stdin.end(body);
	});
}

/** Headers as a CGI program finds them in its environment. */
export const cgiHeaders = (headers) => Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
	const spelled = name.toUpperCase().replaceAll('-', '_');
	return [spelled.startsWith('CONTENT_') ? spelled : `HTTP_${spelled}`,
	    value];
}));

export async function balance(partner, user) {
	return good(await partner.get(
	    `/v1/partner/users/${encodeURIComponent(user)}/balance`));
}

export async function pool(partner) {
	const { data } = good(await partner.get('/v1/partner/token-pools'));
	return data.find((p) => p.tokenPoolId === partner.tokenPoolId);
}
