"""Questions to people, against a real PostgreSQL: asked, decided, too late, twice, and mailed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth import get_user_model
from django.db import connections

from executions.actions import approvals
from executions.actions.approval_links import read_link
from executions.actions.approvals import Approver
from executions.actions.executions import stop_execution
from executions.errors import ApprovalClosed, ApprovalDecided, ApproverRequired
from executions.models import Approval, Execution, InboxMessage, Task
from executions.runtime import drain
from executions.runtime.invariants import check_invariants
from executions.runtime.removal import remove_executions
from studio.actions.members import default_workspace, set_role
from studio.config.embedded.ports import free_port
from studio.errors import ValidationException
from studio.models import AuditEntry
from tests.conformance.clock import Clock
from tests.conftest import MakeMachine, StartExecution, event_types, history

pytestmark = pytest.mark.django_db(transaction=True)

START = 4_000_000_000.0  # After the moment at which fixtures say that executions start.
ADA = Approver("ada", Approval.Via.PAGE)
FORM = [
    {"Name": "amount", "Label": "Amount", "Type": "number", "Required": True},
    {"Name": "why", "Type": "choice", "Choices": ["kindness", "error"]},
    {"Name": "from", "Type": "date"},
]


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock(START)
    yield clock
    clock.remove()


Ask = Callable[..., Execution]


@pytest.fixture
def ask(make_machine: MakeMachine, start: StartExecution) -> Ask:
    """Starts an execution and lets it come to where it waits for a person."""

    def begin(parameters: dict[str, Any] | None = None, **fields: Any) -> Execution:
        task = {
            "Type": "Task",
            "Resource": "arn:aws:states:::approval:request.waitForTaskToken",
            "Parameters": {"Title": "Pay it back?", **(parameters or {})},
            "Catch": [{"ErrorEquals": ["Approval.Rejected"], "Next": "No"}],
            "Next": "Yes",
            **fields,
        }
        states = {"T": task, "Yes": {"Type": "Succeed"}, "No": {"Type": "Succeed"}}
        execution = start(make_machine({"StartAt": "T", "States": states}))
        work()
        return execution

    return begin


def work() -> None:
    while drain.drain_executions() + drain.drain_tasks():
        pass


def asked(execution: Execution) -> Approval:
    return Approval.objects.get(execution_id=execution.pk)


def ended(execution: Execution) -> Execution:
    work()
    execution.refresh_from_db()
    assert check_invariants() == []
    return execution


def user(name: str, **fields: Any) -> Any:
    return get_user_model().objects.create_user(name, **fields)


def test_approving_goes_on_with_the_decision(ask: Ask) -> None:
    execution = ask({"Form": FORM, "Context": {"order": 7}})
    assert check_invariants() == []
    approval = asked(execution)
    assert event_types(execution)[-1] == "TaskSubmitted"
    answers = {"amount": 12.5, "why": "kindness", "from": "2026-11-21"}
    approvals.decide(approval.pk, ADA, "APPROVED", "A good customer", answers)
    assert ended(execution).status == "SUCCEEDED"
    told = json.loads(execution.output or "")
    decided_at = told.pop("DecidedAt")
    assert decided_at.endswith("Z")
    assert told == {
        "ApprovalId": approval.pk,
        "Decision": "APPROVED",
        "DecidedBy": "ada",
        "Via": "PAGE",
        "Reason": "A good customer",
        "Form": answers,
    }
    approval.refresh_from_db()
    assert (approval.status, approval.decided_by) == ("APPROVED", "ada")
    entry = AuditEntry.objects.get(action="approval.decide")
    assert entry.subject == execution.arn
    assert json.loads(entry.details)["decision"] == "APPROVED"


def test_rejecting_fails_the_task_for_catch_to_see(ask: Ask) -> None:
    execution = ask({"Form": FORM})
    approvals.decide(asked(execution).pk, ADA, "REJECTED", "Too much", {})
    assert ended(execution).status == "SUCCEEDED"
    (failed,) = [each for each in history(execution) if each["type"] == "TaskFailed"]
    details = failed["taskFailedEventDetails"]
    assert details["error"] == "Approval.Rejected"
    assert json.loads(details["cause"])["Reason"] == "Too much"


def test_the_first_decision_counts(ask: Ask) -> None:
    execution = ask()
    approval = asked(execution)
    approvals.decide(approval.pk, ADA, "APPROVED", "", {})
    with pytest.raises(ApprovalDecided, match="ada has approved this already"):
        approvals.decide(approval.pk, Approver("bob", Approval.Via.LINK), "REJECTED", "", {})
    assert InboxMessage.objects.filter(execution_id=execution.pk).count() == 1
    ended(execution)
    with pytest.raises(ApprovalDecided):
        approvals.decide(approval.pk, ADA, "REJECTED", "", {})


def test_of_many_at_the_same_moment_one_decides(ask: Ask) -> None:
    execution = ask()
    approval = asked(execution)
    together = threading.Barrier(6)
    won: list[str] = []

    def decide(name: str) -> None:
        together.wait()
        try:
            approver = Approver(name, Approval.Via.PAGE)
            approvals.decide(approval.pk, approver, "APPROVED", "", {})
            won.append(name)
        except ApprovalDecided:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(f"user-{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(won) == 1
    ended(execution)
    assert json.loads(execution.output or "")["DecidedBy"] == won[0]


def test_killed_between_the_message_and_the_decision_nothing_has_happened(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution = ask()
    approval = asked(execution)

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Approval, "save", die)
        with pytest.raises(SystemExit):
            approvals.decide(approval.pk, ADA, "APPROVED", "", {})
    assert Task.objects.filter(execution_id=execution.pk).count() == 1
    assert InboxMessage.objects.filter(execution_id=execution.pk).count() == 0
    approvals.decide(approval.pk, ADA, "APPROVED", "", {})
    assert ended(execution).status == "SUCCEEDED"


def test_killed_after_the_commit_the_workflow_hears_of_it_without_a_hint(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution = ask()

    def die() -> None:
        raise SystemExit

    monkeypatch.setattr("executions.runtime.hints.executions_ready", die)
    with pytest.raises(SystemExit):
        approvals.decide(asked(execution).pk, ADA, "APPROVED", "", {})
    monkeypatch.undo()
    assert asked(execution).status == "APPROVED"
    assert ended(execution).status == "SUCCEEDED"


def test_a_worker_that_died_after_asking_asks_no_second_time(ask: Ask) -> None:
    execution = ask()
    # As if it had died before it reported: the attempt is performed again.
    Task.objects.update(status="QUEUED", lease_until=None)
    work()
    assert asked(execution).status == "OPEN"
    assert check_invariants() == []


def test_the_time_of_the_task_is_the_deadline(ask: Ask, clock: Clock) -> None:
    execution = ask(TimeoutSeconds=60)
    approval = asked(execution)
    assert approval.deadline is not None
    assert approval.deadline.timestamp() == pytest.approx(START + 60, abs=5)
    clock.turn(START + 61)
    assert approvals.list_approvals(user("eve"), mine=False, is_open=True, after=None, limit=9) == (
        approvals.ApprovalPage([], None)
    )
    with pytest.raises(ApprovalClosed):
        approvals.decide(approval.pk, ADA, "APPROVED", "", {})
    assert ended(execution).status == "FAILED"
    assert execution.error == "States.Timeout"
    approvals.close_abandoned()
    assert asked(execution).status == "CLOSED"


def test_stopping_the_execution_closes_its_question(ask: Ask) -> None:
    execution = ask()
    eve = user("eve")
    assert approvals.count_open_approvals(eve) == (1, 1)
    stop_execution(execution, None, None)
    ended(execution)
    assert approvals.count_open_approvals(eve) == (0, 0)
    page = approvals.list_approvals(eve, mine=False, is_open=False, after=None, limit=9)
    assert [approval.pk for approval, _ in page.approvals] == [asked(execution).pk]
    with pytest.raises(ApprovalClosed):
        approvals.decide(asked(execution).pk, ADA, "APPROVED", "", {})
    assert approvals.close_abandoned() == 1
    assert approvals.close_abandoned() == 0
    assert asked(execution).status == "CLOSED"


def test_who_may_decide(ask: Ask) -> None:
    execution = ask(
        {"Approvers": {"Users": ["ada"], "Roles": ["operator"], "Emails": "Cy@Shop.example"}}
    )
    approval = asked(execution)
    user("root")
    ada, bob, eve = user("ada"), user("bob"), user("eve")
    cy = user("cy", email="cy@shop.example")
    for somebody, role in ((cy, "viewer"), (eve, "editor"), (ada, "viewer"), (bob, "operator")):
        set_role(default_workspace(), somebody, role)
    assert [approvals.may_decide(approval, each) for each in (ada, bob, cy, eve)] == (
        [True, True, True, False]
    )
    assert approvals.count_open_approvals(eve) == (1, 0)
    with pytest.raises(ApproverRequired, match=r"ada, operator, cy@shop\.example"):
        approvals.decide_as_user(approval.pk, eve, "APPROVED", "", {})
    approvals.decide_as_user(approval.pk, bob, "APPROVED", "", {})
    assert asked(execution).decided_by == "bob"


def test_the_form_is_checked_where_it_matters(ask: Ask) -> None:
    approval = asked(ask({"Form": FORM}))
    wrong = {"why": "spite", "from": "tomorrow", "colour": "red"}
    with pytest.raises(ValidationException) as caught:
        approvals.decide(approval.pk, ADA, "APPROVED", "", wrong)
    for part in ("no field 'colour'", "'Amount' is required", "'why' is one of", "'from' is a day"):
        assert part in caught.value.message
    with pytest.raises(ValidationException, match="'Amount' is a number"):
        approvals.decide(approval.pk, ADA, "APPROVED", "", {"amount": "much"})
    approvals.decide(approval.pk, ADA, "REJECTED", "", {})


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"Title": " "}, "one line"),
        ({"Form": [{"Label": "x"}]}, "Form[0].Name"),
        ({"Form": [{"Name": "a", "Type": "colour"}]}, "Form[0].Type"),
        ({"Form": [{"Name": "a", "Type": "choice"}]}, "Choices"),
        ({"Form": [{"Name": "a"}, {"Name": "a"}]}, "Two fields"),
        ({"Approvers": {"Groups": []}}, "Approvers.Groups"),
        ({"Approvers": {"Emails": ["nobody"]}}, "no address"),
        ({"Deadline": "tomorrow"}, "Deadline"),
    ],
)
def test_what_cannot_be_asked_fails_the_task(
    ask: Ask, parameters: dict[str, Any], problem: str
) -> None:
    execution = ended(ask(parameters))
    assert execution.error == "States.Runtime"
    assert problem in (execution.cause or "")
    assert not Approval.objects.exists()


class Mails:
    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        self.received.append((envelope.rcpt_tos[0], envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def mails(tmp_path: Path, settings: Any) -> Iterator[Mails]:
    handler = Mails()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    file = tmp_path / "integrations.toml"
    file.write_text(
        f'[email]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'from = "Shop <shop@shop.example>"\nrecipients = ["*@shop.example"]\n'
    )
    settings.INTEGRATIONS_FILE = str(file)
    yield handler
    controller.stop()


def test_those_who_are_asked_get_a_mail_with_a_link_of_their_own(ask: Ask, mails: Mails) -> None:
    user("ada", email="Ada@shop.example")
    emails = ["cy@shop.example", "eve@elsewhere.example"]
    execution = ask({"Approvers": {"Users": ["ada"], "Emails": emails}, "Context": {"order": 7}})
    approval = asked(execution)
    assert [who for who, _ in mails.received] == ["cy@shop.example", "ada@shop.example"]
    for who, text in mails.received:
        assert "order: 7" in text
        (signed,) = [line for line in text.split() if "/decide/" in line]
        assert read_link(signed.split("/decide/")[1].strip("/")) == (approval.pk, who)
    (submitted,) = [each for each in history(execution) if each["type"] == "TaskSubmitted"]
    said = json.loads(submitted["taskSubmittedEventDetails"]["output"])
    assert said["Mailed"] == 2
    assert "eve@elsewhere.example" in said["MailProblem"]


def test_without_mail_the_question_stands_in_the_inbox(
    ask: Ask, settings: Any, tmp_path: Path
) -> None:
    settings.INTEGRATIONS_FILE = str(tmp_path / "none.toml")
    approval = asked(ask({"Approvers": {"Emails": ["cy@shop.example"]}}))
    assert approval.status == "OPEN"
    assert "[email]" in approval.mail_problem


def test_removing_an_execution_removes_what_it_asked(ask: Ask) -> None:
    execution = ask()
    approvals.decide(asked(execution).pk, ADA, "APPROVED", "", {})
    ended(execution)
    remove_executions(
        "SELECT id FROM executions_execution WHERE id = %s LIMIT %s FOR UPDATE", [execution.pk], 0
    )
    assert not Approval.objects.exists()


def test_where_nobody_is_named_whoever_reports_outcomes_decides(ask: Ask) -> None:
    approval = asked(ask())
    user("root")
    viewer, editor = user("vi"), user("ed")
    set_role(default_workspace(), viewer, "viewer")
    set_role(default_workspace(), editor, "editor")
    assert [approvals.may_decide(approval, each) for each in (viewer, editor)] == [False, True]
    assert approvals.count_open_approvals(viewer) == (1, 0)
