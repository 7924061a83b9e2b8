"""The orders example does real work, undoes it when it fails, and its stock always adds up."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from executions.interpreter.messages import ScheduleTask
from tests.examples.conftest import EXAMPLES, MakeWorld
from tests.examples.world import World

ORDERS = EXAMPLES / "orders"


def read_input(name: str) -> Any:
    value = json.loads((ORDERS / name).read_text())
    return value | {"paceSeconds": 0}


def lambda_arn(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:123456789012:function:{name}"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world("orders")


def call(world: World, function: str, event: Any) -> Any:
    from executions.integration import Failed, TaskRequest

    arn = lambda_arn(function)
    outcome = world.integration_for(arn).perform(
        TaskRequest("e", "m", "S", 1, 0, arn, json.dumps(event), None, "k")
    )
    if isinstance(outcome, Failed):
        raise AssertionError(f"{outcome.error}: {outcome.cause}")
    return json.loads(outcome.output)


def stock(world: World) -> dict[str, int]:
    report = call(world, "check_stock", {})
    assert report["addsUp"], report
    return {row["sku"]: row["available"] for row in report["stock"]}


def test_the_sample_order_is_paid_and_its_goods_are_gone(world: World) -> None:
    before = stock(world)
    run = world.run("sample", read_input("input.json"))
    assert run.state.status == "SUCCEEDED", (run.state.error, run.state.cause)
    assert run.output["status"] == "PAID"
    assert run.output["total"] == "€ 116.00"
    assert run.output["mail"]["to"] == "ada@example.com"
    after = stock(world)
    assert {sku: before[sku] - after[sku] for sku in before if before[sku] != after[sku]} == {
        "teapot": 1,
        "cup": 4,
        "assam": 2,
    }


@pytest.mark.parametrize("name", ["invoice", "voucher", "unstable-processor"])
def test_the_other_ways_to_pay(world: World, name: str) -> None:
    run = world.run(name, read_input(f"inputs/{name}.json"))
    assert run.state.status == "SUCCEEDED", (run.state.error, run.state.cause)


def test_a_declined_payment_gives_everything_back_in_reverse(world: World) -> None:
    before = stock(world)
    run = world.run("declined", read_input("inputs/payment-declined.json"))
    assert (run.state.status, run.state.error) == ("FAILED", "PaymentDeclined")
    assert run.state.cause == "The bank declined the card ending in 0002."
    assert stock(world) == before
    assert run.entered().count("Release item") == 3
    assert run.entered()[-3:] == ["Cancel order", "Tell customer", "Order cancelled"]


def test_steps_are_undone_last_first(world: World, shop_database: str) -> None:
    execution = "arn:reverse"
    order = {"number": 1, **read_input("input.json")["order"], "totalCents": 100}
    call(world, "validate_order", {"executionId": execution, "input": {"order": order}})
    for place, item in enumerate(order["items"]):
        call(world, "reserve_item", {"executionId": execution, "place": place, "item": item})
    call(world, "charge_card", {"executionId": execution, "order": order})
    steps = call(world, "begin_compensation", {"executionId": execution})["steps"]
    assert [step["kind"] for step in steps] == ["refund", "release", "release", "release"]
    assert [step.get("place") for step in steps[1:]] == [2, 1, 0]
    for step in steps:
        function = "refund_payment" if step["kind"] == "refund" else "release_item"
        for _ in range(2):  # a repeated call changes nothing
            call(world, function, {"executionId": execution, "step": step})
    stock(world)


def test_an_item_that_is_short_cancels_the_whole_order(world: World) -> None:
    before = stock(world)
    run = world.run("short", read_input("inputs/out-of-stock.json"))
    assert (run.state.status, run.state.error) == ("FAILED", "OutOfStock")
    assert run.state.cause == "5 of golden-teapot were ordered and 3 are there."
    assert stock(world) == before


def test_a_processor_that_is_down_is_asked_five_times(world: World) -> None:
    run = world.run("down", read_input("inputs/processor-down.json"))
    assert (run.state.status, run.state.error) == ("FAILED", "ProcessorUnavailable")
    charges = [e for e in run.events if e["type"] == "TaskFailed"]
    assert len(charges) == 5


def test_an_invalid_order_touches_nothing(world: World) -> None:
    run = world.run("invalid", read_input("inputs/invalid.json"))
    assert (run.state.status, run.state.error) == ("FAILED", "InvalidOrder")
    assert run.state.cause == "The shop does not sell samovar."
    assert "Reserve items" not in run.entered()


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"order": []},
        {"order": {"customer": {"email": "a@b"}, "items": [], "payment": {"method": "card"}}},
        {"order": {"customer": {"email": "a@b"}, "items": [{"sku": "cup", "quantity": -1}]}},
        {"order": {"customer": {"email": "a@b"}, "items": [{"sku": "cup", "quantity": True}]}},
        {"order": {"customer": None, "items": [{"sku": "cup", "quantity": 1}]}},
        {"order": {}, "paceSeconds": 3600},
    ],
)
def test_every_kind_of_invalid_order_is_refused(world: World, broken: Any) -> None:
    run = world.run("broken", broken)
    assert (run.state.status, run.state.error) == ("FAILED", "InvalidOrder"), run.state.cause


def test_a_call_that_is_repeated_reserves_once(world: World) -> None:
    before = stock(world)
    order = read_input("input.json")["order"]
    call(world, "validate_order", {"executionId": "arn:again", "input": {"order": order}})
    event = {"executionId": "arn:again", "place": 0, "item": {"sku": "cup", "quantity": 4}}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: call(world, "reserve_item", event), range(8)))
    assert before["cup"] - stock(world)["cup"] == 4


def test_a_late_reservation_finds_the_order_closed(world: World) -> None:
    order = read_input("input.json")["order"]
    call(world, "validate_order", {"executionId": "arn:late", "input": {"order": order}})
    call(world, "begin_compensation", {"executionId": "arn:late"})
    event = {"executionId": "arn:late", "place": 0, "item": {"sku": "cup", "quantity": 4}}
    with pytest.raises(AssertionError, match="OrderCancelled"):
        call(world, "reserve_item", event)


def test_lost_workers_lose_nothing(world: World) -> None:
    """Every third attempt loses its worker, before or after its work; all orders come out right."""
    dice = random.Random(7)

    def lose(effect: ScheduleTask) -> str | None:
        return dice.choice(["before", "after"]) if dice.random() < 0.33 else None

    names = ["input.json", "inputs/payment-declined.json", "inputs/out-of-stock.json"]
    expected = {names[0]: None, names[1]: "PaymentDeclined", names[2]: "OutOfStock"}

    def run(number: int) -> tuple[str, str | None]:
        name = names[number % 3]
        return name, world.run(f"lost-{number}", read_input(name), lose).state.error

    before = stock(world)
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(run, range(24)))
    assert all(error == expected[name] for name, error in outcomes), outcomes
    after = stock(world)
    assert before["teapot"] - after["teapot"] == 8
    assert before["sencha"] == after["sencha"]


def test_a_connection_that_was_cut_is_replaced(world: World, shop_database: str) -> None:
    stock(world)
    with psycopg.connect(shop_database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    stock(world)


def test_without_a_database_the_error_is_one_to_retry(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(AssertionError, match="DatabaseUnavailable"):
        call(world, "check_stock", {})
