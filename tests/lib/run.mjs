// Runs the test files that are named, some at a time, and prints one TAP line
// for each test, with all that a failure said after it.  tests/check.sh counts
// the lines.  A file fails as a whole if it cannot be read, takes longer than
// ALMONER_LIMIT_S (600), or an `after` of its own fails (the ledger's audit is
// one).
//
//	node tests/lib/run.mjs [--alone] tests/api/*.test.mjs
//
// --alone runs one file at a time, for tests that stress the machine.

import { run } from 'node:test';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';

/* They wait for much: more than one keeps a processor busy. */
const AT_ONCE = os.availableParallelism() + 1;
const LIMIT_S = Number(process.env.ALMONER_LIMIT_S ?? 600);

const args = process.argv.slice(2);
const alone = args[0] === '--alone';
const files = args.slice(alone ? 1 : 0).map((file) => path.resolve(file));

/** What each file has written to standard error, for when it fails. */
const errors = new Map();
/** Names of the tests around the one that is running, of each file. */
const around = new Map();
let failed = false;

function comment(text) {
	for (const line of String(text).trimEnd().split('\n'))
		console.log(`#   ${line}`);
}

/** The test's name with the names of those around it: "suite > test". */
function fullName(data) {
	const names = around.get(data.file) ?? [];
	const whole = data.name === data.file;
	const where = path.relative('.', data.file ?? data.name);
	const inside = [...names.slice(0, data.nesting), data.name].join(' > ');
	return whole ? where : `${where}: ${inside}`;
}

function reason(error) {
	const cause = error?.cause ?? error;
	return cause?.stack ?? inspect(cause);
}

function report(event) {
	const { data } = event;
	const error = data.details?.error;

	/* A suite is no test; nor has a test failed since a part of it has. */
	if (data.details?.type === 'suite' && !error ||
	    error?.failureType === 'subtestsFailed')
		return;

	/* "#" begins a directive in TAP. */
	const name = fullName(data).replace(/#/g, '\\#').replace(/\n/g, ' ');
	if (event.type === 'test:pass' && data.name !== data.file) {
		console.log(`ok - ${name}` +
		    (data.skip === undefined ? '' : ` # SKIP ${data.skip}`));
		return;
	}
	failed = true;
	console.log(`not ok - ${name}`);
	comment(error ? reason(error) : 'no test in it');
	if (data.name === data.file)
		comment(errors.get(data.file) ?? '');
}

/** Tests tell that they start before their parts do, and end after them. */
function enter({ name, nesting, file }) {
	const names = (around.get(file) ?? []).slice(0, nesting);
	names[nesting] = name;
	around.set(file, names);
}

const stream = run({
	files, concurrency: alone ? 1 : AT_ONCE, timeout: LIMIT_S * 1000,
});

for await (const event of stream) {
	if (event.type === 'test:start')
		enter(event.data);
	else if (event.type === 'test:pass' || event.type === 'test:fail')
		report(event);
	else if (event.type === 'test:stderr')
		errors.set(event.data.file,
		    (errors.get(event.data.file) ?? '') + event.data.message);
}
process.exitCode = failed ? 1 : 0;
