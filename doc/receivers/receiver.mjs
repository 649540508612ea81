// A receiver of webhooks in one file: Node 18 or newer, no packages.
//
//	WEBHOOK_SECRET=whsec_… node receiver.mjs [PORT]
//
// It takes the format sir.  Copy verify(); what matters is in it.

import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';

const SECRET = process.env.WEBHOOK_SECRET;
const MOST = 256 * 1024;	/* no delivery has a larger body */
const SKEW_S = 300;

/** Is it from the site, and new?  `body` is a Buffer of what was received. */
export function verify(secret, headers, body) {
	const time = headers['x-sir-timestamp'] ?? '';
	const said = Buffer.from(headers['x-sir-signature'] ?? '');
	const made = Buffer.from(`sha256=${createHmac('sha256', secret)
	    .update(`${time}.`).update(body).digest('hex')}`);
	return said.length === made.length && timingSafeEqual(said, made) &&
	    Math.abs(Date.now() / 1000 - Number(time)) <= SKEW_S;
}

/** A delivery may come twice: keep the ids, say in a table of their own. */
const seen = new Set();

/** Put the work into a queue: after 10 s it counts as failed. */
function handle(event) {
	console.log(event.type, event.id);
}

async function read(request) {
	const parts = [];
	let size = 0;
	for await (const part of request) {
		size += part.length;
		if (size > MOST)
			return null;
		parts.push(part);
	}
	return Buffer.concat(parts);
}

const server = http.createServer(async (request, response) => {
	const body = await read(request).catch(() => null);
	if (body === null || !verify(SECRET, request.headers, body)) {
		response.writeHead(400, { Connection: 'close' });
		response.end('signature does not match\n');
		return;
	}
	const event = JSON.parse(body);		/* not before it is verified */
	if (!seen.has(event.id)) {
		handle(event);
		seen.add(event.id);
	}
	response.end();				/* 200 */
});

if (!SECRET)
	throw new Error('WEBHOOK_SECRET is not set');
server.listen(Number(process.argv[2] ?? 8090), '127.0.0.1');
