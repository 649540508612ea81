-- The books of an Almoner site.
--
-- Whose: a *tenant* is one partner's live or test side, and every row that
-- belongs to a partner begins its key with the tenant, so that a partner's
-- rows lie together on disk and no statement can forget whose they are.
-- Inside, things have small numbers of their tenant; the 24 digits that
-- partners see are made from them (lib/crypto/id.h) and stored nowhere.
--
-- When: columns ending in _at are milliseconds since 1970, UTC.
--
-- What holds: the laws of the ledger are written here a second time, as
-- CHECKs and triggers, so that a mistake in the program is refused by the
-- file.  doc/books.md explains them in plain words.

-- One row: what this file is.

CREATE TABLE site (
	one		INTEGER PRIMARY KEY CHECK (one = 1),
	-- Of this schema; a program refuses a version that it does not know.
	version		INTEGER NOT NULL,
	-- The key of the permutation that makes public ids; never changes.
	id_key		BLOB NOT NULL CHECK (length(id_key) = 16),
	-- Sealed under the master key: does the key still fit the file?
	probe		BLOB NOT NULL,
	created_at	INTEGER NOT NULL
) STRICT;

-- Who: the organisations that call us, each with two tenants.

CREATE TABLE partners (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL,
	slug		TEXT NOT NULL UNIQUE,
	status		TEXT NOT NULL DEFAULT 'PENDING'
		CHECK (status IN ('PENDING', 'ACTIVE', 'SUSPENDED')),
	tier		TEXT NOT NULL DEFAULT 'STANDARD'
		CHECK (tier IN ('STANDARD', 'PROFESSIONAL', 'ENTERPRISE')),
	-- Requests a minute of its own; NULL for its tier's.
	rate_limit	INTEGER CHECK (rate_limit > 0),
	-- What the donate widget offers: a tip for the platform in percent,
	-- and currencies and amounts in minor units, spaces between them.
	tip_enabled	INTEGER NOT NULL DEFAULT 0
		CHECK (tip_enabled IN (0, 1)),
	tip_percent	INTEGER NOT NULL DEFAULT 10
		CHECK (tip_percent BETWEEN 0 AND 100),
	currencies	TEXT NOT NULL DEFAULT 'USD',
	suggested_amounts TEXT NOT NULL DEFAULT '1000 2500 5000 10000',
	created_at	INTEGER NOT NULL
) STRICT;

-- One side of a partner, with the head of its ledger.
--
-- head_* is the last transaction; unbalanced is what the entries of the
-- transaction now being written add up to so far, and 0 between them.

CREATE TABLE tenants (
	id		INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 16777215),
	partner		INTEGER NOT NULL REFERENCES partners,
	-- 'gone' is a test side that was reset: its books stay, unused.
	side		TEXT NOT NULL CHECK (side IN ('test', 'live', 'gone')),
	gone_at		INTEGER CHECK ((gone_at IS NOT NULL) = (side = 'gone')),
	-- How far a sandbox's clock was moved ahead, milliseconds.
	ahead		INTEGER NOT NULL DEFAULT 0
		CHECK (ahead >= 0 AND (ahead = 0 OR side <> 'live')),
	head_number	INTEGER NOT NULL DEFAULT 0,
	head_hash	BLOB NOT NULL DEFAULT (zeroblob(32)),
	unbalanced	INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX tenants_of_partner ON tenants (partner, side)
	WHERE gone_at IS NULL;
CREATE INDEX tenants_gone ON tenants (partner, gone_at)
	WHERE side = 'gone';

-- A set of keys: a publishable one, a secret one, and what signs requests.
-- The publishable key is public; of the secret one only a hash is kept; the
-- signing secret is sealed under the master key (lib/crypto/seal.h).

CREATE TABLE api_keys (
	id		INTEGER PRIMARY KEY,
	tenant		INTEGER NOT NULL REFERENCES tenants,
	name		TEXT NOT NULL,
	publishable	TEXT NOT NULL UNIQUE,
	secret_hash	BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
	hmac_sealed	BLOB NOT NULL,
	-- Words with a space between them, as OAuth has it.
	scopes		TEXT NOT NULL,
	-- Origins and networks that may use it, one a line; NULL for any.
	origins		TEXT,
	networks	TEXT,
	expires_at	INTEGER,
	revoked_at	INTEGER,
	-- To the minute: written down with the usage counts.
	last_used_at	INTEGER,
	-- When the partner was told that it will expire.
	warned_at	INTEGER,
	created_at	INTEGER NOT NULL
) STRICT;

CREATE INDEX api_keys_of_tenant ON api_keys (tenant);
CREATE INDEX api_keys_expiring ON api_keys (expires_at)
	WHERE expires_at IS NOT NULL AND warned_at IS NULL
	AND revoked_at IS NULL;

-- How much of us a tenant used: see lib/giving/usage.h for the counters.

CREATE TABLE usage (
	tenant		INTEGER NOT NULL,
	day		INTEGER NOT NULL,	-- days since 1970
	endpoints	TEXT NOT NULL,		-- a group: "actions"
	counter		INTEGER NOT NULL,
	times		INTEGER NOT NULL,
	PRIMARY KEY (tenant, day, endpoints, counter)
) STRICT, WITHOUT ROWID;

-- The ledger: accounts, transactions, entries ------------------------------

-- An account holds tokens for one owner.  Its kind is a number of enum
-- account_kind: 1 mint, 2 pool, 3 wallet, 4 spent, 5 debt, 6 claim,
-- 7 expired, 8 return.  The balance is kept beside the entries that explain
-- it, so that a request can be refused without adding up history; the trigger
-- entry_posts is its only writer.  `received` adds up all that ever came in.

CREATE TABLE accounts (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	kind		INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 8),
	owner		INTEGER NOT NULL CHECK (owner >= 0),
	balance		INTEGER NOT NULL DEFAULT 0
		CHECK (balance BETWEEN -4000000000000000000
		    AND 4000000000000000000),
	received	INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
	PRIMARY KEY (tenant, kind, owner),
	-- Only the mint, the claims on debtors and the returns of what
	-- expired may go below zero.
	CHECK (balance >= 0 OR kind IN (1, 6, 8))
) STRICT, WITHOUT ROWID;

-- What one transaction did to one account.  In the order of the account, so
-- that its history is one walk.

CREATE TABLE entries (
	tenant		INTEGER NOT NULL,
	kind		INTEGER NOT NULL,
	owner		INTEGER NOT NULL,
	number		INTEGER NOT NULL,
	change		INTEGER NOT NULL CHECK (change <> 0),
	PRIMARY KEY (tenant, kind, owner, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entry_posts AFTER INSERT ON entries BEGIN
	SELECT RAISE(ABORT, 'an entry must belong to the next transaction')
	WHERE NEW.number IS NOT (
		SELECT head_number + 1 FROM tenants WHERE id = NEW.tenant);
	UPDATE accounts SET balance = balance + NEW.change,
	    received = received + max(NEW.change, 0)
	WHERE tenant = NEW.tenant AND kind = NEW.kind AND owner = NEW.owner;
	SELECT RAISE(ABORT, 'an entry needs its account')
	WHERE changes() = 0;
	UPDATE tenants SET unbalanced = unbalanced + NEW.change
	WHERE id = NEW.tenant;
END;

-- Why: one row closes a transaction after its entries.  Its kind is a number
-- of enum transaction_kind; `refers` is the row behind it.

CREATE TABLE transactions (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	number		INTEGER NOT NULL,
	kind		INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),
	refers		INTEGER NOT NULL,
	created_at	INTEGER NOT NULL,
	hash		BLOB NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transaction_closes AFTER INSERT ON transactions BEGIN
	SELECT RAISE(ABORT, 'the entries of a transaction add up to zero')
	WHERE (SELECT unbalanced FROM tenants WHERE id = NEW.tenant) IS NOT 0;
	SELECT RAISE(ABORT, 'transactions are numbered without gaps')
	WHERE (SELECT head_number + 1 FROM tenants WHERE id = NEW.tenant)
	    IS NOT NEW.number;
	UPDATE tenants SET head_number = NEW.number, head_hash = NEW.hash
	WHERE id = NEW.tenant;
END;

-- So that the few transactions of a pool that are no rewards are found.
CREATE INDEX transactions_rare ON transactions (tenant, kind, number)
	WHERE kind <> 2;

CREATE TRIGGER entries_stay BEFORE DELETE ON entries
	BEGIN SELECT RAISE(ABORT, 'entries are for ever'); END;
CREATE TRIGGER entries_still BEFORE UPDATE ON entries
	BEGIN SELECT RAISE(ABORT, 'entries are for ever'); END;
CREATE TRIGGER transactions_stay BEFORE DELETE ON transactions
	BEGIN SELECT RAISE(ABORT, 'transactions are for ever'); END;
CREATE TRIGGER transactions_still BEFORE UPDATE ON transactions
	BEGIN SELECT RAISE(ABORT, 'transactions are for ever'); END;
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
	BEGIN SELECT RAISE(ABORT, 'accounts are for ever'); END;

-- How numbers lie in time: 1 actions, 2 transactions, 3 users.  Numbers are
-- given in the order of commits and times are not, so to read what was from
-- one moment to another, this says which numbers that can be: `first` is the
-- lowest of the hour or a later one, `last` the highest of the hour or an
-- earlier one, NULL while it may still grow.  A row is written once an hour;
-- a clock that is put back makes the ranges wider, never wrong.

CREATE TABLE hours (
	tenant		INTEGER NOT NULL,
	list		INTEGER NOT NULL CHECK (list IN (1, 2, 3)),
	hour		INTEGER NOT NULL,	-- since 1970
	first		INTEGER NOT NULL,
	last		INTEGER,
	PRIMARY KEY (tenant, list, hour)
) STRICT, WITHOUT ROWID;

CREATE VIEW hour_begins AS
	SELECT tenant, list, hour, first AS number FROM hours;

CREATE TRIGGER hour_begins INSTEAD OF INSERT ON hour_begins BEGIN
	UPDATE hours SET last = NEW.number - 1
	WHERE tenant = NEW.tenant AND list = NEW.list
	    AND hour < NEW.hour AND last IS NULL;
	UPDATE hours SET last = NULL
	WHERE tenant = NEW.tenant AND list = NEW.list AND hour >= NEW.hour;
	INSERT INTO hours (tenant, list, hour, first)
	VALUES (NEW.tenant, NEW.list, NEW.hour, coalesce((
		SELECT first FROM hours WHERE tenant = NEW.tenant
		    AND list = NEW.list AND hour > NEW.hour
		ORDER BY hour LIMIT 1), NEW.number))
	ON CONFLICT (tenant, list, hour) DO NOTHING;
END;

CREATE TRIGGER transaction_hour AFTER INSERT ON transactions
WHEN NEW.created_at / 3600000 IS NOT (SELECT created_at / 3600000
	FROM transactions WHERE tenant = NEW.tenant
	    AND number = NEW.number - 1)
BEGIN
	INSERT INTO hour_begins VALUES
	    (NEW.tenant, 2, NEW.created_at / 3600000, NEW.number);
END;

-- The domain: pools, users, rules, actions ----------------------------------

-- A token pool is what rewards are paid from.  Its balance is the account
-- (2, id); allocated adds up what the operator ever put in.

CREATE TABLE token_pools (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	name		TEXT NOT NULL,
	is_default	INTEGER NOT NULL CHECK (is_default IN (0, 1)),
	allocated	INTEGER NOT NULL DEFAULT 0 CHECK (allocated >= 0),
	low_threshold	INTEGER NOT NULL DEFAULT 0 CHECK (low_threshold >= 0),
	-- Its conditions: for so many days a reward cannot be spent, after
	-- so many what is left of it goes back, 0 for never; and the action
	-- types it pays for, spaces between them, NULL for all.
	vesting_days	INTEGER NOT NULL DEFAULT 0
		CHECK (vesting_days BETWEEN 0 AND 3650),
	expiry_days	INTEGER NOT NULL DEFAULT 0
		CHECK (expiry_days BETWEEN 0 AND 3650),
	action_types	TEXT,
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, id),
	CHECK (expiry_days = 0 OR expiry_days > vesting_days)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX token_pools_default ON token_pools (tenant)
	WHERE is_default = 1;

CREATE TABLE allocations (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	pool		INTEGER NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens > 0),
	reason		TEXT,
	number		INTEGER NOT NULL,	-- of its transaction
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- What a partner asks the operator to put into a pool.

CREATE TABLE pool_requests (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	pool		INTEGER NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens > 0),
	reason		TEXT NOT NULL,
	status		TEXT NOT NULL DEFAULT 'PENDING' CHECK
		(status IN ('PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
	decision	TEXT,		-- why, in the operator's words
	number		INTEGER,	-- of the transaction, if approved
	created_at	INTEGER NOT NULL,
	decided_at	INTEGER,
	PRIMARY KEY (tenant, id),
	CHECK ((status = 'PENDING') = (decided_at IS NULL)),
	CHECK ((status = 'APPROVED') = (number IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX pool_requests_by_status ON pool_requests (tenant, status, id);

CREATE TRIGGER pool_request_decided BEFORE UPDATE ON pool_requests
WHEN OLD.status <> 'PENDING' BEGIN
	SELECT RAISE(ABORT, 'a request is decided once');
END;

-- A person as the partner knows them: by their own id, by e-mail, or both.
-- A person who was erased leaves a number and two moments, so that the books
-- still add up; whoever comes under the same id is somebody new.

CREATE TABLE users (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	external_id	TEXT,
	-- When external_id was learned, if that was later than the user.
	named_at	INTEGER,
	email		TEXT,
	first_name	TEXT,
	last_name	TEXT,
	created_at	INTEGER NOT NULL,
	erased_at	INTEGER,
	PRIMARY KEY (tenant, id),
	CHECK (erased_at IS NULL OR
	    coalesce(external_id, email, first_name, last_name) IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX users_by_external_id ON users (tenant, external_id)
	WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX users_by_email ON users (tenant, email)
	WHERE email IS NOT NULL;

-- How many there are not any more.
CREATE INDEX users_erased ON users (tenant) WHERE erased_at IS NOT NULL;

CREATE TRIGGER user_hour AFTER INSERT ON users
WHEN NEW.created_at / 3600000 IS NOT (SELECT created_at / 3600000
	FROM users WHERE tenant = NEW.tenant AND id = NEW.id - 1)
BEGIN
	INSERT INTO hour_begins VALUES
	    (NEW.tenant, 3, NEW.created_at / 3600000, NEW.id);
END;

-- Free JSON of a partner's own about a person.

CREATE TABLE user_metadata (
	tenant		INTEGER NOT NULL,
	user		INTEGER NOT NULL,
	metadata	TEXT NOT NULL,
	PRIMARY KEY (tenant, user)
) STRICT, WITHOUT ROWID;

-- What an action of a type is worth: millionths of a token for each major
-- unit of its currency, or a flat number.  Types without a row have the
-- defaults of lib/giving/rule.c.

CREATE TABLE reward_rules (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	action_type	TEXT NOT NULL,
	micro_per_unit	INTEGER CHECK (micro_per_unit >= 0),
	flat		INTEGER CHECK (flat >= 0),
	PRIMARY KEY (tenant, action_type),
	CHECK ((micro_per_unit IS NULL) <> (flat IS NULL))
) STRICT, WITHOUT ROWID;

-- Words that a partner repeats in every row, kept once: lib/giving/word.h.

CREATE TABLE words (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	word		TEXT NOT NULL,
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX words_by_word ON words (tenant, word);

-- What a partner told us that somebody did, and what it gave.

CREATE TABLE actions (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	idempotency_key	TEXT NOT NULL,
	-- Of the body as it was understood: was it the same action?
	digest		INTEGER NOT NULL,
	type		INTEGER NOT NULL,	-- words.id of its type
	amount		INTEGER CHECK (amount >= 0),	-- minor units
	currency	TEXT,
	pool		INTEGER NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens >= 0),
	number		INTEGER,	-- of its transaction; NULL if 0 tokens
	occurred_at	INTEGER,	-- NULL: when it was told
	created_at	INTEGER NOT NULL,
	-- Parts of a million that reversals took back so far.
	reversed	INTEGER NOT NULL DEFAULT 0
		CHECK (reversed BETWEEN 0 AND 1000000),
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX actions_by_key ON actions (tenant, idempotency_key);
CREATE INDEX actions_by_type ON actions (tenant, type, id);
CREATE INDEX actions_reversed ON actions (tenant, id) WHERE reversed > 0;

CREATE TRIGGER action_hour AFTER INSERT ON actions
WHEN NEW.created_at / 3600000 IS NOT (SELECT created_at / 3600000
	FROM actions WHERE tenant = NEW.tenant AND id = NEW.id - 1)
BEGIN
	INSERT INTO hour_begins VALUES
	    (NEW.tenant, 1, NEW.created_at / 3600000, NEW.id);
END;

-- Free JSON of a partner's own, aside, since most actions are read without.

CREATE TABLE action_metadata (
	tenant		INTEGER NOT NULL,
	action		INTEGER NOT NULL,
	metadata	TEXT NOT NULL,
	PRIMARY KEY (tenant, action)
) STRICT, WITHOUT ROWID;

-- Who had a part in an action.  debt_offset of the tokens went to pay debts.

CREATE TABLE shares (
	tenant		INTEGER NOT NULL,
	action		INTEGER NOT NULL,
	place		INTEGER NOT NULL,	-- 0, 1, … as submitted
	role		TEXT NOT NULL,		-- stakeholderTypeCode
	user		INTEGER NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens >= 0),
	debt_offset	INTEGER NOT NULL
		CHECK (debt_offset BETWEEN 0 AND tokens),
	PRIMARY KEY (tenant, action, place)
) STRICT, WITHOUT ROWID;

-- Shares that left nothing in a wallet, and so no entry that leads to them
-- from their user.

CREATE INDEX shares_unseen ON shares (tenant, user)
	WHERE tokens = debt_offset;

-- A lot is a share from a pool with conditions, less what went to debts.  Its
-- tokens are in the user's wallet; `remaining` says how many of them are not
-- yet spent or taken back, and from vests_at to before expires_at (2^63 - 1
-- for never) they can be spent.  All that remains in a user's lots is never
-- more than the wallet holds.  `expired` is what went back to the pool at
-- expires_at, as far as no reversal has counted on it.

CREATE TABLE lots (
	tenant		INTEGER NOT NULL,
	action		INTEGER NOT NULL,
	place		INTEGER NOT NULL,
	user		INTEGER NOT NULL,
	pool		INTEGER NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens > 0),
	remaining	INTEGER NOT NULL,
	expired		INTEGER NOT NULL DEFAULT 0 CHECK (expired >= 0),
	vests_at	INTEGER NOT NULL,
	expires_at	INTEGER NOT NULL CHECK (expires_at > vests_at),
	PRIMARY KEY (tenant, action, place),
	CHECK (remaining BETWEEN 0 AND tokens - expired),
	CHECK (expired = 0 OR remaining = 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX lots_open ON lots (tenant, user, expires_at)
	WHERE remaining > 0;
-- For those who come by at night and sweep what expired.
CREATE INDEX lots_due ON lots (expires_at)
	WHERE remaining > 0 AND expires_at < 9223372036854775807;

CREATE TABLE reversals (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	idempotency_key	TEXT NOT NULL,
	digest		INTEGER NOT NULL,
	action		INTEGER NOT NULL,
	portion		INTEGER NOT NULL	-- parts of a million
		CHECK (portion BETWEEN 1 AND 1000000),
	reason		TEXT,
	clawed_back	INTEGER NOT NULL CHECK (clawed_back >= 0),
	number		INTEGER,	-- of its transaction; NULL if 0 tokens
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX reversals_by_key ON reversals (tenant, idempotency_key);
CREATE INDEX reversals_of_action ON reversals (tenant, action);

CREATE TABLE reversal_shares (
	tenant		INTEGER NOT NULL,
	reversal	INTEGER NOT NULL,
	place		INTEGER NOT NULL,
	expected	INTEGER NOT NULL CHECK (expected >= 0),
	debt		INTEGER NOT NULL CHECK (debt BETWEEN 0 AND expected),
	PRIMARY KEY (tenant, reversal, place)
) STRICT, WITHOUT ROWID;

-- What a user still owes to a pool, oldest first.  The sum of what is open
-- is the balance of the user's debt account.

CREATE TABLE debts (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	user		INTEGER NOT NULL,
	pool		INTEGER NOT NULL,
	reversal	INTEGER NOT NULL,
	owed		INTEGER NOT NULL CHECK (owed > 0),
	paid		INTEGER NOT NULL DEFAULT 0
		CHECK (paid BETWEEN 0 AND owed),
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX debts_open ON debts (tenant, user) WHERE paid < owed;

CREATE TABLE redemptions (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	idempotency_key	TEXT NOT NULL,
	digest		INTEGER NOT NULL,
	user		INTEGER NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens > 0),
	reason		TEXT,
	number		INTEGER NOT NULL,	-- of its transaction
	-- As it was then: the first answer says so again.
	available	INTEGER NOT NULL,
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX redemptions_by_key
	ON redemptions (tenant, idempotency_key);

-- What happened, for those who want to be told ------------------------------

-- type is a number of enum event_type; `refers` is the row that explains it,
-- and `data` the whole of it where there is no such row.

CREATE TABLE events (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	type		INTEGER NOT NULL,
	refers		INTEGER NOT NULL,
	data		TEXT,
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX events_with_data ON events (tenant) WHERE data IS NOT NULL;

-- Answers that are given again: to the same signed bytes, or to the same
-- Idempotency-Key.  `name` is a hash of what makes the request the same.

CREATE TABLE replays (
	tenant		INTEGER NOT NULL,
	name		BLOB NOT NULL CHECK (length(name) = 32),
	digest		BLOB NOT NULL CHECK (length(digest) = 32),
	status		INTEGER NOT NULL,
	body		BLOB NOT NULL,
	expires_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX replays_expiry ON replays (expires_at);
