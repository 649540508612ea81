// Webhooks for tests: receivers that do as they are told, the rows that lead
// to them, and runs of bin/deliver.
//
//	const site = await useSite({ prepare: quiet });	// nothing by itself
//	await allowLoopback(site);
//	const shop = await startReceiver();	// answers 200
//	shop.answer = (response, delivery) => …	// or as it likes
//	const id = await addWebhook(acme, { url: shop.url });
//	await acme.submit();
//	await deliver(site);			// one run; it must be silent
//	shop.got	// [{ id, body, headers, at }], in order of arrival
//	await deliveries(acme, id)	// [{ status, attempts, due_at, … }]

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { after } from 'node:test';
import { run } from './process.mjs';

/** All that a format has words for; see enum dialect_name. */
export const FORMATS = { sir: 1, standard: 2, chuffed: 3, qiibee: 4 };

/** As lib/crypto/seal.h says: nonce, text, tag. */
export function seal(site, label, text) {
	const key = Buffer.from(
	    fs.readFileSync(`${site.dir}/master.key`, 'utf8').trim(), 'hex');
	const nonce = crypto.randomBytes(12);
	const cipher = crypto.createCipheriv('aes-256-gcm', key, nonce);
	cipher.setAAD(Buffer.from(label));
	return Buffer.concat([nonce, cipher.update(text), cipher.final(),
		cipher.getAuthTag()]);
}

export const database = (site) => site.database ?? `${site.dir}/data/ledger.db`;

/** Rows of a statement, as the site's user. */
export async function sql(site, text) {
	const out = await site.run('sqlite3', '-bail', '-json',
	    '-cmd', '.timeout 10000', database(site), text);
	return out.trim() === '' ? [] : JSON.parse(out);
}

/** The number of a partner's tenant. */
export async function tenantOf(partner) {
	const [row] = await sql(partner.site,
	    'SELECT t.id FROM tenants t JOIN partners p ON p.id = t.partner' +
	    ` WHERE p.slug = '${partner.slug}' AND t.gone_at IS NULL` +
	    ` AND t.side = '${partner.side}'`);
	return row.id;
}

const quoted = (value) => value === undefined || value === null ? 'NULL' :
	typeof value === 'number' ? String(value) :
	Buffer.isBuffer(value) ? `x'${value.toString('hex')}'` :
	`'${value.replaceAll("'", "''")}'`;

/** A webhook for all events, straight into the books; its number. */
export async function addWebhook(partner, options) {
	const { site } = partner;
	const { url, format = 'sir', policy = format, headers, maxPerSecond,
	    secret = `whsec_${crypto.randomBytes(32).toString('hex')}`,
	    events = '9223372036854775807' } = options;
	const tenant = await tenantOf(partner);
	const [{ id }] = await sql(site,
	    'SELECT coalesce(max(id), 0) + 1 AS id FROM webhooks' +
	    ` WHERE tenant = ${tenant}`);
	const values = [tenant, id, url, FORMATS[format], FORMATS[policy],
		headers, maxPerSecond,
		seal(site, `webhooks.secret:${tenant}:${id}`, secret),
		site.clock.now() * 1000].map(quoted);
	await sql(site, 'INSERT INTO webhooks (tenant, id, url, format,' +
	    ' policy, headers, max_per_second, secret_sealed, created_at,' +
	    ` events) VALUES (${values.join(', ')}, ${events})`);
	return id;
}

/** Rows of a partner's deliveries, with the webhook's number as a filter. */
export async function deliveries(partner, webhook) {
	return sql(partner.site, 'SELECT * FROM deliveries' +
	    ` WHERE tenant = ${await tenantOf(partner)}` +
	    (webhook === undefined ? '' : ` AND webhook = ${webhook}`) +
	    ' ORDER BY id');
}

export async function attempts(partner, webhook) {
	return sql(partner.site, 'SELECT a.* FROM attempts a' +
	    ' JOIN deliveries d ON d.tenant = a.tenant' +
	    ' AND d.id = a.delivery' +
	    ` WHERE a.tenant = ${await tenantOf(partner)}` +
	    (webhook === undefined ? '' : ` AND webhook = ${webhook}`) +
	    ' ORDER BY a.delivery, a.number');
}

export async function webhook(partner, id) {
	const [row] = await sql(partner.site, 'SELECT * FROM webhooks WHERE' +
	    ` tenant = ${await tenantOf(partner)} AND id = ${id}`);
	return row;
}

/** Sites whose endpoints start nothing, and may call this machine. */
export function configureHooks(site, values = {}) {
	site.configure({ loopback_http: 'yes', start_deliver: 'no',
		...values });
	return site.restart();
}

/** One run of bin/deliver, to its end. */
export const tryDeliver = (site, ...args) =>
	run(`${site.dir}/bin/deliver`, args, { env: {
		...site.env, ALMONER_CONF: `${site.dir}/almoner.conf`,
	}, cwd: site.dir, ...site.user });

export async function deliver(site, ...args) {
	const before = site.log();
	const { code, stdout, stderr } = await tryDeliver(site, ...args);
	assert.deepEqual({ code, stdout, stderr },
	    { code: 0, stdout: '', stderr: '' });
	assert.equal(site.log().slice(before.length), '');
}

/** The whole of a request's body. */
async function read(request) {
	const parts = [];
	for await (const part of request)
		parts.push(part);
	return Buffer.concat(parts).toString();
}

class Receiver {
	constructor() {
		this.got = [];
		this.answer = (response) => response.end();
		this.server = http.createServer(async (request, response) => {
			const at = performance.now();
			const body = await read(request).catch(() => null);
			if (body === null)
				return;
			const delivery = { at, body, headers: request.headers,
				path: request.url,
				id: request.headers['webhook-id'] };
			this.got.push(delivery);
			await this.answer(response, delivery);
		});
	}

	get url() {
		return `http://127.0.0.1:${this.server.address().port}/`;
	}

	/** Answer each with this status, and these headers. */
	says(status, headers = {}) {
		this.answer = (response) =>
			response.writeHead(status, headers).end(`${status}`);
	}

	stop() {
		this.server.closeAllConnections?.();
		return new Promise((resolve) => this.server.close(resolve));
	}
}

export async function startReceiver() {
	const receiver = new Receiver();
	await new Promise((resolve) =>
		receiver.server.listen(0, '127.0.0.1', resolve));
	after(() => receiver.stop());
	return receiver;
}
