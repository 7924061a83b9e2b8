"""Signing in at an OpenID provider over real HTTP: what is taken, and what is refused."""

from __future__ import annotations

import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from studio.models import AuditEntry
from studio.single_sign_on import provider as client_of_provider
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, signed_with, unsigned

BEGIN = "/sign-in/openid/"


def begin(browser: Client, going_to: str = "/executions?a=b") -> str:
    """To the provider; its address."""
    answer = browser.get(BEGIN, {"next": going_to})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def sign_in(browser: Client, provider: OpenIdProvider) -> HttpResponse:
    """There and back; what the person sees."""
    return come_back(browser, provider.agree(begin(browser)))


def come_back(browser: Client, address: str) -> HttpResponse:
    parts = urllib.parse.urlsplit(address)
    assert (parts.netloc, parts.path) == ("testserver", f"{BEGIN}callback/")
    answer: HttpResponse = browser.get(f"{parts.path}?{parts.query}")  # type: ignore[assignment]
    return answer


def is_signed_in(browser: Client) -> bool:
    return browser.get("/api/session/").status_code == 200


def failures() -> list[str]:
    entries = AuditEntry.objects.filter(action="session.signInFailed").order_by("id")
    return [each.details for each in entries]


def test_somebody_signs_in(provider: OpenIdProvider) -> None:
    browser = Client()
    page = browser.get("/sign-in/?next=/executions").content.decode()
    assert "Sign in with Acme" in page
    assert f"{BEGIN}?next=%2Fexecutions" in page
    answer = sign_in(browser, provider)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/executions?a=b")
    session = browser.get("/api/session/").json()
    assert (session["username"], session["hasPassword"]) == ("ada", False)
    told = AuditEntry.objects.get(action="session.signIn")
    assert (told.actor, told.subject) == ("ada", "ada")
    assert f'"issuer":"{provider.issuer}"' in told.details
    assert '"with":"single sign-on"' in told.details
    # Whoever is signed in is not sent to the provider again.
    assert browser.get(BEGIN, {"next": "/audit"}).headers["Location"] == "/audit"
    # The second time it is the same account, whatever the person is called by now.
    provider.person = {"sub": "s-1", "preferred_username": "countess"}
    again = Client()
    assert sign_in(again, provider).status_code == 302
    assert again.get("/api/session/").json()["username"] == "ada"


def test_what_is_asked_of_the_provider(provider: OpenIdProvider) -> None:
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begin(Client())).query))
    assert query["redirect_uri"] == f"http://testserver{BEGIN}callback/"
    assert query["scope"] == "openid profile email"
    assert len(query["state"]) >= 20
    assert len(query["nonce"]) >= 20
    assert query["code_challenge_method"] == "S256"
    assert CLIENT_SECRET not in str(query)


def signed_by(key: Any, algorithm: str) -> Callable[[dict[str, Any]], str]:
    def sign(claims: dict[str, Any]) -> str:
        header = {"alg": algorithm, "kid": "first"}
        return jwt.encode(header, claims, key, algorithms=[algorithm])

    return sign


def altered(sign: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any]], str]:
    """Signed, and then somebody else's subject is put in."""

    def tamper(claims: dict[str, Any]) -> str:
        head, _, signature = sign(claims).split(".")
        body = unsigned({**claims, "sub": "root"}).split(".")[1]
        return f"{head}.{body}.{signature}"

    return tamper


WRONG: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "of another sign-in"},
    "no nonce": {"nonce": None},
    "audience": {"aud": "another-client"},
    "audience, though for us": {"aud": "another-client", "azp": CLIENT_ID},
    "several audiences, for another": {"aud": [CLIENT_ID, "other"], "azp": "other"},
    "issuer": {"iss": "https://elsewhere.example"},
    "expired": {"exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "from the future": {"iat": int(time.time()) + 3600},
    "no subject": {"sub": None},
    "a subject that is no text": {"sub": 7},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_claims_that_prove_nothing(provider: OpenIdProvider, wrong: dict[str, Any]) -> None:
    provider.change = lambda claims: {
        name: value for name, value in {**claims, **wrong}.items() if value is not None
    }
    refused(provider)


def test_signatures_that_prove_nothing(provider: OpenIdProvider) -> None:
    rightly = provider.sign
    for sign in (
        unsigned,
        signed_by(ECKey.generate_key("P-256"), "ES256"),
        # With what the provider and we both know, and with what everybody knows.
        signed_with(CLIENT_SECRET.encode()),
        signed_with(provider.key.as_pem(private=False)),
        altered(rightly),
        lambda _: "not.a.token",
    ):
        provider.sign = sign
        refused(provider)
    provider.sign = rightly
    assert sign_in(Client(), provider).status_code == 302


def refused(provider: OpenIdProvider) -> None:
    before = len(failures())
    browser = Client()
    answer = sign_in(browser, provider)
    page = answer.content.decode()
    assert (answer.status_code, "Not signed in" in page) == (403, True)
    assert not is_signed_in(browser)
    assert not User.objects.exists()
    assert len(failures()) == before + 1
    assert "single sign-on" in failures()[-1]


def test_without_an_id_token_nobody_is_anybody(provider: OpenIdProvider) -> None:
    provider.has_id_token = False
    refused(provider)


def test_a_new_key_is_found(provider: OpenIdProvider) -> None:
    assert sign_in(Client(), provider).status_code == 302
    provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    provider.algorithm = "RS256"
    refused_browser = Client()
    # Not published: whoever has it is nobody.
    assert sign_in(refused_browser, provider).status_code == 403
    provider.published.append(provider.key)
    assert sign_in(Client(), provider).status_code == 302


def test_an_answer_belongs_to_the_browser_that_asked(provider: OpenIdProvider) -> None:
    victim, attacker = Client(), Client()
    address = provider.agree(begin(attacker))
    # The attacker's answer, in the victim's browser: nobody is signed in as the attacker.
    for browser in (victim, Client()):
        answer = come_back(browser, address)
        assert answer.status_code == 403
        assert "begun in this browser" in answer.content.decode()
        assert not is_signed_in(browser)
    # Such answers anybody can make up: they leave nothing behind.
    assert failures() == []
    assert come_back(attacker, address).status_code == 302
    attacker.post("/sign-out/")
    assert come_back(attacker, address).status_code == 403


def test_a_code_of_another_sign_in_is_refused(provider: OpenIdProvider) -> None:
    browser = Client()
    theirs = urllib.parse.urlsplit(provider.agree(begin(Client()))).query
    stolen = dict(urllib.parse.parse_qsl(theirs))["code"]
    state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begin(browser)).query))["state"]
    answer = browser.get(f"{BEGIN}callback/", {"code": stolen, "state": state})
    assert answer.status_code == 403
    assert "invalid_grant" in answer.content.decode()
    assert not is_signed_in(browser)


def test_the_providers_refusal_is_shown_as_text(provider: OpenIdProvider) -> None:
    browser = Client()
    state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begin(browser)).query))["state"]
    told = {"error": "access_denied", "error_description": "<script>no</script>", "state": state}
    answer = browser.get(f"{BEGIN}callback/", told)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "access_denied" in page
    assert "<script>no" not in page


def test_an_answer_of_another_provider_is_refused(provider: OpenIdProvider) -> None:
    browser = Client()
    address = provider.agree(begin(browser))
    assert come_back(browser, f"{address}&iss=https://elsewhere.example").status_code == 403
    assert not is_signed_in(browser)


def test_the_provider_must_be_who_it_was_said_to_be(provider: OpenIdProvider) -> None:
    provider.metadata = {"issuer": "https://elsewhere.example"}
    answer = Client().get(BEGIN)
    assert answer.status_code == 502
    assert "https://elsewhere.example" in answer.content.decode()


def test_a_provider_that_is_away(provider: OpenIdProvider, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:1"
    answer = Client().get(BEGIN)
    assert answer.status_code == 502
    assert "Try again later" in answer.content.decode()
    assert Client().get("/sign-in/").status_code == 200
    assert Client().get("/sign-out/openid/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("going_to", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_elsewhere(provider: OpenIdProvider, going_to: str) -> None:
    browser = Client()
    answer = come_back(browser, provider.agree(begin(browser, going_to)))
    assert answer.headers["Location"] == "/"


def test_a_session_has_a_new_id_after_signing_in(provider: OpenIdProvider) -> None:
    browser = Client()
    address = provider.agree(begin(browser))
    before = browser.session.session_key
    come_back(browser, address)
    assert browser.session.session_key != before


def test_the_secret_may_be_asked_for_in_the_body(provider: OpenIdProvider) -> None:
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert sign_in(Client(), provider).status_code == 302


def test_signing_out_offers_to_end_the_session_at_the_provider(provider: OpenIdProvider) -> None:
    browser = Client()
    sign_in(browser, provider)
    answer = browser.post("/sign-out/")
    assert answer.headers["Location"] == "/sign-in/?left"
    assert "end it, too" in browser.get("/sign-in/?left").content.decode()
    there = browser.get("/sign-out/openid/").headers["Location"]
    assert there.startswith(f"{provider.issuer}/end?")
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(there).query))
    assert query["client_id"] == CLIENT_ID
    assert query["post_logout_redirect_uri"] == "http://testserver/sign-in/"
    # Whoever came with a password is offered nothing.
    browser.force_login(User.objects.create_user("bob"))
    assert browser.post("/sign-out/").headers["Location"] == "/sign-in/"


def test_nothing_is_there_without_a_provider(db: None, settings: Any) -> None:
    client_of_provider._made.cache_clear()
    settings.OIDC_ISSUER = ""
    for path in (BEGIN, f"{BEGIN}callback/", "/sign-out/openid/"):
        assert Client().get(path).status_code == 404
    assert "Sign in with" not in Client().get("/sign-in/").content.decode()


def test_what_proves_a_sign_in_is_in_no_log(
    provider: OpenIdProvider, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("studio", "executions", "django", "axes"):
        caplog.set_level("DEBUG", logger=name)
    browser = Client()
    sign_in(browser, provider)
    assert CLIENT_SECRET not in caplog.text
    assert "code_verifier" not in caplog.text
