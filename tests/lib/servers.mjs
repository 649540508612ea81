// The web servers that a site can be tested behind, each with the very file
// from etc/ that its users are given.  A server here is a row of
//
//	prefix		the folder of the site in URLs
//	programs	where the programs go, from the site's folder
//	names		which of them, without .fcgi; all groups if not said
//	clock		can the test move the programs' clock?
//	prepare(site)	write the server's files
//	before(site)	start what the server does not start itself
//	after(site)	let it end: its programs are ended with the server
//	command(site)	its words, to be run in the foreground
//
// `site` is that of site.mjs; of it, dir, port, procs, env and run() are used.

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { kill } from './process.mjs';
import { startSocket } from './systemd.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const groups = ['actions', 'users', 'token-pools', 'campaigns',
	'donations', 'exchanges', 'organizations', 'events', 'webhooks',
	'dashboard', 'sandbox', 'donate', 'checkout', 'inbound', 'portal',
	'setup'];

/** The folder and port that stand in etc/'s files. */
const SITE = '/srv/almoner';
const PORT = '8080';

const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');

/** Replace it, and see to it that there was something to replace. */
function put(text, from, to) {
	if (!text.includes(from))
		throw new Error(`the configuration no longer says "${from}"`);
	return text.replaceAll(from, to);
}

function write(site, name, text) {
	fs.writeFileSync(path.join(site.dir, name), text);
	site.own(path.join(site.dir, name));
}

const lighttpd = {
	prefix: '',
	programs: 'cgi-bin',
	clock: true,
	prepare(site) {
		let text = read('etc/lighttpd/almoner.conf');
		text = put(text, `"${SITE}"`, `"${site.dir}"`);
		text = put(text, `var.port  = ${PORT}`,
		    `var.port = ${site.port}`);
		text = put(text, 'var.procs = 2', `var.procs = ${site.procs}`);
		write(site, 'lighttpd.conf', text);
	},
	command: (site) =>
		['lighttpd', '-D', '-f', `${site.dir}/lighttpd.conf`],
};

/** Its own folders, for all that nginx would put into /var. */
const nginxHost = (site) => `
daemon off;
worker_processes 1;
pid run/nginx.pid;
error_log log/nginx.log;
events { worker_connections 512; }
http {
	access_log off;
	include /etc/nginx/mime.types;
	${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
	.map((name) => `${name}_temp_path run/${name};`).join('\n\t')}
	include ${site.dir}/almoner-nginx.conf;
}
`;

function prepareNginx(site, file) {
	let text = read(file);
	text = put(text, SITE, site.dir);
	text = put(text, `:${PORT};`, `:${site.port};`);
	write(site, 'almoner-nginx.conf', text);
	write(site, 'nginx.conf', nginxHost(site));
}

const nginx = {
	prefix: '',
	programs: 'cgi-bin',
	clock: true,
	prepare: (site) => prepareNginx(site, 'etc/nginx/almoner.conf'),
	async before(site) {
		/* spawn-fcgi throws standard error away; sanitizers need it. */
		for (const group of groups)
			await site.run('spawn-fcgi',
			    '-s', `${site.dir}/run/${group}.sock`,
			    '-M', '0600', '-F', String(site.procs), '--',
			    '/bin/sh', '-c', 'exec "$0" 2>>"$1"',
			    `${site.dir}/cgi-bin/${group}.fcgi`,
			    `${site.dir}/log/stderr.log`);
	},
	command: (site) => ['nginx', '-p', site.dir,
		'-c', `${site.dir}/nginx.conf`],
};

/** One program, as systemd would start it; see systemd.mjs. */
const served = {
	prefix: '',
	programs: 'cgi-bin',
	names: ['almoner'],
	clock: true,
	before(site) {
		site.socket = startSocket(site, 'almoner');
	},
	/* Or it would start the program again. */
	after: (site) => kill([site.socket.pid], 'SIGKILL'),
};

const nginxOne = {
	...served,
	prepare: (site) => prepareNginx(site, 'etc/nginx/one.conf'),
	command: nginx.command,
};

/** What Debian's Apache has beside virtual hosts. */
const vpsHost = (site) => `
ServerRoot ${site.dir}
ServerName 127.0.0.1
PidFile run/apache.pid
DefaultRuntimeDir run
Mutex file:run
ErrorLog log/apache.log
LogLevel warn
Suexec Off
${['mpm_event', 'authz_core', 'dir', 'mime', 'headers', 'proxy', 'proxy_fcgi']
	.map((name) => `LoadModule ${name}_module ` +
	    `/usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
TypesConfig /dev/null
AddType text/html .html
AddType text/css .css
AddType text/javascript .js
AddType application/json .json
<Directory />
	AllowOverride None
	Require all denied
</Directory>
<FilesMatch "^\\.ht">
	Require all denied
</FilesMatch>
Include ${site.dir}/almoner-vhost.conf
`;

const apacheVhost = {
	...served,
	prepare(site) {
		let text = read('etc/apache/vhost.conf');
		text = put(text, SITE, site.dir);
		text = put(text, `:${PORT}`, `:${site.port}`);
		write(site, 'almoner-vhost.conf', text);
		write(site, 'apache.conf', vpsHost(site));
	},
	command: (site) => ['apache2', '-DFOREGROUND',
		'-f', `${site.dir}/apache.conf`],
};

/** lighttpd as the release has it: one program, and folders of its own. */
const one = {
	prefix: '',
	programs: 'public_html/give/cgi-bin',
	names: ['almoner'],
	clock: true,
	prepare(site) {
		let text = read('etc/lighttpd/one.conf');
		text = put(text, `"${SITE}"`, `"${site.dir}"`);
		text = put(text, `var.port  = ${PORT}`,
		    `var.port = ${site.port}`);
		text = put(text, 'var.procs = 2', `var.procs = ${site.procs}`);
		write(site, 'lighttpd.conf', text);
		write(site, 'public_html/give/almoner.path',
		    `${site.dir}/almoner.conf\n`);
	},
	command: lighttpd.command,
};

/** The site is the folder htdocs/give; where is that for browsers? */
function apache(define, prefix = '/give') {
	return {
		prefix,
		programs: 'htdocs/give/cgi-bin',
		names: ['almoner'],
		/* Nothing that an .htaccess can say reaches the program's
		   environment. */
		clock: false,
		prepare(site) {
			const values = {
				SITE: site.dir, PORT: site.port,
				PROCS: site.procs,
				MODULES: '/usr/lib/apache2/modules',
				ROOT: prefix === '' ? 'htdocs/give' : 'htdocs',
				ASAN: site.env.ASAN_OPTIONS,
				UBSAN: site.env.UBSAN_OPTIONS,
			};
			let text = read('tests/lib/apache.conf');
			for (const [name, value] of Object.entries(values))
				text = put(text, `@${name}@`, value);
			write(site, 'apache.conf', text);
			write(site, 'htdocs/give/.htaccess',
			    read('etc/apache/.htaccess'));
			write(site, 'htdocs/give/almoner.path',
			    `${site.dir}/almoner.conf\n`);
			const bin = path.join(site.dir, this.programs);
			fs.rmSync(`${bin}/almoner.cgi`, { force: true });
			fs.linkSync(`${bin}/almoner.fcgi`,
			    `${bin}/almoner.cgi`);
		},
		command: (site) => ['apache2', '-DFOREGROUND', ...define,
			'-f', `${site.dir}/apache.conf`],
	};
}

export const servers = {
	lighttpd,
	nginx,
	'nginx-one': nginxOne,
	'lighttpd-one': one,
	'apache-vhost': apacheVhost,
	'apache-fcgid': apache(['-DFCGID']),
	'apache-cgi': apache([]),
	'apache-fcgid-root': apache(['-DFCGID'], ''),
	'apache-cgi-root': apache([], ''),
	'apache-fcgid-alias': apache(['-DFCGID', '-DALIAS'], '/alias'),
	'apache-cgi-alias': apache(['-DALIAS'], '/alias'),
};
