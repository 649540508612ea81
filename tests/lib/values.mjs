// What a schema of the OpenAPI document takes, and what it does not: the last
// values that are good and the first that are bad, of every field of a body.
//
//	fields(schema, sample)	all fields in it, and in what it holds:
//				{path, schema, needed, sample}
//	good(schema, sample)	values at its limits, that it takes
//	bad(schema, sample)	values past them, or of another type
//	filled(schema, sample)	the sample, with one of all that it may hold
//	place(body, path, value)	the body's JSON with the value there;
//				GONE for none
//	pointer(path)		its JSON pointer
//
// `sample` is a value that is known to be good, from an example, or none.  A
// value may be a Raw: numbers in a spelling that JavaScript would not keep.
// The schemas are of the kinds that lib/api/openapi_schema.c writes; another
// kind is an error here, so that no limit goes untested.

import { follow } from './contract.mjs';

export class Raw {
	constructor(text) {
		this.text = text;
	}

	toString() {
		return this.text;
	}
}

const raw = (text) => new Raw(text);

/** A field that is not said. */
export const GONE = Symbol('gone');

const KNOWN = new Set(['type', 'format', 'minimum', 'maximum', 'minLength',
	'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties',
	'pattern', 'enum', 'items', 'properties', 'required', 'default',
	'additionalProperties', 'description']);

/** Without references; a thing or null is a thing that may be null. */
function plain(schema) {
	let found = follow(schema);
	if (found.anyOf !== undefined) {
		const thing = follow(found.anyOf[0]);
		found = { ...thing, type: [thing.type, 'null'].flat() };
	}
	for (const word of Object.keys(found))
		if (!KNOWN.has(word))
			throw new Error(`nobody tests ${word} of a schema`);
	return found;
}

/* text */

const length = (text) => [...text].length;

function fits({ minLength = 0, maxLength = Infinity, pattern = '' }, text) {
	return length(text) >= minLength && length(text) <= maxLength &&
	    new RegExp(pattern, 'u').test(text);
}

/** As long as that, from what is known to be good. */
function stretch(text, to) {
	const letters = [...text];
	return letters.slice(0, to).join('') +
	    (letters.at(-1) ?? 'x').repeat(Math.max(0, to - letters.length));
}

/** Texts of that length in many forms: one may be what a pattern asks for. */
const forms = (sample, n) => [stretch(sample, n), 'x'.repeat(n),
	'X'.repeat(n), '0'.repeat(n), stretch('a@example.org', n)];

/** Of all that people write, what makes a difference to some pattern. */
const WRITINGS = ['a', 'A', '0', '_', '-', '.', '~', 'A0_', 'Ab', '0A',
	'a b', ' a', 'Zoë', '😀', '日本', '/', 'a/b', '"', '\\', '%2F', '<b>',
	'a@b', 'a@b@c', '@', 'a@', '@b', 'a b@c', 'ä@ö.example', 'a@😀', '\t',
	'a\n', 'a\u0001', '\u001f@b', 'a\u007f', 'a@b\u007f', 'a@b\u0085',
	'null', 'undefined', '${1}', "' OR 1=1 --"];

const TIMES = ['2026-05-10T09:12:00Z', '2026-05-10T09:12:00.123Z',
	'2024-02-29T23:59:59+14:00', '2026-05-10T09:12:00-05:30',
	'1970-01-01T00:00:00.001Z', '9999-12-31T23:59:59Z'];
const NO_TIMES = ['', 'now', '2026-05-10', '2026-05-10T09:12:00', '1746876000',
	'2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z',
	'2026-05-10T24:01:00Z', '1969-12-31T23:59:59Z', '2026-05-10T09:12Z'];

const text = {
	good(schema, sample = '') {
		if (schema.enum !== undefined)
			return schema.enum.filter((word) => word !== null);
		if (schema.format === 'date-time')
			return TIMES;
		const { minLength = 0, maxLength = 1000 } = schema;
		const ends = [minLength, maxLength].map((n) => {
			const found = forms(sample, n)
			    .find((form) => fits(schema, form));
			if (found === undefined)
				throw new Error('no text is as ' +
				    JSON.stringify(schema));
			return found;
		});
		return [...ends, '😀'.repeat(maxLength), ...WRITINGS]
		    .filter((one) => fits(schema, one));
	},
	bad(schema, sample = '') {
		if (schema.enum !== undefined)
			return ['', 'NO_SUCH', `${schema.enum[0]} `,
				schema.enum[0].toLowerCase(),
				schema.enum[0].toUpperCase()]
			    .filter((word) => !schema.enum.includes(word));
		if (schema.format === 'date-time')
			return NO_TIMES;
		const { minLength = 0, maxLength = Infinity } = schema;
		const short = minLength === 0 ? [] :
			forms(sample, minLength - 1);
		const long = maxLength === Infinity ? [] : [
			stretch(text.good(schema, sample)[1], maxLength + 1),
			'😀'.repeat(maxLength + 1)];
		return [...short, ...long, '', ...WRITINGS]
		    .filter((one) => !fits(schema, one));
	},
};

/* numbers */

const whole = {
	good: ({ minimum, maximum }) =>
		[minimum, maximum].filter((n) => n !== undefined),
	bad({ minimum, maximum }) {
		const past = [];
		if (minimum !== undefined)
			past.push(minimum - 1, raw('-9223372036854775808'));
		if (maximum !== undefined)
			past.push(maximum + 1, raw('9223372036854775807'));
		return [...past, raw('1.5'), raw('1.0'), raw('1e2')];
	},
};

/** A hundredth less. */
const below = (n) => raw(n > 0 ? `${n - 1}.99` : `-${-n}.01`);

const decimal = {
	good({ minimum = 0, maximum = 1000 }) {
		return [minimum, raw(`${minimum}.00`), raw(`${minimum}.5`),
			maximum, raw(`${maximum}.00`), raw(`${maximum}e0`)];
	},
	bad({ minimum, maximum }) {
		return [
			...minimum === undefined ? [] :
			[minimum - 1, below(minimum)],
			...maximum === undefined ? [] :
			[maximum + 1, raw(`${maximum}.01`)],
		];
	},
};

/* what holds others */

const members = (count) => Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`name${i}`, i]));

/** The least that is good, where no example says it. */
function least(schema) {
	const rules = plain(schema);
	const [type] = [rules.type].flat();
	if (type === 'object')
		return Object.fromEntries((rules.required ?? []).map(
		    (name) => [name, least(rules.properties[name])]));
	if (type === 'array')
		return Array.from({ length: rules.minItems ?? 0 },
		    () => least(rules.items));
	return type === 'boolean' ? false :
		good(rules).find((value) => value !== null);
}

const list = {
	good({ minItems = 0, maxItems = 100, items }, sample) {
		const one = sample?.[0] ?? least(items);
		return [minItems, maxItems].map((n) => Array(n).fill(one));
	},
	bad({ minItems = 0, maxItems, items }, sample) {
		const one = sample?.[0] ?? least(items);
		return [minItems - 1, maxItems + 1].filter((n) => n >= 0)
		    .map((n) => Array(n).fill(one));
	},
};

/** One with members of its own has them tried, one by one: see fields(). */
const object = {
	good: ({ properties, maxProperties = 10 }, sample) =>
		properties ? [sample] : [{}, members(maxProperties)],
	bad: ({ properties, maxProperties }) =>
		properties || !maxProperties ? [] :
		[members(maxProperties + 1)],
};

const truth = { good: () => [true, false], bad: () => [] };

const KINDS = { string: text, integer: whole, number: decimal, array: list,
	object, boolean: truth };

/** One value of each type; whole numbers are numbers, too. */
const OF_TYPE = { string: 'x', number: raw('0.5'), integer: 1, boolean: true,
	array: [], object: {}, null: null };

const typesOf = (rules) => [rules.type].flat()
    .flatMap((type) => type === 'number' ? [type, 'integer'] : [type]);

function kind(rules) {
	const [type] = [rules.type].flat();
	if (!(type in KINDS))
		throw new Error(`nobody tests the type ${type}`);
	return KINDS[type];
}

export function good(schema, sample) {
	const rules = plain(schema);
	const values = kind(rules).good(rules, sample ?? undefined);
	return typesOf(rules).includes('null') ? [...values, null] : values;
}

export function bad(schema, sample) {
	const rules = plain(schema);
	const types = typesOf(rules);
	return [...kind(rules).bad(rules, sample ?? undefined),
		...Object.keys(OF_TYPE).filter((type) => !types.includes(type))
		.map((type) => OF_TYPE[type])];
}

/* fields in bodies */

export function filled(schema, sample) {
	const rules = plain(schema);
	if ([rules.type].flat()[0] === 'array')
		return (sample?.length ? sample : [least(rules.items)])
		    .map((item) => filled(rules.items, item));
	if (rules.properties === undefined)
		return sample;
	const all = { ...sample ?? least(rules) };
	for (const [name, member] of Object.entries(rules.properties)) {
		const value = filled(member, all[name]);
		if (value !== undefined)
			all[name] = value;
	}
	return all;
}

/** The sample has to be filled(). */
export function* fields(schema, sample, path = [], needed = false) {
	const rules = plain(schema);

	if (path.length > 0)
		yield { path, schema: rules, needed, sample };
	for (const [name, member] of Object.entries(rules.properties ?? {}))
		yield* fields(member, sample[name], [...path, name],
		    rules.required?.includes(name) ?? false);
	if (rules.items !== undefined)
		yield* fields(rules.items, sample[0], [...path, 0], true);
}

export const pointer = (path) => path.map((name) => `/${name}`).join('');

const MARK = '\u{f8ff} here';

export function place(body, path, value) {
	const all = structuredClone(body);
	const parent = path.slice(0, -1).reduce((at, name) => at[name], all);
	if (value === GONE)
		delete parent[path.at(-1)];
	else
		parent[path.at(-1)] = MARK;
	/* A function: "$" has no meaning in what it returns. */
	return JSON.stringify(all).replace(JSON.stringify(MARK), () =>
		value instanceof Raw ? value.text : JSON.stringify(value));
}
