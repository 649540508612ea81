// A receiver of webhooks with the package of Standard Webhooks: Node 18 or
// newer and `npm install standardwebhooks`.
//
//	WEBHOOK_SECRET=whsec_… node receiver-standard.mjs [PORT]
//
// It takes the formats standard and sir.  While the secret is being changed
// either one, the new or the old, is right.

import http from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const seen = new Set();

const server = http.createServer(async (request, response) => {
	const parts = [];
	for await (const part of request)
		parts.push(part);
	try {
		const event = webhook.verify(
		    Buffer.concat(parts).toString(), request.headers);
		if (!seen.has(event.id))
			console.log(event.type, event.id);
		seen.add(event.id);
		response.end();
	} catch (error) {
		response.writeHead(400);
		response.end(`${error.message}\n`);
	}
});

server.listen(Number(process.argv[2] ?? 8090), '127.0.0.1');
