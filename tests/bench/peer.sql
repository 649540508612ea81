-- The tables of the peers, peer.php and peer.mjs: what a careful programmer
-- would make for the same endpoint in an afternoon.  Integer keys inside and
-- time-ordered ids outside, since a benchmark should not win by the other's
-- mistakes; no hash chain and no triggers, which they need not pay for.

CREATE TABLE api_keys (
	id		INTEGER PRIMARY KEY,
	partner_id	INTEGER NOT NULL,
	secret_hash	TEXT NOT NULL UNIQUE,
	hmac_secret	TEXT NOT NULL,
	scopes		TEXT NOT NULL,
	expires_at	INTEGER
);

CREATE TABLE pools (
	id		INTEGER PRIMARY KEY,
	partner_id	INTEGER NOT NULL,
	balance		INTEGER NOT NULL CHECK (balance >= 0)
);

CREATE TABLE users (
	id		INTEGER PRIMARY KEY,
	partner_id	INTEGER NOT NULL,
	external_id	TEXT NOT NULL,
	email		TEXT,
	first_name	TEXT,
	last_name	TEXT,
	balance		INTEGER NOT NULL DEFAULT 0,
	lifetime_earned	INTEGER NOT NULL DEFAULT 0,
	created_at	INTEGER NOT NULL,
	UNIQUE (partner_id, external_id)
);

CREATE TABLE reward_rules (
	partner_id	INTEGER NOT NULL,
	action_type	TEXT NOT NULL,
	tokens_per_unit	REAL NOT NULL,
	PRIMARY KEY (partner_id, action_type)
);

CREATE TABLE actions (
	id		INTEGER PRIMARY KEY,
	public_id	TEXT NOT NULL UNIQUE,
	partner_id	INTEGER NOT NULL,
	idempotency_key	TEXT NOT NULL,
	action_type	TEXT NOT NULL,
	amount		TEXT,
	currency	TEXT,
	tokens		INTEGER NOT NULL,
	metadata	TEXT,
	created_at	INTEGER NOT NULL,
	UNIQUE (partner_id, idempotency_key)
);

CREATE TABLE stakeholders (
	action_id	INTEGER NOT NULL REFERENCES actions,
	user_id		INTEGER NOT NULL REFERENCES users,
	type_code	TEXT NOT NULL,
	tokens		INTEGER NOT NULL,
	PRIMARY KEY (action_id, user_id)
);

CREATE TABLE transactions (
	id		INTEGER PRIMARY KEY,
	public_id	TEXT NOT NULL UNIQUE,
	action_id	INTEGER NOT NULL REFERENCES actions,
	created_at	INTEGER NOT NULL
);

CREATE TABLE entries (
	id		INTEGER PRIMARY KEY,
	transaction_id	INTEGER NOT NULL REFERENCES transactions,
	account		TEXT NOT NULL,
	owner_id	INTEGER NOT NULL,
	change		INTEGER NOT NULL
);

CREATE INDEX entries_by_account ON entries (account, owner_id, id);

CREATE TABLE events (
	id		INTEGER PRIMARY KEY,
	partner_id	INTEGER NOT NULL,
	type		TEXT NOT NULL,
	data		TEXT NOT NULL,
	created_at	INTEGER NOT NULL,
	sent_at		INTEGER
);

INSERT INTO pools (id, partner_id, balance) VALUES (1, 1, 1000000000000);
INSERT INTO reward_rules VALUES (1, 'PURCHASE', 1), (1, 'DONATION', 7);
