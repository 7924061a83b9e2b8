"""A connection tried out: what it tells, what it keeps to itself, and where it does not go."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from executions.actions.connections import create_connection
from executions.integrations.http.addresses import AllowList
from executions.integrations.http.connection_trial import Tried, try_connection
from executions.integrations.http.exchange import Client
from tests.executions.integrations.test_http import API_KEY, SECRET, Api, api  # noqa: F401

pytestmark = pytest.mark.django_db


def oauth(endpoint: str) -> dict[str, Any]:
    return {
        "OAuthParameters": {
            "AuthorizationEndpoint": endpoint,
            "HttpMethod": "POST",
            "ClientParameters": {"ClientID": "id", "ClientSecret": SECRET},
        }
    }


def tried(parameters: dict[str, Any], url: str = "", allow: str = "127.0.0.0/8") -> list[Tried]:
    kind = "OAUTH_CLIENT_CREDENTIALS" if "OAuthParameters" in parameters else "API_KEY"
    connection = create_connection("tried", kind, parameters)
    with closing(Client(AllowList.of([allow]))) as client:
        found = try_connection(connection, parameters, url, "GET", client)
    told = json.dumps([[each.url, each.problem] for each in found])
    assert SECRET not in told
    assert "fetched" not in told, "a token"
    return found


def test_a_request_is_made_with_what_the_connection_adds(api: str) -> None:  # noqa: F811
    (one,) = tried(API_KEY, f"{api}/echo?a=1")
    assert (one.purpose, one.url, one.status, one.problem) == ("request", f"{api}/echo", 200, "")
    (asked,) = Api.seen
    assert asked["headers"]["x-key"] == SECRET
    assert (asked["method"], asked["query"]) == ("GET", [("a", "1")])


def test_a_token_is_asked_for_and_used(api: str) -> None:  # noqa: F811
    one, two = tried(oauth(f"{api}/token"), f"{api}/echo")
    assert (one.purpose, one.url, one.problem) == ("token", f"{api}/token", "")
    assert (two.purpose, two.status, two.problem) == ("request", 200, "")
    assert Api.seen[-1]["headers"]["authorization"] == "Bearer fetched"


def test_a_token_is_enough(api: str) -> None:  # noqa: F811
    (one,) = tried(oauth(f"{api}/token"))
    assert one.is_good


def test_without_a_token_nothing_more_is_asked(api: str) -> None:  # noqa: F811
    (one,) = tried(oauth(f"{api}/status/401"), f"{api}/echo")
    assert not one.is_good
    assert "answered with status 401 and no access token" in one.problem
    assert len(Api.seen) == 1


def test_a_refusal_is_told_without_its_text(api: str) -> None:  # noqa: F811
    (one,) = tried(API_KEY, f"{api}/status/403")
    assert (one.status, one.problem) == (403, "It was answered with status 403.")


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://169.254.169.254/latest/", "https://[::1]/", "file:///"]
)
def test_it_goes_where_a_task_may_go_and_nowhere_else(url: str) -> None:
    (one,) = tried(API_KEY, url, allow="10.99.0.0/16")
    assert one.status is None
    assert one.problem
    (one,) = tried_again(url)
    assert one.purpose == "token"
    assert not one.is_good


def tried_again(endpoint: str) -> list[Tried]:
    """The same for the address that gives tokens."""
    parameters = oauth(endpoint)
    connection = create_connection("again", "OAUTH_CLIENT_CREDENTIALS", parameters)
    with closing(Client(AllowList.of(["10.99.0.0/16"]))) as client:
        return try_connection(connection, parameters, "", "GET", client)


def test_a_redirect_into_the_network_is_not_followed(api: str) -> None:  # noqa: F811
    (one,) = tried(API_KEY, f"{api}/to?https://169.254.169.254/latest/")
    assert one.status is None
    assert "169.254.169.254" in one.problem


def test_nobody_there() -> None:
    (one,) = tried(API_KEY, "http://127.0.0.1:1/")
    assert one.problem.startswith("The request was not answered")
