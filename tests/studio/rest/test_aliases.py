"""``/api/…/aliases/``: aliases routed by hand, and moved bit by bit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from studio.actions.alias_moves import Ended, look_at
from studio.actions.aliases import create_state_machine_alias, update_state_machine_alias
from studio.actions.state_machines import create_state_machine, update_state_machine
from studio.models import AliasMove, StateMachine, StateMachineAlias

HERE = "/api/state-machines/orders"
ROLE = "arn:aws:iam::123456789012:role/tests"
NOTHING = Ended(0, 0)
LINEAR = {"version": 2, "kind": "LINEAR", "stepPercent": 40, "intervalSeconds": 60}


@pytest.fixture
def ada(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada"))
    return client


@pytest.fixture
def orders(ada: Client) -> StateMachine:
    def definition(number: int) -> str:
        state = {"Type": "Pass", "Result": number, "End": True}
        return json.dumps({"StartAt": "Pay", "States": {"Pay": state}})

    machine = create_state_machine(
        name="orders", definition=definition(1), role_arn=ROLE, publish=True
    )
    update_state_machine(machine, definition=definition(2), publish=True)
    create_state_machine_alias("live", [(f"{machine.arn}:1", 100)])
    return machine


def send(client: Client, method: str, path: str, body: Any, status: int = 200) -> Any:
    answer = getattr(client, method)(f"{HERE}/{path}", body, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def routes() -> list[tuple[int, int]]:
    return StateMachineAlias.objects.get(name="live").routes


def due() -> AliasMove:
    AliasMove.objects.update(next_at=timezone.now())
    return AliasMove.objects.get()


def look(ended: Ended = NOTHING) -> AliasMove:
    move = look_at(AliasMove.objects.get().pk, lambda _: ended)
    assert move is not None
    return move


def test_an_alias_is_routed_by_hand(ada: Client, orders: StateMachine) -> None:
    both = {"routes": [{"version": 1, "weight": 70}, {"version": 2, "weight": 30}]}
    answer = send(ada, "put", "aliases/live/", both)
    assert answer["results"][0]["routes"] == both["routes"]
    send(ada, "put", "aliases/test/", {"routes": [{"version": 2, "weight": 100}]})
    send(ada, "put", "aliases/live/", {"routes": [{"version": 1, "weight": 70}]}, 400)
    send(ada, "put", "aliases/7/", {"routes": [{"version": 1, "weight": 100}]}, 400)
    names = [each["name"] for each in send(ada, "delete", "aliases/test/", {})["results"]]
    assert names == ["live"]


def test_an_alias_is_moved_in_even_steps(ada: Client, orders: StateMachine) -> None:
    answer = send(ada, "post", "aliases/live/moves/", LINEAR)
    assert answer["moves"][0]["status"] == "MOVING"
    assert routes() == [(2, 40), (1, 60)]
    assert look().percent == 40  # It is not time yet.
    due()
    assert look().percent == 80
    assert look().percent == 80
    due()
    assert look().status == "COMPLETED"
    assert routes() == [(2, 100)]
    send(ada, "post", "aliases/live/moves/", LINEAR, 400)


def test_a_canary_has_all_after_its_time(ada: Client, orders: StateMachine) -> None:
    send(ada, "post", "aliases/live/moves/", {**LINEAR, "kind": "CANARY", "stepPercent": 5})
    assert routes() == [(2, 5), (1, 95)]
    due()
    assert look().status == "COMPLETED"
    assert routes() == [(2, 100)]


def test_too_many_failures_take_it_back(ada: Client, orders: StateMachine) -> None:
    plan = {**LINEAR, "failurePercent": 50, "minimumExecutions": 4}
    send(ada, "post", "aliases/live/moves/", plan)
    assert look(Ended(0, 3)).status == "MOVING"  # Too few to judge by.
    assert look(Ended(3, 2)).status == "MOVING"
    move = look(Ended(2, 2))
    assert (move.status, routes()) == ("ROLLED_BACK", [(1, 100)])
    assert move.reason == "2 of 4 executions failed: 50 % may not."
    due()
    assert look(Ended(9, 0)).status == "ROLLED_BACK"


def test_a_move_is_stopped_or_taken_back(ada: Client, orders: StateMachine) -> None:
    first = send(ada, "post", "aliases/live/moves/", LINEAR)["moves"][0]["id"]
    send(ada, "post", "aliases/live/moves/", LINEAR, 409)
    send(ada, "put", f"alias-moves/{first}/", {"back": False})
    assert routes() == [(2, 40), (1, 60)]
    # One that stands for two versions has no one version to be moved from.
    send(ada, "post", "aliases/live/moves/", LINEAR, 409)
    update_state_machine_alias(f"{orders.arn}:live", routes=[(f"{orders.arn}:1", 100)])
    second = send(ada, "post", "aliases/live/moves/", LINEAR)["moves"][0]["id"]
    answer = send(ada, "put", f"alias-moves/{second}/", {"back": True})
    assert (answer["moves"][0]["status"], routes()) == ("CANCELLED", [(1, 100)])


def test_who_routes_it_by_hand_ends_the_move(ada: Client, orders: StateMachine) -> None:
    send(ada, "post", "aliases/live/moves/", LINEAR)
    update_state_machine_alias(f"{orders.arn}:live", routes=[(f"{orders.arn}:1", 100)])
    assert due().status == "CANCELLED"
    assert look().status == "CANCELLED"
    assert routes() == [(1, 100)]


@pytest.mark.parametrize(
    "wrong", [{"stepPercent": 100}, {"intervalSeconds": 0}, {"kind": "LEAP"}, {"version": 7}]
)
def test_a_plan_that_is_none(ada: Client, orders: StateMachine, wrong: dict[str, Any]) -> None:
    answer = ada.post(
        f"{HERE}/aliases/live/moves/", {**LINEAR, **wrong}, content_type="application/json"
    )
    assert answer.status_code in (400, 404)
    assert routes() == [(1, 100)]
