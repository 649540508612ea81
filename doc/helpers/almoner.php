<?php
// A client for an Almoner site in one file: PHP 8.0 or newer, no packages, no
// extensions but json and, for https, openssl.  Copy it; run it, or include
// it:
//
//     php almoner.php CREDENTIALS.json                       a first reward
//     php almoner.php CREDENTIALS.json METHOD PATH [BODY]    any request
//
//     require 'almoner.php';
//     $almoner = new Almoner($baseUrl, $secretKey, $hmacSecret);
//     $answer = $almoner->request('POST', $path, [...]);

declare(strict_types=1);

/** What the site refused, and why: see $problem['code']. */
final class AlmonerRefused extends Exception
{
    public function __construct(public int $status, public array $problem)
    {
        parent::__construct("HTTP $status " . Almoner::json($problem));
    }
}

final class Almoner
{
    private const TRIES = 5;

    public function __construct(
        private string $baseUrl,
        private string $secretKey,
        private string $hmacSecret,
    ) {
        $this->baseUrl = rtrim($baseUrl, '/');
    }

    /** The headers of one request; the body is text, as it is sent. */
    private function sign(string $method, string $path, string $body): array
    {
        $timestamp = (string) time();
        $text = $timestamp . $method . $path . hash('sha256', $body);
        return [
            "X-Partner-Key: $this->secretKey",
            "X-Timestamp: $timestamp",
            'X-Signature: ' . hash_hmac('sha256', $text, $this->hmacSecret),
        ];
    }

    /**
     * Send a request and give its answer.
     *
     * The path begins with /v1/, its parts percent-encoded, with its query.
     * The request is sent again while nobody answers or the site asks for
     * patience; the keys in the body and the Idempotency-Key stay the same,
     * so it is done once.  409 IDEMPOTENT says that it was done before: that
     * is success.
     */
    public function request(
        string $method,
        string $path,
        array|string|null $data = null,
    ): array {
        $body = is_array($data) ? self::json($data) : $data ?? '';
        $more = ['Connection: close'];
        if ($method !== 'GET') {
            $more[] = 'Content-Type: application/json';
            $more[] = 'Idempotency-Key: ' . bin2hex(random_bytes(16));
        }
        for ($try = 1;; $try++) {
            [$status, $wait, $answer] = $this->once($path, [
                'method' => $method,
                'header' => [...$this->sign($method, $path, $body), ...$more],
                'content' => $body,
            ]);
            $code = $answer['code'] ?? null;
            if (
                $status >= 200 && $status < 300
                || $status === 409 && $code === 'IDEMPOTENT'
            ) {
                return $answer;
            }
            $again = $status === 0 || $status === 429 || $status >= 500
                || $status === 409 && $code === 'IN_PROGRESS';
            if (!$again || $try === self::TRIES) {
                throw new AlmonerRefused($status, $answer);
            }
            sleep($wait ?: $try);
        }
    }

    /** One try: status, seconds to wait, answer.  Status 0: nobody answers. */
    private function once(string $path, array $options): array
    {
        $text = @file_get_contents(
            $this->baseUrl . $path,
            false,
            stream_context_create(['http' => $options + [
                'protocol_version' => 1.1,
                'ignore_errors' => true,    // a refusal is an answer too
                'follow_location' => 0,
                'timeout' => 30,
            ]]),
        );
        // PHP 8.4 has a function for what was a variable before.
        $lines = function_exists('http_get_last_response_headers')
            ? http_get_last_response_headers() ?? []
            : $http_response_header ?? [];
        if ($text === false || $lines === []) {
            return [0, 0, ['detail' => error_get_last()['message'] ?? '']];
        }
        $status = (int) explode(' ', $lines[0])[1];
        $wait = 0;
        foreach ($lines as $line) {
            if (stripos($line, 'Retry-After:') === 0) {
                $wait = (int) substr($line, 12);
            }
        }
        $answer = json_decode($text, true);
        return [$status, $wait, is_array($answer) ? $answer
            : ['detail' => $text]];
    }

    public static function json(array $value): string
    {
        return json_encode($value, JSON_THROW_ON_ERROR
            | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    }
}

/** A reward, the balance, and the reward taken back. */
function almoner_story(Almoner $almoner, array $credentials): void
{
    $order = 'order_' . bin2hex(random_bytes(8));   // yours: its number
    $user = 'zoë@shop.example';

    $action = $almoner->request('POST', '/v1/partner/actions/submit', [
        'idempotencyKey' => $order,
        'actionType' => 'PURCHASE', 'amount' => 49.99, 'currency' => 'USD',
        'tokenPoolId' => $credentials['tokenPoolId'],
        'stakeholders' => [[
            'stakeholderTypeCode' => 'CUSTOMER',
            'partnerUserId' => $user, 'userFirstName' => 'Zoë',
        ]],
        'autoCreateUsers' => true,
    ]);
    echo 'reward    ', Almoner::json($action), "\n";

    $path = '/v1/partner/users/' . rawurlencode($user) . '/balance';
    echo 'balance   ', Almoner::json($almoner->request('GET', $path)), "\n";

    $path = "/v1/partner/actions/{$action['actionId']}/reverse";
    echo 'reversal  ', Almoner::json($almoner->request('POST', $path, [
        'reason' => 'returned',
        'refundIdempotencyKey' => "refund_$order",
    ])), "\n";
}

function almoner_main(array $words): int
{
    if (!in_array(count($words), [1, 3, 4], true)) {
        fwrite(STDERR, "usage: almoner.php CREDENTIALS"
            . " [METHOD PATH [BODY]]\n");
        return 2;
    }
    $credentials = json_decode(file_get_contents($words[0]), true);
    $almoner = new Almoner(
        $credentials['baseUrl'],
        $credentials['secretKey'],
        $credentials['hmacSecret'],
    );
    try {
        if (count($words) === 1) {
            almoner_story($almoner, $credentials);
        } else {
            $answer = $almoner->request(...array_slice($words, 1));
            echo Almoner::json($answer), "\n";
        }
    } catch (AlmonerRefused $refused) {
        fwrite(STDERR, $refused->getMessage() . "\n");
        return 1;
    }
    return 0;
}

if (realpath($argv[0] ?? '') === __FILE__) {
    exit(almoner_main(array_slice($argv, 1)));
}
