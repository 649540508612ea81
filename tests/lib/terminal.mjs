// A program on a terminal of its own: script(1), of Debian's bsdutils, makes
// one.
//
//	const t = openTerminal(site, '/path/program', 'word', …)
//	await t.see(/Password.*: $/)	until that is on the screen, after what
//					was seen before
//	t.type('text')			as the keys would: '\r' is Enter, '\x03'
//					Ctrl-C
//	await t.ended()			its status
//	t.screen			all that was ever shown

import { spawn } from 'node:child_process';
import { once } from 'node:events';

const WAIT_MS = 20000;

const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

class Terminal {
	constructor(child) {
		this.child = child;
		this.screen = '';
		this.seen = 0;
		this.end = once(child, 'close').then(([code]) => code);
		child.stdout.on('data', (text) => {
			this.screen += text;
			this.look?.();
		});
	}

	/** The match. */
	see(pattern) {
		return new Promise((resolve, reject) => {
			const late = setTimeout(() => reject(new Error(
			    `never seen: ${pattern}\n${this.screen}`)),
			WAIT_MS);
			this.look = () => {
				const rest = this.screen.slice(this.seen);
				const match = pattern.exec(rest);
				if (match === null)
					return;
				clearTimeout(late);
				this.look = undefined;
				this.seen += match.index + match[0].length;
				resolve(match);
			};
			this.look();
		});
	}

	type(text) {
		this.child.stdin.write(text);
	}

	async ended() {
		const code = await this.end;
		this.child.stdin.end();
		return code;
	}
}

export function openTerminal(site, ...words) {
	const child = spawn('script', ['-E', 'always', '-qec',
		words.map(quoted).join(' '), '/dev/null'], {
		env: { ...site.env, SHELL: '/bin/sh' },
		cwd: site.dir, ...site.user,
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	child.stdout.setEncoding('utf8');
	child.stdin.on('error', () => {});
	return new Terminal(child);
}
