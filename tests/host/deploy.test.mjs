// What an operator does to a site while its partners go on: the programs made
// new, and a copy of the books taken.  No request may come to harm by it:
// each is sent once, over a connection of its own, and must be answered well.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { balance, good, rows } from '../lib/expect.mjs';
import { useRelease } from '../lib/release.mjs';
import { kill, startSite, until } from '../lib/site.mjs';
import { startAccount, whyNot } from '../lib/suexec.mjs';

const CLIENTS = 4;
const UPGRADES = Number(process.env.SOAK ? 40 : 6);
/** Rewards between one change and the next. */
const BETWEEN = 25;

const release = await useRelease();

/** Partners' back-ends that send rewards, one after the other. */
class Partners {
	constructor(shop) {
		this.shop = shop;
		this.booked = 0;
		this.harmed = [];
		this.running = true;
		this.clients = Array.from({ length: CLIENTS }, () =>
			this.send());
	}

	async send() {
		while (this.running) {
			const { status, text } = await this.shop.submit({},
			    { agent: false }).catch((error) =>
				({ status: 0, text: String(error) }));
			if (status === 200)
				this.booked++;
			else
				this.harmed.push(`${status} ${text}`);
		}
	}

	/** Wait until that many more are booked. */
	async more(n = BETWEEN) {
		const wanted = this.booked + n;
		assert.ok(await until(() => this.booked >= wanted, 30000),
		    'they are not served any more');
	}

	async end() {
		this.running = false;
		await Promise.all(this.clients);
		assert.deepEqual(this.harmed, []);
	}
}

/** Programs anew as INSTALL says: beside the old ones, and renamed. */
async function renew(site, bin) {
	for (const name of fs.readdirSync(bin))
		await site.run('/bin/sh', '-euc', 'cp "$1" "$2.new"; ' +
		    'chmod 711 "$2.new"; mv -f "$2.new" "$2"', 'sh',
		`${release.give}/cgi-bin/${name}`, `${bin}/${name}`);
}

/** Is it the program that lies there now? */
function isOf(pid, file) {
	try {
		return fs.statSync(`/proc/${pid}/exe`).ino ===
		    fs.statSync(file).ino;
	} catch {
		return false;	/* it ended */
	}
}

/** All that was answered is booked, once, and nothing else is. */
async function settled(site, partners) {
	await partners.end();
	const [{ n }] = await rows(site, 'SELECT count(*) AS n FROM actions');
	assert.equal(n, partners.booked);
	await site.verify();
}

test('programs anew under mod_fcgid and suexec', { skip: whyNot() },
    async () => {
	const site = await startAccount(release,
	    { fcgid: true, suexec: true, where: 'sub-folder' });
	try {
		const partners = new Partners(await site.partner());
		for (let n = 0; n < UPGRADES; n++) {
			await partners.more();
			await renew(site, site.bin);
			await partners.more();
			/* Who is idle stays for a while; nobody asks them. */
			assert.ok(site.workers().some((pid) =>
				isOf(pid, `${site.bin}/almoner.fcgi`)));
		}
		await settled(site, partners);
	} finally {
		await site.stop();
	}
});

test('programs anew behind lighttpd', async () => {
	const site = await startSite({ server: 'lighttpd-one',
		build: release.build, now: null });
	const bin = `${site.dir}/${site.kind.programs}`;
	try {
		const partners = new Partners(await site.partner());
		for (let n = 0; n < UPGRADES; n++) {
			await partners.more();
			await renew(site, bin);
			kill([site.process.pid], 'SIGUSR1');
			assert.ok(await until(() =>
				site.workers().length > 0 &&
				site.workers().every((pid) =>
					isOf(pid, `${bin}/almoner.fcgi`)),
			10000), 'old ones stay');
			await partners.more();
		}
		await settled(site, partners);
	} finally {
		await site.stop();
	}
});
