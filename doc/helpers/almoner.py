"""A client for an Almoner site in one file: Python 3.8 or newer, no packages.

Copy it; run it, or import it:

    python3 almoner.py CREDENTIALS.json                       a first reward
    python3 almoner.py CREDENTIALS.json METHOD PATH [BODY]    any request

    from almoner import Almoner
    almoner = Almoner(base_url, secret_key, hmac_secret)
    answer = almoner.request("POST", path, {...})
"""

import hashlib
import hmac
import http.client
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

TRIES = 5


class Refused(Exception):
    """What the site refused, and why: see problem["code"]."""

    def __init__(self, status, problem):
        super().__init__(f"HTTP {status} {to_json(problem)}")
        self.status = status
        self.problem = problem


class Almoner:
    def __init__(self, base_url, secret_key, hmac_secret):
        self.base_url = base_url.rstrip("/")
        self.secret_key = secret_key
        self.hmac_secret = hmac_secret

    def sign(self, method, path, body):
        """The headers of one request; the body is bytes, as it is sent."""
        timestamp = str(int(time.time()))
        text = timestamp + method + path + hashlib.sha256(body).hexdigest()
        return {
            "X-Partner-Key": self.secret_key,
            "X-Timestamp": timestamp,
            "X-Signature": hmac.new(
                self.hmac_secret.encode(), text.encode(), hashlib.sha256
            ).hexdigest(),
        }

    def request(self, method, path, data=None):
        """Send a request and give its answer.

        The path begins with /v1/, its parts percent-encoded, with its query.
        The request is sent again while nobody answers or the site asks for
        patience; the keys in the body and the Idempotency-Key stay the same,
        so it is done once.  409 IDEMPOTENT says that it was done before: that
        is success.
        """
        if data is None:
            body = b""
        else:
            body = (data if isinstance(data, str) else to_json(data)).encode()
        more = {}
        if method != "GET":
            more["Content-Type"] = "application/json"
            more["Idempotency-Key"] = str(uuid.uuid4())
        for n in range(1, TRIES + 1):
            status, wait, answer = once(urllib.request.Request(
                self.base_url + path,
                data=None if method == "GET" else body,
                headers={**self.sign(method, path, body), **more},
                method=method,
            ))
            code = answer.get("code")
            if 200 <= status < 300 or (status, code) == (409, "IDEMPOTENT"):
                return answer
            again = status in (0, 429) or status >= 500 or (
                (status, code) == (409, "IN_PROGRESS"))
            if not again or n == TRIES:
                raise Refused(status, answer)
            time.sleep(wait or n)


def once(request):
    """One try: status, seconds to wait, answer.  Status 0: nobody answers."""
    try:
        try:
            response = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error  # an answer like any other
        with response:
            text = response.read().decode()
            wait = response.headers.get("Retry-After", "")
            return (response.status, int(wait) if wait.isdigit() else 0,
                    from_json(text))
    except (OSError, http.client.HTTPException) as error:
        return 0, 0, {"detail": str(error)}


def to_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(text):
    """JSON, or what a server in between said."""
    try:
        return json.loads(text)
    except ValueError:
        return {"detail": text}


def story(almoner, credentials):
    """A reward, the balance, and the reward taken back."""
    order = f"order_{uuid.uuid4()}"  # yours: the number of the order
    user = "zoë@shop.example"

    action = almoner.request("POST", "/v1/partner/actions/submit", {
        "idempotencyKey": order,
        "actionType": "PURCHASE", "amount": 49.99, "currency": "USD",
        "tokenPoolId": credentials["tokenPoolId"],
        "stakeholders": [{
            "stakeholderTypeCode": "CUSTOMER",
            "partnerUserId": user, "userFirstName": "Zoë",
        }],
        "autoCreateUsers": True,
    })
    print("reward   ", to_json(action))

    path = f"/v1/partner/users/{urllib.parse.quote(user, safe='')}/balance"
    print("balance  ", to_json(almoner.request("GET", path)))

    path = f"/v1/partner/actions/{action['actionId']}/reverse"
    print("reversal ", to_json(almoner.request("POST", path, {
        "reason": "returned",
        "refundIdempotencyKey": f"refund_{order}",
    })))


def main(words):
    if len(words) not in (1, 3, 4):
        print("usage: almoner.py CREDENTIALS [METHOD PATH [BODY]]",
              file=sys.stderr)
        return 2
    with open(words[0], encoding="utf-8") as file:
        credentials = json.load(file)
    almoner = Almoner(credentials["baseUrl"], credentials["secretKey"],
                      credentials["hmacSecret"])
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        if len(words) == 1:
            story(almoner, credentials)
        else:
            print(to_json(almoner.request(*words[1:])))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
