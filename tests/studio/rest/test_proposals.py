"""``/api/…/proposals/``: changes that others look at before they run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from studio.actions.aliases import create_state_machine_alias
from studio.actions.proposals import checks
from studio.actions.proposals.checks import Step
from studio.actions.state_machines import create_state_machine, update_state_machine
from studio.errors import ReviewRequired
from studio.models import (
    AuditEntry,
    OutgoingMessage,
    Proposal,
    ProposalCheck,
    StateMachine,
    StateMachineAlias,
)

HERE = "/api/state-machines/orders"
ROLE = "arn:aws:iam::123456789012:role/tests"
RETRY = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 3}]


def definition(name: str = "Pay", **fields: Any) -> str:
    state = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay"}
    document = {
        "StartAt": name,
        "States": {
            name: {**state, "Retry": RETRY, "Next": "Done", **fields},
            "Done": {"Type": "Succeed"},
        },
    }
    return json.dumps(document)


class Person:
    """Somebody who is signed in."""

    def __init__(self, name: str) -> None:
        self.user = get_user_model().objects.create_user(name, f"{name}@example.org")
        self.client = Client()
        self.client.force_login(self.user)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        send = getattr(self.client, method)
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        answer = send(path if path.startswith("/") else f"{HERE}/{path}", **given)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def get(self, path: str, status: int = 200) -> Any:
        return self.ask("get", path, None, status)

    def post(self, path: str, status: int = 200, /, **body: Any) -> Any:
        return self.ask("post", path, body, status)

    def put(self, path: str, status: int = 200, /, **body: Any) -> Any:
        return self.ask("put", path, body, status)


@pytest.fixture
def ada(db: None) -> Person:
    return Person("ada")


@pytest.fixture
def bob(db: None) -> Person:
    return Person("bob")


@pytest.fixture
def orders(ada: Person) -> StateMachine:
    machine = create_state_machine(
        name="orders", definition=definition(), role_arn=ROLE, publish=True
    )
    create_state_machine_alias("live", [(f"{machine.arn}:1", 100)])
    return machine


def base(machine: StateMachine) -> str:
    machine.refresh_from_db()
    assert machine.current is not None
    return str(machine.current.revision_id)


def propose(who: Person, machine: StateMachine, text: str = "", **more: Any) -> Any:
    given = {
        "title": "Wait longer",
        "definition": text or definition(TimeoutSeconds=5),
        "baseRevisionId": base(machine),
        "reviewers": ["bob"],
        **more,
    }
    return who.post("proposals/", 201, **given)


def push(who: Person, machine: StateMachine, text: str, follows: int, status: int = 200) -> Any:
    return who.post(
        "proposals/1/pushes/",
        status,
        definition=text,
        baseRevisionId=base(machine),
        follows=follows,
    )


RULES: dict[str, Any] = {
    "isRequired": True,
    "approvals": 1,
    "approvers": [],
    "testsMustPass": False,
    "whatIfMustNotDiverge": False,
    "threadsMustBeResolved": False,
}


def codes(proposal: Any) -> list[str]:
    return [each["code"] for each in proposal["blockers"]]


def test_a_draft_is_proposed_reviewed_and_published(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    ada.put("review-rules/", **RULES)
    proposal = propose(ada, orders)
    assert (proposal["number"], proposal["author"], proposal["push"]) == (1, "ada", 1)
    assert (proposal["status"], proposal["reviewers"]) == ("OPEN", ["bob"])
    assert codes(proposal) == ["APPROVALS_MISSING"]
    ada.post("proposals/1/publish/", 409, push=1)

    # Nobody approves what they have written.
    refused = ada.post("proposals/1/reviews/", 403, push=1, verdict="APPROVED")
    assert refused["code"] == "OwnProposal"
    proposal = bob.post("proposals/1/reviews/", push=1, verdict="CHANGES_REQUESTED", message="no")
    assert codes(proposal) == ["CHANGES_REQUESTED", "APPROVALS_MISSING"]

    # Another push leaves the objection, and an approval of what was before is void.
    proposal = push(ada, orders, definition(TimeoutSeconds=6), 1)
    assert codes(proposal) == ["CHANGES_REQUESTED", "APPROVALS_MISSING"]
    bob.post("proposals/1/reviews/", 409, push=1, verdict="APPROVED")
    proposal = bob.post("proposals/1/reviews/", push=2, verdict="APPROVED")
    assert codes(proposal) == []
    assert proposal["reviews"][0]["counts"] is True

    proposal = ada.post("proposals/1/publish/", push=2, alias="live")
    assert (proposal["status"], proposal["version"], proposal["closedBy"]) == (
        "PUBLISHED",
        2,
        "ada",
    )
    orders.refresh_from_db()
    assert orders.current is not None
    assert orders.current.definition == definition(TimeoutSeconds=6)
    alias = StateMachineAlias.objects.get(name="live")
    assert alias.routes == [(2, 100)]
    done = AuditEntry.objects.filter(action__startswith="proposal.").order_by("pk")
    assert [each.action for each in done] == [
        "proposal.create",
        "proposal.review",
        "proposal.push",
        "proposal.review",
        "proposal.publish",
    ]
    history = ada.get("revisions/")["results"]
    assert (history[0]["author"], history[0]["description"]) == ("ada", "Wait longer")
    ada.post("proposals/1/cancel/", 409)
    ada.post("proposals/1/checks/", 409)


def test_a_stale_approval_publishes_nothing(ada: Person, bob: Person, orders: StateMachine) -> None:
    ada.put("review-rules/", **RULES)
    propose(ada, orders)
    bob.post("proposals/1/reviews/", push=1, verdict="APPROVED")
    push(ada, orders, definition(TimeoutSeconds=6), 1)
    stale = ada.post("proposals/1/publish/", 409, push=1)
    assert stale["code"] == "ProposalChanged"
    assert ada.post("proposals/1/publish/", 409, push=2)["code"] == "ProposalNotReady"
    orders.refresh_from_db()
    assert orders.versions.count() == 1


def test_an_approval_of_the_same_text_on_another_base_is_void(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    propose(ada, orders)
    ada.put("review-rules/", **{**RULES, "isRequired": False})
    bob.post("proposals/1/reviews/", push=1, verdict="APPROVED")
    update_state_machine(orders, definition=definition(HeartbeatSeconds=2))
    proposal = ada.get("proposals/1/")
    assert proposal["baseMoved"] is True
    assert codes(proposal) == ["BASE_MOVED"]
    ada.post("proposals/1/publish/", 409, push=1)
    proposal = ada.post("proposals/1/base/", push=1)
    assert (proposal["push"], codes(proposal)) == (2, ["APPROVALS_MISSING"])
    compared = ada.get("proposals/1/comparison/")
    assert [each["sentence"] for each in compared["changes"]] == ["Pay: TimeoutSeconds 5 added"]
    assert "HeartbeatSeconds" in compared["after"]["definition"]


def test_what_was_published_since_may_conflict(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    propose(ada, orders)
    update_state_machine(orders, definition=definition(TimeoutSeconds=7))
    refused = ada.post("proposals/1/base/", 409, push=1)
    assert refused["code"] == "ProposalConflict"
    assert "Pay: TimeoutSeconds 5 added — Pay: TimeoutSeconds 7 added" in refused["message"]


def test_direct_publishing_is_refused_where_a_review_is_required(
    ada: Person, orders: StateMachine
) -> None:
    ada.put("review-rules/", **RULES)
    with pytest.raises(ReviewRequired):
        update_state_machine(orders, definition=definition(TimeoutSeconds=9))
    with pytest.raises(ReviewRequired):
        update_state_machine(orders, tracing_configuration={"enabled": True}, by_program=True)
    # What changes nothing is nobody's business; programs may be let through.
    update_state_machine(orders, definition=definition(), publish=True)
    ada.put("review-rules/", **RULES, bindsPrograms=False)
    update_state_machine(orders, definition=definition(TimeoutSeconds=9), by_program=True)
    with pytest.raises(ReviewRequired):
        update_state_machine(orders, definition=definition(TimeoutSeconds=10))
    old = orders.revisions.order_by("pk")[0].revision_id
    refused = ada.post(f"revisions/{old}/restore/", 403, to="REVISION")
    assert refused["code"] == "ReviewRequired"
    ada.post(f"revisions/{old}/restore/", to="DRAFT")


def test_only_approvers_count_where_some_are_named(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    eve = Person("eve")
    ada.put("review-rules/", **{**RULES, "approvers": ["bob"]})
    propose(ada, orders)
    eve.post("proposals/1/reviews/", push=1, verdict="APPROVED")
    assert codes(eve.get("proposals/1/")) == ["APPROVALS_MISSING"]
    bob.post("proposals/1/reviews/", push=1, verdict="APPROVED")
    assert codes(eve.get("proposals/1/")) == []
    # Somebody who has left approves nothing any more.
    bob.user.is_active = False
    bob.user.save()
    assert codes(eve.get("proposals/1/")) == ["APPROVALS_MISSING"]
    ada.put("review-rules/", 400, **{**RULES, "approvals": 3, "approvers": ["eve"]})
    ada.put("review-rules/", 400, **{**RULES, "approvers": ["nobody"]})
    # An author is never alone.
    ada.put("review-rules/", 400, **{**RULES, "approvals": 0})


def test_who_pushes_to_it_is_one_of_its_authors(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    ada.put("review-rules/", **RULES)
    propose(ada, orders)
    push(bob, orders, definition(TimeoutSeconds=6), 1)
    refused = bob.post("proposals/1/reviews/", 403, push=2, verdict="APPROVED")
    assert refused["code"] == "OwnProposal"


def test_a_thread_follows_a_state_that_is_renamed(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    propose(ada, orders)
    pointer = "/States/Pay/Retry/0/MaxAttempts"
    bob.post("proposals/1/threads/", push=1, pointer="/States/Pay", text="Why?")
    bob.post("proposals/1/threads/", push=1, pointer=pointer, text="More?", suggestion="5")
    proposal = push(ada, orders, definition("Charge", TimeoutSeconds=5), 1)
    on_state, on_field = proposal["threads"]
    assert (on_state["pointer"], on_state["state"]) == ("/States/Charge", "Charge")
    assert on_field["pointer"] == "/States/Charge/Retry/0/MaxAttempts"
    assert (on_field["value"], on_field["isGone"]) == ("3", False)
    assert on_field["comments"][0]["fits"] is True

    # Gone with the field, and back with it.
    proposal = push(ada, orders, definition("Charge", TimeoutSeconds=5, Retry=[]), 2)
    gone = proposal["threads"][1]
    assert (gone["isGone"], gone["stateIsGone"], gone["anchorPush"]) == (True, False, 2)
    assert gone["value"] == "3"
    ada.post(f"proposals/1/comments/{gone['comments'][0]['id']}/apply/", 409, push=3)
    proposal = push(ada, orders, definition("Bill", TimeoutSeconds=5), 3)
    back = proposal["threads"][1]
    assert (back["isGone"], back["pointer"]) == (False, "/States/Bill/Retry/0/MaxAttempts")
    bob.post("proposals/1/threads/", 400, push=4, pointer="/States/Pay", text="Gone")


def test_a_suggestion_is_applied_with_one_click(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    yaml = (
        "StartAt: Pay # at once\nStates:\n  Pay:\n    Type: Wait\n"
        "    Seconds: 3 # long\n    End: true\n"
    )
    propose(ada, orders, yaml, format="YAML")
    proposal = bob.post(
        "proposals/1/threads/",
        push=1,
        pointer="/States/Pay/Seconds",
        text="Longer",
        suggestion="30",
    )
    comment = proposal["threads"][0]["comments"][0]["id"]
    proposal = ada.post(f"proposals/1/comments/{comment}/apply/", push=1)
    assert proposal["push"] == 2
    assert proposal["threads"][0]["resolvedBy"] == "ada"
    assert proposal["threads"][0]["comments"][0]["appliedIn"] == 2
    assert proposal["pushes"][1]["message"] == "Suggestion of bob applied"
    # The comments of the text are kept.
    after = ada.get("proposals/1/comparison/")["after"]
    assert (after["format"], after["definition"]) == ("YAML", yaml.replace("3 #", "30 #"))
    # Once more is no second push.
    assert ada.post(f"proposals/1/comments/{comment}/apply/", push=2)["push"] == 2
    changes = ada.get("proposals/1/comparison/?before=1&after=2")["changes"]
    assert [each["sentence"] for each in changes] == ["Pay: Seconds 3 → 30"]


def test_threads_are_answered_resolved_and_opened_again(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    ada.put(
        "review-rules/",
        **{**RULES, "isRequired": False, "approvals": 0, "threadsMustBeResolved": True},
    )
    propose(ada, orders)
    proposal = bob.post("proposals/1/threads/", push=1, text="On the whole?")
    thread = proposal["threads"][0]["id"]
    assert codes(proposal) == ["THREADS_OPEN"]
    proposal = ada.post(f"proposals/1/threads/{thread}/comments/", text="Yes.")
    assert [each["author"] for each in proposal["threads"][0]["comments"]] == ["bob", "ada"]
    proposal = ada.put(f"proposals/1/threads/{thread}/", resolved=True)
    assert (codes(proposal), proposal["threads"][0]["resolvedBy"]) == ([], "ada")
    proposal = bob.put(f"proposals/1/threads/{thread}/", resolved=False)
    assert codes(proposal) == ["THREADS_OPEN"]
    bob.post(f"proposals/1/threads/{thread}/comments/", 400, text=" ")
    bob.post("proposals/1/threads/77/comments/", 404, text="x")


def test_the_same_proposal_and_push_once_more_change_nothing(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    assert propose(ada, orders)["number"] == propose(ada, orders)["number"] == 1
    text = definition(TimeoutSeconds=6)
    assert push(ada, orders, text, 1)["push"] == push(ada, orders, text, 1)["push"] == 2
    push(ada, orders, definition(TimeoutSeconds=7), 1, 409)
    propose_nothing = {"title": "x", "definition": definition(), "baseRevisionId": base(orders)}
    ada.post("proposals/", 400, **propose_nothing)
    broken = ada.post("proposals/", 400, **{**propose_nothing, "definition": "{}"})
    assert broken["code"] == "InvalidDefinition"


def test_lists_say_what_waits_for_whom(ada: Person, bob: Person, orders: StateMachine) -> None:
    propose(ada, orders)
    assert bob.get("/api/proposals/?which=review")["toReview"] == 1
    assert ada.get("/api/proposals/?which=review")["results"] == []
    (mine,) = ada.get("/api/proposals/?which=mine")["results"]
    assert (mine["stateMachine"], mine["openThreads"], mine["approvals"]) == ("orders", 0, 0)
    bob.post("proposals/1/reviews/", push=1, verdict="COMMENTED", message="hm")
    assert bob.get("/api/proposals/")["toReview"] == 0
    push(ada, orders, definition(TimeoutSeconds=6), 1)
    assert bob.get("/api/proposals/")["toReview"] == 1
    ada.post("proposals/1/cancel/")
    assert bob.get("/api/proposals/?status=CANCELLED")["toReview"] == 0


def test_people_and_programs_are_told(
    ada: Person, bob: Person, orders: StateMachine, settings: Any
) -> None:
    settings.MAIL_FROM = "Stepwell <stepwell@example.org>"
    settings.PUBLIC_URL = "https://stepwell.example"
    webhook = ada.post("review-webhooks/", 201, url="https://hooks.example/x")
    assert webhook["secret"]
    assert "secret" not in ada.get("review-webhooks/")["results"][0]
    propose(ada, orders)
    told = bob.get("/api/notifications/")
    assert told["unread"] == 1
    assert told["results"][0]["sentence"] == "ada asks you to review orders #1 Wait longer"
    assert ada.get("/api/notifications/")["unread"] == 0
    call, mail = OutgoingMessage.objects.order_by("address")
    assert (mail.address, call.address) == ("bob@example.org", "")
    # Whoever follows it may be in another workspace by then.
    link = "https://stepwell.example/state-machines/orders/proposals/1?workspace=123456789012"
    assert f"\n{link}\n" in mail.text
    told = json.loads(call.text)
    assert (told["event"], told["address"]) == ("REVIEW_REQUESTED", link)
    assert told["accountId"] == "123456789012"
    bob.post("proposals/1/reviews/", push=1, verdict="APPROVED")
    assert ada.get("/api/notifications/")["results"][0]["sentence"].startswith("bob approved")
    assert bob.put("/api/notifications/")["unread"] == 0
    ada.ask("delete", f"review-webhooks/{webhook['id']}/", None, 204)
    ada.post("review-webhooks/", 400, url="file:///etc/passwd")


def test_a_webhook_is_tried_turned_off_and_says_what_it_answered(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    assert bob.get("review-webhooks/")["results"] == []
    made = ada.post("review-webhooks/", 201, url="https://hooks.example/x")
    assert made["isEnabled"]
    here = f"review-webhooks/{made['id']}/"
    tried = ada.post(f"{here}deliveries/", 201)
    assert (tried["event"], tried["status"], tried["attempts"]) == ("TEST", "WAITING", 0)
    said = json.loads(OutgoingMessage.objects.get().text)
    assert (said["accountId"], said["stateMachine"]) == ("123456789012", "orders")
    # Once more, while it waits, is the same call.
    assert ada.post(f"{here}deliveries/", 201)["id"] == tried["id"]
    OutgoingMessage.objects.update(attempt=1, sent_at=timezone.now(), answer="204 No Content")
    (delivery,) = ada.get(f"{here}deliveries/")["results"]
    assert (delivery["status"], delivery["answer"]) == ("DELIVERED", "204 No Content")

    propose(ada, orders)
    waiting = ada.get(f"{here}deliveries/")["results"][0]
    assert (waiting["event"], waiting["number"], waiting["status"]) == (
        "REVIEW_REQUESTED",
        1,
        "WAITING",
    )
    assert not ada.put(here, isEnabled=False)["isEnabled"]
    given_up = ada.get(f"{here}deliveries/")["results"][0]
    assert (given_up["status"], given_up["failure"]) == ("GIVEN_UP", "The webhook was turned off.")
    push(ada, orders, definition(TimeoutSeconds=6), 1)
    assert len(ada.get(f"{here}deliveries/")["results"]) == 2
    # A test is asked for: it is made all the same.
    assert ada.post(f"{here}deliveries/", 201)["status"] == "WAITING"
    ada.put(here, isEnabled=True)
    push(ada, orders, definition(TimeoutSeconds=7), 2)
    assert ada.get(f"{here}deliveries/")["results"][0]["event"] == "PUSHED"
    told = AuditEntry.objects.filter(action="reviewWebhook.update")
    assert [json.loads(each.details)["enabled"] for each in told] == [False, True]
    changed = ada.put(here, url="https://hooks.example/y?key=k")
    assert (changed["url"], changed["isEnabled"]) == ("https://hooks.example/y?key=k", True)
    last = AuditEntry.objects.filter(action="reviewWebhook.update").latest("id")
    assert json.loads(last.details)["host"] == "hooks.example"
    assert "key=k" not in last.details
    refused = ada.ask("put", here, {"url": "https://me:pw@hooks.example/"}, 400)
    assert refused["code"] == "ValidationException"
    for method in ("get", "post"):
        ada.ask(method, "review-webhooks/999999/deliveries/", None, 404)


def test_people_choose_what_they_are_mailed(
    ada: Person, bob: Person, orders: StateMachine, settings: Any
) -> None:
    settings.MAIL_FROM = "Stepwell <stepwell@example.org>"
    mails = "/api/notifications/mails/"
    known = bob.get(mails)
    assert (known["address"], known["isConfigured"]) == ("bob@example.org", True)
    wanted = [event for event in known["events"] if event != "PUSHED"]
    assert bob.put(mails, events=wanted)["events"] == wanted
    assert ada.get(mails)["events"] == known["events"]
    bob.put(mails, 400, events=["BIRTHDAY"])
    propose(ada, orders)
    push(ada, orders, definition(TimeoutSeconds=6), 1)
    # The page tells of both.
    assert bob.get("/api/notifications/")["unread"] == 2
    (mail,) = OutgoingMessage.objects.filter(address="bob@example.org")
    assert "asks you to review" in mail.text
    bob.put(mails, events=known["events"])
    push(ada, orders, definition(TimeoutSeconds=7), 2)
    assert OutgoingMessage.objects.filter(address="bob@example.org").count() == 2


def test_checks_stand_in_the_way_and_are_made_in_steps(
    ada: Person, bob: Person, orders: StateMachine, settings: Any
) -> None:
    ada.put(
        "review-rules/", **{**RULES, "isRequired": False, "approvals": 0, "testsMustPass": True}
    )
    settings.REVIEW_CHECKS = {"TESTS": f"{__name__}.in_two_steps"}
    proposal = propose(ada, orders)
    assert codes(proposal) == ["CHECK_WAITING"]
    assert checks.carry_out_next()
    proposal = ada.get("proposals/1/")
    assert proposal["checkResults"][0]["answer"] == {"done": 1}
    assert checks.carry_out_next()
    assert not checks.carry_out_next()
    assert codes(ada.get("proposals/1/")) == []
    # Of a later push it is to be made again.
    settings.REVIEW_CHECKS = {"TESTS": f"{__name__}.that_fails"}
    assert codes(push(ada, orders, definition(TimeoutSeconds=6), 1)) == ["CHECK_WAITING"]
    assert checks.carry_out_next()
    assert codes(ada.get("proposals/1/")) == ["CHECK_FAILED"]
    assert ada.get("/api/notifications/")["results"][0]["event"] == "CHECK_FAILED"
    assert codes(ada.post("proposals/1/checks/")) == ["CHECK_WAITING"]


def test_a_check_whose_worker_is_lost_is_made_again(
    ada: Person, bob: Person, orders: StateMachine, settings: Any
) -> None:
    settings.REVIEW_CHECKS = {"TESTS": f"{__name__}.in_two_steps"}
    propose(ada, orders)
    lost = checks._take()
    assert lost is not None
    assert not checks.carry_out_next()
    ProposalCheck.objects.update(lease_until="2020-01-01T00:00:00Z")
    assert checks.carry_out_next()
    # The one that was believed lost reports late: nobody listens.
    checks._store(lost, Step("FAILED", {}))
    assert ProposalCheck.objects.get().status == "WAITING"
    assert checks.carry_out_next()
    assert ProposalCheck.objects.get().status == "PASSED"


def in_two_steps(state_machine: str, text: str, memo: dict[str, Any]) -> Step:
    assert state_machine == "orders"
    assert json.loads(text)["StartAt"] == "Pay"
    return Step("PASSED", {"done": 2}) if memo.get("done") == 1 else Step("WAITING", {"done": 1})


def that_fails(state_machine: str, text: str, memo: dict[str, Any]) -> Step:
    return Step("FAILED", {"failed": 1})


def test_a_state_machine_is_removed_with_its_proposals(
    ada: Person, bob: Person, orders: StateMachine
) -> None:
    from executions.actions.state_machines import delete_state_machine

    ada.put("review-rules/", **RULES)
    propose(ada, orders)
    bob.post("proposals/1/threads/", push=1, text="On the whole?")
    delete_state_machine("orders")
    assert not Proposal.objects.exists()
    assert not StateMachine.objects.exists()
