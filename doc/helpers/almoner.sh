#!/bin/sh
# A client for an Almoner site in one file: sh, curl and openssl, no more.
# Copy it; run it, or read it into a script of yours (". ./almoner.sh").
#
#	sh almoner.sh CREDENTIALS.json				a first reward
#	sh almoner.sh CREDENTIALS.json METHOD PATH [BODY]	any request
#
# The signing secret is seen in the list of processes while openssl runs: on a
# host that you share with others take another language.

# almoner_open FILE: the keys, and where the site is.
almoner_open() {
	almoner_url=$(almoner_field baseUrl <"$1")
	almoner_url=${almoner_url%/}
	almoner_key=$(almoner_field secretKey <"$1")
	almoner_secret=$(almoner_field hmacSecret <"$1")
}

# almoner_field NAME: its first value in the JSON on standard input.
almoner_field() {
	sed -n "s/.*\"$1\" *: *\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p" | head -n 1
}

# almoner_sign TIMESTAMP METHOD PATH BODY: the signature.
almoner_sign() {
	almoner_hash=$(printf %s "$4" | openssl dgst -sha256 -r |
	    cut -d' ' -f1)
	printf %s "$1$2$3$almoner_hash" |
	    openssl dgst -sha256 -hmac "$almoner_secret" -r | cut -d' ' -f1
}

# almoner METHOD PATH [BODY]: send it, and print the answer.  The path begins
# with /v1/, percent-encoded, with its query.  It is sent again while nobody
# answers or the site asks for patience; the keys in the body and the
# Idempotency-Key stay the same, so it is done once.  409 IDEMPOTENT says that
# it was done before: that is success.  Any other refusal goes to standard
# error, and the status is 1.
almoner() (
	method=$1 path=$2 body=${3-}
	once=$(openssl rand -hex 16)
	headers=$(mktemp) || exit 1
	trap 'rm -f "$headers"' EXIT
	for try in 1 2 3 4 5; do
		now=$(date +%s)
		signature=$(almoner_sign "$now" "$method" "$path" "$body")
		set -- -H "X-Partner-Key: $almoner_key" \
		    -H "X-Timestamp: $now" -H "X-Signature: $signature"
		[ "$method" = GET ] || set -- "$@" --data-binary @- \
		    -H 'Content-Type: application/json' \
		    -H "Idempotency-Key: $once"
		: >"$headers"
		answer=$(printf %s "$body" | curl -sS -g --path-as-is -m 30 \
		    -D "$headers" -X "$method" "$@" "$almoner_url$path")
		status=$(sed -n 's/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$headers" |
		    tail -n 1)
		case $status:$answer in
		2??:* | 409:*'"code":"IDEMPOTENT"'*)
			printf '%s\n' "$answer"
			exit 0 ;;
		:* | 429:* | 5??:* | 409:*'"code":"IN_PROGRESS"'*)
			[ "$try" -lt 5 ] || break
			wait=$(tr -d '\r' <"$headers" |
			    sed -n 's/^[Rr]etry-[Aa]fter: //p')
			sleep "${wait:-$try}" ;;
		*)	break ;;
		esac
	done
	echo "HTTP ${status:-0} $answer" >&2
	exit 1
)

# The story: a reward, the balance, and the reward taken back.
almoner_story() {
	order=order_$(date +%s)_$$	# yours: the number of the order

	answer=$(almoner POST /v1/partner/actions/submit '{
	    "idempotencyKey": "'"$order"'",
	    "actionType": "PURCHASE", "amount": 49.99, "currency": "USD",
	    "tokenPoolId": "'"$(almoner_field tokenPoolId <"$1")"'",
	    "stakeholders": [{"stakeholderTypeCode": "CUSTOMER",
	        "partnerUserId": "zoë@shop.example", "userFirstName": "Zoë"}],
	    "autoCreateUsers": true}') || return
	printf 'reward    %s\n' "$answer"
	action=$(printf '%s\n' "$answer" | almoner_field actionId)

	answer=$(almoner GET \
	    /v1/partner/users/zo%C3%AB%40shop.example/balance) || return
	printf 'balance   %s\n' "$answer"

	answer=$(almoner POST "/v1/partner/actions/$action/reverse" '{
	    "reason": "returned",
	    "refundIdempotencyKey": "refund_'"$order"'"}') || return
	printf 'reversal  %s\n' "$answer"
}

case ${0##*/}:$# in
almoner.sh:1)	almoner_open "$1" && almoner_story "$1" ;;
almoner.sh:[34]) almoner_open "$1" && shift && almoner "$@" ;;
almoner.sh:*)	echo "usage: almoner.sh CREDENTIALS [METHOD PATH [BODY]]" >&2
		exit 2 ;;
esac
