// What we say of ourselves, and whether this run shows it.
//
// A claim is {of, to, by, at}: the contestant `of` by the contestant `to`, in
// the figure `by` ('rate' if nothing is said), at so many connections.  at has
// a bound for each number of connections, or null where there is none.  It is
// the least that the ratio must be, or with `most` the greatest.  Ratios are
// taken inside one round, and the median of the rounds counts.

import { median, range, short } from './table.mjs';

const ratioClaims = [
	{ of: 'ours', to: 'pgbench', at: { 1: null, 16: 1.5, 64: 1.8 } },
	{ of: 'ours', to: 'pgbench-prepared', at: { 16: null, 64: null } },
	{ of: 'ours', to: 'php', at: { 1: null, 16: 8, 64: null } },
	{ of: 'ours', to: 'node', at: { 1: null, 16: 3, 64: null } },
	{ of: 'ours', to: 'hello', at: { 1: null, 16: 0.38, 64: 0.42 } },
	{ of: 'ours', to: 'ours-2', at: { 16: null } },
	{ of: 'ours', to: 'ours-4', at: { 1: null, 16: null, 64: null } },
	{ of: 'ours-slow', to: 'ours-4-slow-full', at: { 16: 12, 64: 20 } },
	{ of: 'ours-bulk', to: 'ours', at: { 64: 3 } },
	{ of: 'grown-much', to: 'grown-little', by: 'cpuMicros', most: true,
		at: { 16: 1.2 } },
	{ of: 'grown-much', to: 'grown-little', at: { 16: null } },
	{ of: 'ours-campaigns-1', to: 'ours', by: 'cpuMicros', most: true,
		at: { 16: 1.2 } },
	{ of: 'ours-campaigns-100', to: 'ours-campaigns-1', by: 'cpuMicros',
		most: true, at: { 16: 1.5 } },
	{ of: 'ours', to: 'ours-bare', by: 'cpuMicros', most: true,
		at: { 16: 1.2 } },
	{ of: 'ours-campaigns-1', to: 'ours-campaigns-1-bare',
		by: 'cpuMicros', most: true, at: { 16: 1.2 } },
	{ of: 'ours-cgi', to: 'floor-cgi', by: 'p50', most: true,
		at: { 1: 1.5, 16: null } },
];

const P99_MS = { 1: 1, 16: 8, 64: 20 };
const MAX_MS = 100;
const ACTION_BYTES = 250;
const MEBIBYTES = 48;
const FLAT = 1.1;	// the last look at the memory by the one in the middle
const DAILY_S = 1.5;
const BOARDS = 1.5;	// a call with many actions by the same with few

const words = { rate: 'a second', cpuMicros: 'CPU each', p50: 'p50' };

const of = (samples, name, connections) => samples.filter((sample) =>
	sample.name === name && sample.connections === connections);

/** Of one claim: the ratio in each round that has both. */
function ratios(samples, { of: mine, to, by = 'rate' }, connections) {
	return of(samples, mine, connections).flatMap((sample) => {
		const other = of(samples, to, connections)
		    .find(({ round }) => round === sample.round);
		return other === undefined ? [] : [sample[by] / other[by]];
	});
}

/** One row: what, connections, measured, bound, and how it went. */
function row(what, connections, values, unit, bound, most) {
	const value = median(values);
	const good = most ? value <= bound : value >= bound;
	return [what, String(connections),
		`${short(value)}${unit}${range(values)}`,
		bound === null ? '' :
		    `${most ? 'at most' : 'at least'} ${bound}${unit}`,
		bound === null ? '' : good ? 'good' : 'BELOW'];
}

function ratioRows(samples, contestants) {
	return ratioClaims.flatMap((claim) =>
		Object.entries(claim.at).flatMap(([count, bound]) => {
			const values = ratios(samples, claim, Number(count));
			const what = `${contestants[claim.of].title} : ` +
			    `${contestants[claim.to].title}, ` +
			    words[claim.by ?? 'rate'];
			return values.length === 0 ? [] : [row(what, count,
			    values, ' ×', bound, claim.most)];
		}));
}

function latencyRows(samples) {
	const title = 'ours, threaded';
	return Object.entries(P99_MS).flatMap(([count, bound]) => {
		const mine = of(samples, 'ours', Number(count));
		const slowest = Math.max(...mine.map(({ max }) => max));
		return mine.length === 0 ? [] : [
			row(`${title}: p99`, count,
			    mine.map(({ p99 }) => p99), ' ms', bound, true),
			row(`${title}: the slowest answer`, count, [slowest],
			    ' ms', MAX_MS, true),
		];
	});
}

function sizeRows({ bytes, looks }) {
	const rows = [];
	if (bytes.ours !== undefined)
		rows.push(row('bytes an action, metadata aside', '',
		    [bytes.ours], '', ACTION_BYTES, true));
	if (looks.length === 0)
		return rows;
	const sizes = looks.map(({ mebibytes }) => mebibytes);
	const last = sizes.at(-1);
	const middle = sizes[Math.floor((sizes.length - 1) / 2)];
	const count = looks.at(-1).requests;
	rows.push(row(`memory after ${count} requests`, 64, [last], ' MiB',
	    MEBIBYTES, true));
	rows.push(row('memory at the end : half-way', 64, [last / middle],
	    ' ×', FLAT, true));
	return rows;
}

function dailyRows(took) {
	return took.length === 0 ? [] : [
		row('the daily run: 10,000 actions, 100 requests of 100', 1,
		    took, ' s', DAILY_S, true),
	];
}

/** Of one call: each size by the smallest, in each round. */
function boardRow(looks, call, actions, least) {
	const cpu = (size) => looks.filter((look) => look.call === call &&
		look.actions === size).map(({ cpuMicros }) => cpuMicros);
	const few = cpu(least);
	return row(`${call}, CPU each, ${actions} actions : ${least}`, 1,
	    cpu(actions).map((micros, i) => micros / few[i]), ' ×', BOARDS,
	    true);
}

function boardRows(looks) {
	const [least, ...more] = new Set(looks.map(({ actions }) => actions));
	const calls = new Set(looks.map(({ call }) => call));
	return [...calls].flatMap((call) => more.map((actions) =>
		boardRow(looks, call, actions, least)));
}

/** Every claim that this run has the figures for. */
export function claimTable(result, contestants) {
	return {
		title: 'What we claim',
		head: ['', 'connections', 'measured', 'bound', ''],
		rows: [...ratioRows(result.samples, contestants),
			...latencyRows(result.samples), ...sizeRows(result),
			...dailyRows(result.daily),
			...boardRows(result.boards), ...result.webhooks],
	};
}
