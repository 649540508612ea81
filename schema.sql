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
	-- Of this schema; and the oldest program, by the version that it was
	-- made for, that can still work with it: see lib/giving/site/site.h.
	version		INTEGER NOT NULL,
	oldest		INTEGER NOT NULL CHECK (oldest BETWEEN 1 AND version),
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
	-- Hosts that a donor may be sent back to, spaces between them.
	return_hosts	TEXT NOT NULL DEFAULT '',
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
	head_at		INTEGER NOT NULL DEFAULT 0,
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

-- People who log in: administrators of the site, and those of a partner.

CREATE TABLE members (
	id		INTEGER PRIMARY KEY,
	role		TEXT NOT NULL CHECK (role IN ('ADMIN', 'PARTNER')),
	partner		INTEGER REFERENCES partners
		CHECK ((partner IS NOT NULL) = (role = 'PARTNER')),
	-- As lib/base/email.h folds it.
	email		TEXT NOT NULL UNIQUE,
	name		TEXT,
	-- What is kept of it: lib/crypto/password.h.
	password	TEXT NOT NULL CHECK (password LIKE '$scrypt$%'),
	disabled_at	INTEGER,
	last_login_at	INTEGER,
	created_at	INTEGER NOT NULL
) STRICT;

-- One login of a member, until its last refresh token expires; or it was
-- ended, for ever.

CREATE TABLE sessions (
	id		INTEGER PRIMARY KEY,
	member		INTEGER NOT NULL REFERENCES members,
	expires_at	INTEGER NOT NULL CHECK (expires_at > created_at),
	ended_at	INTEGER,
	created_at	INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_of_member ON sessions (member)
	WHERE ended_at IS NULL;
CREATE INDEX sessions_expiring ON sessions (expires_at);

CREATE TRIGGER session_stays_ended BEFORE UPDATE ON sessions
WHEN OLD.ended_at IS NOT NULL BEGIN
	SELECT RAISE(ABORT, 'a session that was ended is over');
END;

-- What a session goes on with, each once: one that comes again was stolen, or
-- was what its owner has left.  Of a token only the hash is kept, and that
-- until it would have expired.

CREATE TABLE refresh_tokens (
	hash		BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
	session		INTEGER NOT NULL REFERENCES sessions,
	expires_at	INTEGER NOT NULL,
	used_at		INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX refresh_tokens_next ON refresh_tokens (session)
	WHERE used_at IS NULL;
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session);
CREATE INDEX refresh_tokens_expiring ON refresh_tokens (expires_at);

CREATE TRIGGER refresh_token_once BEFORE UPDATE ON refresh_tokens
WHEN OLD.used_at IS NOT NULL BEGIN
	SELECT RAISE(ABORT, 'a refresh token is used once');
END;

-- How much of us a tenant used: see lib/giving/site/usage.h for the counters.

CREATE TABLE usage (
	tenant		INTEGER NOT NULL,
	day		INTEGER NOT NULL,	-- days since 1970
	endpoints	TEXT NOT NULL,		-- a group: "actions"
	counter		INTEGER NOT NULL,
	times		INTEGER NOT NULL,
	PRIMARY KEY (tenant, day, endpoints, counter)
) STRICT, WITHOUT ROWID;

-- What a tenant did, day by day: each row has the sums of all up to the end of
-- its day, so that what any days came to is the difference of two rows.
-- Written in the transaction of what it counts: lib/giving/site/tally.h.

CREATE TABLE tallies (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	day		INTEGER NOT NULL,	-- since 1970
	actions		INTEGER NOT NULL CHECK (actions >= 0),
	tokens		INTEGER NOT NULL CHECK (tokens >= 0),
	reversals	INTEGER NOT NULL CHECK (reversals >= 0),
	clawed_back	INTEGER NOT NULL
		CHECK (clawed_back BETWEEN 0 AND tokens),
	erased		INTEGER NOT NULL CHECK (erased >= 0),
	PRIMARY KEY (tenant, day)
) STRICT, WITHOUT ROWID;

-- The ledger: accounts, transactions, entries ------------------------------

-- An account holds tokens for one owner.  Its kind is a number of enum
-- account_kind: 1 mint, 2 pool, 3 wallet, 4 spent, 5 debt, 6 claim,
-- 7 expired, 8 return, 9 exchanged.  The balance is kept beside the entries
-- that explain it, so that a request can be refused without adding up history;
-- the trigger entry_posts is its only writer.  `received` adds up all that ever
-- came in.

CREATE TABLE accounts (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	kind		INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 9),
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
	UPDATE tenants SET unbalanced = unbalanced + NEW.change
	WHERE id = NEW.tenant AND head_number = NEW.number - 1;
	SELECT RAISE(ABORT, 'an entry must belong to the next transaction')
	WHERE changes() = 0;
	UPDATE accounts SET balance = balance + NEW.change,
	    received = received + NEW.change * (NEW.change > 0)
	WHERE tenant = NEW.tenant AND kind = NEW.kind AND owner = NEW.owner;
	SELECT RAISE(ABORT, 'an entry needs its account')
	WHERE changes() = 0;
END;

-- Why: one row closes a transaction after its entries.  Its kind is a number
-- of enum transaction_kind; `refers` is the row behind it.

CREATE TABLE transactions (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	number		INTEGER NOT NULL,
	kind		INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 9),
	refers		INTEGER NOT NULL,
	created_at	INTEGER NOT NULL,
	hash		BLOB NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transaction_closes AFTER INSERT ON transactions BEGIN
	UPDATE tenants SET head_number = NEW.number, head_hash = NEW.hash,
	    head_at = NEW.created_at
	WHERE id = NEW.tenant AND head_number = NEW.number - 1
	    AND unbalanced = 0;
	SELECT RAISE(ABORT, 'the entries of a transaction add up to zero')
	WHERE changes() = 0 AND (SELECT unbalanced FROM tenants
	    WHERE id = NEW.tenant) IS NOT 0;
	SELECT RAISE(ABORT, 'transactions are numbered without gaps')
	WHERE changes() = 0;
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

-- How numbers lie in time: 1 actions, 2 transactions, 3 users, 4 events.
-- Numbers are given in the order of commits and times are not, so to read what
-- was from one moment to another, this says which numbers that can be: `first`
-- is the lowest of the hour or a later one, `last` the highest of the hour or
-- an earlier one, NULL while it may still grow.  A row is written once an
-- hour, by lib/ledger/hours.c; a clock that is put back makes the ranges
-- wider, never wrong.

CREATE TABLE hours (
	tenant		INTEGER NOT NULL,
	list		INTEGER NOT NULL CHECK (list IN (1, 2, 3, 4)),
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
	-- It is filled again by itself: below the threshold by so many
	-- tokens, at most so often in a calendar month, or asked for.
	refill_enabled	INTEGER NOT NULL DEFAULT 0
		CHECK (refill_enabled IN (0, 1)),
	refill_threshold INTEGER NOT NULL DEFAULT 0
		CHECK (refill_threshold >= refill_enabled),
	refill_amount	INTEGER NOT NULL DEFAULT 0
		CHECK (refill_amount >= refill_enabled),
	refill_approval	INTEGER NOT NULL DEFAULT 0
		CHECK (refill_approval IN (0, 1)),
	refill_max	INTEGER NOT NULL DEFAULT 0
		CHECK (refill_max >= refill_enabled),
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, id),
	CHECK (expiry_days = 0 OR expiry_days > vesting_days)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX token_pools_default ON token_pools (tenant)
	WHERE is_default = 1;
CREATE INDEX token_pools_refilled ON token_pools (tenant, id)
	WHERE refill_enabled = 1;

CREATE TABLE allocations (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	pool		INTEGER NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens > 0),
	reason		TEXT,
	number		INTEGER NOT NULL,	-- of its transaction
	-- The pool was filled again by itself.
	auto		INTEGER NOT NULL DEFAULT 0 CHECK (auto IN (0, 1)),
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX allocations_auto ON allocations (tenant, pool, created_at)
	WHERE auto = 1;

-- What a partner asks the operator to put into a pool, or what the pool asks
-- for itself.

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
	auto		INTEGER NOT NULL DEFAULT 0 CHECK (auto IN (0, 1)),
	created_at	INTEGER NOT NULL,
	decided_at	INTEGER,
	PRIMARY KEY (tenant, id),
	CHECK ((status = 'PENDING') = (decided_at IS NULL)),
	CHECK ((status = 'APPROVED') = (number IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX pool_requests_by_status ON pool_requests (tenant, status, id);
CREATE INDEX pool_requests_auto ON pool_requests (tenant, pool, created_at)
	WHERE auto = 1;

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

-- Free JSON of a partner's own about a person.

CREATE TABLE user_metadata (
	tenant		INTEGER NOT NULL,
	user		INTEGER NOT NULL,
	metadata	TEXT NOT NULL,
	PRIMARY KEY (tenant, user)
) STRICT, WITHOUT ROWID;

-- What an action of a type is worth: millionths of a token for each major
-- unit of its currency, or a flat number.  Types without a row have the
-- defaults of lib/giving/rewards/rule.c.

CREATE TABLE reward_rules (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	action_type	TEXT NOT NULL,
	micro_per_unit	INTEGER CHECK (micro_per_unit >= 0),
	flat		INTEGER CHECK (flat >= 0),
	PRIMARY KEY (tenant, action_type),
	CHECK ((micro_per_unit IS NULL) <> (flat IS NULL))
) STRICT, WITHOUT ROWID;

-- Words that a partner repeats in every row, kept once: lib/giving/site/word.h.

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
	-- The campaign that paid it, by which multiplier in thousandths, and
	-- which limits told: bits of enum campaign_limit.
	campaign	INTEGER,
	multiplier	INTEGER CHECK (multiplier > 0),
	limits		INTEGER NOT NULL DEFAULT 0
		CHECK (limits BETWEEN 0 AND 15),
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX actions_by_key ON actions (tenant, idempotency_key);
CREATE INDEX actions_by_type ON actions (tenant, type, id);
CREATE INDEX actions_reversed ON actions (tenant, id) WHERE reversed > 0;

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
	role		INTEGER NOT NULL,	-- words.id of its code
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
-- For housekeep, which sweeps what expired of those who do not come.
CREATE INDEX lots_due ON lots (tenant, expires_at)
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
	-- NULL: of points that were taken back.
	reversal	INTEGER,
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

-- Campaigns ------------------------------------------------------------------

-- A campaign rewards actions of some types in another way for a while, out of
-- a pool that it names.  template is a number of enum campaign_template:
-- 1 REWARD_MULTIPLIER, 2 FIXED_REWARD, 3 TIERED_REWARD, 4 MATCHING; status one
-- of enum campaign_status: 1 draft, 2 active, 3 paused, 4 completed.  Limits
-- are in tokens, NULL for none.
--
-- What it has spent is distributed - reversed.  The law that keeps two
-- processes from spending the same budget is the last CHECK.

CREATE TABLE campaigns (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	pool		INTEGER NOT NULL,
	name		TEXT NOT NULL,
	template	INTEGER NOT NULL CHECK (template BETWEEN 1 AND 4),
	status		INTEGER NOT NULL DEFAULT 1
		CHECK (status BETWEEN 1 AND 4),
	priority	INTEGER NOT NULL,
	action_types	TEXT NOT NULL,		-- spaces between them
	multiplier	INTEGER CHECK (multiplier > 0),	-- thousandths
	fixed_tokens	INTEGER CHECK (fixed_tokens > 0),
	-- "CUSTOMER 700000 REFERRER 300000": of whom and parts of a million.
	splits		TEXT,
	-- "500000 2000": from how many ten-thousandths of a major unit on,
	-- and thousandths; the lowest first.
	tiers		TEXT,
	total_budget	INTEGER CHECK (total_budget > 0),
	per_user	INTEGER CHECK (per_user > 0),
	per_action	INTEGER CHECK (per_action > 0),
	per_day		INTEGER CHECK (per_day > 0),
	-- Whole seconds, the last one too; 0 and 2^63 - 1 for no such end.
	starts_at	INTEGER NOT NULL,
	ends_at		INTEGER NOT NULL CHECK (ends_at >= starts_at),
	-- How many actions it paid, what it gave, and what of it came back.
	actions		INTEGER NOT NULL DEFAULT 0 CHECK (actions >= 0),
	distributed	INTEGER NOT NULL DEFAULT 0,
	reversed	INTEGER NOT NULL DEFAULT 0
		CHECK (reversed BETWEEN 0 AND distributed),
	-- When its budget did not pay for an action, or was used up, first.
	reached_at	INTEGER,
	activated_at	INTEGER,		-- first
	completed_at	INTEGER,
	created_at	INTEGER NOT NULL,
	removed_at	INTEGER,		-- a draft that was deleted
	PRIMARY KEY (tenant, id),
	CHECK ((status = 4) = (completed_at IS NOT NULL)),
	CHECK (removed_at IS NULL OR status = 1),
	CHECK (status <> 1 OR distributed = 0),
	CHECK (total_budget IS NULL OR
	    distributed - reversed <= total_budget)
) STRICT, WITHOUT ROWID;

CREATE INDEX campaigns_by_status ON campaigns (tenant, status, id)
	WHERE removed_at IS NULL;
CREATE INDEX campaigns_removed ON campaigns (tenant)
	WHERE removed_at IS NOT NULL;
-- What active ones may still spend out of a pool, and which have ended.
CREATE INDEX campaigns_of_pool ON campaigns (tenant, pool) WHERE status = 2;
CREATE INDEX campaigns_ending ON campaigns (tenant, ends_at)
	WHERE status IN (2, 3) AND ends_at < 9223372036854775807;

CREATE TRIGGER campaign_moves BEFORE UPDATE OF status ON campaigns
WHEN 10 * OLD.status + NEW.status NOT IN (12, 23, 32, 24, 34) BEGIN
	SELECT RAISE(ABORT, 'a campaign cannot go from there to there');
END;

CREATE TRIGGER campaign_terms_stay BEFORE UPDATE OF pool, template, priority,
	action_types, multiplier, fixed_tokens, splits, tiers, total_budget,
	per_user, per_action, per_day, starts_at, ends_at ON campaigns
WHEN OLD.status <> 1 BEGIN
	SELECT RAISE(ABORT, 'only a draft can be changed');
END;

-- Where an action finds its campaign: a row for each type of each one that is
-- active and has something left to spend.

CREATE TABLE campaign_matches (
	tenant		INTEGER NOT NULL,
	action_type	TEXT NOT NULL,
	priority	INTEGER NOT NULL,
	campaign	INTEGER NOT NULL,
	starts_at	INTEGER NOT NULL,
	ends_at		INTEGER NOT NULL,
	PRIMARY KEY (tenant, action_type, priority, campaign)
) STRICT, WITHOUT ROWID;

CREATE INDEX campaign_matches_of ON campaign_matches (tenant, campaign);

-- What a campaign gave, added up as it gave it.  kind is a number of enum
-- campaign_sum, and key says which: 1 a day since 1970, that of the action;
-- 2 a stakeholder type and 3 an action type, words.id; 4 a tier, from 0.
-- `times` counts actions, of a stakeholder type its shares.

CREATE TABLE campaign_sums (
	tenant		INTEGER NOT NULL,
	campaign	INTEGER NOT NULL,
	kind		INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 4),
	key		INTEGER NOT NULL,
	times		INTEGER NOT NULL DEFAULT 0 CHECK (times >= 0),
	distributed	INTEGER NOT NULL DEFAULT 0,
	reversed	INTEGER NOT NULL DEFAULT 0
		CHECK (reversed BETWEEN 0 AND distributed),
	PRIMARY KEY (tenant, campaign, kind, key)
) STRICT, WITHOUT ROWID;

-- What each user has of a campaign that limits it.

CREATE TABLE campaign_users (
	tenant		INTEGER NOT NULL,
	campaign	INTEGER NOT NULL,
	user		INTEGER NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens >= 0),
	PRIMARY KEY (tenant, campaign, user)
) STRICT, WITHOUT ROWID;

-- Exchanges: tokens for points of other programmes, and points for tokens ---

-- A programme that a partner's users may exchange tokens with: for each
-- `tokens` of theirs they get `points` there.

CREATE TABLE programmes (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	code		TEXT NOT NULL,
	name		TEXT NOT NULL,
	token_name	TEXT NOT NULL,	-- what its points are called
	token_symbol	TEXT NOT NULL,	-- the same in short
	tokens		INTEGER NOT NULL CHECK (tokens > 0),
	points		INTEGER NOT NULL CHECK (points > 0),
	status		TEXT NOT NULL DEFAULT 'ACTIVE'
		CHECK (status IN ('ACTIVE', 'INACTIVE')),
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, code)
) STRICT, WITHOUT ROWID;

-- What was exchanged, with what the programme said of itself at the time, so
-- that whoever is told of it later is told the same.  `member` is who the
-- user is over there; NULL once the person was erased.

CREATE TABLE exchanges (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	idempotency_key	TEXT NOT NULL,
	digest		INTEGER NOT NULL,
	user		INTEGER NOT NULL,
	programme	TEXT NOT NULL,
	member		TEXT,
	token_name	TEXT NOT NULL,
	token_symbol	TEXT NOT NULL,
	tokens		INTEGER NOT NULL CHECK (tokens > 0),
	points		INTEGER NOT NULL CHECK (points > 0),
	number		INTEGER NOT NULL,	-- of its transaction
	created_at	INTEGER NOT NULL,
	-- Once it was taken back, and how much of that paid debts.
	revert_key	TEXT,
	revert_digest	INTEGER,
	revert_number	INTEGER,		-- of that transaction
	debt_offset	INTEGER NOT NULL DEFAULT 0
		CHECK (debt_offset BETWEEN 0 AND tokens),
	reverted_at	INTEGER,
	PRIMARY KEY (tenant, id),
	CHECK ((reverted_at IS NULL) = (revert_key IS NULL)),
	CHECK ((reverted_at IS NULL) = (revert_digest IS NULL)),
	CHECK ((reverted_at IS NULL) = (revert_number IS NULL)),
	CHECK (reverted_at IS NOT NULL OR debt_offset = 0)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX exchanges_by_key ON exchanges (tenant, idempotency_key);
CREATE UNIQUE INDEX exchanges_by_revert_key ON exchanges (tenant, revert_key)
	WHERE revert_key IS NOT NULL;
CREATE INDEX exchanges_of_user ON exchanges (tenant, user, id);

CREATE TRIGGER exchange_reverted BEFORE UPDATE OF reverted_at ON exchanges
WHEN OLD.reverted_at IS NOT NULL BEGIN
	SELECT RAISE(ABORT, 'an exchange is reverted once');
END;

-- Points that came in: another programme's transaction, by its hash there,
-- and the tokens that were given for it.  One that is told to be reverted
-- before it was itself told of has no user: nothing will be given for it.

CREATE TABLE points (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	hash		BLOB NOT NULL CHECK (length(hash) = 32),
	user		INTEGER,
	pool		INTEGER,		-- that it was paid from
	tokens		INTEGER NOT NULL CHECK (tokens > 0),
	number		INTEGER,		-- of its transaction
	created_at	INTEGER NOT NULL,
	-- Taken back by, and what of it had been spent: a debt.
	revert_hash	BLOB CHECK (length(revert_hash) = 32),
	revert_number	INTEGER,
	debt		INTEGER NOT NULL DEFAULT 0
		CHECK (debt BETWEEN 0 AND tokens),
	reverted_at	INTEGER,
	PRIMARY KEY (tenant, id),
	CHECK ((user IS NULL) = (pool IS NULL)),
	CHECK ((user IS NULL) = (number IS NULL)),
	CHECK (user IS NOT NULL OR reverted_at IS NOT NULL),
	CHECK ((reverted_at IS NULL) = (revert_hash IS NULL)),
	CHECK (reverted_at IS NOT NULL OR revert_number IS NULL)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX points_by_hash ON points (tenant, hash);

CREATE TRIGGER points_reverted BEFORE UPDATE ON points
WHEN OLD.reverted_at IS NOT NULL BEGIN
	SELECT RAISE(ABORT, 'points are taken back once');
END;

-- What can be given to: nonprofits, appeals, exchange rates -----------------

-- Whom a donation is for.  They are the site's, all partners see the same:
-- up to the 1.8 million of a country's register, so rows are kept small.

CREATE TABLE nonprofits (
	id		INTEGER PRIMARY KEY,
	slug		TEXT NOT NULL UNIQUE,
	name		TEXT NOT NULL,
	-- The Employer Identification Number of the United States' register.
	ein		INTEGER UNIQUE CHECK (ein BETWEEN 0 AND 999999999),
	description	TEXT,
	logo_url	TEXT,
	city		TEXT,
	state		TEXT,
	status		TEXT NOT NULL DEFAULT 'ACTIVE'
		CHECK (status IN ('ACTIVE', 'INACTIVE')),
	created_at	INTEGER NOT NULL
) STRICT;

-- The words of the active ones' names, folded (case and accents aside), each
-- with the rows that have it: SQLite's FTS5.  Beginnings of one to three
-- letters are kept too, since there people begin to type; of where in a name
-- a word stands nothing is.  lib/giving/donations/nonprofit_search.c keeps it
-- in step, since no trigger may: a schema is not trusted with virtual tables.

CREATE VIRTUAL TABLE nonprofit_words USING fts5 (name,
	content = 'nonprofits', content_rowid = 'id', columnsize = 0,
	detail = none, prefix = '1 2 3',
	tokenize = 'unicode61 remove_diacritics 2');

CREATE TRIGGER nonprofits_stay BEFORE DELETE ON nonprofits
	BEGIN SELECT RAISE(ABORT, 'nonprofits are switched off'); END;

-- Of every fresh site: the nonprofit of the examples.
INSERT INTO nonprofits (slug, name, ein, description, city, state,
	created_at)
VALUES ('american-red-cross', 'American Red Cross', 530196605,
	'Prevents and alleviates human suffering in the face of emergencies.',
	'Washington', 'DC', 0);
INSERT INTO nonprofit_words (rowid, name)
	SELECT id, name FROM nonprofits;

-- An appeal collects for one nonprofit towards a goal (0: none), in minor
-- units of its currency.  raised and donors are counted in the transaction
-- that confirms a gift, or takes it back.

CREATE TABLE appeals (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	nonprofit	INTEGER NOT NULL REFERENCES nonprofits,
	title		TEXT NOT NULL,
	currency	TEXT NOT NULL CHECK (length(currency) = 3),
	goal		INTEGER NOT NULL CHECK (goal >= 0),
	raised		INTEGER NOT NULL DEFAULT 0 CHECK (raised >= 0),
	donors		INTEGER NOT NULL DEFAULT 0 CHECK (donors >= 0),
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- What a donor gets: for a gift of min_amount or more, while there are any.
-- The law that keeps two donors from having the last one is the last CHECK.

CREATE TABLE perks (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	appeal		INTEGER NOT NULL,
	title		TEXT NOT NULL,
	description	TEXT,
	question	TEXT,		-- that the donor answers: "Your size?"
	min_amount	INTEGER NOT NULL CHECK (min_amount >= 0),
	stock		INTEGER CHECK (stock >= 0),	-- NULL: no end
	taken		INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0),
	PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, appeal) REFERENCES appeals (tenant, id),
	CHECK (stock IS NULL OR taken <= stock)
) STRICT, WITHOUT ROWID;

CREATE INDEX perks_of_appeal ON perks (tenant, appeal);

-- Who collects for an appeal in their own name.

CREATE TABLE fundraisers (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	appeal		INTEGER NOT NULL,
	title		TEXT NOT NULL,
	owner		TEXT,
	PRIMARY KEY (tenant, id),
	FOREIGN KEY (tenant, appeal) REFERENCES appeals (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX fundraisers_of_appeal ON fundraisers (tenant, appeal);

-- So many of one currency's major units for one of another's, on a day since
-- 1970: digits times ten to the power of -scale, as they were written.

CREATE TABLE exchange_rates (
	from_currency	TEXT NOT NULL,
	to_currency	TEXT NOT NULL,
	day		INTEGER NOT NULL,
	digits		INTEGER NOT NULL CHECK (digits > 0),
	scale		INTEGER NOT NULL CHECK (scale BETWEEN 0 AND 18),
	PRIMARY KEY (from_currency, to_currency, day),
	CHECK (from_currency <> to_currency)
) STRICT, WITHOUT ROWID;

CREATE INDEX exchange_rates_by_day ON exchange_rates
	(day, from_currency, to_currency);

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
-- Of most actions there is one event, so the other types are rare.
CREATE INDEX events_rare ON events (tenant, type, id) WHERE type <> 1;

-- Donations -----------------------------------------------------------------

-- A gift of money from its link on.  Its status is a number of enum
-- donation_status: 1 pending, 2 processing, 3 completed, 4 failed, 5 expired,
-- 6 refunded; provider one of enum provider_name; frequency 1 once, 2 weekly,
-- 3 monthly, 4 yearly.  Amounts are in minor units of its currency, and
-- `converted` in those of its appeal's, by the rate of the day on which it
-- was paid.

CREATE TABLE donations (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	status		INTEGER NOT NULL DEFAULT 1
		CHECK (status BETWEEN 1 AND 6),
	nonprofit	INTEGER NOT NULL REFERENCES nonprofits,
	provider	INTEGER NOT NULL CHECK (provider BETWEEN 1 AND 3),
	frequency	INTEGER NOT NULL CHECK (frequency BETWEEN 1 AND 4),
	currency	TEXT NOT NULL,
	amount		INTEGER NOT NULL CHECK (amount > 0),
	tip		INTEGER NOT NULL DEFAULT 0 CHECK (tip >= 0),
	converted	INTEGER CHECK (converted >= 0),
	refunded	INTEGER NOT NULL DEFAULT 0
		CHECK (refunded BETWEEN 0 AND amount + tip),
	-- What disputes have taken back and not given again.  It may be of
	-- what was refunded already: both together take no more than all.
	disputed	INTEGER NOT NULL DEFAULT 0
		CHECK (disputed BETWEEN 0 AND amount + tip),
	-- The donor, as they said.
	email		TEXT,
	first_name	TEXT,
	last_name	TEXT,
	external_id	TEXT,		-- the partner's id of them
	address		TEXT,
	phone		TEXT,
	anonymous	INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
	subscribed	INTEGER NOT NULL CHECK (subscribed IN (0, 1)),
	referral_code	TEXT,
	-- Through which appeal, and what for.
	appeal		INTEGER,
	fundraiser	INTEGER,
	perk		INTEGER,
	perk_times	INTEGER NOT NULL DEFAULT 0,
	perk_answer	TEXT,
	metadata	TEXT,
	-- The donor was erased: nothing of them is learned again.
	forgotten	INTEGER NOT NULL DEFAULT 0
		CHECK (forgotten IN (0, 1)),
	success_url	TEXT,
	cancel_url	TEXT,
	-- The provider's side: where the donor pays, and its names for the
	-- checkout, the payment and the subscription.
	link		TEXT,
	session		TEXT,
	reference	TEXT,
	subscription	TEXT,
	-- A renewal is a donation of its own: the first one, and which it is.
	first		INTEGER,
	iteration	INTEGER NOT NULL DEFAULT 1 CHECK (iteration >= 1),
	action		INTEGER,	-- that rewarded it; NULL: none yet
	-- When it is tried again to reward it; NULL: it need not be.
	reward_at	INTEGER,
	created_at	INTEGER NOT NULL,
	expires_at	INTEGER NOT NULL,
	paid_at		INTEGER,
	PRIMARY KEY (tenant, id),
	CHECK ((status IN (3, 6)) = (paid_at IS NOT NULL)),
	CHECK ((first IS NULL) = (iteration = 1)),
	CHECK (action IS NULL OR paid_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- One payment is one donation, whoever tells of it and how often.
CREATE UNIQUE INDEX donations_by_reference ON donations (provider, reference)
	WHERE reference IS NOT NULL;
CREATE UNIQUE INDEX donations_of_subscription
	ON donations (provider, subscription, iteration)
	WHERE subscription IS NOT NULL;
CREATE INDEX donations_by_status ON donations (tenant, status, id);
CREATE INDEX donations_open ON donations (tenant, expires_at)
	WHERE status = 1;
CREATE INDEX donations_by_email ON donations (tenant, email)
	WHERE email IS NOT NULL;
CREATE INDEX donations_by_external_id ON donations (tenant, external_id)
	WHERE external_id IS NOT NULL;
CREATE INDEX donations_of_action ON donations (tenant, action)
	WHERE action IS NOT NULL;
CREATE INDEX donations_unrewarded ON donations (tenant, reward_at)
	WHERE reward_at IS NOT NULL;

-- What a dispute took from a donation and gave back is rewarded again, by an
-- action of its own.  `sum` is of amount and tip; `back` is what of it was
-- taken back once more.

CREATE TABLE donation_rewards (
	tenant		INTEGER NOT NULL,
	donation	INTEGER NOT NULL,
	place		INTEGER NOT NULL CHECK (place >= 1),
	sum		INTEGER NOT NULL CHECK (sum > 0),
	back		INTEGER NOT NULL DEFAULT 0
		CHECK (back BETWEEN 0 AND sum),
	action		INTEGER,	-- NULL: none yet
	reward_at	INTEGER,	-- as in donations
	PRIMARY KEY (tenant, donation, place),
	FOREIGN KEY (tenant, donation) REFERENCES donations (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX donation_rewards_due ON donation_rewards (tenant, reward_at)
	WHERE reward_at IS NOT NULL;

-- Messages of providers that were acted upon, so that none counts twice.

CREATE TABLE provider_events (
	provider	INTEGER NOT NULL,
	id		TEXT NOT NULL,
	received_at	INTEGER NOT NULL,
	PRIMARY KEY (provider, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX provider_events_old ON provider_events (received_at);

-- A provider's other names of payments: Stripe tells of a subscription's
-- payment by its invoice, and of its refund by its payment intent.

CREATE TABLE payment_names (
	provider	INTEGER NOT NULL,
	name		TEXT NOT NULL,
	reference	TEXT NOT NULL,	-- donations.reference
	PRIMARY KEY (provider, name)
) STRICT, WITHOUT ROWID;

-- What a donor's bank disputes, as it stands: at what provider and in which
-- mode of it, of which payment, and how much of its money is away.  It may be
-- of a payment that we are told of later, or never.

CREATE TABLE disputes (
	provider	INTEGER NOT NULL,
	live		INTEGER NOT NULL CHECK (live IN (0, 1)),
	name		TEXT NOT NULL,
	payment		TEXT NOT NULL,	-- by either of its names
	amount		INTEGER NOT NULL CHECK (amount >= 0),
	currency	TEXT NOT NULL,
	status		TEXT NOT NULL,	-- the provider's word
	stage		INTEGER NOT NULL CHECK (stage BETWEEN 0 AND 2),
			-- 0 nothing was taken, 1 it is away, 2 it is back
	told_at		INTEGER NOT NULL,	-- the provider's time
	PRIMARY KEY (provider, live, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX disputes_of_payment ON disputes (provider, live, payment);

-- What was paid back in all of a payment, which we may be told of later.

CREATE TABLE payment_refunds (
	provider	INTEGER NOT NULL,
	live		INTEGER NOT NULL CHECK (live IN (0, 1)),
	payment		TEXT NOT NULL,	-- by either of its names
	refunded	INTEGER NOT NULL CHECK (refunded >= 0),
	PRIMARY KEY (provider, live, payment)
) STRICT, WITHOUT ROWID;

-- Who may tell us what happened elsewhere: a side's secret for each format
-- (1 chuffed, 2 points), sealed under the master key.  It says whose the
-- message is as well, so no two sides have the same one.

CREATE TABLE inbound_secrets (
	format		INTEGER NOT NULL CHECK (format IN (1, 2)),
	tenant		INTEGER NOT NULL REFERENCES tenants,
	sealed		BLOB NOT NULL,
	-- Of points: what ours are called, in short; NULL for any.
	token_symbol	TEXT CHECK (token_symbol IS NULL OR format = 2),
	created_at	INTEGER NOT NULL,
	PRIMARY KEY (format, tenant)
) STRICT, WITHOUT ROWID;

-- Webhooks: whom to tell, what is under way, what became of it ------------

-- format is a number of enum dialect_name, and policy another: whose times
-- of trying again.  events has bit 1 << type set for each type of event that
-- is wanted.  The secret is sealed under the master key; the one before it
-- still counts until old_until.

CREATE TABLE webhooks (
	tenant		INTEGER NOT NULL REFERENCES tenants,
	id		INTEGER NOT NULL,
	url		TEXT NOT NULL,
	description	TEXT,
	format		INTEGER NOT NULL CHECK (format BETWEEN 1 AND 4),
	policy		INTEGER NOT NULL CHECK (policy BETWEEN 1 AND 4),
	events		INTEGER NOT NULL CHECK (events >= 0),
	-- Of the partner's own, "Name: value", one a line.
	headers		TEXT,
	max_per_second	INTEGER CHECK (max_per_second > 0),
	secret_sealed	BLOB NOT NULL,
	old_sealed	BLOB,
	old_until	INTEGER,
	-- Switched off: when, and why: "gone", "failing", "partner".
	disabled_at	INTEGER,
	disabled_why	TEXT,
	-- The first failure since the last success.
	failing_since	INTEGER,
	created_at	INTEGER NOT NULL,
	-- Deleted for its partner; its deliveries are pruned in small steps,
	-- then its secrets and headers.  The row stays: events tell of it.
	removed_at	INTEGER,
	PRIMARY KEY (tenant, id),
	CHECK ((disabled_at IS NULL) = (disabled_why IS NULL)),
	CHECK ((old_sealed IS NULL) = (old_until IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX webhooks_on ON webhooks (tenant, id)
	WHERE disabled_at IS NULL AND removed_at IS NULL;
-- Removed ones that still have deliveries, or what is secret.
CREATE INDEX webhooks_removed ON webhooks (tenant, id)
	WHERE removed_at IS NOT NULL AND secret_sealed <> x'';

-- One event for one webhook.  due_at is when it is tried next, or until when
-- it is claimed by a run that is trying now; NULL when that has ended.
-- status: 1 pending, 2 delivered, 3 failed for good, 4 dropped: the webhook
-- was switched off or removed.

CREATE TABLE deliveries (
	tenant		INTEGER NOT NULL,
	id		INTEGER NOT NULL,
	webhook		INTEGER NOT NULL,
	event		INTEGER NOT NULL,
	status		INTEGER NOT NULL DEFAULT 1
		CHECK (status BETWEEN 1 AND 4),
	attempts	INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
	due_at		INTEGER,
	created_at	INTEGER NOT NULL,
	ended_at	INTEGER,
	PRIMARY KEY (tenant, id),
	CHECK ((status = 1) = (due_at IS NOT NULL)),
	CHECK ((status = 1) = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (tenant, webhook, due_at)
	WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_of_webhook ON deliveries (tenant, webhook, id);
CREATE INDEX deliveries_of_event ON deliveries (tenant, event);
CREATE INDEX deliveries_lost ON deliveries (tenant, webhook, id)
	WHERE status > 2;

-- Each try of a delivery: outcome is a number of enum net_outcome, status
-- what the receiver answered, if it did, and answer how that began; where it
-- did not answer, a sentence there says why.

CREATE TABLE attempts (
	tenant		INTEGER NOT NULL,
	delivery	INTEGER NOT NULL,
	number		INTEGER NOT NULL,	-- 1, 2, …
	at		INTEGER NOT NULL,
	outcome		INTEGER NOT NULL,
	status		INTEGER,
	duration_ms	INTEGER NOT NULL CHECK (duration_ms >= 0),
	answer		TEXT,
	PRIMARY KEY (tenant, delivery, number)
) STRICT, WITHOUT ROWID;

-- How a webhook was of late: attempts in slots of `span` seconds, by how long
-- they took.  Slots and lengths are numbers of lib/hooks/health.c; a slot is
-- used again when its time is long gone, so there are only so many rows.

CREATE TABLE webhook_slots (
	tenant		INTEGER NOT NULL,
	webhook		INTEGER NOT NULL,
	span		INTEGER NOT NULL,
	slot		INTEGER NOT NULL,
	took		INTEGER NOT NULL,
	began		INTEGER NOT NULL,	-- in spans since 1970
	good		INTEGER NOT NULL CHECK (good >= 0),
	bad		INTEGER NOT NULL CHECK (bad >= 0),
	PRIMARY KEY (tenant, webhook, span, slot, took)
) STRICT, WITHOUT ROWID;

-- Somebody was erased, and what was deleted may still be read in free space
-- of the file.  Each erasure leaves a row, and takes it away once the file is
-- clean; where it could not, housekeep has the file written anew.

CREATE TABLE traces (
	id		INTEGER PRIMARY KEY,
	left_at		INTEGER NOT NULL,
	tried_at	INTEGER		-- to write it anew
) STRICT;

-- When the programs that cron starts last ran.

CREATE TABLE heartbeats (
	program		TEXT PRIMARY KEY,	-- "deliver", "housekeep"
	began_at	INTEGER NOT NULL,
	ended_at	INTEGER			-- NULL while it runs
) STRICT, WITHOUT ROWID;

-- Answers that are given again: to the same signed bytes, or to the same
-- Idempotency-Key.  `name` is a hash of what makes the request the same.

CREATE TABLE replays (
	tenant		INTEGER NOT NULL,
	name		BLOB NOT NULL CHECK (length(name) = 32),
	digest		BLOB NOT NULL CHECK (length(digest) = 32),
	-- 0 while the first request is under way.
	status		INTEGER NOT NULL,
	body		BLOB NOT NULL,
	-- It shows a secret: sealed under the master key.
	sealed		INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1)),
	expires_at	INTEGER NOT NULL,
	PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX replays_expiry ON replays (expires_at);
