// Chance that can be had again.  A test that draws lots is named with its
// seed when it fails; ALMONER_SEED=… makes the same draws once more.
//
//	await seeded(3, async (random) => { … random.below(10) … });
//
// The number tells one use in a run from another, so that each can be had
// again alone.  What depends on time, such as where a kill strikes, is the
// same only by luck.

/** The run's seed. */
export const seed = Number(process.env.ALMONER_SEED ??
    Math.floor(Math.random() * 2 ** 32)) >>> 0;

/** A generator of 32 bits, sfc32 by Chris Doty-Humphrey. */
export class Random {
	constructor(...numbers) {
		this.state = [0, 0, 0, 1];
		for (const number of numbers) {
			this.state[0] ^= number >>> 0;
			for (let i = 0; i < 12; i++)
				this.next();
		}
	}

	next() {
		const s = this.state;
		const sum = (s[0] + s[1] | 0) + s[3] | 0;
		s[3] = s[3] + 1 | 0;
		s[0] = s[1] ^ s[1] >>> 9;
		s[1] = s[2] + (s[2] << 3) | 0;
		s[2] = (s[2] << 21 | s[2] >>> 11) + sum | 0;
		return sum >>> 0;
	}

	/** 0 to n - 1. */
	below(n) {
		return this.next() % n;
	}

	chance(percent) {
		return this.below(100) < percent;
	}

	pick(list) {
		return list[this.below(list.length)];
	}
}

/** Do it with chance of its own; if it fails, say how to have it again. */
export async function seeded(use, work) {
	try {
		return await work(new Random(seed, use));
	} catch (error) {
		error.stack = `with ALMONER_SEED=${seed}: ${error.stack}`;
		throw error;
	}
}
