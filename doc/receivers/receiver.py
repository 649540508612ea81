#!/usr/bin/env python3
"""A receiver of webhooks in one file: Python 3.8 or newer, no packages.

    WEBHOOK_SECRET=whsec_… python3 receiver.py [PORT]

It takes the format sir.  Copy verify(); what matters is in it.
"""

import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"]
MOST = 256 * 1024  # no delivery has a larger body
SKEW_S = 300


def verify(secret, headers, body):
    """Is it from the site, and new?  `body` is the bytes as received."""
    stamp = headers.get("X-SIR-Timestamp", "")
    said = headers.get("X-SIR-Signature", "")
    made = "sha256=" + hmac.new(
        secret.encode(), stamp.encode() + b"." + body, hashlib.sha256
    ).hexdigest()
    return (
        hmac.compare_digest(said.encode(), made.encode())
        and stamp.isdigit()
        and abs(time.time() - int(stamp)) <= SKEW_S
    )


# A delivery may come twice: keep the ids, say in a table of their own.
seen = set()


def handle(event):
    """Put the work into a queue: after 10 s it counts as failed."""
    print(event["type"], event["id"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    timeout = 10

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isdigit() else MOST + 1
        body = self.rfile.read(size) if size <= MOST else None
        if body is None or not verify(SECRET, self.headers, body):
            return self.answer(400, b"signature does not match\n")
        event = json.loads(body)  # not before it is verified
        if event["id"] not in seen:
            handle(event)
            seen.add(event["id"])
        return self.answer(200, b"")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8090
    ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
