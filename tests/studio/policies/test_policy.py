"""Policies are read whole or not at all, and decided as IAM does."""

from __future__ import annotations

import fnmatch
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.policies.policy import MAX_LENGTH, Decision, InvalidPolicy, Policy, matches, read_policy

ORDERS = "arn:aws:lambda:us-east-1:123456789012:function:orders"


def policy(*statements: dict[str, Any]) -> Policy:
    return read_policy(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def allow(action: Any = "*", resource: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def deny(action: Any = "*", resource: Any = "*") -> dict[str, Any]:
    return {**allow(action, resource), "Effect": "Deny"}


@pytest.mark.parametrize(
    ("statements", "decision"),
    [
        ([], Decision.NOT_ALLOWED),
        ([allow()], Decision.ALLOWED),
        ([allow("lambda:InvokeFunction", ORDERS)], Decision.ALLOWED),
        ([allow("LAMBDA:invokefunction", ORDERS)], Decision.ALLOWED),
        ([allow("lambda:Invoke*", "arn:aws:lambda:*:function:ord?rs")], Decision.ALLOWED),
        ([allow(["sqs:*", "lambda:*"], ["arn:x", ORDERS])], Decision.ALLOWED),
        ([allow("lambda:*", ORDERS.replace("orders", "Orders"))], Decision.NOT_ALLOWED),
        ([allow("lambda:Invoke", ORDERS)], Decision.NOT_ALLOWED),
        ([allow("lambda:*", ORDERS[:-1])], Decision.NOT_ALLOWED),
        ([allow(), deny("lambda:*")], Decision.DENIED),
        ([deny("lambda:*"), allow()], Decision.DENIED),
        ([allow(), deny("sqs:*")], Decision.ALLOWED),
        ([allow(), deny("lambda:*", "arn:aws:lambda:*:function:pay")], Decision.ALLOWED),
    ],
)
def test_decisions(statements: list[dict[str, Any]], decision: Decision) -> None:
    assert policy(*statements).decide("lambda:InvokeFunction", ORDERS) is decision


def test_a_single_statement_needs_no_list() -> None:
    found = read_policy(json.dumps({"Statement": allow("sqs:SendMessage")}))
    assert found.decide("sqs:SendMessage", "*") is Decision.ALLOWED


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("{", "/"),
        ("[]", "/"),
        ("{}", "/"),
        ('{"Statement": [7]}', "/Statement/0"),
        ('{"Version": "2020-01-01", "Statement": []}', "/Version"),
        ('{"Statements": [], "Statement": []}', "/Statements"),
        (json.dumps({"Statement": [{**allow(), "Effect": "allow"}]}), "/Statement/0/Effect"),
        (json.dumps({"Statement": [{**allow(), "Condition": {}}]}), "/Statement/0/Condition"),
        (json.dumps({"Statement": [{**allow(), "NotAction": "*"}]}), "/Statement/0/NotAction"),
        (json.dumps({"Statement": [allow(), allow("lambda")]}), "/Statement/1/Action"),
        (json.dumps({"Statement": [allow([])]}), "/Statement/0/Action"),
        (json.dumps({"Statement": [allow(7)]}), "/Statement/0/Action"),
        (json.dumps({"Statement": [allow("sqs:*", "orders")]}), "/Statement/0/Resource"),
        (json.dumps({"Statement": [allow("sqs:*", "arn:" + "x" * MAX_LENGTH)]}), "/"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, location: str) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        read_policy(text)
    assert location in [each.location for each in refused.value.problems]


def test_every_problem_is_told() -> None:
    with pytest.raises(InvalidPolicy) as refused:
        read_policy('{"Version": "1", "Statement": [{"Effect": "No"}, {"Sid": "x"}]}')
    assert len(refused.value.problems) == 7


LETTERS = st.text("ab*?:", max_size=12)


@given(LETTERS, LETTERS)
def test_patterns_mean_what_shells_mean(pattern: str, text: str) -> None:
    # fnmatch's pattern as a whole, in which a bracket would be special.
    assert matches(pattern, text) is bool(re.match(fnmatch.translate(pattern), text))


def test_no_pattern_takes_long() -> None:
    assert not matches("*a" * 500 + "b", "a" * 5_000)


PATTERNS = st.sampled_from(["*", "sqs:*", "sqs:SendMessage", "lambda:Invoke*", "states:?tart*"])
RESOURCES = st.sampled_from(["*", "arn:aws:sqs:*", "arn:aws:sqs:::a", "arn:aws:sqs:::?"])
STATEMENTS = st.lists(
    st.builds(
        lambda effect, action, resource: {
            "Effect": effect,
            "Action": action,
            "Resource": resource,
        },
        st.sampled_from(["Allow", "Deny"]),
        PATTERNS,
        RESOURCES,
    ),
    max_size=6,
)
ACTIONS = st.sampled_from(["sqs:SendMessage", "lambda:InvokeFunction", "states:StartExecution"])
TARGETS = st.sampled_from(["*", "arn:aws:sqs:::a", "arn:aws:sqs:::bc", "arn:aws:s3:::a"])


@given(STATEMENTS, ACTIONS, TARGETS, st.randoms())
def test_order_is_nothing_deny_wins_and_default_is_no(
    statements: list[dict[str, Any]], action: str, resource: str, chance: Any
) -> None:
    decision = policy(*statements).decide(action, resource)
    shuffled = statements.copy()
    chance.shuffle(shuffled)
    assert policy(*shuffled).decide(action, resource) is decision
    assert policy(*statements, deny()).decide(action, resource) is Decision.DENIED
    allowing = [each for each in statements if each["Effect"] == "Allow"]
    if decision is Decision.ALLOWED:
        assert policy(*allowing).decide(action, resource) is Decision.ALLOWED
    if not allowing:
        assert decision is not Decision.ALLOWED
    # An allow never takes anything away, a deny never adds.
    if decision is Decision.ALLOWED:
        assert policy(*statements, allow()).decide(action, resource) is Decision.ALLOWED
