<?php
// A receiver of webhooks in one file: PHP 8.0 or newer, no packages.
//
//	WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:8090 receiver.php
//
// or in the folder of any web server that runs PHP.  It takes the format sir.
// Copy verify(); what matters is in it.

const MOST = 256 * 1024;	// no delivery has a larger body
const SKEW_S = 300;

/** Is it from the site, and new?  $body is the bytes as they were received. */
function verify(string $secret, array $server, string $body): bool
{
	$time = $server['HTTP_X_SIR_TIMESTAMP'] ?? '';
	$said = $server['HTTP_X_SIR_SIGNATURE'] ?? '';
	$made = 'sha256=' . hash_hmac('sha256', "$time.$body", $secret);
	return hash_equals($made, $said) && ctype_digit($time) &&
	    abs(time() - (int)$time) <= SKEW_S;
}

/** Put the work into a queue: after 10 s it counts as failed. */
function handle(array $event): void
{
	error_log("{$event['type']} {$event['id']}");
}

/**
 * A delivery may come twice: a file for each id stands here for a row of a
 * table with a unique key.  True if this one has not been there.
 */
function first(string $id): bool
{
	$folder = getenv('WEBHOOK_SEEN') ?: sys_get_temp_dir();
	return @fopen("$folder/webhook-" . hash('sha256', $id), 'x') !== false;
}

$secret = getenv('WEBHOOK_SECRET');
if ($secret === false || $secret === '') {
	http_response_code(500);
	exit("WEBHOOK_SECRET is not set\n");
}
$body = file_get_contents('php://input', false, null, 0, MOST + 1);
if (strlen($body) > MOST || !verify($secret, $_SERVER, $body)) {
	http_response_code(400);
	exit("signature does not match\n");
}
$event = json_decode($body, true);	// not before it is verified
if (first($event['id']))
	handle($event);
http_response_code(200);
