"""Creating and updating state machines from the page, and what a Task can call there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rest_framework.test import APIClient

from studio.models import StateMachineRevision

ALL = "/api/state-machines/"
ONE = f"{ALL}orders/"
DRAFT = "/api/drafts/orders/"
YAML = "# Takes orders\nStartAt: A\nStates:\n  A: {Type: Pass, End: true}  # nothing yet\n"


def definition(name: str = "A") -> str:
    return json.dumps({"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}, indent=3)


def create(api: APIClient, **more: Any) -> Any:
    body = {"name": "orders", "definition": definition(), **more}
    return api.post(ALL, body, format="json")


def test_creating_keeps_the_text_and_ends_the_draft(api: APIClient) -> None:
    api.put(DRAFT, {"definition": definition()}, format="json")
    created = create(api, tags={"team": "shop"}, sampleInput='{"a": 1}')
    assert created.status_code == 201
    machine = api.get(ONE).json()
    assert machine["definition"] == definition()
    assert machine["definitionSource"] == ""
    assert machine["roleArn"] == "arn:aws:iam::123456789012:role/stepwell"
    assert machine["tags"] == {"team": "shop"}
    assert machine["sampleInput"] == '{"a": 1}'
    assert machine["loggingConfiguration"] == {"level": "OFF", "includeExecutionData": False}
    assert api.get(DRAFT).status_code == 404
    started = api.post(f"{ONE}executions/", {"input": "{}"}, format="json")
    assert started.status_code == 201


def test_the_page_ends_the_draft_that_it_publishes(api: APIClient) -> None:
    create(api)
    # What was typed last may not have been saved: the page says that it publishes its draft.
    api.put(DRAFT, {"definition": definition("Typ")}, format="json")
    api.put(ONE, {"definition": definition("Typed"), "endsDraft": True}, format="json")
    assert api.get(DRAFT).status_code == 404


def test_another_client_keeps_what_is_not_published(api: APIClient) -> None:
    api.put(DRAFT, {"definition": definition("Mine")}, format="json")
    assert create(api).status_code == 201
    assert api.get(DRAFT).json()["definition"] == definition("Mine")
    api.put(ONE, {"definition": definition("B")}, format="json")
    assert api.get(DRAFT).json()["definition"] == definition("Mine")
    api.put(ONE, {"definition": definition("Mine")}, format="json")
    assert api.get(DRAFT).status_code == 404, "a draft that says what is published is none"


def test_a_draft_with_settings_of_its_own_stays(api: APIClient) -> None:
    create(api)
    same = {"definition": definition(), "settings": {"tags": "team=shop"}}
    assert api.put(DRAFT, same, format="json").status_code == 200
    api.put(ONE, {"definition": definition()}, format="json")
    assert api.get(DRAFT).status_code == 200


def test_a_broken_definition_is_refused_and_its_draft_stays(api: APIClient) -> None:
    broken = '{"StartAt": "B", "States": {"A": {"Type": "Pass", "Next": "C"}}}'
    api.put(DRAFT, {"definition": broken}, format="json")
    refused = create(api, definition=broken)
    assert (refused.status_code, refused.json()["code"]) == (400, "InvalidDefinition")
    assert "/States/A/Next" in [each["location"] for each in refused.json()["diagnostics"]]
    assert api.get(ONE).status_code == 404
    assert api.get(DRAFT).json()["definition"] == broken


def test_sensitive_fields_are_no_part_of_a_revision(api: APIClient) -> None:
    fields = ["$.card.number", "token"]
    made = create(api, sensitiveFields=fields).json()
    assert made["sensitiveFields"] == fields
    changed = {"definition": definition(), "sensitiveFields": ["token"]}
    updated = api.put(ONE, changed, format="json").json()
    assert (updated["sensitiveFields"], updated["revisionId"]) == (["token"], made["revisionId"])
    kept = api.put(ONE, {"definition": definition("B")}, format="json").json()
    assert kept["sensitiveFields"] == ["token"]
    refused = api.put(ONE, {**changed, "sensitiveFields": ["$.a[?(@.b)]"]}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "ValidationException")
    assert "$.card.number" in refused.json()["message"]


def test_yaml_keeps_its_comments(api: APIClient) -> None:
    created = create(api, definition=YAML, format="YAML").json()
    assert created["definitionSource"] == YAML
    assert json.loads(created["definition"]) == json.loads(definition())
    # A client of the API that sends the definition again changes nothing.
    again = api.put(ONE, {"definition": created["definition"]}, format="json").json()
    assert (again["definitionSource"], again["revisionId"]) == (YAML, created["revisionId"])
    other = api.put(ONE, {"definition": definition("B")}, format="json").json()
    assert other["definitionSource"] == ""
    broken = api.put(ONE, {"definition": "a: [", "format": "YAML"}, format="json")
    assert broken.json()["code"] == "InvalidDefinition"


def test_publishing_on_top_of_another_revision_is_a_conflict(api: APIClient) -> None:
    base = create(api).json()["revisionId"]
    body = {"definition": definition("B"), "baseRevisionId": base, "publish": True}
    published = api.put(ONE, {**body, "versionDescription": "Better"}, format="json")
    assert published.status_code == 200
    api.put(DRAFT, {"definition": definition("C")}, format="json")
    late = api.put(ONE, {**body, "definition": definition("C")}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "ConflictException")
    assert api.get(ONE).json()["definition"] == definition("B")
    assert api.get(DRAFT).json()["definition"] == definition("C")
    assert StateMachineRevision.objects.count() == 2


def test_publishing_what_is_not_there(api: APIClient) -> None:
    assert api.put(ONE, {"definition": definition()}, format="json").status_code == 404
    assert create(api).status_code == 201
    taken = create(api, definition=definition("B"))
    assert (taken.status_code, taken.json()["code"]) == (409, "StateMachineAlreadyExists")


def test_only_for_those_signed_in(db: None) -> None:
    assert create(APIClient()).status_code == 401
    assert APIClient().put(ONE, {"definition": "{}"}, format="json").status_code == 401
    assert APIClient().get("/api/actions/").status_code == 401


def test_what_a_task_can_call(api: APIClient, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "charge_card.py").write_text("def handler(event, context): raise SystemExit")
    (tmp_path / "stock.py").write_text(
        "def reserve(event, context): ...\n"
        "def connect(host, port): ...\n"
        "def _own(event, context): ...\n"
    )
    (tmp_path / "broken.py").write_text("def handler(:")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "__init__.py").write_text("def letters(event, context): ...")
    settings.FUNCTION_FOLDERS = [tmp_path]
    actions = api.get("/api/actions/").json()
    assert actions["functions"] == ["charge_card", "letters", "stock.reserve"]
    services = {each["resource"]: each["patterns"] for each in actions["services"]}
    assert services["arn:aws:states:::lambda:invoke"] == ["waitForTaskToken"]
    assert services["arn:aws:states:::states:startExecution"] == [
        "sync",
        "sync:2",
        "waitForTaskToken",
    ]
    assert "arn:aws:states:::sqs:sendMessage" in services


def test_tags_and_the_sample_input_change_without_a_revision(api: APIClient) -> None:
    created = create(api, tags={"team": "shop", "cost": "7"}, sampleInput='{"a": 1}').json()
    body = {"definition": definition(), "tags": {"team": "post"}, "sampleInput": '{"b": 2}'}
    changed = api.put(ONE, body, format="json").json()
    assert (changed["tags"], changed["sampleInput"]) == ({"team": "post"}, '{"b": 2}')
    assert changed["revisionId"] == created["revisionId"]
    emptied = api.put(ONE, {**body, "tags": {}, "sampleInput": ""}, format="json").json()
    assert (emptied["tags"], emptied["sampleInput"]) == ({}, None)
    # What is not named stays.
    api.put(ONE, body, format="json")
    again = api.put(ONE, {"definition": definition("B")}, format="json").json()
    assert (again["tags"], again["sampleInput"]) == ({"team": "post"}, '{"b": 2}')


def test_tags_that_aws_refuses_change_nothing(api: APIClient) -> None:
    create(api, tags={"team": "shop"})
    body = {"definition": definition("B"), "tags": {"aws:team": "post"}}
    refused = api.put(ONE, body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "ValidationException")
    machine = api.get(ONE).json()
    assert (machine["tags"], machine["definition"]) == ({"team": "shop"}, definition())
