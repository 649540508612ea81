// Administrators of a test's site, and their logins.
//
//	const ann = await makeAdmin(site)	{email, password, memberId, …}
//	await askAuth(site, 'login', body, token)
//				the answer of /v1/auth/login and its like
//	await login(site, ann)		{accessToken, refreshToken, …}
//	bearer(token)			the header of an access token; a site
//					may have another name for it
//	await feed(site, input, ...words)
//				`almoner` with that as its standard input:
//				{code, stdout, stderr}

import { execFile } from 'node:child_process';
import { good } from './expect.mjs';

export function feed(site, input, ...words) {
	return new Promise((resolve) => {
		const child = execFile(`${site.dir}/bin/almoner`, words,
		    { env: site.env, cwd: site.dir, ...site.user },
		    (error, stdout, stderr) => resolve({
			    code: error?.code ?? 0, stdout, stderr }));
		child.stdin.on('error', () => {});
		child.stdin.end(input);
	});
}

export async function makeAdmin(site, options = {}) {
	const { email = 'ada@example.org',
	    password = 'an engine weaves algebra' } = options;
	const { code, stdout, stderr } = await feed(site, `${password}\n`,
	    'admin', 'create', '--email', email, '--password-stdin',
	    '--json');
	if (code !== 0)
		throw new Error(stderr);
	return { ...JSON.parse(stdout), password };
}

export const bearer = (token, name = 'Authorization') =>
	({ [name]: `Bearer ${token}` });

export const askAuth = (site, name, body = undefined, token = undefined) =>
	site.request(name === 'me' ? 'GET' : 'POST', `/v1/auth/${name}`, {
		body: body && JSON.stringify(body),
		headers: {
			...(body && { 'Content-Type': 'application/json' }),
			...(token && bearer(token, site.authorization)),
		} });

export async function login(site, { email, password }) {
	return good(await askAuth(site, 'login', { email, password }));
}
