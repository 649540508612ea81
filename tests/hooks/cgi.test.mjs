// As plain CGI and under mod_fcgid, too, the first attempt follows the answer,
// and the answer does not wait for the child: some servers hold it back until
// nobody has the program's output open.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, configureHooks, startReceiver } from '../lib/hooks.mjs';
import { until, startSite } from '../lib/site.mjs';

const COMPLETED = 1 << 1;

for (const server of ['apache-cgi', 'apache-fcgid', 'apache-vhost', 'nginx'])
	test(`behind ${server}`, async () => {
		const site = await startSite({ server });
		try {
			await configureHooks(site, { start_deliver: 'yes' });
			const acme = await site.partner();
			const shop = await startReceiver();
			/* As long as it runs, the child waits for these. */
			const held = [];
			shop.answer = (response) => held.push(response);
			await addWebhook(acme, { url: shop.url,
				events: COMPLETED });
			for (let n = 0; n < 3; n++)
				assert.equal((await acme.submit()).status, 200);
			assert.ok(await until(() => held.length > 0, 20000));
			assert.equal((await acme.submit()).status, 200);
			shop.says(200);
			for (const response of held)
				response.end();
			assert.ok(await until(() => shop.got.length === 4,
			    20000));
		} finally {
			await site.stop();
		}
	});
