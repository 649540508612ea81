// A site of a test's own: a fresh folder, fresh books, its own web server on
// its own port of 127.0.0.1.  Any number may run side by side.
//
//	import { useSite, purchase } from '../lib/site.mjs';
//	const site = await useSite();		// audited and ended by itself
//	const acme = await site.partner();	// keys, all scopes, a full pool
//	const { status, body } = await acme.submit({ amount: 10 });
//
// useSite(options) = startSite(options), and after the file's last test
// site.verify() and site.stop().  Options, all optional:
//	server	lighttpd | nginx | apache-fcgid | … of servers.mjs; by
//		default what ALMONER_SERVER says, else lighttpd
//	procs	FastCGI processes for each group of endpoints (2)
//	build	where the programs are: ALMONER_BUILD, else build/asan;
//		what only arranges a site is done by build/release's almoner,
//		where there is one: without sanitizers it starts in a fifth of
//		the time
//	now	unix second at which its clock stands still; null for the
//		real clock, which is the only one behind Apache
//	env	added to the programs' environment (lighttpd, nginx)
//	prepare	async (site) => …, in the empty folder, before the books exist
//	Kind	a class that extends Site: see suexec.mjs
//
// A site: dir, port, base (URL), prefix ("" or "/give"), server, procs, and
//	request(method, target, {headers, body})  as it is, unsigned
//	raw(bytes, {end, wait_ms})	bytes on a socket; see http.mjs
//	cli(...words)			almoner --json, read; throws on failure
//	tryCli(...words)		{code, stdout, stderr}, without --json
//	arrange(...words)		as cli(), by the release's almoner
//	partner({slug, name, side, scopes, approve, tokens, limit, ...key})
//				limit: requests a minute, null: its tier's
//					scopes "all", or "a b", or null: the
//					command's own default
//	rule({slug, side, type, perUnit})	or flat
//	clock.now(), set(s), advance(s)	the site's clock, in unix seconds
//	verify()			throws unless all books are clean
//	configure({name: value})	change almoner.conf (then restart())
//	log(), serverLog()		the programs' log; the web server's
//	workers()			process ids of the running programs
//	stopServer(), startServer(), restart(), stop()
//
// A partner: id, slug, side, keyId, publishableKey, secretKey, hmacSecret,
// tokenPoolId, and
//	signed(method, target, options), get(target), post(target, body)
//	submit(changes)			POST of a purchase(changes)
//	wire(method, target, options)	the signed bytes, for site.raw()
//	newKey({scopes, expires, ip, origin})	the same with other keys
// Options: body (an object, or exact text), headers (undefined removes one),
// key ("sk", "pk" or a text), secret, timestamp, signature, agent, sent (a
// target other than the one that is signed).  Answers: {status, headers,
// text, body, bytes}.  While the clock stands still, two equal requests are
// one request that came twice: clock.advance(1) parts them.
//
// stop() throws if a sanitizer or an assert() spoke.  Under tests/check.sh
// sanitizers write to ALMONER_REPORTS, and check.sh counts them instead.

import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { Clock } from './clock.mjs';
import { words } from './command.mjs';
import { kept } from './contract.mjs';
import { raw, request } from './http.mjs';
import { Partner } from './partner.mjs';
import { end, ended, freePort, kill, killGroup, processesOf, run, siteUser,
    start, until } from './process.mjs';
import { startClerk } from './proxy.mjs';
import { groups, root, servers } from './servers.mjs';

export { purchase } from './partner.mjs';
export { parse, sha256, sign, wire } from './http.mjs';
export { kill, until } from './process.mjs';
export { root } from './servers.mjs';

/** 2025-05-10T11:20:00Z, the moment of the examples. */
export const NOW = 1746876000;

/** Sites that are not stopped yet: they end with us, however we end. */
const live = new Set();

process.on('exit', () => {
	for (const { folder, process: server, socket, proxy } of live) {
		killGroup(socket);
		killGroup(server);
		proxy?.stop();
		kill(processesOf(folder), 'SIGKILL');
		fs.rmSync(folder, { recursive: true, force: true });
	}
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.once(signal, () => process.exit(1));

export class Site {
	constructor(options) {
		const { server = process.env.ALMONER_SERVER ?? 'lighttpd',
		    procs = 2, now = NOW, env = {},
		    build = process.env.ALMONER_BUILD ?? 'build/asan' } =
		    options;
		this.server = server;
		this.kind = servers[server];
		this.procs = procs;
		this.build = path.resolve(root, build);
		this.prefix = this.kind.prefix;
		this.user = siteUser();
		this.folder = fs.mkdtempSync(
		    path.join(os.tmpdir(), 'almoner-'));
		this.dir = this.folder;
		this.reports = process.env.ALMONER_REPORTS ??
		    `${this.dir}/reports`;
		const moved = now !== null && this.kind.clock;
		this.clock = new Clock(moved ? `${this.dir}/now` : null,
		    moved ? now : null);
		this.env = {
			PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:' +
			    '/usr/bin:/sbin:/bin',
			ASAN_OPTIONS: `log_path=${this.reports}/asan`,
			UBSAN_OPTIONS: `log_path=${this.reports}/ubsan` +
			    ':print_stacktrace=1',
			...(moved ? { ALMONER_NOW: this.clock.file } : {}),
			...env,
		};
		/* Servers close idle connections after 5 s; be the first. */
		this.agent = new http.Agent({ keepAlive: true, timeout: 3000 });
	}

	/** Folders and programs, owned by the site's user. */
	furnish() {
		const { dir, kind } = this;
		for (const name of ['bin', 'log', 'run', 'reports', 'htdocs',
		    kind.programs])
			fs.mkdirSync(`${dir}/${name}`, { recursive: true });
		const copy = (from, to) => {
			const name = `${dir}/${to}`;
			fs.copyFileSync(`${this.build}/${from}`, name);
			fs.chmodSync(name, 0o711);
		};
		copy('bin/almoner', 'bin/almoner');
		const quick = '../release/bin/almoner';
		copy(fs.existsSync(`${this.build}/${quick}`) ? quick :
			'bin/almoner', 'bin/arrange');
		copy('bin/deliver', 'bin/deliver');
		copy('bin/housekeep', 'bin/housekeep');
		for (const name of kind.names ?? groups)
			copy(`cgi-bin/${name}.fcgi`,
			    `${kind.programs}/${name}.fcgi`);
		this.own(dir);
	}

	/** Give a file or folder of ours, and all in it, to the site's user. */
	own(name) {
		if (this.user.uid === undefined)
			return;
		fs.lchownSync(name, this.user.uid, this.user.gid);
		if (fs.lstatSync(name).isDirectory())
			for (const inside of fs.readdirSync(name))
				this.own(path.join(name, inside));
	}

	/** Run a program as the site's user; throws unless it ends well. */
	async run(command, ...args) {
		const { code, stdout, stderr } = await run(command, args,
		    { env: this.env, cwd: this.dir, ...this.user });
		if (code !== 0)
			throw new Error(`${command} ${args.join(' ')}: ` +
			    `status ${code}\n${stderr}${stdout}`);
		return stdout;
	}

	/** Configuration, master key and books. */
	found() {
		return this.arrange(...words.init(this.dir));
	}

	async #read(program, args) {
		const out = await this.run(`${this.dir}/bin/${program}`,
		    ...args, '--json');
		return out.trim() === '' ? undefined : JSON.parse(out);
	}

	cli(...args) {
		return this.#read('almoner', args);
	}

	arrange(...args) {
		return this.#read('arrange', args);
	}

	tryCli(...args) {
		return run(`${this.dir}/bin/almoner`, args,
		    { env: this.env, cwd: this.dir, ...this.user });
	}

	configure(values) {
		const file = `${this.dir}/almoner.conf`;
		let text = fs.readFileSync(file, 'utf8');
		for (const [name, value] of Object.entries(values)) {
			text = text.replace(
			    new RegExp(`^\\s*${name}\\s*=.*\n?`, 'gm'), '');
			if (value !== undefined)
				text += `${name} = ${value}\n`;
		}
		fs.writeFileSync(file, text);
	}

	/** Is it our server that answers, and do its programs? */
	async answers() {
		if (ended(this.process))
			throw new Error(`${this.server} ended:\n` +
			    this.serverLog());
		try {
			const { body } =
			    await this.request('GET', '/v1/', {});
			return body !== undefined;
		} catch {
			return false;
		}
	}

	async startServer() {
		for (let tries = 1; ; tries++) {
			this.port ??= await freePort();
			this.base =
			    `http://127.0.0.1:${this.port}${this.prefix}`;
			this.configure({ base_url: this.base });
			this.kind.prepare(this);
			await this.kind.before?.(this);
			this.process = start(this.kind.command(this),
			    `${this.folder}/log/server.out`, { env: this.env,
			    cwd: this.dir, ...(this.kind.user ?? this.user) });
			try {
				if (await until(() => this.answers(), 20000))
					return await this.startProxy();
				throw new Error(`${this.server} gives no ` +
				    `answer:\n${this.serverLog()}`);
			} catch (error) {
				await this.stopServer();
				/* Was somebody quicker with the port? */
				const taken = /in use/.test(error.message);
				if (tries === 3 || !taken)
					throw error;
				this.port = undefined;
			}
		}
	}

	/** A witness between the tests and the server, if one is there. */
	async startProxy() {
		const port = process.env.ALMONER_PROXY;
		if (port !== undefined)
			this.proxy = await startClerk(Number(port));
	}

	async stopServer() {
		this.agent.destroy();
		await this.kind.after?.(this);
		this.proxy?.stop();
		this.proxy = undefined;
		await end(this.process, this.folder);
	}

	async restart() {
		await this.stopServer();
		await this.startServer();
	}

	/** Each answer is held against the OpenAPI document: contract.mjs. */
	async request(method, target, options = {}) {
		const headers = { ...options.headers };
		if (options.body !== undefined)
			headers['Content-Length'] =
			    Buffer.byteLength(options.body);
		const all = {
			agent: this.agent, ...options, headers, method,
			port: this.port, target: this.prefix + target,
		};
		const answer = await (this.proxy?.request(all) ??
		    request(all));
		kept(method, target, answer);
		return answer;
	}

	raw(bytes, options) {
		return raw(this.port, bytes, options);
	}

	async createKey(options) {
		const { id, ...keys } = await this.arrange(...words.key(
		    { scopes: 'all', side: 'test', ...options }));
		return { keyId: id, ...keys };
	}

	async partner(options = {}) {
		this.partners = (this.partners ?? 0) + 1;
		const all = {
			slug: `partner-${this.partners}`, side: 'test',
			name: `Partner ${this.partners}`, approve: true,
			tokens: 1000000, limit: 1000000, ...options,
		};
		const { partnerId: id } = await this.arrange(
		    ...words.partner(all));
		if (all.limit !== null)
			await this.arrange(...words.limit(all));
		const keys = await this.createKey(all);
		const { tokenPoolId } = await this.arrange(...words.pool(
		    { ...all, name: 'Main' }));
		if (all.tokens > 0)
			await this.arrange(...words.allocate(
			    { ...all, pool: tokenPoolId }));
		return new Partner(this, {
			...keys, id, slug: all.slug, side: all.side,
			tokenPoolId,
		});
	}

	rule(options) {
		return this.arrange(...words.rule(
		    { side: 'test', ...options }));
	}

	async verify() {
		await this.cli(...words.verify());
	}

	workers() {
		return processesOf(`${this.dir}/${this.kind.programs}`);
	}

	read(names) {
		return names.map((name) => `${this.dir}/${name}`)
		    .filter((name) => fs.existsSync(name))
		    .map((name) => fs.readFileSync(name, 'utf8')).join('');
	}

	log() {
		return this.read(['log/almoner.log']);
	}

	serverLog() {
		return this.read(['lighttpd', 'nginx', 'apache', 'stderr']
		    .map((name) => `log/${name}.log`)
		    .concat('log/server.out'));
	}

	/** What sanitizers and assert() said, or "". */
	complaints() {
		const loud =
		    /runtime error:|Sanitizer|Assertion .* failed|^ +#\d/;
		const own = `${this.dir}/reports`;
		const reports = fs.existsSync(own) ? fs.readdirSync(own) : [];
		return this.read(reports.map((name) => `reports/${name}`)) +
		    this.serverLog().split('\n')
		    .filter((line) => loud.test(line)).join('\n');
	}

	async stop() {
		await this.stopServer();
		live.delete(this);
		const complaints = this.complaints();
		fs.rmSync(this.folder, { recursive: true, force: true });
		if (complaints !== '')
			throw new Error(complaints);
	}
}

export async function startSite(options = {}) {
	const site = new (options.Kind ?? Site)(options);
	live.add(site);
	try {
		site.furnish();
		await options.prepare?.(site);
		await site.found();
		site.configure({ log: 'log/almoner.log',
			failures_a_minute: 1000000 });
		await site.startServer();
	} catch (error) {
		await site.stop().catch(() => {});
		throw error;
	}
	return site;
}

export async function useSite(options) {
	const site = await startSite(options);
	after(async () => {
		try {
			await site.verify();
		} finally {
			await site.stop();
		}
	});
	return site;
}
