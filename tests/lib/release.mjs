// The release as its users get it: the archive of `make dist`, unpacked in a
// folder of the test's own, and an empty system to run its programs in.
//
//	const release = await useRelease();
//	release.top		the unpacked folder
//	release.objects		what it was made of
//	release.build		the same programs, laid out for site.mjs
//	release.chroot(files)	runs programs in an empty system: see there
//
// tests/check.sh has made the archive and says where: ALMONER_DIST.  Without
// it is made here, in build/dist.

import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { run, siteUser } from './process.mjs';
import { root } from './servers.mjs';

/** Run it well, or throw what it said. */
export async function must(command, args, options = {}) {
	const { code, stdout, stderr } = await run(command, args,
	    { cwd: root, ...options });
	if (code !== 0)
		throw new Error(`${command} ${args.join(' ')}: status ` +
		    `${code}\n${stderr}${stdout}`);
	return stdout;
}

/** {PATH in the new root: its text, or {from: a file}}. */
function furnish(dir, files) {
	for (const [name, what] of Object.entries(files)) {
		const to = path.join(dir, name);
		fs.mkdirSync(path.dirname(to), { recursive: true });
		if (what.from === undefined) {
			fs.writeFileSync(to, what);
		} else {
			fs.copyFileSync(what.from, to);
			fs.chmodSync(to, 0o755);
		}
	}
}

/** Words that run others with `dir` for a root, as an ordinary user. */
function enter(dir) {
	const { uid, gid } = siteUser();
	return uid === undefined ? ['unshare', '-r', 'chroot', dir] :
	    ['chroot', `--userspec=${uid}:${gid}`, dir];
}

class Release {
	constructor(made, folder) {
		const [archive] = fs.readdirSync(made)
		    .filter((name) => name.endsWith('.tar.gz'));
		this.archive = path.join(made, archive);
		this.sums = path.join(made, 'SHA256SUMS');
		this.objects = path.join(made, 'objects');
		this.folder = folder;
		this.top = path.join(folder, archive.replace('.tar.gz', ''));
		this.give = `${this.top}/public_html/give`;
		this.build = `${folder}/build`;
		this.roots = 0;
	}

	async unpack() {
		await must('tar', ['-xzf', this.archive, '-C', this.folder,
			'--no-same-owner']);
		fs.mkdirSync(this.build);
		fs.symlinkSync(`${this.top}/bin`, `${this.build}/bin`);
		fs.symlinkSync(`${this.give}/cgi-bin`,
		    `${this.build}/cgi-bin`);
	}

	/**
	 * A root with these files and nothing else: no libraries, no /proc,
	 * no /dev.  run({env, input, before}, ...words) runs a program in it
	 * to its end: {code, stdout, stderr}.  `first` is called with the
	 * root's folder, run.folder, before the files come there.
	 */
	chroot(files, first = () => {}) {
		const dir = `${this.folder}/root-${++this.roots}`;
		const { uid, gid } = siteUser();
		fs.mkdirSync(`${dir}/home/site`, { recursive: true });
		first(dir);
		furnish(dir, files);
		if (uid !== undefined)
			for (const name of ['home', 'home/site'])
				fs.chownSync(`${dir}/${name}`, uid, gid);
		const run = ({ env = {}, input = '', before = [] },
		    ...words) =>
			told([...before, ...enter(dir), ...words], input,
			    { PATH: process.env.PATH, ...env });
		return Object.assign(run, { folder: dir });
	}
}

/** Run it with that on standard input. */
function told(words, input, env) {
	return new Promise((resolve) => {
		const child = execFile(words[0], words.slice(1), { env },
		    (error, stdout, stderr) =>
			resolve({ code: error?.code ?? 0, stdout, stderr }));
		child.stdin.on('error', () => {});
		child.stdin.end(input);
	});
}

/** A server that the roots call, with a certificate of its own: what it got,
 *  and from which name. */
export async function startWitness(folder) {
	const file = `${folder}/witness`;
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
		'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
		'-keyout', `${file}.key`, '-out', `${file}.pem`,
		'-subj', '/CN=good.test',
		'-addext', 'subjectAltName=DNS:good.test,IP:127.0.0.1'],
	{ stdio: 'pipe' });
	const certificate = fs.readFileSync(`${file}.pem`, 'utf8');
	const got = [];
	const server = https.createServer({ cert: certificate,
		key: fs.readFileSync(`${file}.key`) }, (request, response) => {
		got.push(request.headers.host);
		response.end('ok');
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	return { file: `${file}.pem`, certificate, got,
		port: server.address().port, stop: () => server.close() };
}

/** Without a release tests/check.sh has said why: there is nothing to test. */
export async function useRelease() {
	const made = process.env.ALMONER_DIST ?? `${root}/build/dist`;
	if (process.env.ALMONER_DIST !== undefined && !fs.existsSync(made))
		process.exit(0);
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'almoner-rel-'));
	after(() => fs.rmSync(folder, { recursive: true, force: true }));
	fs.chmodSync(folder, 0o755);
	if (process.env.ALMONER_DIST === undefined)
		await must('sh', ['etc/dist/dist.sh', made]);
	const release = new Release(made, folder);
	await release.unpack();
	return release;
}
