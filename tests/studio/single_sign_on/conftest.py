"""A provider, and an installation where people sign in at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from studio.single_sign_on import provider as client
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, openid_provider


@pytest.fixture
def provider(settings: Any, db: None) -> Iterator[OpenIdProvider]:
    client._made.cache_clear()
    with openid_provider() as running:
        settings.OIDC_ISSUER = running.issuer
        settings.OIDC_CLIENT_ID = CLIENT_ID
        settings.OIDC_CLIENT_SECRET = CLIENT_SECRET
        settings.OIDC_NAME = "Acme"
        settings.AUTHENTICATION_BACKENDS = [
            *settings.AUTHENTICATION_BACKENDS,
            "studio.actions.identities.LinkedAccounts",
        ]
        yield running
    client._made.cache_clear()
