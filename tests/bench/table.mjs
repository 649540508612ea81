// What the rounds gave, as tables.  The machine is shared and no two moments
// of it are alike: a ratio is taken inside one round, where the two stood next
// to each other, and the median of the rounds' ratios counts.

export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? sorted[middle] :
	    (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three digits that count, and no more. */
export function short(value) {
	if (value === undefined || value === null || !Number.isFinite(value))
		return '–';
	if (value >= 10000)
		return `${(value / 1000).toFixed(1)} k`;
	return value >= 100 ? value.toFixed(0) :
	    value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function range(values) {
	return values.length < 2 ? '' :
	    ` (${short(Math.min(...values))}–${short(Math.max(...values))})`;
}

/** Columns as wide as their widest cell; all but the first lean right. */
export function asText({ head, rows }) {
	const all = [head, ...rows];
	const widths = head.map((_, column) =>
		Math.max(...all.map((row) => row[column].length)));
	return all.map((row) => row.map((cell, column) => column === 0 ?
	    cell.padEnd(widths[column]) : cell.padStart(widths[column]))
	    .join('  ').trimEnd()).join('\n');
}

export function asMarkdown({ title, head, rows }) {
	const line = (cells) => `| ${cells.join(' | ')} |`;
	const rule = head.map((_, column) => column === 0 ? '---' : '---:');
	return `## ${title}\n\n` +
	    [head, rule, ...rows].map(line).join('\n');
}

const of = (samples, name, connections) => samples.filter((sample) =>
	sample.name === name && sample.connections === connections);

/** One line for each contestant and number of connections. */
export function figures(samples, contestants) {
	const rows = [];
	const seen = new Set();
	for (const { name, connections } of samples) {
		if (seen.has(`${name} ${connections}`))
			continue;
		seen.add(`${name} ${connections}`);
		const mine = of(samples, name, connections);
		const column = (key) => mine.map((sample) => sample[key]);
		rows.push([
			contestants[name].title, String(connections),
			short(median(column('rate'))) + range(column('rate')),
			short(median(column('p50'))),
			short(median(column('p99'))),
			short(Math.max(...column('max'))),	// of all rounds
			short(median(column('cpuMicros'))),
		]);
	}
	const order = Object.values(contestants).map(({ title }) => title);
	rows.sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]) ||
	    Number(a[1]) - Number(b[1]));
	return {
		title: 'Each by itself',
		head: ['', 'connections', 'a second', 'p50 ms', 'p99 ms',
			'max ms', 'CPU µs each'],
		rows,
	};
}

/** The largest process of each program that a contestant keeps busy. */
export function memoryTable(samples, contestants) {
	const names = Object.keys(contestants);
	const rows = names.flatMap((name) => {
		const { title } = contestants[name];
		const last = samples.filter((sample) => sample.name === name)
		    .at(-1);
		return Object.entries(last?.memory ?? {})
		    .filter(([, program]) => program.cpuSeconds >= 0.1).map(
		    ([program, { processes, rssKiB }]) =>
			[title, program, String(processes),
				(rssKiB / 1024).toFixed(1)]);
	});
	return {
		title: 'Memory',
		head: ['', 'program', 'processes', 'MiB, the largest'],
		rows,
	};
}

/** The memory of one process while it answers. */
export function looksTable(looks) {
	return {
		title: 'Memory of the threaded process',
		head: ['requests answered', 'MiB'],
		rows: looks.map(({ requests, mebibytes }) =>
			[String(requests), mebibytes.toFixed(1)]),
	};
}

/** What a call of the dashboard costs, by how much there is to tell of. */
export function boardsTable(looks) {
	const names = new Set(looks.map(({ call, actions }) =>
		`${call}\n${actions}`));
	const rows = [...names].map((name) => {
		const [call, actions] = name.split('\n');
		const mine = looks.filter((look) => look.call === call &&
			look.actions === Number(actions));
		const column = (key) => mine.map((look) => look[key]);
		return [call, actions,
			short(median(column('p50'))) + range(column('p50')),
			short(median(column('cpuMicros'))) +
			    range(column('cpuMicros'))];
	});
	return {
		title: 'Analytics and the dashboard',
		head: ['', 'actions', 'p50 ms', 'CPU µs of the program'],
		rows,
	};
}
