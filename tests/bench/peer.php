<?php

/*
 * The endpoint POST /v1/partner/actions/submit as a PHP programmer would write
 * it: PDO, one connection a request, prepared statements, one transaction.
 * WAL with synchronous=FULL, so that it promises what we promise.
 */

declare(strict_types=1);

const DATABASE_WAIT_S = 10;

final class Refusal extends Exception
{
	public function __construct(public int $status, public string $word)
	{
		parent::__construct($word);
	}
}

function connect(): PDO
{
	$db = new PDO('sqlite:' . getenv('PEER_DATABASE'), null, null, [
		PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
		PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
		PDO::ATTR_TIMEOUT => DATABASE_WAIT_S,
	]);
	$db->exec('PRAGMA journal_mode = WAL');
	$db->exec('PRAGMA synchronous = FULL');
	$db->exec('PRAGMA foreign_keys = ON');
	return $db;
}

function ask(PDO $db, string $sql, array $values): array|false
{
	$statement = $db->prepare($sql);
	$statement->execute($values);
	return $statement->fetch();
}

function run(PDO $db, string $sql, array $values): int
{
	$statement = $db->prepare($sql);
	$statement->execute($values);
	return $statement->rowCount();
}

function new_id(): string
{
	return dechex(time()) . bin2hex(random_bytes(8));
}

function authenticate(PDO $db, string $body): array
{
	$key = ask($db, 'SELECT * FROM api_keys WHERE secret_hash = ?',
	    [hash('sha256', $_SERVER['HTTP_X_PARTNER_KEY'] ?? '')]);
	$timestamp = $_SERVER['HTTP_X_TIMESTAMP'] ?? '';
	if (!$key)
		throw new Refusal(401, 'INVALID_KEY');
	if ($key['expires_at'] !== null && $key['expires_at'] < time())
		throw new Refusal(401, 'KEY_EXPIRED');
	if (abs(time() - (int)$timestamp) > 300)
		throw new Refusal(401, 'TIMESTAMP_OUT_OF_RANGE');
	$signed = $timestamp . $_SERVER['REQUEST_METHOD'] .
	    $_SERVER['REQUEST_URI'] . hash('sha256', $body);
	if (!hash_equals(hash_hmac('sha256', $signed, $key['hmac_secret']),
	    $_SERVER['HTTP_X_SIGNATURE'] ?? ''))
		throw new Refusal(401, 'INVALID_SIGNATURE');
	if (!in_array('actions:write', explode(' ', $key['scopes']), true))
		throw new Refusal(403, 'INSUFFICIENT_SCOPE');
	return $key;
}

function validate(mixed $input): array
{
	if (!is_array($input) || !is_string($input['idempotencyKey'] ?? null) ||
	    strlen($input['idempotencyKey']) > 255 ||
	    !preg_match('/^[A-Z][A-Z0-9_]{0,63}$/',
	    $input['actionType'] ?? '') ||
	    !is_numeric($input['amount'] ?? null) || $input['amount'] < 0 ||
	    !preg_match('/^[A-Z]{3}$/', $input['currency'] ?? '') ||
	    !is_array($input['stakeholders'] ?? null) ||
	    count($input['stakeholders']) !== 1 ||
	    !is_string($input['stakeholders'][0]['partnerUserId'] ?? null))
		throw new Refusal(400, 'VALIDATION_FAILED');
	return $input;
}

function find_or_make_user(PDO $db, int $partner, array $who, bool $make): int
{
	$user = ask($db, 'SELECT id FROM users
	    WHERE partner_id = ? AND external_id = ?',
	    [$partner, $who['partnerUserId']]);
	if ($user)
		return $user['id'];
	if (!$make)
		throw new Refusal(422, 'USER_NOT_FOUND');
	run($db, 'INSERT INTO users (partner_id, external_id, email,
	    first_name, last_name, created_at) VALUES (?, ?, ?, ?, ?, ?)',
	    [$partner, $who['partnerUserId'], $who['userEmail'] ?? null,
	    $who['userFirstName'] ?? null, $who['userLastName'] ?? null,
	    time()]);
	return (int)$db->lastInsertId();
}

function move_tokens(PDO $db, int $action, int $user, int $tokens): string
{
	$id = new_id();

	if (run($db, 'UPDATE pools SET balance = balance - ?
	    WHERE id = 1 AND balance >= ?', [$tokens, $tokens]) !== 1)
		throw new Refusal(402, 'INSUFFICIENT_POOL');
	run($db, 'UPDATE users SET balance = balance + ?,
	    lifetime_earned = lifetime_earned + ? WHERE id = ?',
	    [$tokens, $tokens, $user]);
	run($db, 'INSERT INTO transactions (public_id, action_id, created_at)
	    VALUES (?, ?, ?)', [$id, $action, time()]);
	run($db, "INSERT INTO entries
	    (transaction_id, account, owner_id, change)
	    VALUES (?1, 'pool', 1, -?2), (?1, 'user', ?3, ?2)",
	    [(int)$db->lastInsertId(), $tokens, $user]);
	return $id;
}

function submit(PDO $db, int $partner, array $input): array
{
	$who = $input['stakeholders'][0];
	$old = ask($db, 'SELECT public_id FROM actions
	    WHERE partner_id = ? AND idempotency_key = ?',
	    [$partner, $input['idempotencyKey']]);
	if ($old)
		throw new Refusal(409, 'IDEMPOTENT');
	$rule = ask($db, 'SELECT tokens_per_unit FROM reward_rules
	    WHERE partner_id = ? AND action_type = ?',
	    [$partner, $input['actionType']]);
	$rate = $rule['tokens_per_unit'] ?? 0;
	$tokens = (int)round($input['amount'] * $rate);
	$user = find_or_make_user($db, $partner, $who,
	    $input['autoCreateUsers'] ?? false);
	$id = new_id();
	run($db, 'INSERT INTO actions (public_id, partner_id, idempotency_key,
	    action_type, amount, currency, tokens, metadata, created_at)
	    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
	    [$id, $partner, $input['idempotencyKey'], $input['actionType'],
	    (string)$input['amount'], $input['currency'], $tokens,
	    json_encode($input['metadata'] ?? null), time()]);
	$action = (int)$db->lastInsertId();
	run($db, 'INSERT INTO stakeholders VALUES (?, ?, ?, ?)',
	    [$action, $user, $who['stakeholderTypeCode'], $tokens]);
	$transaction = move_tokens($db, $action, $user, $tokens);
	$answer = [
		'actionId' => $id,
		'idempotencyKey' => $input['idempotencyKey'],
		'status' => 'COMPLETED',
		'tokensDistributed' => $tokens,
		'transactionIds' => [$transaction],
		'breakdown' => [[
			'stakeholderTypeCode' => $who['stakeholderTypeCode'],
			'partnerUserId' => $who['partnerUserId'],
			'tokens' => $tokens, 'debtOffset' => 0,
			'transactionId' => $transaction,
		]],
	];
	run($db, 'INSERT INTO events (partner_id, type, data, created_at)
	    VALUES (?, ?, ?, ?)',
	    [$partner, 'action.completed', json_encode($answer), time()]);
	return $answer;
}

function reply(int $status, array $answer): void
{
	http_response_code($status);
	header('Content-Type: application/json');
	header('X-Request-Id: req_' . bin2hex(random_bytes(12)));
	echo json_encode($answer);
}

try {
	$body = file_get_contents('php://input');
	$db = connect();
	$key = authenticate($db, $body);
	$input = validate(json_decode($body, true));
	// PDO's own beginTransaction() would be deferred, and fail as busy.
	$db->exec('BEGIN IMMEDIATE');
	try {
		$answer = submit($db, $key['partner_id'], $input);
		$db->exec('COMMIT');
	} catch (Throwable $e) {
		$db->exec('ROLLBACK');
		throw $e;
	}
	reply(200, $answer);
} catch (Refusal $e) {
	reply($e->status, ['code' => $e->word]);
}
