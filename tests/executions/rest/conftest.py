"""A signed-in browser for the REST API."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient


@pytest.fixture
def api(db: None) -> APIClient:
    client = APIClient()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client
