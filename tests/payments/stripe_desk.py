"""Stripe as tests meet it: localstripe for payments, refunds and signed notifications, and in front of
it the hosted page (Checkout Sessions), which localstripe does not have.

localstripe is GPL and never part of the product: it runs in a process and a venv of its own.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.serving.network import free_port

VERSION = "1.15.10"
KEY = "sk_test_of_the_tests"
GOOD_CARD, ASKS_THE_BANK, DECLINED = "4242424242424242", "4000002500003155", "4000000000000341"


def localstripe() -> Path:
    """The program, installed once. Without it tests are skipped, in CI they fail."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "perron")
    folder = cache / f"localstripe-{VERSION}"
    program = folder / "bin" / "localstripe"
    if not program.exists():
        python = folder / "bin" / "python"
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
            subprocess.run(
                [python, "-m", "pip", "install", "--quiet", f"localstripe=={VERSION}"],
                check=True,
                capture_output=True,
                timeout=240,
            )
        except (subprocess.SubprocessError, OSError) as error:
            reason = f"localstripe cannot be installed here ({error})"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return program


class Desk:
    """`url` is what the shop takes for Stripe. `told` are the notifications, as they were signed."""

    def __init__(self, folder):
        self._behind = (
            f"http://127.0.0.1:{free_port('127.0.0.1', random.randrange(20_000, 32_000))}"
        )
        self._store = folder
        self.sessions, self.keys, self.told = {}, [], []
        self.broken = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.stripe = httpx.Client(base_url=self._behind, auth=(KEY, ""), timeout=10)

    def open(self, secret):
        port = str(urlsplit(self._behind).port)
        self._process = subprocess.Popen(
            [localstripe(), "--port", port, "--from-scratch"],
            cwd=self._store,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        for _ in range(400):
            try:
                self.stripe.get("/")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        hook = {"url": f"{self.url}/told", "secret": secret, "events": []}
        self.stripe.post(
            "/_config/webhooks/shop", json={k: v for k, v in hook.items() if v}
        ).raise_for_status()
        return self

    def close(self):
        self._server.shutdown()
        self.stripe.close()
        self._process.terminate()
        self._process.wait(10)

    def pay(self, session_id, card, *, approve=True):
        """What a shopper does on the hosted page. False when the card was declined."""
        session = self.sessions[session_id]
        assert session["status"] == "open"
        method = self.stripe.post(
            "/v1/payment_methods",
            data={
                "type": "card",
                "card[number]": card,
                "card[exp_month]": "12",
                "card[exp_year]": "2040",
                "card[cvc]": "123",
            },
        ).json()["id"]
        wanted = session["wanted"]
        held = wanted.get("payment_method_options[card][capture_method]") == "manual"
        paid = self.stripe.post(
            "/v1/payment_intents",
            data={
                "amount": wanted["line_items[0][price_data][unit_amount]"],
                "currency": wanted["line_items[0][price_data][currency]"],
                "payment_method": method,
                "capture_method": "manual" if held else "automatic",
                "metadata[intent]": wanted["payment_intent_data[metadata][intent]"],
                "confirm": "true",
            },
        )
        if paid.status_code != 200:
            return False
        payment = paid.json()
        session["payment_intent"] = payment["id"]
        if payment["status"] == "requires_action":
            self.stripe.post(
                f"/v1/payment_intents/{payment['id']}/_authenticate",
                data={"client_secret": payment["client_secret"], "success": str(approve).lower()},
            )
        if self.payment(session)["status"] not in ("succeeded", "requires_capture"):
            session["payment_intent"] = None
            return False
        session["status"] = "complete"
        return True

    def payment(self, session):
        address = f"/v1/payment_intents/{session['payment_intent']}?expand[]=latest_charge"
        return self.stripe.get(address).json()

    def refunds(self):
        return [
            (one["amount"], one["metadata"].get("refund"))
            for one in self.stripe.get("/v1/refunds?limit=20").json()["data"]
        ]

    def answer(self, method, address, body, key):
        parts = urlsplit(address).path.split("/")
        if parts[2:4] != ["checkout", "sessions"]:
            if method == "GET":
                return self.stripe.get(address)
            return self.stripe.post(address, content=body, headers={"Content-Type": FORM})
        if len(parts) == 4:
            return self._new_session(body, key)
        session = self.sessions[parts[4]]
        if parts[-1] == "expire":
            session["status"] = "expired"
        shown = {name: value for name, value in session.items() if name != "wanted"}
        if session["payment_intent"]:
            shown["payment_intent"] = self.payment(session)
        return shown

    def _new_session(self, body, key):
        again = [one for one in self.sessions.values() if one["key"] == key]
        if again:
            return {name: value for name, value in again[0].items() if name != "wanted"}
        wanted = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        id = f"cs_test_{len(self.sessions) + 1}"
        session = {
            "id": id,
            "object": "checkout.session",
            "url": f"https://checkout.stripe.test/{id}",
            "status": "open",
            "payment_intent": None,
            "key": key,
        }
        self.sessions[id] = {**session, "wanted": wanted}
        return session

    def _handler(self):
        desk = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self._do("GET", b"")

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == "/told":
                    desk.told.append((body, self.headers["Stripe-Signature"]))
                    return self._send(200, b"{}")
                return self._do("POST", body)

            def _do(self, method, body):
                key = self.headers.get("Idempotency-Key")
                desk.keys.append(key)
                answer = desk.answer(method, self.path, body, key)
                if desk.broken:  # it was done, and nobody hears of it
                    desk.broken -= 1
                    return self._send(500, b'{"error": {"message": "broken", "type": "api_error"}}')
                if isinstance(answer, dict):
                    return self._send(200, json.dumps(answer).encode())
                return self._send(answer.status_code, answer.content)

            def _send(self, status, body):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


FORM = "application/x-www-form-urlencoded"
