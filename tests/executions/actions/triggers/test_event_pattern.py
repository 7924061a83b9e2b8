"""EventBridge's event patterns: each operator as its documentation describes it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from executions.actions.triggers.event_pattern import InvalidPattern, matches, may_match_source

EVENT = {
    "version": "0",
    "id": "7",
    "detail-type": "Order Placed",
    "source": "shop.orders",
    "time": "2027-01-31T09:00:00Z",
    "resources": ["arn:aws:s3:::a", "arn:aws:s3:::b"],
    "detail": {
        "state": "placed",
        "total": 19.5,
        "count": 3,
        "express": True,
        "note": None,
        "empty": "",
        "file": "reports/2027/january.PNG",
        "address": "10.1.2.3",
        "address6": "2001:db8::7",
        "tags": ["new", "EU"],
        "lines": [{"sku": "A", "count": 1}, {"sku": "B", "count": 2}],
        "customer": {"name": "Ada", "city": "London"},
    },
}


def detail(**pattern: Any) -> dict[str, Any]:
    return {"detail": pattern}


TAKEN: list[dict[str, Any]] = [
    {"source": ["shop.orders"]},
    {"source": ["other", "shop.orders"], "detail-type": ["Order Placed"]},
    {"resources": ["arn:aws:s3:::b"]},
    detail(state=["placed"], count=[3]),
    detail(total=[19.5]),
    detail(count=[3.0]),
    detail(express=[True]),
    detail(note=[None]),
    detail(empty=[""]),
    detail(customer={"city": ["London"]}),
    detail(lines={"sku": ["B"]}),
    detail(lines={"sku": ["B"], "count": [2]}),
    {"source": [{"prefix": "shop."}]},
    {"source": [{"prefix": {"equals-ignore-case": "SHOP."}}]},
    detail(file=[{"suffix": ".PNG"}]),
    detail(file=[{"suffix": {"equals-ignore-case": ".png"}}]),
    detail(state=[{"equals-ignore-case": "PLACED"}]),
    detail(state=[{"anything-but": "cancelled"}]),
    detail(state=[{"anything-but": ["cancelled", "paid"]}]),
    detail(count=[{"anything-but": 4}]),
    detail(count=[{"anything-but": [1, 2]}]),
    detail(state=[{"anything-but": {"prefix": "can"}}]),
    detail(state=[{"anything-but": {"prefix": ["can", "pai"]}}]),
    detail(file=[{"anything-but": {"suffix": ".txt"}}]),
    detail(state=[{"anything-but": {"equals-ignore-case": ["CANCELLED", "PAID"]}}]),
    detail(file=[{"anything-but": {"wildcard": "*/2026/*"}}]),
    detail(total=[{"numeric": [">", 0, "<=", 19.5]}]),
    detail(count=[{"numeric": ["=", 3]}]),
    detail(address=[{"cidr": "10.0.0.0/8"}]),
    detail(address6=[{"cidr": "2001:db8::/32"}]),
    detail(state=[{"exists": True}]),
    detail(gone=[{"exists": False}]),
    detail(gone={"deeper": [{"exists": False}]}),
    detail(customer=[{"exists": False}]),  # only leaves exist
    detail(file=[{"wildcard": "reports/*/january*"}]),
    detail(file=[{"wildcard": "*"}]),
    detail(tags=["EU"]),
    detail(tags=[{"anything-but": "new"}]),
    {"$or": [{"source": ["no"]}, detail(count=[3])]},
    detail(**{"$or": [{"count": [9]}, {"total": [{"numeric": ["<", 20]}]}]}, state=["placed"]),
    detail(gone=[{"exists": False}, "x"]),
]
LEFT: list[dict[str, Any]] = [
    {"source": ["shop"]},
    {"source": ["shop.orders"], "detail-type": ["Order Paid"]},
    detail(count=["3"]),
    detail(count=[True]),
    detail(express=[1]),
    detail(express=["true"]),
    detail(note=[""]),
    detail(empty=[None]),
    detail(gone=[None]),
    detail(lines={"sku": ["B"], "count": [1]}),
    {"source": [{"prefix": "orders"}]},
    detail(count=[{"prefix": "3"}]),
    detail(file=[{"suffix": ".png"}]),
    detail(state=[{"anything-but": "placed"}]),
    detail(state=[{"anything-but": {"prefix": "pla"}}]),
    detail(gone=[{"anything-but": "x"}]),
    detail(count=[{"anything-but": [3, 4]}]),
    detail(total=[{"numeric": [">", 19.5]}]),
    detail(state=[{"numeric": [">", 0]}]),
    detail(express=[{"numeric": [">=", 0]}]),
    detail(address=[{"cidr": "10.2.0.0/16"}]),
    detail(address=[{"cidr": "2001:db8::/32"}]),
    detail(state=[{"cidr": "10.0.0.0/8"}]),
    detail(gone=[{"exists": True}]),
    detail(state=[{"exists": False}]),
    detail(customer=[{"exists": True}]),
    detail(file=[{"wildcard": "reports/*/february*"}]),
    detail(file=[{"wildcard": "reports/\\*"}]),
    {"$or": [{"source": ["no"]}, detail(count=[4])]},
    detail(**{"$or": [{"count": [3]}, {"count": [4]}]}, state=["paid"]),
]


@pytest.mark.parametrize("pattern", TAKEN, ids=json.dumps)
def test_it_takes(pattern: dict[str, Any]) -> None:
    assert matches(json.dumps(pattern), EVENT)


@pytest.mark.parametrize("pattern", LEFT, ids=json.dumps)
def test_it_leaves(pattern: dict[str, Any]) -> None:
    assert not matches(json.dumps(pattern), EVENT)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "must be an object"),
        ("{}", "must be an object with at least one field"),
        ('{"source": "shop"}', "must be an object or an array"),
        ('{"source": []}', "at least one value"),
        ('{"source": [["a"]]}', "an array within an array"),
        ('{"detail": {}}', "an empty object"),
        ('{"source": [{"like": "a"}]}', "Unrecognized match type like"),
        ('{"source": [{"prefix": "a", "suffix": "b"}]}', "one operator"),
        ('{"source": [{"prefix": 7}]}', "prefix takes a string"),
        ('{"source": [{"exists": "yes"}]}', "exists takes true or false"),
        ('{"source": [{"numeric": [">"]}]}', "numeric takes a list"),
        ('{"source": [{"numeric": ["~", 1]}]}', "numeric takes ="),
        ('{"source": [{"numeric": [">", 1, ">", 2]}]}', "lower and an upper end"),
        ('{"source": [{"numeric": [">", 5000000001]}]}', "numeric takes"),
        ('{"source": [{"cidr": "10.0.0.0/40"}]}', "Malformed CIDR"),
        ('{"source": [{"wildcard": "a**b"}]}', "consecutive wildcard"),
        ('{"source": [{"wildcard": "a\\\\b"}]}', "invalid escape"),
        ('{"source": [{"anything-but": []}]}', "anything-but takes"),
        ('{"source": [{"anything-but": {"cidr": "10.0.0.0/8"}}]}', "Unrecognized match type"),
        (json.dumps({"source": ["x" * 5000]}), "at most 4096"),
    ],
)
def test_what_is_no_pattern_is_refused_with_its_place(pattern: str, said: str) -> None:
    with pytest.raises(InvalidPattern, match=said):
        matches(pattern, EVENT)


def test_too_many_combinations_are_refused() -> None:
    many = {"$or": [{"a": [n]} for n in range(11)]}
    pattern = {f"d{n}": many for n in range(3)}
    with pytest.raises(InvalidPattern, match="1000 combinations"):
        matches(json.dumps(pattern), EVENT)


def test_a_field_may_be_called_or() -> None:
    assert matches('{"$or": ["x"]}', {"$or": "x"})


def test_no_wildcard_takes_long() -> None:
    pattern = json.dumps({"detail": {"text": [{"wildcard": "*a" * 200 + "*b"}]}})
    began = time.monotonic()
    assert not matches(pattern, {"detail": {"text": "a" * 200_000}})
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("pattern", "may"),
    [
        ({"source": ["aws.states"]}, True),
        ({"source": [{"prefix": "aws."}]}, True),
        ({"detail": {"status": ["FAILED"]}}, True),
        ({"$or": [{"source": ["x"]}, {"detail": {"a": [1]}}]}, True),
        ({"source": ["shop"]}, False),
        ({"source": [{"anything-but": "aws.states"}]}, False),
    ],
)
def test_which_patterns_may_hear_of_executions(pattern: dict[str, Any], may: bool) -> None:
    assert may_match_source(json.dumps(pattern), "aws.states") is may
