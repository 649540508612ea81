// The clock of a site's programs: a file with a unix second, which ALMONER_NOW
// names.  It stands still until it is set.
//
//	const clock = new Clock('/folder/now', 1746876000);
//	clock.now(), clock.set(second), clock.advance(seconds)
//
// Without a file it is the real clock, which cannot be set.

import fs from 'node:fs';

export class Clock {
	constructor(file, now) {
		this.file = file;
		if (now !== null)
			this.set(now);
	}

	now() {
		return this.at ?? Math.floor(Date.now() / 1000);
	}

	/** Renamed into place: the programs read it whenever they like. */
	set(seconds) {
		if (this.file === null)
			throw new Error('this site has the real clock');
		fs.writeFileSync(`${this.file}.new`, `${seconds}\n`);
		fs.renameSync(`${this.file}.new`, this.file);
		this.at = seconds;
	}

	advance(seconds) {
		this.set(this.now() + seconds);
	}
}
