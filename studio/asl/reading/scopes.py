"""Scopes, and the two state types that hold scopes: Parallel and Map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, Literal

from studio.asl.definition import ABSENT, Definition, MapState, ParallelState, Scope
from studio.asl.expressions.query_template import NO_JSONATA
from studio.asl.reading.distributed_map import (
    read_item_batcher,
    read_item_reader,
    read_label,
    read_result_writer,
)
from studio.asl.reading.error_handling import read_catch, read_retry
from studio.asl.reading.fields import EMPTY, Fields, below, expected_type
from studio.asl.reading.query_language import (
    check_query_language,
    is_downgraded,
    is_jsonata,
    is_jsonata_text,
    read_query_language,
)
from studio.asl.reading.states import LEAF_READERS, read_flow, read_template, require_transition
from studio.asl.reading.supported_fields import (
    BRANCH_FIELDS,
    MACHINE_FIELDS,
    PROCESSOR_FIELDS,
    STATE_FIELDS,
)

if TYPE_CHECKING:
    from studio.asl.definition import Absent, Json, QueryLanguage, State

MAX_PERCENTAGE: Final = 100.0


def read_machine(fields: Fields) -> Definition:
    """Read the whole document."""
    fields.only(MACHINE_FIELDS)
    language = read_query_language(fields)
    version = fields.choice("Version", ("1.0",))
    return Definition(
        **_read_states(fields, language),
        version=version,
        # AWS takes 0; nothing says of how long that is, and it is read as no limit.
        timeout_seconds=fields.integer("TimeoutSeconds", 0) or None,
        query_language=language,
    )


def _read_scope(fields: Fields | None, machine: QueryLanguage) -> Scope:
    if fields is None:
        return Scope(start_at="")
    return Scope(**_read_states(fields, machine))


def _read_states(fields: Fields, machine: QueryLanguage) -> dict[str, Any]:
    """Read what every scope carries, as keyword arguments of Scope."""
    fields.require("StartAt", "States")
    states: dict[str, State] = {}
    members = fields.object("States")
    if members is not None:
        if not members.values:
            members.problem(EMPTY)
        for name, value in members.values.items():
            if not isinstance(value, dict):
                members.problem(expected_type("OBJECT"), name)
                continue
            state = Fields(value, below(members.location, name), fields.diagnostics)
            read = _read_state(state, name, machine)
            if read is not None:
                states[name] = read
    return {
        "start_at": fields.text("StartAt") or "",
        "states": states,
        "location": fields.location,
        "comment": fields.text("Comment"),
    }


def _read_state(fields: Fields, name: str, machine: QueryLanguage) -> State | None:
    if not fields.require("Type"):
        return None
    kind = fields.choice("Type", tuple(STATE_FIELDS))
    if kind is None:
        return None
    language = read_query_language(fields, machine)
    fields.only(STATE_FIELDS[kind])
    if not is_downgraded(fields, machine):
        _check_state_query_language(fields, kind, language)
    if kind == "Parallel":
        return _read_parallel(fields, name, language, machine)
    if kind == "Map":
        return _read_map(fields, name, language, machine)
    return LEAF_READERS[kind](fields, name, language)


def _check_state_query_language(fields: Fields, kind: str, language: QueryLanguage) -> None:
    # A field the type does not support at all has been noted already.
    supported = {name: fields.values[name] for name in fields.values if name in STATE_FIELDS[kind]}
    check_query_language(Fields(supported, fields.location, fields.diagnostics), language)


def _read_parallel(
    fields: Fields, name: str, language: QueryLanguage, machine: QueryLanguage
) -> ParallelState:
    require_transition(fields)
    fields.require("Branches")
    branches = fields.objects("Branches", minimum=1)
    for branch in branches:
        branch.only(BRANCH_FIELDS)
    return ParallelState(
        **read_flow(fields, name, language),
        branches=tuple(_read_scope(branch, machine) for branch in branches),
        parameters=read_template(fields, "Parameters", language),
        arguments=fields.query("Arguments"),
        result_selector=read_template(fields, "ResultSelector", language),
        result_path=ABSENT if is_jsonata(language) else fields.result_path(),
        retry=read_retry(fields),
        catch=read_catch(fields, language),
    )


def _read_map(
    fields: Fields, name: str, language: QueryLanguage, machine: QueryLanguage
) -> MapState:
    require_transition(fields)
    fields.require_one("ItemProcessor", "Iterator")
    for alternatives in (
        ("ItemSelector", "Parameters"),
        ("MaxConcurrency", "MaxConcurrencyPath"),
        ("ToleratedFailureCount", "ToleratedFailureCountPath"),
        ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ):
        fields.at_most_one(*alternatives)
    legacy = "Iterator" in fields
    processor = fields.object("Iterator" if legacy else "ItemProcessor")
    mode, execution_type = _read_processor_config(processor)
    return MapState(
        **read_flow(fields, name, language),
        processor=_read_scope(processor, machine),
        mode=mode,
        execution_type=execution_type,
        legacy_iterator=legacy,
        items=_read_items(fields),
        items_path=_read_items_path(fields),
        item_selector=_read_item_selector(fields, language),
        parameters=read_template(fields, "Parameters", language),
        max_concurrency=_read_count(fields, "MaxConcurrency", language),
        max_concurrency_path=fields.reference_path("MaxConcurrencyPath", roots="data"),
        tolerated_failure_count=_read_count(fields, "ToleratedFailureCount", language),
        tolerated_failure_count_path=fields.reference_path(
            "ToleratedFailureCountPath", roots="data"
        ),
        tolerated_failure_percentage=_read_percentage(fields, language),
        tolerated_failure_percentage_path=fields.reference_path(
            "ToleratedFailurePercentagePath", roots="data"
        ),
        item_reader=read_item_reader(fields, language),
        item_batcher=read_item_batcher(fields, language),
        result_writer=read_result_writer(fields, language),
        label=read_label(fields),
        result_selector=read_template(fields, "ResultSelector", language),
        result_path=ABSENT if is_jsonata(language) else fields.result_path(),
        retry=read_retry(fields),
        catch=read_catch(fields, language),
    )


def _read_processor_config(
    processor: Fields | None,
) -> tuple[Literal["INLINE", "DISTRIBUTED"], Literal["STANDARD", "EXPRESS"] | None]:
    if processor is None:
        return "INLINE", None
    processor.only(PROCESSOR_FIELDS)
    config = processor.object("ProcessorConfig")
    if config is None:
        return "INLINE", None
    config.only({"Mode", "ExecutionType"})
    mode = config.choice("Mode", ("INLINE", "DISTRIBUTED"))
    execution_type = config.choice("ExecutionType", ("STANDARD", "EXPRESS"))
    if mode == "INLINE":
        config.only({"Mode"})
    if mode != "DISTRIBUTED":
        return "INLINE", None
    config.require("ExecutionType")
    return "DISTRIBUTED", "EXPRESS" if execution_type == "EXPRESS" else "STANDARD"


def _read_items(fields: Fields) -> Json | Absent:
    """Read Items: an array, or an expression that gives one."""
    items = fields.query("Items")
    if items is not ABSENT and not isinstance(items, list) and not is_jsonata_text(items):
        fault = NO_JSONATA if isinstance(items, str) else expected_type("ARRAY")
        fields.problem(fault, "Items")
    return items


def _read_items_path(fields: Fields) -> str | None:
    # Unlike the other paths of a Map, this one may look into the context object, and search.
    path = fields.path("ItemsPath")
    if path is None and "ItemsPath" in fields:
        fields.wrong_type("ItemsPath", "STRING")
    return path if isinstance(path, str) else None


def _read_item_selector(fields: Fields, language: QueryLanguage) -> Json | Absent:
    if is_jsonata(language):
        return fields.query("ItemSelector")
    return fields.template("ItemSelector")


def _read_count(fields: Fields, name: str, language: QueryLanguage) -> Json | Absent:
    value = fields.json(name)
    if is_jsonata(language) and is_jsonata_text(value):
        return fields.query(name)
    count = fields.integer(name, 0, math.inf)
    return ABSENT if count is None else count


def _read_percentage(fields: Fields, language: QueryLanguage) -> Json | Absent:
    name = "ToleratedFailurePercentage"
    value = fields.json(name)
    if is_jsonata(language) and is_jsonata_text(value):
        return fields.query(name)
    percentage = fields.number(name, 0.0, MAX_PERCENTAGE)
    return ABSENT if percentage is None else percentage
