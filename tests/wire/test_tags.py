"""Tags over the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.wire.conftest import COMMITTED, PASS_END, ROLE

pytestmark = COMMITTED

DEFINITION = json.dumps({"StartAt": "Hello", "States": {"Hello": PASS_END}})


def tags(sfn: Any, arn: str) -> dict[str, str]:
    listed = sfn.list_tags_for_resource(resourceArn=arn)["tags"]
    return {tag["key"]: tag["value"] for tag in listed}


def pairs(**values: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def refusal(operation: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        operation(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_tags_given_at_creation_are_there_and_a_repeated_creation_changes_none(sfn: Any) -> None:
    request = {"name": "orders", "definition": DEFINITION, "roleArn": ROLE}
    arn = sfn.create_state_machine(**request, tags=pairs(team="ada", stage="test"))[
        "stateMachineArn"
    ]
    assert tags(sfn, arn) == {"stage": "test", "team": "ada"}
    sfn.create_state_machine(**request, tags=pairs(team="grace"))
    assert tags(sfn, arn) == {"stage": "test", "team": "ada"}


def test_a_tag_replaces_the_one_of_its_key_and_leaves_the_others(
    sfn: Any, machine_arn: str
) -> None:
    sfn.tag_resource(resourceArn=machine_arn, tags=pairs(team="ada", stage="test"))
    sfn.tag_resource(resourceArn=machine_arn, tags=pairs(team="grace"))
    assert tags(sfn, machine_arn) == {"stage": "test", "team": "grace"}
    sfn.tag_resource(resourceArn=machine_arn, tags=[])
    sfn.untag_resource(resourceArn=machine_arn, tagKeys=[])
    sfn.untag_resource(resourceArn=machine_arn, tagKeys=["team", "nobody"])
    assert tags(sfn, machine_arn) == {"stage": "test"}


def test_fifty_tags_are_the_most(sfn: Any, machine_arn: str) -> None:
    fifty = [{"key": f"k{n}", "value": ""} for n in range(50)]
    sfn.tag_resource(resourceArn=machine_arn, tags=fifty)
    sfn.tag_resource(resourceArn=machine_arn, tags=fifty)
    code, _ = refusal(sfn.tag_resource, resourceArn=machine_arn, tags=pairs(one="more"))
    assert code == "TooManyTags"
    assert len(tags(sfn, machine_arn)) == 50
    code, _ = refusal(
        sfn.create_state_machine,
        name="other",
        definition=DEFINITION,
        roleArn=ROLE,
        tags=[*fifty, *pairs(one="more")],
    )
    assert code == "TooManyTags"


@pytest.mark.parametrize("refused", ["", "k" * 129, "semi;colon", "aws:mine", "nul\0"])
def test_a_key_that_is_not_allowed_is_refused(sfn: Any, machine_arn: str, refused: str) -> None:
    tag = {"key": refused, "value": "v"}
    code, _ = refusal(sfn.tag_resource, resourceArn=machine_arn, tags=[tag])
    assert code == "ValidationException"
    assert tags(sfn, machine_arn) == {}


@pytest.mark.parametrize("end", [":1", "x"])
def test_only_state_machines_that_exist_have_tags(sfn: Any, machine_arn: str, end: str) -> None:
    arn = machine_arn + end
    not_found = ("ResourceNotFound", f"Resource not found: '{arn}'")
    assert refusal(sfn.tag_resource, resourceArn=arn, tags=pairs(a="b")) == not_found
    assert refusal(sfn.untag_resource, resourceArn=arn, tagKeys=["a"]) == not_found
    assert refusal(sfn.list_tags_for_resource, resourceArn=arn) == not_found


def test_what_is_no_arn_is_refused(sfn: Any) -> None:
    assert refusal(sfn.list_tags_for_resource, resourceArn="orders")[0] == "InvalidArn"
