// What an operator does to a site while its partners go on: the programs made
// new, and a copy of the books taken.  No request may come to harm by it:
// each is sent once, over a connection of its own, and must be answered well.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { good, rows } from '../lib/expect.mjs';
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
function renew(site, bin) {
	for (const name of fs.readdirSync(bin)) {
		const file = `${bin}/${name}.new`;
		fs.copyFileSync(`${release.give}/cgi-bin/${name}`, file);
		fs.chmodSync(file, 0o711);
		site.own(file);
		fs.renameSync(file, `${bin}/${name}`);
	}
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

/** Do that to a site while rewards come; then all of them are booked. */
async function amid(options, work) {
	const site = options.where === undefined ? await startSite(options) :
		await startAccount(release, options);
	let partners;
	try {
		const shop = await site.partner({ tokens: 1e9 });
		partners = new Partners(shop);
		await work(site, partners);
		await partners.end();
		const [{ n }] = await rows(site,
		    'SELECT count(*) AS n FROM actions');
		assert.equal(n, partners.booked);
		await site.verify();
	} finally {
		await partners?.end().catch(() => {});
		await site.stop();
	}
}

const account = { fcgid: true, suexec: true, where: 'sub-folder' };

test('programs anew under mod_fcgid and suexec', { skip: whyNot() }, () =>
	amid(account, async (site, partners) => {
		for (let n = 0; n < UPGRADES; n++) {
			await partners.more();
			renew(site, site.bin);
			await partners.more();
			/* Who is idle stays for a while; nobody asks them. */
			assert.ok(site.workers().some((pid) =>
				isOf(pid, `${site.bin}/almoner.fcgi`)));
		}
	}));

test('programs anew behind lighttpd', () =>
	amid({ server: 'lighttpd-one', build: release.build, now: null },
	async (site, partners) => {
		const bin = `${site.dir}/${site.kind.programs}`;
		for (let n = 0; n < UPGRADES; n++) {
			await partners.more();
			renew(site, bin);
			kill([site.process.pid], 'SIGUSR1');
			assert.ok(await until(() =>
				site.workers().length > 0 &&
				site.workers().every((pid) =>
					isOf(pid, `${bin}/almoner.fcgi`)),
			10000), 'old ones stay');
			await partners.more();
		}
	}));

/* What a copy holds was answered well, and it is a whole site's books. */
test('a copy of the books, and back to it', { skip: whyNot() }, () =>
	amid(account, async (site, partners) => {
		const copies = [];
		for (let n = 0; n < 3; n++) {
			await partners.more();
			const before = partners.booked;
			const { file } = await site.cli('backup', '--to',
			    `${site.home}/copy-${n}.db`);
			copies.push({ file, before, after: partners.booked });
		}
		await partners.more();
		await partners.end();
		const { file, before, after } = copies[1];
		await site.stopServer();
		await site.cli('restore', file);
		await site.startServer();
		await site.verify();
		const [{ n }] = await rows(site,
		    'SELECT count(*) AS n FROM actions');
		assert.ok(n >= before && n <= after + CLIENTS,
		    `${n} of ${before} to ${after}`);
		good(await partners.shop.submit());
		partners.booked = n + 1;
	}));
