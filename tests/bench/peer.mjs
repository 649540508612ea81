// The endpoint POST /v1/partner/actions/submit as a Node programmer would
// write it: node:http and better-sqlite3, statements prepared once, one
// transaction.  WAL with synchronous=FULL, so that it promises what we promise.
//
// PEER_DATABASE names the file, PEER_PORT the port, PEER_MODULES the folder
// whose node_modules has better-sqlite3.

import { createHash, createHmac, randomBytes, timingSafeEqual }
    from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.PEER_MODULES}/`);
const Database = require('better-sqlite3');

const db = new Database(process.env.PEER_DATABASE, { timeout: 10000 });
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('foreign_keys = ON');

const sql = {
	key: db.prepare('SELECT * FROM api_keys WHERE secret_hash = ?'),
	old: db.prepare(`SELECT public_id FROM actions
	    WHERE partner_id = ? AND idempotency_key = ?`),
	rule: db.prepare(`SELECT tokens_per_unit FROM reward_rules
	    WHERE partner_id = ? AND action_type = ?`),
	user: db.prepare(`SELECT id FROM users
	    WHERE partner_id = ? AND external_id = ?`),
	newUser: db.prepare(`INSERT INTO users (partner_id, external_id, email,
	    first_name, last_name, created_at) VALUES (?, ?, ?, ?, ?, ?)`),
	debit: db.prepare(`UPDATE pools SET balance = balance - :tokens
	    WHERE id = 1 AND balance >= :tokens`),
	credit: db.prepare(`UPDATE users SET balance = balance + :tokens,
	    lifetime_earned = lifetime_earned + :tokens WHERE id = :user`),
	action: db.prepare(`INSERT INTO actions (public_id, partner_id,
	    idempotency_key, action_type, amount, currency, tokens, metadata,
	    created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
	stakeholder: db.prepare('INSERT INTO stakeholders VALUES (?, ?, ?, ?)'),
	transaction: db.prepare(`INSERT INTO transactions
	    (public_id, action_id, created_at) VALUES (?, ?, ?)`),
	entries: db.prepare(`INSERT INTO entries
	    (transaction_id, account, owner_id, change)
	    VALUES (:id, 'pool', 1, -:tokens), (:id, 'user', :user, :tokens)`),
	event: db.prepare(`INSERT INTO events (partner_id, type, data,
	    created_at) VALUES (?, ?, ?, ?)`),
};

class Refusal extends Error {
	constructor(status, code) {
		super(code);
		this.status = status;
	}
}

const seconds = () => Math.floor(Date.now() / 1000);
const newId = () => seconds().toString(16) + randomBytes(8).toString('hex');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function authenticate(request, body) {
	const { headers } = request;
	const timestamp = headers['x-timestamp'] ?? '';
	const key = sql.key.get(sha256(headers['x-partner-key'] ?? ''));
	if (!key)
		throw new Refusal(401, 'INVALID_KEY');
	if (key.expires_at !== null && key.expires_at < seconds())
		throw new Refusal(401, 'KEY_EXPIRED');
	if (!(Math.abs(seconds() - Number(timestamp)) <= 300))
		throw new Refusal(401, 'TIMESTAMP_OUT_OF_RANGE');
	const expected = createHmac('sha256', key.hmac_secret).update(
	    timestamp + request.method + request.url + sha256(body)).digest();
	const given = Buffer.from(headers['x-signature'] ?? '', 'hex');
	if (given.length !== expected.length ||
	    !timingSafeEqual(given, expected))
		throw new Refusal(401, 'INVALID_SIGNATURE');
	if (!key.scopes.split(' ').includes('actions:write'))
		throw new Refusal(403, 'INSUFFICIENT_SCOPE');
	return key;
}

function validate(input) {
	if (typeof input?.idempotencyKey !== 'string' ||
	    input.idempotencyKey.length > 255 ||
	    !/^[A-Z][A-Z0-9_]{0,63}$/.test(input.actionType) ||
	    !(typeof input.amount === 'number' && input.amount >= 0) ||
	    !/^[A-Z]{3}$/.test(input.currency) ||
	    input.stakeholders?.length !== 1 ||
	    typeof input.stakeholders[0].partnerUserId !== 'string')
		throw new Refusal(400, 'VALIDATION_FAILED');
	return input;
}

function findOrMakeUser(partner, who, make) {
	const user = sql.user.get(partner, who.partnerUserId);
	if (user)
		return user.id;
	if (!make)
		throw new Refusal(422, 'USER_NOT_FOUND');
	return sql.newUser.run(partner, who.partnerUserId,
	    who.userEmail ?? null, who.userFirstName ?? null,
	    who.userLastName ?? null, seconds()).lastInsertRowid;
}

function moveTokens(action, user, tokens) {
	const id = newId();
	if (sql.debit.run({ tokens }).changes !== 1)
		throw new Refusal(402, 'INSUFFICIENT_POOL');
	sql.credit.run({ tokens, user });
	const made = sql.transaction.run(id, action, seconds());
	sql.entries.run({ id: made.lastInsertRowid, tokens, user });
	return id;
}

function submit(partner, input) {
	const who = input.stakeholders[0];
	if (sql.old.get(partner, input.idempotencyKey))
		throw new Refusal(409, 'IDEMPOTENT');
	const rule = sql.rule.get(partner, input.actionType);
	const tokens = Math.round(input.amount * (rule?.tokens_per_unit ?? 0));
	const user = findOrMakeUser(partner, who, input.autoCreateUsers);
	const actionId = newId();
	const { lastInsertRowid } = sql.action.run(actionId, partner,
	    input.idempotencyKey, input.actionType, String(input.amount),
	    input.currency, tokens, JSON.stringify(input.metadata ?? null),
	    seconds());
	sql.stakeholder.run(lastInsertRowid, user, who.stakeholderTypeCode,
	    tokens);
	const transactionId = moveTokens(lastInsertRowid, user, tokens);
	const answer = {
		actionId,
		idempotencyKey: input.idempotencyKey,
		status: 'COMPLETED',
		tokensDistributed: tokens,
		transactionIds: [transactionId],
		breakdown: [{
			stakeholderTypeCode: who.stakeholderTypeCode,
			partnerUserId: who.partnerUserId,
			tokens, debtOffset: 0, transactionId,
		}],
	};
	sql.event.run(partner, 'action.completed', JSON.stringify(answer),
	    seconds());
	return answer;
}

const submitAtOnce = db.transaction(submit).immediate;

function reply(response, status, answer) {
	const text = JSON.stringify(answer);
	response.writeHead(status, {
		'Content-Type': 'application/json',
		'Content-Length': Buffer.byteLength(text),
		'X-Request-Id': `req_${randomBytes(12).toString('hex')}`,
	});
	response.end(text);
}

function answer(request, body, response) {
	try {
		const key = authenticate(request, body);
		const input = validate(JSON.parse(body));
		reply(response, 200, submitAtOnce(key.partner_id, input));
	} catch (e) {
		reply(response, e.status ?? 500, { code: e.message });
	}
}

createServer((request, response) => {
	const pieces = [];
	request.on('data', (piece) => pieces.push(piece));
	request.on('end', () =>
	    answer(request, Buffer.concat(pieces).toString(), response));
}).listen(Number(process.env.PEER_PORT), '127.0.0.1');
