// An account on a shared host: Apache started by root, with suexec or as the
// account itself, and the release installed as its INSTALL says.  All that is
// the host's, such as who there is, is bound over the system's own files in a
// mount namespace that ends with Apache: nothing outside the folder changes.
//
//	const why = whyNot();		// a sentence where it cannot be done
//	const site = await startAccount(release, {
//		fcgid: true,		// has the host mod_fcgid?
//		suexec: true,		// or does Apache run as the account?
//		stranger: false,	// or as the host's own user?
//		where: 'sub-folder',	// 'document root', 'cgi-bin only'
//	});
//
// It is a site of site.mjs by the real clock, and has besides
//	home	the account's folder: almoner/, public_html/
//	pages	URL of the widget's files
//	crons	the commands of the lines for cron that `almoner init` printed
//	cron()	runs each of them once, as cron does
//	shell(line)	a line of somebody who is logged in
//	htaccess	does the host read that?
//	web, bin	the folder of the site, and of its programs

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { processesOf, run, siteUser } from './process.mjs';
import { must } from './release.mjs';
import { root } from './servers.mjs';
import { Site, startSite } from './site.mjs';

const MODULES = '/usr/lib/apache2/modules';
const SUEXEC = '/usr/lib/apache2/suexec-custom';
const NAME = 'almsgiver';
/** Nobody's: suexec takes none below 100. */
export const ID = 24601;

export function whyNot() {
	if (process.getuid() !== 0)
		return 'only root can start Apache with suexec';
	if (!fs.existsSync(SUEXEC))
		return 'apache2-suexec-custom is not installed';
	const { status } = spawnSync('unshare',
	    ['-m', 'mount', '--bind', '/etc', '/etc']);
	return status === 0 ? undefined :
		'this system gives no private mount namespaces';
}

/** The host's own files, then Apache. */
const HOST = `
mount --make-rprivate /
mount --bind "$1/etc/passwd" /etc/passwd
mount --bind "$1/etc/group" /etc/group
mount --bind "$1/etc/suexec" /etc/apache2/suexec
mount --bind "$1/log" /var/log
suexec=$(readlink -f /usr/lib/apache2/suexec)
[ "$suexec" = ${SUEXEC} ] || mount --bind ${SUEXEC} "$suexec"
shift
exec /usr/sbin/apache2 -DFOREGROUND "$@"
`;

/** What the places are, from home and in URLs. */
const places = {
	'document root': { prefix: '', pages: '', web: 'public_html' },
	'sub-folder': { prefix: '/give', pages: '/give',
		web: 'public_html/give' },
	'cgi-bin only': { prefix: '/cgi-bin/give/almoner.cgi', pages: '/give',
		web: 'public_html/cgi-bin',
		programs: 'public_html/cgi-bin/give' },
};

class Account extends Site {
	constructor(options) {
		super({ ...options, server: 'apache-cgi', now: null,
			build: options.release.build });
		this.htaccess = options.where !== 'cgi-bin only';
		this.authorization = this.htaccess ? 'Authorization' :
		    'X-Authorization';
		const place = places[options.where];
		Object.assign(this, { options, place, release: options.release,
			home: `${this.folder}/home`, pages: place.pages,
			prefix: place.prefix,
			dir: `${this.folder}/home/almoner`,
			user: { uid: ID, gid: ID } });
		this.env = { HOME: this.home, LOGNAME: NAME,
			PATH: '/usr/local/bin:/usr/bin:/bin' };
		this.web = `${this.home}/${place.web}`;
		this.bin = `${this.home}/${place.programs ??
		    `${place.web}/cgi-bin`}`;
		/* Root starts Apache. */
		this.kind = { user: {}, prepare: () => this.prepare(),
			command: () => this.command() };
	}

	/** The account as the host gives it, and INSTALL's first step. */
	furnish() {
		const { folder, home } = this;
		fs.chmodSync(folder, 0o711);
		for (const name of ['etc/suexec', 'log/apache2', 'run',
			'home/public_html'])
			fs.mkdirSync(`${folder}/${name}`, { recursive: true });
		const known = (file) => fs.readFileSync(`/etc/${file}`,
		    'utf8').trimEnd();
		fs.writeFileSync(`${folder}/etc/passwd`, known('passwd') +
		    `\n${NAME}:x:${ID}:${ID}::${home}:/bin/sh\n`);
		fs.writeFileSync(`${folder}/etc/group`,
		    `${known('group')}\n${NAME}:x:${ID}:\n`);
		fs.writeFileSync(`${folder}/etc/suexec/www-data`,
		    `${home}\npublic_html/cgi-bin\n`);
		fs.chmodSync(home, 0o711);
		this.own(home);
	}

	/** The account's own is the release already. */
	arrange(...args) {
		return this.cli(...args);
	}

	/** A line of somebody who is logged in. */
	shell(line) {
		return must('/bin/sh', ['-euc', `umask 022; ${line}`],
		    { cwd: this.home, env: this.env, ...this.user });
	}

	/** The steps of INSTALL. */
	async found() {
		const { archive } = this.release;
		const name = path.basename(archive, '.tar.gz');
		fs.copyFileSync(archive, `${this.home}/${name}.tar.gz`);
		await this.shell(`tar xzf ${name}.tar.gz; mv ${name} almoner;
			rm -f ${name}.tar.gz`);
		const said = await this.shell('almoner/bin/almoner init ' +
		    '--dir ~/almoner --base-url https://your.example/give');
		fs.mkdirSync(`${this.dir}/log`);
		this.own(`${this.dir}/log`);
		this.configure({ loopback_http: 'yes', start_deliver: 'no' });
		this.crons = [...said.matchAll(/^ *(?:\* ){5}(.*)$/gm)]
		    .map(([, command]) => command);
		const give = 'almoner/public_html/give';
		const { web } = this.place;
		await this.shell(!this.htaccess ? `
			mkdir -p public_html/cgi-bin/give
			cp ${give}/cgi-bin/almoner.cgi public_html/cgi-bin/give
			cp -R ${give} public_html/give
			rm -R public_html/give/cgi-bin` :
			`mkdir -p ${web}; cp -R ${give}/. ${web}`);
		await this.shell('echo "$HOME/almoner/almoner.conf" ' +
		    `>${web}/almoner.path`);
	}

	prepare() {
		const { folder, options } = this;
		if (!this.htaccess)
			this.configure({ assets_url:
				`http://127.0.0.1:${this.port}/give` });
		let text = fs.readFileSync(
		    path.join(root, 'tests/lib/suexec.conf'), 'utf8');
		const hosts = options.suexec || options.stranger;
		for (const [name, value] of Object.entries({ HOST: folder,
			PORT: this.port, MODULES,
			USER: hosts ? 'www-data' : NAME }))
			text = text.replaceAll(`@${name}@`, value);
		fs.writeFileSync(`${folder}/etc/apache.conf`, text);
		const { uid, gid } = hosts ? siteUser() : this.user;
		fs.chownSync(`${folder}/run`, uid, gid);
	}

	command() {
		const { fcgid, suexec } = this.options;
		return ['unshare', '-m', 'sh', '-euc', HOST, 'sh', this.folder,
			...fcgid ? ['-DFCGID'] : [],
			...suexec ? ['-DSUEXEC'] : [],
			...!this.htaccess ? ['-DCGIBIN'] : [],
			'-f', `${this.folder}/etc/apache.conf`];
	}

	/** With cron's environment, from its folder. */
	async cron() {
		const said = [];
		for (const command of this.crons)
			said.push(await run('/bin/sh', ['-c', command], {
				cwd: this.home, ...this.user,
				env: { HOME: this.home, LOGNAME: NAME,
					SHELL: '/bin/sh',
					PATH: '/usr/bin:/bin' } }));
		return said;
	}

	workers() {
		return processesOf(this.bin);
	}

	serverLog() {
		return ['log/apache.log', 'log/server.out']
		    .map((name) => `${this.folder}/${name}`)
		    .filter((name) => fs.existsSync(name))
		    .map((name) => fs.readFileSync(name, 'utf8')).join('');
	}
}

export const startAccount = (release, options) =>
	startSite({ ...options, release, Kind: Account });
