// How much dearer is a submit when the books are long?  Two sites, one with
// few actions and one with many, are filled once and asked in every round.
//
// They are filled by SQL, from one action that was really submitted: as
// submits they would take half an hour.  Triggers and indexes are put aside
// and come back as the schema has them.  What is filled in has hashes drawn at
// random, so the chain is not looked at here; sums and numbers are.

import fs from 'node:fs';
import path from 'node:path';

import { asked, signing } from './asked.mjs';
import { run } from './machine.mjs';
import { SUBMIT, ourBooks, ourNeeds } from './ours.mjs';

const CONNECTIONS = 16;
const sites = new Map();

const sql = async (database, text) =>
	(await run('sqlite3', ['-bail', database, text])).stdout.trim();

/** Pages change faster without a journal; nobody else is there meanwhile. */
const QUICKLY = `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    PRAGMA cache_size = -65536;`;

const TABLES = `('users', 'actions', 'shares', 'events', 'transactions',
    'entries')`;

/**
 * The rows of `actions` more actions by `users` people, each table in the
 * order of its keys.  Action k is of person (k - 1) % users, and k comes
 * after all that the books had: `was` is the one action, `own` its share.
 */
const fillWith = (actions, users) => `
	CREATE TEMP TABLE was AS SELECT * FROM actions WHERE id = 1;
	CREATE TEMP TABLE head AS SELECT
	    (SELECT max(id) FROM users) AS user,
	    (SELECT max(id) FROM events) AS event,
	    (SELECT head_number FROM tenants JOIN was
		ON tenants.id = was.tenant) AS number;
	CREATE TEMP TABLE k AS SELECT value AS n
	    FROM generate_series(1, ${actions});
	INSERT INTO users (tenant, id, external_id, email, first_name,
	    last_name, created_at)
	SELECT tenant, head.user + value, 'user_' || (value - 1),
	    'customer' || (value - 1) || '@example.com', 'Jane', 'Doe',
	    created_at FROM was, head, generate_series(1, ${users});
	INSERT INTO actions (tenant, id, idempotency_key, digest, type, amount,
	    currency, pool, tokens, number, created_at)
	SELECT tenant, id + n, 'order_69203eb01234_' || n, digest + n, type,
	    amount, currency, pool, tokens, head.number + n, created_at
	FROM k, was, head ORDER BY n;
	INSERT INTO shares SELECT s.tenant, s.action + n, s.place, s.role,
	    head.user + 1 + (n - 1) % ${users}, s.tokens, 0
	FROM k, head, (SELECT * FROM shares WHERE action = 1) AS s ORDER BY n;
	INSERT INTO events SELECT e.tenant, head.event + n, e.type,
	    e.refers + n, e.data, e.created_at
	FROM k, head, (SELECT events.* FROM events, head
	    WHERE events.id = head.event) AS e ORDER BY n;
	INSERT INTO transactions SELECT t.tenant, head.number + n, t.kind,
	    t.refers + n, t.created_at, randomblob(32)
	FROM k, head, (SELECT * FROM transactions, was
	    WHERE transactions.number = was.number) AS t ORDER BY n;
	INSERT INTO entries SELECT tenant, 2, pool, head.number + n, -tokens
	FROM k, was, head ORDER BY n;
	INSERT INTO accounts SELECT tenant, 3, head.user + u.value,
	    tokens * of_each, tokens * of_each
	FROM was, head, (SELECT value,
	    (${actions} - value) / ${users} + 1 AS of_each
	    FROM generate_series(1, ${users})) AS u;
	INSERT INTO entries SELECT tenant, 3, head.user + u.value,
	    head.number + n.value, tokens
	FROM was, head, generate_series(1, ${users}) AS u,
	    generate_series(u.value, ${actions}, ${users}) AS n;
	UPDATE accounts SET balance = balance - ${actions} *
	    (SELECT tokens FROM was)
	WHERE kind = 2 AND owner = (SELECT pool FROM was)
	    AND tenant = (SELECT tenant FROM was);
	UPDATE tenants SET head_number = head_number + ${actions}
	WHERE id = (SELECT tenant FROM was);`;

/** Fill the books of a site that is stopped and has one action in them. */
async function fill(database, actions, users) {
	const aside = JSON.parse((await run('sqlite3', ['-json', database,
		`SELECT type, name, sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND tbl_name IN ${TABLES}
		    AND type IN ('trigger', 'index')`])).stdout);
	await sql(database, QUICKLY + 'BEGIN;' +
	    aside.map(({ type, name }) => `DROP ${type} ${name};`).join('') +
	    fillWith(actions, users) +
	    aside.map((piece) => `${piece.sql};`).join('') +
	    'COMMIT; PRAGMA journal_mode = WAL;');
}

/** A site with so many actions; it is stopped, and outlives the rounds. */
async function makeSite(bench, place, actions, users) {
	const books = await ourBooks(bench, place, { procs: 1 });
	const first = await books.partner.submit({ stakeholders: [
		{ stakeholderTypeCode: 'CUSTOMER', partnerUserId: 'first' },
	] });
	if (first.status !== 200)
		throw new Error(`the first action: ${first.text}`);
	await books.site.stopServer();
	const { uid, gid } = fs.statSync(books.database);
	const began = Date.now();
	await fill(books.database, actions, users);
	for (const end of ['', '-wal', '-shm'])
		if (fs.existsSync(books.database + end))
			fs.chownSync(books.database + end, uid, gid);
	console.error(`filled ${actions} actions in ` +
	    `${((Date.now() - began) / 1000).toFixed(1)} s`);
	return { ...books, answered: actions + 1 };
}

/** Are they all there, numbered without gaps, and do they add up? */
async function audit({ database, answered }) {
	const text = await sql(database, `SELECT
	    (SELECT count(*) FROM actions) || ' ' ||
	    (SELECT sum(change) FROM entries) || ' ' ||
	    (SELECT sum(balance) FROM accounts) || ' ' ||
	    (SELECT count(*) - max(number) FROM transactions)`);
	const good = `${answered} 0 0 0`;
	return text === good ? null : `books say ${text}, not ${good}`;
}

/** `size` is a word of bench.growth: {little, much, users}. */
export function grown(title, size) {
	return {
		title, connections: [CONNECTIONS], missing: ourNeeds,
		async start(bench) {
			const place = path.join(bench.place, `grown-${size}`);
			const { [size]: actions, users } = bench.growth;
			if (!sites.has(size)) {
				fs.mkdirSync(place);
				sites.set(size, await makeSite(bench, place,
				    actions, users));
			}
			const books = sites.get(size);
			await books.site.startServer();
			const web = { url: books.site.base,
				servers: [books.site.process] };
			return asked(bench, web, SUBMIT, ['-m', 'submit',
				'-u', String(users), ...signing(books)],
			    async (answered) => {
				await books.site.stopServer();
				books.answered += answered;
				return { fault: await audit(books) };
			    });
		},
	};
}
