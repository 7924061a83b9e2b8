"""What workers do for proposals: checks of pushes, mails, calls of webhooks, moves of aliases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from executions.actions import alias_moves, outgoing_messages, replays, review_work
from executions.actions.outgoing_messages import signature
from executions.actions.workflow_tests import TestValues, create_test
from executions.integrations.http.exchange import Answer, Request
from executions.models import Execution
from executions.runtime import drain
from executions.runtime.rehearsals import processes
from studio.actions.alias_moves import Plan, start_move
from studio.actions.aliases import create_state_machine_alias
from studio.actions.proposals import propose
from studio.actions.proposals.content import Content
from studio.actions.proposals.webhooks import create_webhook
from studio.actions.sensitive_fields import set_sensitive_fields
from studio.actions.versions import publish_state_machine_version
from studio.models import (
    AliasMove,
    OutgoingMessage,
    Proposal,
    ProposalCheck,
    StateMachine,
    StateMachineAlias,
)
from tests.conftest import MakeMachine, StartExecution

pytestmark = [pytest.mark.django_db(transaction=True)]

DEFINITION: dict[str, Any] = {
    "StartAt": "Size",
    "States": {
        "Size": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.sum", "NumericGreaterThan": 100, "Next": "Large"}],
            "Default": "Small",
        },
        "Small": {"Type": "Pass", "Result": "small", "End": True},
        "Large": {"Type": "Pass", "Result": "large", "End": True},
    },
}


@pytest.fixture(autouse=True)
def no_processes_are_left() -> Iterator[None]:
    yield
    processes.close()


@pytest.fixture
def machine(make_machine: MakeMachine) -> StateMachine:
    return make_machine(DEFINITION)


def changed(result: Any) -> str:
    large = {"Type": "Pass", "Result": result, "End": True}
    return json.dumps({**DEFINITION, "States": {**DEFINITION["States"], "Large": large}})


def proposed(machine: StateMachine, text: str, **more: Any) -> Proposal:
    author, _ = get_user_model().objects.get_or_create(username="ada")
    assert machine.current is not None
    content = Content(text, machine.current.revision_id)
    return propose.propose(machine.name, content, author_id=author.pk, title="Other", **more)


def checked(proposal: Proposal) -> dict[str, tuple[str, dict[str, Any]]]:
    """Do all that waits; statuses and answers of the checks by kind."""
    while ProposalCheck.objects.filter(status="WAITING").exists():
        while replays.carry_out_next():
            pass
        assert review_work.carry_out_next()
    checks = propose.latest_push(proposal).checks.all()
    return {each.kind: (each.status, json.loads(each.answer)) for each in checks}


def test_saved_cases_and_recorded_executions_are_tried_for_every_push(
    machine: StateMachine, start: StartExecution
) -> None:
    for number in (5, 500):
        start(machine, {"sum": number})
    drain.drain_executions()
    for name, output in (("a small one", '"small"'), ("a large one", '"large"')):
        number = 5 if output == '"small"' else 500
        create_test(
            machine.name,
            TestValues(
                name=name,
                input=json.dumps({"sum": number}),
                mocks={},
                expected_status="SUCCEEDED",
                expected_output=output,
            ),
        )
    proposal = proposed(machine, changed("huge"))
    found = checked(proposal)
    status, answer = found["TESTS"]
    assert (status, answer["passed"], answer["failed"]) == ("FAILED", 1, 1)
    failed = next(each for each in answer["results"] if not each["passed"])
    assert failed["name"] == "a large one"
    assert failed["problem"] == 'The output is "huge", not "large"'
    status, answer = found["WHAT_IF"]
    assert (status, answer["counts"]["DIVERGES"], answer["counts"]["SAME"]) == ("FAILED", 1, 1)
    assert len(answer["results"]) == 1

    assert machine.current is not None
    same = json.dumps({**DEFINITION, "Comment": "Says nothing"})
    propose.push(
        proposal,
        Content(same, machine.current.revision_id),
        author_id=proposal.author_id or 0,
        follows=1,
    )
    found = checked(proposal)
    assert {kind: status for kind, (status, _) in found.items()} == {
        "TESTS": "PASSED",
        "WHAT_IF": "PASSED",
    }


@pytest.mark.parametrize("by", ["the installation", "the state machine"])
def test_a_sentence_says_no_sensitive_value(machine: StateMachine, settings: Any, by: str) -> None:
    """Nothing can be hidden in a sentence afterwards, so nobody says it."""
    if by == "the installation":
        settings.SENSITIVE = frozenset({"pin"})
    else:
        set_sensitive_fields(machine, ["pin"])
    values = TestValues(
        name="a large one",
        input=json.dumps({"sum": 500}),
        mocks={},
        expected_status="SUCCEEDED",
        expected_output='{"pin": "canary-8", "size": 1}',
    )
    create_test(machine.name, values)
    found = checked(proposed(machine, changed({"pin": "canary-7", "size": 2})))
    (result,) = found["TESTS"][1]["results"]
    assert "The output at /size is 2, not 1" in result["problem"]
    assert "The output at /pin is" in result["problem"]
    assert "canary" not in result["problem"]


def test_where_there_is_nothing_to_try_nothing_stands_in_the_way(machine: StateMachine) -> None:
    found = checked(proposed(machine, changed("huge")))
    assert {kind: status for kind, (status, _) in found.items()} == {
        "TESTS": "SKIPPED",
        "WHAT_IF": "SKIPPED",
    }


class Calls:
    """Stands for the network."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.sent: list[Request] = []

    def send(self, request: Request, seconds: float) -> Answer:
        self.sent.append(request)
        return Answer(self.statuses.pop(0), "", [], b"")


def test_a_webhook_is_called_until_it_takes_it(
    machine: StateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = get_user_model().objects.create_user("ada")
    _, secret = create_webhook(machine.name, "https://hooks.example/x", ada.pk)
    calls = Calls(503, 200)
    monkeypatch.setattr(outgoing_messages, "_client", lambda: calls)
    proposed(machine, changed("huge"))
    assert outgoing_messages.send_next()
    message = OutgoingMessage.objects.get()
    assert (message.sent_at, message.attempt) == (None, 1)
    assert message.failure.startswith("It answered 503")
    assert not outgoing_messages.send_next()  # Not before a pause.
    OutgoingMessage.objects.update(lease_until=timezone.now())
    assert outgoing_messages.send_next()
    message.refresh_from_db()
    assert message.sent_at is not None
    assert not outgoing_messages.is_due()

    first, second = calls.sent
    # The same delivery both times, so that whoever got it twice knows.
    assert first.headers["stepwell-delivery"] == second.headers["stepwell-delivery"]
    assert first.body is not None
    said = second.secret_headers["stepwell-signature"]
    moment = int(said.partition(",")[0].removeprefix("t="))
    assert said == signature(secret, moment, first.body)
    assert json.loads(first.body)["id"] == first.headers["stepwell-delivery"]


def test_a_webhook_does_not_reach_what_workers_can(machine: StateMachine) -> None:
    ada = get_user_model().objects.create_user("ada")
    create_webhook(machine.name, "http://127.0.0.1:1/x", ada.pk)
    proposed(machine, changed("huge"))
    assert outgoing_messages.send_next()
    assert "STEPWELL_HTTP_ALLOW" in OutgoingMessage.objects.get().failure


def test_people_get_mails(machine: StateMachine, settings: Any, mailoutbox: list[Any]) -> None:
    settings.MAIL_FROM = "Stepwell <stepwell@example.org>"
    get_user_model().objects.create_user("bob", "bob@example.org")
    proposed(machine, changed("huge"), reviewers=["bob"])
    assert mailoutbox == []
    assert outgoing_messages.send_next()
    assert not outgoing_messages.send_next()
    (mail,) = mailoutbox
    assert mail.to == ["bob@example.org"]
    assert mail.subject.endswith("#1 Other")
    assert mail.body.startswith("ada asks you to review")


def test_an_alias_goes_back_when_its_new_version_fails(
    machine: StateMachine, start: StartExecution
) -> None:
    first = publish_state_machine_version(machine.name)
    create_state_machine_alias("live", [(first.arn, 100)])
    revision = machine.current
    assert revision is not None
    revision.pk, revision.revision_id = None, "00000000-0000-4000-8000-000000000000"
    revision.save()
    machine.current = revision
    machine.save(update_fields=["current"])
    second = publish_state_machine_version(machine.name)
    plan = Plan(
        kind="CANARY",
        step_percent=10,
        interval_seconds=3600,
        failure_percent=50,
        minimum_executions=2,
    )
    start_move(machine.name, "live", second.number, plan, None)

    def ended(version: int, status: str) -> None:
        execution = start(machine)
        Execution.objects.filter(pk=execution.pk).update(
            state_machine_alias="live", state_machine_version=version, status=status
        )

    ended(1, "FAILED")
    ended(1, "FAILED")
    ended(2, "FAILED")
    ended(2, "ABORTED")
    ended(2, "RUNNING")
    alias_moves.carry_on()
    assert AliasMove.objects.get().status == "MOVING"
    ended(2, "SUCCEEDED")
    alias_moves.carry_on()
    move = AliasMove.objects.get()
    assert (move.status, move.reason) == (
        "ROLLED_BACK",
        "1 of 2 executions failed: 50 % may not.",
    )
    assert StateMachineAlias.objects.get().routes == [(1, 100)]
    alias_moves.carry_on()
