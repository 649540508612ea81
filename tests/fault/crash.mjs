// What may be on a disk after a power cut, worked out from what powercut.c
// has written down.
//
//	const disk = new Disk({ 'ledger.db': { inode, bytes } });
//	for (const event of eventsOf(log))
//		disk.apply(event);
//	const files = disk.cut(random);		// {name: bytes}
//
// A file holds for certain what was written to it before the last sync of it
// that has ended began.  Of what was written since, a cut leaves anything: the
// disk writes when it likes and in the order that it likes, and keeps whole
// sectors only.  A sector that was written several times has any of these
// states, but none that is older than what is certain.  Names are a file, too,
// whose changes come in order: that of the folder.

const HEAD = 32;

/** @yields {{kind, thread, inode, at, bytes}} */
export function* eventsOf(log) {
	for (let from = 0; from + HEAD <= log.length;) {
		const size = Number(log.readBigUInt64LE(from + 24));
		yield {
			kind: String.fromCharCode(log.readUInt32LE(from)),
			thread: log.readUInt32LE(from + 4),
			inode: Number(log.readBigUInt64LE(from + 8)),
			at: Number(log.readBigUInt64LE(from + 16)),
			bytes: log.subarray(from + HEAD, from + HEAD + size),
		};
		from += HEAD + size;
	}
}

/** Bytes that grow where they are written; what lies between is zero. */
class Content {
	constructor(bytes) {
		this.room = Buffer.from(bytes);
		this.size = bytes.length;
	}

	write(at, bytes) {
		const end = at + bytes.length;
		if (end > this.room.length) {
			const room = Buffer.alloc(2 * end);
			this.room.copy(room, 0, 0, this.size);
			this.room = room;
		}
		bytes.copy(this.room, at);
		this.size = Math.max(this.size, end);
	}

	truncate(size) {
		if (size < this.size)
			this.room.fill(0, size, this.size);
		else
			this.write(size, Buffer.alloc(0));
		this.size = size;
	}

	bytes() {
		return this.room.subarray(0, this.size);
	}
}

/** Changes in order, of which the first ones are certain. */
class Changes {
	constructor(certain) {
		this.certain = certain;		/* (change) => …, when it is */
		this.pending = [];
		this.done = 0;			/* how many are certain */
		this.begun = new Map();		/* by thread: syncs that run */
	}

	add(change) {
		this.pending.push(change);
	}

	begin(thread) {
		this.begun.set(thread, this.done + this.pending.length);
	}

	end(thread) {
		const count = this.begun.get(thread) - this.done;
		if (count > 0) {
			this.pending.splice(0, count).forEach(this.certain);
			this.done += count;
		}
	}
}

function change(content, { bytes, at }) {
	if (bytes === undefined)
		content.truncate(at);
	else
		content.write(at, bytes);
}

/** What of the changes reaches the disk, as a function of each part. */
const fates = {
	nothing: () => () => false,
	all: () => () => true,
	/* The first ones, and a piece of the next. */
	beginning(random, pending) {
		const last = random.below(pending.length + 1);
		const torn = random.below(9) * 512;
		return (n, offset) => n < last || (n === last && offset < torn);
	},
	/* Each as a whole. */
	some(random, pending) {
		const percent = random.pick([10, 50, 90]);
		const kept = pending.map(() => random.chance(percent));
		return (n) => kept[n];
	},
	/* Each sector, or page, for itself. */
	sectors: (random, pending) => byPlace(random, pending, 512),
	pages: (random, pending) => byPlace(random, pending, 4096),
};

/** Each place stays at one of the states that it went through. */
function byPlace(random, pending, size) {
	const times = new Map(), last = new Map(), now = new Map();
	for (const { at, bytes } of pending)
		for (let p = Math.floor(at / size);
		    bytes !== undefined && p * size < at + bytes.length; p++)
			times.set(p, (times.get(p) ?? 0) + 1);
	for (const [p, n] of times)
		last.set(p, random.below(n + 1));
	const whole = random.chance(50);
	return (n, offset, change) => {
		if (change.bytes === undefined)
			return whole;
		/* Asked once for each sector, of which a page has several. */
		const at = change.at + offset;
		const p = Math.floor(at / size);
		const nth = now.get(p) ?? { n: -1, turn: 0 };
		if (nth.n !== n)
			now.set(p, { n, turn: nth.turn + 1 });
		return now.get(p).turn <= last.get(p);
	};
}

/** The parts of a change that lie in one sector each: [offset, end]. */
function* sectorsOf({ at, bytes }) {
	for (let from = 0; from < bytes.length;) {
		const end = Math.min(bytes.length,
		    512 * (Math.floor((at + from) / 512) + 1) - at);
		yield [from, end];
		from = end;
	}
}

class File {
	constructor(bytes = Buffer.alloc(0)) {
		this.content = new Content(bytes);
		this.changes = new Changes((c) => change(this.content, c));
	}

	/** Its bytes after a cut. */
	cut(random) {
		const { pending } = this.changes;
		const left = new Content(this.content.bytes());
		const name = random.pick(Object.keys(fates));
		const lands = fates[name](random, pending);
		for (const [n, one] of pending.entries()) {
			if (one.bytes === undefined) {
				if (lands(n, 0, one))
					left.truncate(one.at);
				continue;
			}
			for (const [from, end] of sectorsOf(one))
				if (lands(n, from, one))
					left.write(one.at + from,
					    one.bytes.subarray(from, end));
		}
		return left.bytes();
	}
}

export class Disk {
	/** @param {object} files  by name: what is there for certain */
	constructor(files, { lies = () => false } = {}) {
		/* (name) => do syncs of it do nothing? */
		this.lies = lies;
		this.names = new Map();		/* as programs see them */
		this.certain = new Map();
		this.inodes = new Map();
		this.folder = new Changes(({ name, file }) =>
			setOrDelete(this.certain, name, file));
		for (const [name, known] of Object.entries(files)) {
			const file = new File(known.bytes);
			this.inodes.set(known.inode, file);
			this.names.set(name, file);
			this.certain.set(name, file);
		}
	}

	rename(name, file) {
		setOrDelete(this.names, name, file);
		this.folder.add({ name, file });
	}

	nameOf(file) {
		return [...this.names].find(([, f]) => f === file)?.[0];
	}

	sync(event, file) {
		const changes = file === undefined ? this.folder : file.changes;
		if (file !== undefined && this.lies(this.nameOf(file)))
			return;
		if (event.kind === 'B')
			changes.begin(event.thread);
		else
			changes.end(event.thread);
	}

	apply(event) {
		const { kind, inode, at, bytes } = event;
		const file = this.inodes.get(inode);
		const name = bytes.toString('latin1');
		switch (kind) {
		case 'O':
			if (this.names.get(name) !== file || !file) {
				const made = new File();
				this.inodes.set(inode, made);
				this.rename(name, made);
			}
			break;
		case 'U':
			/* The next file may have the same inode. */
			for (const [number, f] of this.inodes)
				if (f === this.names.get(name))
					this.inodes.delete(number);
			this.rename(name, undefined);
			break;
		case 'W':
			file.changes.add({ at, bytes });
			break;
		case 'T':
			file.changes.add({ at });
			break;
		case 'B':
		case 'E':
			this.sync(event, file);
			break;
		}
	}

	/** The files after a cut that comes now. */
	cut(random) {
		const names = new Map(this.certain);
		const { pending } = this.folder;
		const count = random.below(pending.length + 1);
		for (const { name, file } of pending.slice(0, count))
			setOrDelete(names, name, file);
		return Object.fromEntries([...names].map(
		    ([name, file]) => [name, file.cut(random)]));
	}
}

function setOrDelete(map, key, value) {
	if (value === undefined)
		map.delete(key);
	else
		map.set(key, value);
}
