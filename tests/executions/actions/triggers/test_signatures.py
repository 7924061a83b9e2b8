"""Who may call an endpoint: tokens, and signatures in the forms of GitHub, Stripe, Svix."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from executions.actions.triggers.signatures import NotAuthorized, check_call, sign_standard

BODY = b'{"hello": 1}'
NOW = 1_800_000_000.0
SECRET = "a-secret-that-is-long-enough"


def hexed(content: bytes) -> str:
    return hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()


def test_a_bearer_token() -> None:
    assert check_call("BEARER", SECRET, {"authorization": f"Bearer {SECRET}"}, BODY, NOW) is None
    for wrong in ("", f"Basic {SECRET}", "Bearer", "Bearer other", SECRET, "Bearer é"):
        with pytest.raises(NotAuthorized):
            check_call("BEARER", SECRET, {"authorization": wrong}, BODY, NOW)


def test_githubs_own_example() -> None:
    # From "Testing the webhook payload validation" of GitHub's documentation.
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = {"x-hub-signature-256": signature, "x-github-delivery": "72d3162e"}
    secret = "It's a Secret to Everybody"
    assert check_call("GITHUB", secret, headers, b"Hello, World!", NOW) == "72d3162e"
    with pytest.raises(NotAuthorized):
        check_call("GITHUB", secret, headers, b"Hello, World?", NOW)
    with pytest.raises(NotAuthorized):
        check_call("GITHUB", secret, {}, b"Hello, World!", NOW)


def test_stripes_form_with_its_moment() -> None:
    good = hexed(b"1800000000." + BODY)
    for header in (f"t=1800000000,v1={good}", f"t=1800000000,v1=0,v1={good},v0=1"):
        check_call("STRIPE", SECRET, {"stripe-signature": header}, BODY, NOW + 299)
    for header in ("", "t=1800000000", f"v1={good}", f"t=1800000001,v1={good}", f"t=x,v1={good}"):
        with pytest.raises(NotAuthorized):
            check_call("STRIPE", SECRET, {"stripe-signature": header}, BODY, NOW)
    for late in (301, -301):
        header = f"t=1800000000,v1={good}"
        with pytest.raises(NotAuthorized, match="300 seconds"):
            check_call("STRIPE", SECRET, {"stripe-signature": header}, BODY, NOW + late)


def test_standard_webhooks_own_example() -> None:
    # From the specification's test vectors.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    when = 1614265330.0
    assert check_call("STANDARD_WEBHOOKS", secret, headers, body, when) == headers["webhook-id"]
    for changed in (
        {"webhook-id": "other"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1614265331"},
        {"webhook-signature": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"webhook-signature": ""},
    ):
        with pytest.raises(NotAuthorized):
            check_call("STANDARD_WEBHOOKS", secret, headers | changed, body, when)
    with pytest.raises(NotAuthorized, match="300 seconds"):
        check_call("STANDARD_WEBHOOKS", secret, headers, body, when + 301)


def test_what_we_sign_we_take() -> None:
    secret = f"whsec_{base64.b64encode(b'k' * 24).decode()}"
    headers = sign_standard(secret, "event-7", int(NOW), BODY)
    assert check_call("STANDARD_WEBHOOKS", secret, headers, BODY, NOW) == "event-7"


def test_no_other_kind_is_taken() -> None:
    with pytest.raises(NotAuthorized):
        check_call("NONE", SECRET, {}, BODY, NOW)
