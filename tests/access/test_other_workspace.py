"""Somebody of another workspace, in each of its roles, asks for all that the first one has."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.access.first_workspace import (
    MARKER,
    TEXT,
    First,
    browser,
    changes_since,
    make_first,
    rows,
    strangers,
)
from tests.access.matrix import read_matrix, read_others
from tests.access.test_routes import PLAIN, is_refused

pytestmark = pytest.mark.django_db

_CONTENT: Final = {"definition": TEXT, "format": "JSON"}
_REVISION: Final = "11111111-1111-4111-8111-111111111111"
_PLAN: Final = {"kind": "LINEAR", "stepPercent": 10, "intervalSeconds": 60, "failurePercent": None}
_BODIES: Final[dict[str, dict[str, Any]]] = {
    "POST /api/approvals/<int:approvalId>/decision/": {"decision": "APPROVED"},
    "PATCH /api/connections/<name>/": {"description": "mine"},
    "PATCH /api/members/<username>/": {"role": "viewer"},
    "PATCH /api/workspaces/<accountId>/": {"name": "mine"},
    "POST /api/workspaces/": {"name": "mine"},
    "PATCH /api/map-runs/<stateMachineName>/<label>/<uuid:run>/": {"maxConcurrency": 3},
    "PUT /api/notifications/mails/": {"events": []},
    "PUT /api/session/workspace/": {"accountId": "123456789012"},
    "PUT /api/state-machines/<name>/": _CONTENT,
    "PUT /api/state-machines/<name>/alias-moves/<int:moveId>/": {"back": True},
    "PUT /api/state-machines/<name>/aliases/<alias>/": {"routes": [{"version": 1, "weight": 100}]},
    "POST /api/state-machines/<name>/aliases/<alias>/moves/": {"version": 1, **_PLAN},
    "POST /api/state-machines/<name>/endpoints/": {"authorization": "BEARER"},
    "POST /api/state-machines/<name>/executions/": {"input": "{}"},
    "PATCH /api/state-machines/<name>/mocks/<int:mockId>/": {
        "follows": 1,
        "response": {"Return": 1},
    },
    "POST /api/state-machines/<name>/proposals/": {
        **_CONTENT,
        "title": "mine",
        "baseRevisionId": _REVISION,
    },
    "POST /api/state-machines/<name>/proposals/<int:number>/base/": {"push": 1},
    "POST /api/state-machines/<name>/proposals/<int:number>/checks/": {"push": 1},
    "POST /api/state-machines/<name>/proposals/<int:number>/comments/<int:commentId>/apply/": {
        "push": 1
    },
    "POST /api/state-machines/<name>/proposals/<int:number>/publish/": {"push": 1},
    "POST /api/state-machines/<name>/proposals/<int:number>/pushes/": {
        **_CONTENT,
        "follows": 1,
        "baseRevisionId": _REVISION,
    },
    "POST /api/state-machines/<name>/proposals/<int:number>/reviews/": {
        "push": 1,
        "verdict": "APPROVED",
    },
    "POST /api/state-machines/<name>/proposals/<int:number>/threads/": {
        "push": 1,
        "pointer": "",
        "text": "mine",
    },
    "PUT /api/state-machines/<name>/proposals/<int:number>/threads/<int:threadId>/": {
        "resolved": True
    },
    "POST /api/state-machines/<name>/proposals/<int:number>/threads/<int:threadId>/comments/": {
        "text": "mine"
    },
    "PUT /api/state-machines/<name>/review-rules/": {
        "isRequired": False,
        "bindsPrograms": False,
        "approvals": 0,
        "approvers": [],
        "testsMustPass": False,
        "whatIfMustNotDiverge": False,
        "threadsMustBeResolved": False,
    },
    "POST /api/state-machines/<name>/review-webhooks/": {"url": "https://example.org/"},
    "PUT /api/state-machines/<name>/review-webhooks/<int:webhookId>/": {"isEnabled": False},
    "POST /api/state-machines/<name>/revisions/<uuid:revisionId>/restore/": {"to": "REVISION"},
    "POST /api/state-machines/<name>/rules/": {"name": "mine", "eventPattern": {"source": ["a"]}},
    "POST /api/state-machines/<name>/schedules/": {"name": "mine", "expression": "rate(1 day)"},
    "PUT /api/state-machines/<name>/tests/<int:testId>/": {
        "name": "mine",
        "input": "{}",
        "follows": 1,
    },
    "POST /api/state-machines/<name>/webhooks/": {"url": "https://example.org/"},
    "POST /api/state-machines/<name>/what-if/": {"latest": 1},
    "POST /api/executions/<stateMachineName>/<executionName>/debugger/": {"command": "pause"},
    "POST /api/executions/<stateMachineName>/<executionName>/fork/": {"event": 2},
    "POST /api/executions/<stateMachineName>/<executionName>/test/": {"name": "mine"},
}
_QUERIES: Final = {
    "GET /api/state-machines/<name>/comparison/": "?before=draft&after=draft",
    "GET /api/executions/<stateMachineName>/<executionName>/children/": "?task=3",
    "GET /api/executions/<stateMachineName>/<label>/<uuid:executionName>/children/": "?task=3",
}


@pytest.fixture(autouse=True)
def _no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_, **__: {})


@pytest.fixture
def first(db: None, tmp_path: Any, settings: Any) -> First:
    settings.FILES_DIR = tmp_path
    settings.OBJECTS = str(tmp_path)
    return make_first()


def ask(client: Client, first: First, call: str) -> HttpResponseBase:
    """Call it about what the first workspace has."""
    answer: HttpResponseBase = client.generic(
        call.split(" ", 1)[0],
        first.address(call) + _QUERIES.get(call, ""),
        json.dumps(_BODIES.get(call, {})),
        "application/json",
    )
    return answer


def text_of(answer: HttpResponseBase) -> str:
    if getattr(answer, "is_async", False):
        return ""  # The export reads on threads, which see nothing of this test's transaction.
    if not answer.streaming:
        return bytes(answer.content).decode()  # type: ignore[attr-defined]
    return b"".join(answer).decode()  # type: ignore[call-overload, no-any-return]


def outcome_of(call: str, answer: HttpResponseBase) -> str:
    """What it came to, as the matrix has it; anything else is told as it is."""
    if is_refused(answer):
        return "refused"
    if answer.status_code == 404:
        return "hidden"
    if answer.status_code >= 500 or MARKER in text_of(answer):
        return f"{answer.status_code} {text_of(answer)[:300]}"
    return "answered"


def test_every_call_has_a_row() -> None:
    own, others = read_matrix(), read_others()
    assert {surface: sorted(calls) for surface, calls in others.items()} == {
        surface: sorted(calls) for surface, calls in own.items()
    }


def test_each_cell(first: First) -> None:
    expected, others = read_matrix()["Routes"], read_others()["Routes"]
    people = strangers()
    before = rows()
    wrong = []
    for role, user in people.items():
        client = browser(user)
        for call, outcome in others.items():
            client.force_login(user)  # Again: signing out is among what is asked.
            if outcome == "public":
                continue
            came_to = outcome_of(call, ask(client, first, call))
            right = {"hidden": "hidden", "own": "answered", "account": "answered"}[outcome]
            if came_to != (right if role in expected[call] else "refused"):
                wrong.append((call, role, outcome, came_to))
    assert not wrong, "\n".join(map(str, wrong))
    assert changes_since(before) == []


def test_the_first_workspace_sees_it_all(first: First) -> None:
    """The marker is really there: what nobody sees above could be seen."""
    wrong = []
    for call, outcome in read_others()["Routes"].items():
        # Nothing has been written and replayed here that these could show.
        is_there = "results/" not in call and "<executionName>" not in call.partition("what-if")[2]
        if call.startswith("GET /api/") and outcome == "hidden" and is_there:
            answer = ask(first.admin, first, call)
            if answer.status_code == 404:
                wrong.append((call, text_of(answer)))
    assert not wrong, "\n".join(map(str, wrong))
    for path in (
        *("state-machines/orders/", "executions/orders/one/", "drafts/orders/", "connections/"),
        *("state-machines/orders/mocks/", "state-machines/orders/tests/", "execution-roles/"),
        *("state-machines/orders/rules/", "state-machines/orders/proposals/1/", "proposals/"),
        *("executions/", "state-machines/"),
    ):
        content = first.admin.get(f"/api/{path}").content.decode()
        assert MARKER in content or path == "executions/", path


def test_public_calls_prove_themselves(first: First) -> None:
    """What is open to anybody asks for a secret, a signed link, or tells nothing."""
    public = {call for call, outcome in read_others()["Routes"].items() if outcome == "public"}
    plain = {f"{method} {address}" for address, methods in PLAIN.items() for method in methods}
    assert public <= plain
    for call in public - {"POST /sign-out/", "POST /sign-in/", "GET /sign-in/"}:
        answer = ask(Client(raise_request_exception=False), first, call)
        assert answer.status_code in (200, 401, 404), call
        assert MARKER not in text_of(answer)


def test_who_belongs_to_both_goes_over(first: First) -> None:
    from django.contrib.auth import get_user_model

    from studio.actions.members import default_workspace, set_role
    from studio.models import Workspace

    strangers()
    both = get_user_model().objects.create_user("both")
    set_role(default_workspace(), both, "viewer")
    set_role(Workspace.objects.get(slug="second"), both, "editor")
    client = browser(both)
    session = client.get("/api/session/").json()
    assert (session["accountId"], session["role"]) == (settings.AWS_ACCOUNT_ID, "viewer")
    assert [each["accountId"] for each in session["workspaces"]] == [
        settings.AWS_ACCOUNT_ID,
        "222222222222",
    ]

    def choose(account: str) -> int:
        body = {"accountId": account}
        return client.put("/api/session/workspace/", body, "application/json").status_code

    assert choose("999999999999") == 404
    assert client.get("/api/state-machines/orders/").status_code == 200
    assert choose("222222222222") == 204
    session = client.get("/api/session/").json()
    assert (session["accountId"], session["role"]) == ("222222222222", "editor")
    assert client.get("/api/state-machines/orders/").status_code == 404
    # A page that still shows the first one does not write into the second.
    answer = client.put(
        "/api/drafts/orders/",
        {"definition": "{}", "format": "JSON"},
        "application/json",
        headers={"X-Stepwell-Account": settings.AWS_ACCOUNT_ID},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "AnotherWorkspace")
    # Whoever is taken out of the chosen one is back in the other.
    both.memberships.filter(workspace__slug="second").delete()
    assert client.get("/api/session/").json()["accountId"] == settings.AWS_ACCOUNT_ID


def test_names_are_each_workspaces_own(first: First) -> None:
    """The same names again in the second workspace: nothing meets, and no full name is shown."""
    client = browser(strangers()["admin"])
    before = rows()

    def call(method: str, path: str, body: dict[str, Any] | None = None) -> str:
        answer = client.generic(method, f"/api/{path}", json.dumps(body or {}), "application/json")
        assert answer.status_code < 300, (path, answer.content)
        return answer.content.decode()

    machine = {"name": "orders", "definition": TEXT.replace(MARKER, ""), "format": "JSON"}
    below = "state-machines/orders/"
    made = json.loads(call("POST", "state-machines/", {**machine, "publish": True}))
    place = "arn:aws:states:us-east-1:222222222222"
    assert (made["name"], made["stateMachineArn"]) == ("orders", f"{place}:stateMachine:orders")
    shown = [
        call("PUT", "drafts/orders/", {"definition": "x", "format": "JSON"}),
        call("POST", f"{below}executions/", {"input": "{}", "name": "one"}),
        call("POST", f"{below}mocks/", {"state": "Work", "name": "m", "response": {"Return": 1}}),
        call("POST", f"{below}tests/", {"name": MARKER[::-1], "input": "{}"}),
        call("POST", f"{below}rules/", {"name": "r", "eventPattern": {"source": ["shop"]}}),
        call("POST", f"{below}schedules/", {"name": "s", "expression": "rate(1 day)"}),
        call("PUT", f"{below}aliases/live/", {"routes": [{"version": 1, "weight": 100}]}),
        call(
            "PUT",
            "execution-roles/worker/",
            {
                "policy": '{"Version": "2012-10-17", "Statement": '
                '[{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'
            },
        ),
        call(
            "POST",
            "connections/",
            {
                "name": "stripe",
                "authorizationType": "BASIC",
                "authParameters": {"BasicAuthParameters": {"Username": "u", "Password": "x"}},
            },
        ),
        call(
            "POST",
            f"{below}proposals/",
            {
                "title": "mine",
                "definition": machine["definition"].replace("3600", "60"),
                "format": "JSON",
                "baseRevisionId": made["revisionId"],
                "reviewers": ["other-reviewer"],
            },
        ),
        *(
            call("GET", path)
            for path in (
                *("state-machines/", "executions/", "executions/counts/", "drafts/", "proposals/"),
                *("connections/", "execution-roles/", "notifications/", "approvals/", "audit/"),
                *("members/", below, f"{below}revisions/", f"{below}executions/", "drafts/orders/"),
                *(f"{below}tests/file/", "executions/orders/one/", "executions/orders/one/events/"),
                *(f"{below}proposals/1/", f"{below}aliases/", f"{below}rules/"),
            )
        ),
    ]
    for text in shown:
        assert MARKER not in text
        assert "222222222222|" not in text
        assert "123456789012" not in text.replace("123456789012:activity:ship", "")
    assert changes_since(before) == []
    # A reviewer is somebody of the workspace.
    answer = client.patch(
        f"/api/{below}proposals/1/", {"reviewers": ["reviewer"]}, "application/json"
    )
    assert answer.status_code == 400
    # An event starts what its own workspace has, and ids of events are each workspace's own.
    for who, starts in ((client, 1), (first.admin, 1), (client, 0)):
        entry = {"id": "e1", "source": "shop", "detail-type": "x", "detail": {}}
        answer = who.post("/api/events/", {"entries": [entry]}, "application/json")
        assert answer.json()["entries"][0]["starts"] == starts


def test_nobody_reaches_over_by_a_name(first: First) -> None:
    client = browser(strangers()["admin"])
    for name in ("123456789012|orders", "222222222222|orders", "|orders"):
        for who in (client, first.admin):
            assert who.get(f"/api/state-machines/{name}/").status_code == 404
            body = {"name": name, "definition": TEXT, "format": "JSON"}
            answer = who.post("/api/state-machines/", body, "application/json")
            assert (answer.status_code, answer.json()["code"]) == (400, "InvalidName")


def test_an_account_id_that_the_installation_takes_opens_nothing(
    first: First, settings: Any
) -> None:
    client = browser(strangers()["admin"])
    settings.AWS_ACCOUNT_ID = "222222222222"
    assert client.get("/api/state-machines/").status_code == 403
