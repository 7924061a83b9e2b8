"""A small OpenID provider over real HTTP: discovery, the code flow with PKCE, keys, userinfo.

It does as it should unless a test has changed what it says.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

CLIENT_ID = "stepwell"
CLIENT_SECRET = "canary-of-a-client-secret"
ALGORITHMS = ["ES256", "RS256", "HS256"]
Claims = dict[str, Any]
Key = ECKey | RSAKey


class OpenIdProvider:
    """Knows one person at a time, whoever ``person`` is, and asks for no password."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.issuer = f"http://127.0.0.1:{server.server_port}"
        self.key: Key = ECKey.generate_key("P-256", {"kid": "first"})
        self.published: list[Key] = [self.key]
        self.algorithm = "ES256"
        self.person: Claims = {"sub": "s-1", "preferred_username": "ada"}
        # Only what the userinfo endpoint says.
        self.userinfo: Claims = {}
        self.metadata: dict[str, Any] = {}
        self.change: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = self._sign
        self.has_id_token = True
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._person_of: dict[str, str] = {}

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [*ALGORITHMS, "none"],
            **self.metadata,
        }

    def agree(self, address: str) -> str:
        """What a browser does there: the person agrees, and is sent back to this address."""
        parts = urllib.parse.urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        query = dict(urllib.parse.parse_qsl(parts.query))
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(8)
        self._codes[code] = query
        back = urllib.parse.urlencode({"code": code, "state": query["state"]})
        return f"{query['redirect_uri']}?{back}"

    def give_tokens(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token endpoint: a code is good once, for who began, with the verifier."""
        begun = self._codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        posted = (form.get("client_id"), form.get("client_secret"))
        if authorization != f"Basic {basic}" and posted != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        verifier = form.get("code_verifier", "")
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = _text(digest)
        if (
            begun is None
            or begun["code_challenge"] != challenge
            or begun["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant", "error_description": "no such code"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            **self.person,
        }
        token = secrets.token_urlsafe(8)
        self._person_of[token] = self.person["sub"]
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
        if self.has_id_token:
            answer["id_token"] = self.sign(self.change(claims))
        return 200, answer

    def tell(self, authorization: str) -> tuple[int, dict[str, Any]]:
        """The userinfo endpoint."""
        subject = self._person_of.get(authorization.removeprefix("Bearer "))
        if subject is None:
            return 401, {"error": "invalid_token"}
        return 200, {"sub": subject, **self.userinfo}

    def _sign(self, claims: Claims) -> str:
        header = {"alg": self.algorithm}
        if kid := self.key.kid:
            header["kid"] = kid
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])


def unsigned(claims: Claims) -> str:
    """An ID token of the algorithm "none"."""
    return _put_together({"alg": "none", "typ": "JWT"}, claims) + "."


def signed_with(secret: bytes) -> Callable[[Claims], str]:
    """Makes ID tokens by HS256, which libraries refuse to do with a public key as the secret."""

    def sign(claims: Claims) -> str:
        text = _put_together({"alg": "HS256", "kid": "first"}, claims)
        return f"{text}.{_text(hmac.digest(secret, text.encode(), 'sha256'))}"

    return sign


def _put_together(header: Claims, claims: Claims) -> str:
    return ".".join(_text(json.dumps(part).encode()) for part in (header, claims))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    provider: OpenIdProvider

    def do_GET(self) -> None:
        path = urllib.parse.urlsplit(self.path).path
        self.provider.asked.append(path)
        if path == "/.well-known/openid-configuration":
            self._answer(200, self.provider.describe())
        elif path == "/keys":
            keys = KeySet(self.provider.published)
            self._answer(200, dict(keys.as_dict(private=False)))
        elif path == "/authorize":
            self._send_back(self.provider.agree(f"{self.provider.issuer}{self.path}"))
        elif path == "/userinfo":
            self._answer(*self.provider.tell(self.headers.get("Authorization", "")))
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = dict(urllib.parse.parse_qsl(body))
        self._answer(*self.provider.give_tokens(form, self.headers.get("Authorization", "")))

    def _answer(self, status: int, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_back(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    """A provider that runs for as long as the context."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = OpenIdProvider(server)
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
