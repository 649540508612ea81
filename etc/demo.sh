#!/bin/sh
# A site of your own: fresh books in var/demo/, lighttpd on 127.0.0.1:$PORT
# (8080), and a first reward, given and taken back, as any back-end would ask
# for it: with curl, signed with openssl.  A webhook tells of it, to a listener
# on another port.  All of it stays until Ctrl-C.
#
# SITE is another folder than var/demo, B another build than build/release.

set -eu
cd "$(dirname "$0")/.."

PORT=${PORT:-8080}
B=${B:-build/release}
SITE=${SITE:-var/demo}
PATH=$PATH:/usr/sbin:/sbin
base=http://127.0.0.1:$PORT

die() {
	echo "$*" >&2
	exit 1
}

# field NAME: its value in the JSON on standard input.
field() {
	sed -n "s/.*\"$1\" *: *\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p" | head -n 1
}

almoner() {
	"$SITE/bin/almoner" "$@"
}

# The site ------------------------------------------------------------------

check_free() {
	if [ -f "$SITE/run/pid" ] && kill -0 "$(cat "$SITE/run/pid")" \
	    2>/dev/null; then
		die "A demo is running already: end it first, or name" \
		    "another folder, as SITE=var/other make demo"
	fi
	status=0
	curl -s -o /dev/null --max-time 2 "$base/" || status=$?
	[ "$status" -eq 7 ] ||
		die "Port $PORT is taken.  Try PORT=8081 make demo"
}

make_site() {
	rm -rf "$SITE"
	for folder in bin cgi-bin htdocs log run; do
		mkdir -p "$SITE/$folder"
	done
	SITE=$(cd "$SITE" && pwd)
	cp "$B/bin/almoner" "$B/bin/deliver" "$B/bin/housekeep" "$SITE/bin"
	cp "$B"/cgi-bin/*.fcgi "$SITE/cgi-bin"
	cp -R htdocs "$SITE"
	sed -e "s|^var.site .*|var.site = \"$SITE\"|" \
	    -e "s|^var.port .*|var.port = $PORT|" \
	    etc/lighttpd/almoner.conf >"$SITE/lighttpd.conf"
	almoner init --dir "$SITE" --test-site --base-url "$base" >/dev/null
	cat >>"$SITE/almoner.conf" <<-END

	# Webhooks of sandboxes may be http:// on this machine.
	loopback_http = yes
	log = log/almoner.log
	END
}

# A partner whose back-end we shall be: keys, and a pool of tokens to give.
make_partner() {
	partner_id=$(almoner partner create --name 'Demo Shop' --slug demo \
	    --approve --json | field partnerId)
	pool_id=$(almoner pool create --partner demo --side test \
	    --name 'Demo pool' --default --json | field tokenPoolId)
	almoner pool allocate --pool "$pool_id" --partner demo --side test \
	    --tokens 1000000 >/dev/null
	keys=$(almoner key create --partner demo --side test --name demo \
	    --all-scopes --json)
	publishable_key=$(echo "$keys" | field publishableKey)
	secret_key=$(echo "$keys" | field secretKey)
	hmac_secret=$(echo "$keys" | field hmacSecret)
	(umask 077; cat >"$SITE/credentials.json") <<-END
	{
	  "baseUrl": "$base",
	  "partnerId": "$partner_id",
	  "publishableKey": "$publishable_key",
	  "secretKey": "$secret_key",
	  "hmacSecret": "$hmac_secret",
	  "tokenPoolId": "$pool_id"
	}
	END
}

start_server() {
	lighttpd -D -f "$SITE/lighttpd.conf" &
	server=$!
	echo "$server" >"$SITE/run/pid"
	trap stop_server EXIT
	trap 'exit 0' INT TERM HUP
	for try in 1 2 3 4 5 6 7 8 9 10; do
		curl -s -o /dev/null "$base/v1/" && return
		kill -0 "$server" 2>/dev/null || break
		sleep "0.$try"
	done
	die "lighttpd does not answer; see $SITE/log/"
}

# A port for the listener: of the next ones, the first that nobody has.
find_port() {
	for more in 1 2 3 4 5 6 7 8 9 10; do
		hook_port=$((PORT + more)) status=0
		curl -s -o /dev/null --max-time 2 \
		    "http://127.0.0.1:$hook_port/" || status=$?
		[ "$status" -ne 7 ] || return 0
	done
	die "Ports $((PORT + 1)) to $hook_port are taken: PORT=8081 make demo"
}

# What a partner's back-end would be: it prints what arrives.
start_listener() {
	"$SITE/bin/almoner" webhook listen --port "$hook_port" \
	    --secret "$1" >"$SITE/log/listener.log" 2>"$SITE/run/listener" &
	listener=$!
	for try in 1 2 3 4 5 6 7 8 9 10; do
		! grep -q 'listening on' "$SITE/run/listener" || return 0
		sleep "0.$try"
	done
	cat "$SITE/run/listener" >&2
	die "Nothing listens on port $hook_port."
}

# A delivery, once its verdict is there.
show_delivery() {
	for try in 1 2 3 4 5 6 7 8 9 10; do
		if grep -q '^    The signature' "$SITE/log/listener.log"; then
			cat "$SITE/log/listener.log"
			return
		fi
		sleep "0.$try"
	done
	die "No webhook came; see $SITE/log/"
}

stop_server() {
	[ -z "$listener" ] || kill "$listener" 2>/dev/null || true
	kill "$server" 2>/dev/null || true
	wait "$server" 2>/dev/null || true
	rm -f "$SITE/run/pid"
}

# Requests ------------------------------------------------------------------

# What partners do: join time, method, path and the body's hash, and sign that
# with the secret that both sides know.
sign() {
	body_hash=$(printf %s "$4" | openssl dgst -sha256 -r | cut -d' ' -f1)
	printf %s "$1$2$3$body_hash" |
	    openssl dgst -sha256 -hmac "$hmac_secret" -r | cut -d' ' -f1
}

# call METHOD PATH BODY: show the request, send it, show the answer.
call() {
	now=$(date +%s)
	signature=$(sign "$now" "$1" "$2" "$3")
	set -- "$@" "X-Partner-Key: $secret_key" "X-Timestamp: $now" \
	    "X-Signature: $signature"
	cat <<-END

	curl -X $1 $base$2 \\
	    -H 'Content-Type: application/json' \\
	    -H '$4' \\
	    -H '$5' \\
	    -H '$6' \\
	    --data-binary '$3'

	END
	answer=$(curl -s -X "$1" "$base$2" -H 'Content-Type: application/json' \
	    -H "$4" -H "$5" -H "$6" --data-binary "$3" -w '\n%{http_code}')
	status=${answer##*
}
	answer=${answer%
*}
	printf 'HTTP %s\n%s\n' "$status" "$answer"
	case $status in
	200|201) ;;
	*) die "That was to be a 200." ;;
	esac
}

# expect NAME VALUE: the last answer must say so.
expect() {
	value=$(printf '%s\n' "$answer" | field "$1")
	[ "$value" = "$2" ] || die "Expected $1 to be $2, not '$value'."
}

# The story -----------------------------------------------------------------

listener=
check_free
find_port
make_site
make_partner
start_server

cat <<END
Almoner listens on $base.  A request is signed like this:

    body_hash=\$(printf %s "\$body" | openssl dgst -sha256 -r | cut -d' ' -f1)
    printf %s "\$timestamp\$method\$path\$body_hash" |
        openssl dgst -sha256 -hmac "\$hmac_secret" -r | cut -d' ' -f1

The shop's back-end wants to be told of each reward, by a webhook to an address
of its own:
END

call POST /v1/partner/webhooks '{
  "url": "http://127.0.0.1:'"$hook_port"'/",
  "eventTypes": ["action.completed"]
}'
start_listener "$(printf '%s\n' "$answer" | field secret)"

cat <<'END'

Jane buys for $49.99.  The shop's back-end asks us to reward her:
END

call POST /v1/partner/actions/submit '{
  "idempotencyKey": "order_98765",
  "actionType": "PURCHASE",
  "amount": 49.99,
  "currency": "USD",
  "stakeholders": [
    {
      "stakeholderTypeCode": "CUSTOMER",
      "partnerUserId": "user_42",
      "userEmail": "customer@example.com",
      "userFirstName": "Jane",
      "userLastName": "Doe"
    }
  ],
  "autoCreateUsers": true,
  "metadata": {
    "orderId": "98765",
    "sku": "WIDGET-001",
    "channel": "web"
  }
}'
expect tokensDistributed 50
action_id=$(printf '%s\n' "$answer" | field actionId)

cat <<'END'

The webhook follows.  "almoner webhook listen" has made its signature again,
and prints what it thinks of it:

END
show_delivery

printf '\nShe spends 15 of her 50 tokens:\n'
call POST /v1/partner/users/user_42/redeem '{
  "idempotencyKey": "redeem_1",
  "tokens": 15,
  "reason": "A coffee"
}'

cat <<'END'

Then she returns what she bought.  35 tokens come back; the 15 that she has
spent become a debt, which her next rewards will pay first:
END
call POST "/v1/partner/actions/$action_id/reverse" '{
  "reversalPercentage": 100,
  "reason": "Order refunded - return processed",
  "refundIdempotencyKey": "refund_order_98765"
}'
expect tokensClawedBack 35
expect debtsCreated 1
expect debt 15

printf '\nDo the books add up?\n\n'
almoner ledger verify

where=${SITE#"$PWD/"}
cat <<END

What to try next, in another terminal:

    $where/bin/almoner sign --credentials $where/credentials.json \\
        --path /v1/partner/users/user_42/balance | sh
    $where/bin/almoner ledger balance --partner demo --side test
    $where/bin/almoner ledger export --partner demo --side test
    $where/bin/almoner --help

or send the first request again: an order is rewarded once.  Donate in a
browser, on a page with the widget:

    $base/demo/?key=$publishable_key

The whole API, as a document for programs: $base/docs/openapi.json.
What the listener got: $where/log/listener.log.  Webhooks that fail are sent
again, and what is due is done, by cron on a site of your own; here, by hand:

    $where/bin/deliver; $where/bin/housekeep

The keys are in $where/credentials.json, the books in $where/data/.

$base answers until you press Ctrl-C.
END

wait "$server" || die "lighttpd ended; see $SITE/log/"
