// Ways to spoil a request of requests.mjs.
//
//	spoil(request, world, random)	one to three of them, before signing
//	encode(request)			its body to bytes
//	forge(headers, random)		and ways to spoil what was signed
//
// A request remembers in `done` what was done to it, for who has to find out.

/** Leaves as they stand in JSON: good, odd, and none at all. */
const LEAVES = ['null', 'true', 'false', '0', '-0', '-1', '1', '1.0', '0.1',
	'49.999', '1e2', '1E-7', '1e400', '-1e400', '1e-400', '2147483648',
	'9007199254740993', '1000000000000000', '1000000000000001',
	'9223372036854775807', '9223372036854775808', '-9223372036854775808',
	'-9223372036854775809', '18446744073709551616', '9'.repeat(400),
	`0.${'0'.repeat(400)}1`, '01', '+1', '.5', '1.', '0x10', 'NaN',
	'Infinity', 'nul', 'undefined', "'x'", '""', '" "', '"\\u0000"',
	'"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"',
	'"\\x41"', '"\t"', '"\u202e\u2066\ufeff"', '"Ａ\u0301"', '"😀"',
	'"\u007f\u0080\u009b"', '"%s%n%x"', '"\' OR 1=1 --"', '"a/b"',
	'"../../etc/passwd"', '"a@b"', '"@"', '"a@b@c"', '"USD"', '"JPY"',
	'"KWD"', '"usd"', '"XXX"', '"PURCHASE"', '"000000000000000000000000"',
	'"2025-02-30T25:61:61Z"', '"2025-05-10T11:20:00+99:99"',
	'"9999-12-31T23:59:59Z"', '"0000-01-01T00:00:00Z"',
	'"1969-12-31T23:59:59.999Z"', '[]', '{}', '[[]]', '[null]', '{"":""}',
	`"${'x'.repeat(255)}"`, `"${'x'.repeat(256)}"`,
	`"${'😀'.repeat(128)}"`, `"${'é'.repeat(5000)}"`];

/** JSON as a tree in which names may repeat and a leaf is any text. */
function tree(value) {
	if (Array.isArray(value))
		return { list: value.map(tree) };
	if (value !== null && typeof value === 'object')
		return { pairs: Object.entries(value).map(
		    ([name, inner]) => [JSON.stringify(name), tree(inner)]) };
	return { leaf: JSON.stringify(value) };
}

function write(node) {
	if (node.leaf !== undefined)
		return node.leaf;
	if (node.list !== undefined)
		return `[${node.list.map(write).join(',')}]`;
	return `{${node.pairs.map(([name, inner]) =>
		`${name}:${write(inner)}`).join(',')}}`;
}

const inside = (node) => node.list ??
    node.pairs?.map(([, inner]) => inner) ?? [];
const nodes = (node) => [node, ...inside(node).flatMap(nodes)];

function become(node, other) {
	for (const name of ['leaf', 'list', 'pairs'])
		delete node[name];
	Object.assign(node, other);
}

/** Two thousand seldom; around the limit, and at it, often. */
const depth = (random) => random.pick([1, 2, 12, 13, 14, 15, 16, 17, 18,
	2000]);

function wrap(node, random) {
	const deep = depth(random);
	const [open, close] = random.pick([['[', ']'], ['{"a":', '}']]);
	become(node, { leaf: open.repeat(deep) + write(node) +
	    close.repeat(deep) });
}

const structure = {
	replace: (top, random) => become(random.pick(nodes(top)),
	    { leaf: random.pick(LEAVES) }),
	swap(top, random) {
		const [one, two] = [random.pick(nodes(top)),
			random.pick(nodes(top))];
		become(one, { leaf: write(two) });
	},
	wrap: (top, random) => wrap(random.pick(nodes(top)), random),
	drop: (top, random) => withPairs(top, random, (pairs, at) =>
		pairs.splice(at, 1)),
	repeat: (top, random) => withPairs(top, random, (pairs, at) =>
		pairs.push([pairs[at][0], random.chance(50) ? pairs[at][1] :
			{ leaf: random.pick(LEAVES) }])),
	rename: (top, random) => withPairs(top, random, (pairs, at) =>
		pairs[at][0] = random.pick(['""', '"__proto__"', '"é"',
			'"a~b/c"', '"\\u0061"', '"\\u0000"', `"${'k'.repeat(
			9000)}"`, pairs[at][0].toUpperCase(),
			`"${pairs[at][0].slice(1, -1)} "`, 'key', "'key'"])),
	add: (top, random) => withPairs(top, random, (pairs) => {
		for (let n = random.pick([1, 1, 1, 40, 2000]); n > 0; n--)
			pairs.push([JSON.stringify(`unknown${n},\r\n`),
				{ leaf: random.pick(LEAVES) }]);
	}),
	multiply(top, random) {
		const lists = nodes(top).filter(({ list }) => list?.length > 0);
		if (lists.length === 0)
			return;
		/* As text: a node inside of itself would have no end. */
		const leaf = write(random.pick(random.pick(lists).list));
		random.pick(lists).list.push(...Array(random.pick(
		    leaf.length > 500 ? [1] : [1, 20, 100, 1000]))
		    .fill({ leaf }));
	},
};

function withPairs(top, random, change) {
	const objects = nodes(top).filter(({ pairs }) => pairs?.length > 0);
	if (objects.length > 0) {
		const { pairs } = random.pick(objects);
		change(pairs, random.below(pairs.length));
	}
}

const some = (random, size) => Buffer.from(
    Array.from({ length: size }, () => random.below(256)));

/** Bytes, of which a text was made before or not. */
const bytes = {
	flip(body, random) {
		const copy = Buffer.from(body);
		if (copy.length > 0)
			copy[random.below(copy.length)] ^= 1 << random.below(8);
		return copy;
	},
	insert(body, random) {
		const at = random.below(body.length + 1);
		return Buffer.concat([body.subarray(0, at),
			random.pick([some(random, 1 + random.below(8)),
				Buffer.from(random.pick([...'{["\\,\0 \ufeff',
					'\u2028']))]),
			body.subarray(at)]);
	},
	cut(body, random) {
		const from = random.below(body.length + 1);
		const to = from + random.below(body.length - from + 1);
		return Buffer.concat([body.subarray(0, from),
			body.subarray(to)]);
	},
	twice(body, random) {
		const from = random.below(body.length + 1);
		return Buffer.concat([body, body.subarray(from)]);
	},
	truncate: (body, random) =>
		body.subarray(0, random.below(body.length + 1)),
	other: (body, random) => random.pick([some(random, random.below(300)),
		Buffer.alloc(random.pick([0, 1, 100000]), random.pick(
		    ['[', '{"a":', ' ', '"', '0', '-', '\\']))]),
	huge: (body, random) => Buffer.concat([Buffer.from('{"a":"'),
		Buffer.alloc(1048576 - random.pick([0, 7, 8, 9, -5000]), 'x'),
		Buffer.from('"}')]),
};

const pick = (table, random) => random.pick(Object.entries(table));

/** Where a text goes into a target. */
const ODD = ['%', '%2', '%zz', '%00', '%2f', '%25', '%ff%fe', '%c3%28', '%F0',
	'//', '/./', '/../', '/..%2f', ';', ';a=b', '&', '=', '+', '?', '\\',
	'"', '<', '~', '\xe9', '\xff', '*', '{actionId}',
	'x'.repeat(300), 'a'.repeat(3000), '%41'.repeat(1000)];

const QUERY = ['page=0', 'page=-1', 'page=99999999999999999999', 'page=',
	'page', 'page=1&page=2', 'limit=0', 'limit=101', 'limit=1e1',
	'limit=%31', 'cursor=', 'cursor=000000000000000000000000',
	'cursor=zz', 'status=', 'status=GONE', 'from=now',
	'from=2025-05-10T00:00:00%2B02:00',
	'to=0001-01-01T00:00:00Z', 'from=9999-12-31T23:59:59.999999999Z',
	'actionType=%C3%A9', 'key=', 'key=pk_test_x', 'a%00b=c', '=', '&&&',
	'%ff=%ff', `x=${'y'.repeat(2000)}`,
	Array.from({ length: 70 }, (_, i) => `q${i}=`).join('&')];

const targets = {
	insert(target, random) {
		const at = 1 + random.below(target.length);
		return target.slice(0, at) + random.pick(ODD) +
		    target.slice(at);
	},
	cut(target, random) {
		const at = 4 + random.below(target.length - 4);
		return target.slice(0, at) +
		    target.slice(at + 1 + random.below(8));
	},
	segment(target, random) {
		const parts = target.split('/');
		parts[3 + random.below(Math.max(1, parts.length - 3))] =
		    random.pick([...ODD, '', '0'.repeat(24), 'f'.repeat(24),
			'submit', 'reverse', 'user_0', 'user0@example.org']);
		return parts.join('/');
	},
	query: (target, random) => target + (target.includes('?') ? '&' : '?') +
	    random.pick(QUERY),
	escape: (target, random) => target.replace(/[a-z]/g, (letter) =>
		random.chance(5) ? `%${letter.charCodeAt(0).toString(16)}` :
		letter),
	long: (target, random) => `${target}?x=${'y'.repeat(random.pick(
	    [5000, 7000]))}`,
};

/** Headers that say something to us, or should not. */
const HEADERS = {
	'Content-Type': ['', 'text/plain', 'application/json; charset=utf-16',
		'application/jsonx', 'APPLICATION/JSON', 'application/json;',
		'application/x-www-form-urlencoded', 'multipart/form-data',
		'\xff', undefined],
	'Idempotency-Key': ['', 'k', 'k'.repeat(255), 'k'.repeat(256),
		'k'.repeat(5000), '\xe9\xff', '"quoted"', ['one', 'two']],
	Origin: ['null', 'https://evil.example', '\xff', ''],
	'X-Forwarded-For': ['203.0.113.9', 'x'.repeat(2000)],
	'X-HTTP-Method-Override': ['DELETE'],
	'Access-Control-Request-Method': ['POST', ''],
	'Access-Control-Request-Headers': ['x-partner-key, x-evil', ''],
	Accept: ['text/html', '*/*;q=0', ''],
	'Accept-Encoding': ['gzip, br', '*;q=0'],
	'Content-Encoding': ['gzip', 'br'],
	Authorization: ['Bearer x', 'Basic Og==', ''],
	Cookie: ['a=b; '.repeat(100)],
	'If-None-Match': ['*'],
	Proxy: ['http://evil.example/'],
	'Script-Name': ['/evil'],
	Almoner_Conf: ['/etc/passwd'],
	'X-Odd': ['\x80\xff', 'x'.repeat(5000), ['a', 'b', 'c']],
};

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS',
	'PROPFIND', 'MKCOL'];

const ways = {
	structure(request, random) {
		if (request.tree === undefined)
			return;
		const [name, change] = pick(structure, random);
		change(request.tree, random);
		request.done.push(`body: ${name}`);
	},
	bytes(request, random) {
		const [name, change] = pick(bytes, random);
		/* A web server refuses a GET that has a body. */
		if (request.tree === undefined && !random.chance(5))
			return;
		/* A megabyte costs as much as a hundred others. */
		if (name === 'huge' && !random.chance(10))
			return;
		request.bytes.push((body) => change(body, random));
		request.done.push(`bytes: ${name}`);
	},
	target(request, random) {
		const [name, change] = pick(targets, random);
		request.target = change(request.target, random)
		    /* Node sends nothing else. */
		    .replace(/[^\x21-\xff]/g, '_');
		request.done.push(`target: ${name}`);
	},
	header(request, random) {
		const [name, values] = pick(HEADERS, random);
		request.headers[name] = random.pick(values);
		request.done.push(`header: ${name}`);
	},
	method(request, random) {
		request.method = random.pick(METHODS);
		if (/GET|HEAD/.test(request.method)) {
			request.tree = undefined;
			request.bytes = [];
		}
		request.done.push('method');
	},
	from(request, random, world) {
		/* A shop that resets its books has nothing left to lose. */
		request.from = random.pick([world.poor, request.from]);
		request.key = random.pick(['pk', 'sk']);
		request.done.push('from another, or with another key');
	},
};

/** Bodies are where most can go wrong. */
const WAYS = ['structure', 'structure', 'structure', 'structure', 'bytes',
	'bytes', 'target', 'target', 'header', 'header', 'method', 'from'];

export function spoil(request, world, random) {
	request.done = [];
	request.bytes = [];
	if (request.body !== undefined)
		request.tree = tree(request.body);
	for (let n = 1 + random.below(3); n > 0; n--)
		ways[random.pick(WAYS)](request, random, world);
}

export function encode(request) {
	let body = request.tree === undefined ? Buffer.alloc(0) :
	    Buffer.from(write(request.tree));
	for (const change of request.bytes)
		body = change(body);
	return request.tree === undefined && body.length === 0 ? undefined :
	    body;
}

const FORGERIES = {
	'X-Signature': [undefined, '', '0'.repeat(64), 'z'.repeat(64), 'ab',
		(said) => said.toUpperCase(), (said) => said.slice(1),
		(said) => `${said}00`, (said) => [said, said],
		(said) => said.replace(/^./, (c) => c === '0' ? '1' : '0')],
	'X-Timestamp': [undefined, '', '0', '-1', '1e9', '9'.repeat(20),
		(said) => ` ${said}`, (said) => `${said}.0`,
		(said) => String(Number(said) + 301), (said) => [said, said]],
	'X-Partner-Key': [undefined, '', 'pk_', 'sk_',
		`pk_test_${'0'.repeat(64)}`, `sk_live_${'f'.repeat(64)}`,
		'x'.repeat(6000), '\xff\xfe', "' --",
		(said) => said.toUpperCase(), (said) => said.slice(0, -1),
		(said) => [said, said]],
};

export function forge(headers, random) {
	const [name, values] = pick(FORGERIES, random);
	const value = random.pick(values);
	headers[name] = typeof value === 'function' ? value(headers[name]) :
	    value;
	return `forged ${name}`;
}
