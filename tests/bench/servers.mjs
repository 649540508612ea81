// How each kind of server is started for a benchmark: lighttpd before FastCGI
// or CGI programs, PHP, Node and PostgreSQL.  Each gets a folder of its own,
// listens on 127.0.0.1 or on a socket in that folder, and leaves no trace.

import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort, launch, listens, run, which } from './machine.mjs';
import { until } from '../lib/process.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const peer = (name) => path.join(here, name);
const PHP_CHILDREN = 4;	// of 2 to 32 tried, 4 did best on two cores

const quoted = (words) =>
	Object.entries(words).map(([name, value]) => `"${name}" => "${value}"`);

/**
 * lighttpd, the same for every program behind it but for the lines that are
 * given; it runs as `user`, {uid, gid}, or as we do.
 */
async function lighttpd(place, modules, lines, user = {}) {
	const port = await freePort();
	const file = path.join(place, 'lighttpd.conf');
	fs.mkdirSync(path.join(place, 'htdocs'), { recursive: true });
	if (user.uid !== undefined)
		fs.chownSync(place, user.uid, user.gid);
	fs.writeFileSync(file, `
server.modules = ( ${modules.map((name) => `"${name}"`).join(', ')} )
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${place}/htdocs"
server.upload-dirs = ( "${place}" )
server.errorlog = "${place}/lighttpd-errors.log"
server.breakagelog = "${place}/programs.log"
server.max-request-size = 4096
${lines}
`);
	const server = launch(place, 'lighttpd',
	    [which('lighttpd'), '-D', '-f', file], user);
	await listens(server, port);
	return { url: `http://127.0.0.1:${port}`, servers: [server] };
}

/** So many processes of a FastCGI program, with these words of environment. */
export function fastcgi(place, program, processes, environment = {}) {
	return lighttpd(place, ['mod_fastcgi'], `
fastcgi.server = ( "/" => ((
	"bin-path" => "${program}",
	"socket" => "${place}/fastcgi.sock",
	"check-local" => "disable",
	"max-procs" => ${processes},
	"bin-environment" => ( ${quoted(environment).join(', ')} )
)) )`);
}

/** The program started anew for each request to /v1/partner/actions. */
export function cgi(place, program, environment, user) {
	return lighttpd(place, ['mod_alias', 'mod_cgi', 'mod_setenv'], `
alias.url = ( "/v1/partner/actions" => "${program}" )
cgi.assign = ( "${path.basename(program)}" => "" )
cgi.execute-x-only = "enable"
setenv.set-environment = ( ${quoted(environment).join(', ')} )`, user);
}

/** The tables of the peers with one key in them. */
export async function peerBooks(place) {
	const database = path.join(place, 'peer.db');
	const key = `sk_test_${randomBytes(32).toString('hex')}`;
	const secret = randomBytes(32).toString('hex');
	const hash = createHash('sha256').update(key).digest('hex');
	await run('sqlite3', [database, 'PRAGMA journal_mode = WAL;' +
	    fs.readFileSync(peer('peer.sql'), 'utf8') +
	    `INSERT INTO api_keys (partner_id, secret_hash, hmac_secret, scopes)
	    VALUES (1, '${hash}', '${secret}', 'actions:write read');`]);
	return { database, key, secret };
}

/** @returns a sentence if the peer's books are wrong, else null. */
export async function auditPeer(database, answered) {
	const { stdout } = await run('sqlite3', ['-json', database, `
	    SELECT (SELECT count(*) FROM actions) AS actions,
		(SELECT sum(change) FROM entries) AS sum,
		(SELECT count(*) FROM events) AS events,
		(SELECT sum(balance) FROM users) +
		(SELECT balance FROM pools) - 1000000000000 AS made`]);
	const [books] = JSON.parse(stdout);
	if (books.actions !== answered || books.events !== answered)
		return `${answered} answered, ${books.actions} in the books`;
	return books.sum === 0 && books.made === 0 ? null :
	    'the entries do not add up';
}

/** php-fpm behind the same lighttpd, with peer.php as its front controller. */
export async function php(place, database) {
	const socket = path.join(place, 'php.sock');
	const file = path.join(place, 'php-fpm.conf');
	fs.mkdirSync(path.join(place, 'htdocs'), { recursive: true });
	fs.copyFileSync(peer('peer.php'), path.join(place, 'htdocs/peer.php'));
	fs.writeFileSync(file, `
[global]
error_log = ${place}/php-errors.log
daemonize = no
[peer]
user = ${os.userInfo().username}
listen = ${socket}
listen.backlog = 511
pm = static
pm.max_children = ${PHP_CHILDREN}
env[PEER_DATABASE] = ${database}
php_admin_value[opcache.enable] = 1
php_admin_value[opcache.validate_timestamps] = 0
`);
	const fpm = launch(place, 'php-fpm',
	    [phpFpm(), '-F', '-R', '-y', file]);
	await listens(fpm, socket);
	const web = await lighttpd(place, ['mod_rewrite', 'mod_fastcgi'], `
url.rewrite-once = ( "^/v1/" => "/peer.php" )
fastcgi.server = ( ".php" => (( "socket" => "${socket}" )) )`);
	return { url: web.url, servers: [...web.servers, fpm] };
}

/** php-fpm has its version in its name on Debian. */
export function phpFpm() {
	const names = ['php-fpm', 'php-fpm8.2', 'php-fpm8.4', 'php-fpm8.3',
	    'php-fpm8.1'];
	return names.map(which).find((file) => file !== null) ?? null;
}

/** Node serves HTTP itself: nothing stands before it, in its favour. */
export async function node(place, database, modules) {
	const port = await freePort();
	const server = launch(place, 'node',
	    [process.execPath, peer('peer.mjs')], { env: {
		    NODE_ENV: 'production', PEER_DATABASE: database,
		    PEER_PORT: String(port), PEER_MODULES: modules,
	    } });
	await listens(server, port);
	return { url: `http://127.0.0.1:${port}`, servers: [server] };
}

/** PostgreSQL's programs are in a folder of their version; the newest wins. */
export function postgresFolder() {
	const base = '/usr/lib/postgresql';
	if (!fs.existsSync(base))
		return null;
	const version = fs.readdirSync(base).filter((name) =>
		fs.existsSync(`${base}/${name}/bin/initdb`))
	    .sort((a, b) => Number(b) - Number(a))[0];
	return version === undefined ? null : `${base}/${version}/bin`;
}

/** PostgreSQL refuses to be root's; its package made a user for it. */
async function postgresUser() {
	if (process.getuid() !== 0)
		return {};
	const id = async (flag) =>
		Number((await run('id', [flag, 'postgres'])).stdout);
	return { uid: await id('-u'), gid: await id('-g') };
}

/** A cluster of our own with pgbench's tables, as it comes from initdb. */
export async function makeCluster(place, scale) {
	const bin = postgresFolder();
	const user = await postgresUser();
	if (user.uid !== undefined)
		fs.chownSync(place, user.uid, user.gid);
	await run(`${bin}/initdb`, ['-D', `${place}/data`, '-U', 'bench',
		'-A', 'trust', '--no-instructions'], { cwd: place, ...user });
	const { servers } = await postgres(place);
	await run(`${bin}/createdb`, ['-h', place, '-U', 'bench', 'bench']);
	await run(`${bin}/pgbench`, ['-i', '-q', '-s', String(scale),
		'-h', place, '-U', 'bench', 'bench']);
	await servers[0].stop();
}

export async function postgres(place) {
	const bin = postgresFolder();
	const server = launch(place, 'postgres', [`${bin}/postgres`,
		'-D', `${place}/data`, '-c', 'listen_addresses=', '-k', place],
	    await postgresUser(), 'SIGINT');
	await listens(server, path.join(place, '.s.PGSQL.5432'));
	// The socket is there before the server is ready for questions.
	await until(() => run(`${bin}/pg_isready`, ['-h', place])
	    .then(() => true, () => false), 10000);
	return { servers: [server] };
}
