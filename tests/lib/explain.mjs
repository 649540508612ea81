// almoner explain, asked about requests that are right or wrong on purpose.
//
//	const x = explainer(site, acme, others)
//	x.make(how, changes)	a request of acme's; `how` makes its signature
//	x.asked(r, ...words)	the two ways to ask about it: as the partner,
//				with a file of keys, and as the operator
//	x.explain(...words)	what is said; no secret may be in it
//	x.wrong(codes, ...words)	the same, which must find just these
//	x.file(text), x.credentials(keys, more)		files to name

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import { sha256 } from './http.mjs';

export const SUBMIT = '/v1/partner/actions/submit';

/** A body that every program spells in its own way. */
export const body = '{"idempotencyKey": "é/<1>", "list":[1, {"b":2, "a":[]}],' +
    '"amount":49.90, "whole": 50.00,\r\n "flag":true}\n';

/** A request without a body, and with everything in its path. */
export const get = { method: 'GET', body: '', target:
	'/v1/partner/users/zo%C3%AB%40x.example?z=a%20b&m=%3d1&a=x+y' };

export const mac = (secret, text, form = 'hex') =>
	createHmac('sha256', secret).update(text).digest(form);

/** Signed as if another body, or another path, were sent. */
export const bodyOf = (other) => (r) =>
	mac(r.secret, `${r.timestamp}${r.method}${r.target}${sha256(other)}`);
export const pathOf = (other) => (r) =>
	mac(r.secret, `${r.timestamp}${r.method}${other}${r.hash}`);

/** As it goes over the wire. */
export const wire = (r, more = '') => `${r.method} ${r.target} HTTP/1.1\r\n` +
	`Host: shop.example\r\nX-Partner-Key: ${r.key}\r\n` +
	`X-Timestamp: ${r.timestamp}\r\nX-Signature: ${r.signature}\r\n` +
	`Content-Length: ${Buffer.byteLength(r.body)}\r\n${more}\r\n${r.body}`;

export function explainer(site, acme, others = []) {
	const secrets = [acme, ...others].map((set) => set.hmacSecret);
	let files = 0;

	/** Write it where the site's user can read it. */
	function file(text) {
		const name = `${site.dir}/paste-${++files}`;
		fs.writeFileSync(name, text);
		fs.chmodSync(name, 0o644);
		return name;
	}

	const credentials = (keys, more = {}) => file(JSON.stringify({
		baseUrl: site.base, publishableKey: keys.publishableKey,
		secretKey: keys.secretKey, hmacSecret: keys.hmacSecret,
		...more,
	}));
	const ours = credentials(acme);

	async function explain(...words) {
		const { code, stdout, stderr } =
		    await site.tryCli('explain', ...words, '--json');
		for (const secret of secrets)
			assert.ok(!(stdout + stderr).includes(secret));
		assert.equal(stderr, '');
		const said = JSON.parse(stdout);
		assert.equal(code, said.signatureRight ? 0 : 1, stdout);
		assert.equal(said.accepted, said.findings.length === 0);
		return {
			right: said.signatureRight, accepted: said.accepted,
			off: said.clockOffSeconds, text: said.signedText,
			codes: said.findings.map((f) => f.code),
			details: said.findings.map((f) => f.detail)
			    .join('\n'),
		};
	}

	async function wrong(expected, ...words) {
		const answer = await explain(...words);
		assert.deepEqual(answer.codes, [expected].flat(),
		    answer.details);
		return answer;
	}

	function make(how = (r) => mac(r.secret, r.text), changes = {}) {
		const r = {
			timestamp: String(site.clock.now()), method: 'POST',
			target: SUBMIT, body, key: acme.secretKey,
			secret: acme.hmacSecret, ...changes,
		};
		r.hash = sha256(r.body);
		r.text = `${r.timestamp}${r.method}${r.target}${r.hash}`;
		r.signature = how(r);
		return r;
	}

	const asked = (r, ...words) => [
		['--request', file(wire(r)), '--credentials', ours, ...words],
		['--request', file(wire(r)), ...words],
	];

	return { file, credentials, ours, explain, wrong, make, asked };
}
