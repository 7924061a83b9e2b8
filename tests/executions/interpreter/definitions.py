"""Definitions drawn by hypothesis: every state type, every way of failing, nested scopes."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:work"
# What a Task of each integration cannot do without.
REQUIRED: dict[str, dict[str, Any]] = {
    "arn:aws:states:::lambda:invoke": {"FunctionName": "work"},
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken": {"QueueUrl": "q", "MessageBody": "m"},
}
RESOURCES = [
    LAMBDA,
    *REQUIRED,
    "arn:aws:states:us-east-1:123456789012:activity:dig",
]
PATHS = ["$", "$.a", "$.b", "$.items", "$.missing", "$$.Execution.Name", "$$.State.RetryCount"]
ERRORS = [
    "Boom",
    "States.ALL",
    "States.TaskFailed",
    "States.Timeout",
    "States.Runtime",
    "States.HeartbeatTimeout",
    "States.BranchFailed",
    "States.QueryEvaluationError",
    "States.DataLimitExceeded",
]

values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "é", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "items"]), inner, max_size=3)
    ),
    max_leaves=8,
)
inputs = (
    st.just({"a": {"b": 1}, "b": 1, "items": [1, "x", {}]})
    | values
    | st.fixed_dictionaries(
        {"a": values, "b": st.integers(-3, 3), "items": st.lists(values, max_size=5)}
    )
)

template = st.fixed_dictionaries(
    {},
    optional={
        "a.$": st.sampled_from(PATHS),
        "b": values,
        "items.$": st.sampled_from(["$.items", "States.Array(1, $.b)", "$.items[0:2]"]),
        "id.$": st.sampled_from(["States.UUID()", "States.Format('{}', $.a)"]),
    },
)
QUERIES = [
    "{% $states.input %}",
    "{% $states.input.a %}",
    "{% $states.input.b + 1 %}",
    "{% $states.input.items[0] %}",
    "{% $x %}",
    "{% $exists($x) ? $x : 0 %}",
    "{% [$states.input.items, $x] %}",
    "{% $uuid() %}",
    "{% $random() < 2 %}",
    "{% $states.context.State.Name %}",
    "{% $sum %}",
    "{% null %}",
    "{% $error('no') %}",
    "{% $now() %}",
    "{% $states.context %}",
]
query_template = (
    st.sampled_from(QUERIES)
    | values
    | st.dictionaries(st.sampled_from(["a", "b", "items"]), st.sampled_from(QUERIES), max_size=2)
)
result_template = query_template | st.just("{% $states.result %}")
query_assign = st.dictionaries(st.sampled_from(["x", "y"]), query_template, max_size=2)
assign = st.fixed_dictionaries(
    {}, optional={"x": values, "y.$": st.sampled_from([*PATHS, "$x"]), "z.$": st.just("$")}
)

result_paths = st.sampled_from([None, "$", "$.r", "$.a.deep"])

retry = st.lists(
    st.fixed_dictionaries(
        {"ErrorEquals": st.sampled_from(ERRORS[:1] + ERRORS[2:]).map(lambda name: [name])},
        optional={
            "IntervalSeconds": st.integers(1, 3),
            "MaxAttempts": st.integers(0, 2),
            "BackoffRate": st.sampled_from([1.0, 2.0]),
            "JitterStrategy": st.sampled_from(["NONE", "FULL"]),
        },
    ),
    max_size=2,
)


def _renamed(assigned: dict[str, Any], depth: int) -> dict[str, Any]:
    """Give an inner scope's variables names that no scope around it has."""
    return {
        re.sub(r"^[xyz]", lambda name: f"{name.group()}{depth}", member): value
        for member, value in assigned.items()
    }


class _Builder:
    """Draws scopes; names are unique in the whole machine, as AWS wants them."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.count = 0

    def scope(self, depth: int) -> dict[str, Any]:
        size = self.draw(st.integers(1, 4 if depth == 0 else 2))
        names = []
        for _ in range(size):
            self.count += 1
            names.append(f"S{self.count}")
        states = {name: self.state(name, names, depth) for name in names}
        if depth:
            for state in states.values():
                for holder in (state, *state.get("Choices", ()), *state.get("Catch", ())):
                    if "Assign" in holder:
                        holder["Assign"] = _renamed(holder["Assign"], depth)
        return {"StartAt": names[0], "States": states}

    def optionally(self, state: dict[str, Any], **fields: Any) -> dict[str, Any]:
        for name, strategy in fields.items():
            if self.draw(st.integers(0, 3)) == 0:
                state[name] = self.draw(strategy)
        return state

    def next(self, state: dict[str, Any], name: str, names: list[str]) -> dict[str, Any]:
        later = names[names.index(name) + 1 :]
        # Every state must be reachable and some must end; Choice and Catch make the loops.
        if later:
            state["Next"] = later[0]
        else:
            state["End"] = True
        return state

    def guarded(self, state: dict[str, Any], names: list[str]) -> dict[str, Any]:
        self.optionally(state, Retry=retry)
        if self.draw(st.booleans()):
            catcher = {
                "ErrorEquals": [self.draw(st.sampled_from(ERRORS))],
                "Next": self.draw(st.sampled_from(names)),
            }
            if "QueryLanguage" in state:
                self.optionally(catcher, Output=query_template, Assign=query_assign)
            else:
                self.optionally(catcher, ResultPath=result_paths, Assign=assign)
            state["Catch"] = [catcher]
        return state

    def state(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        kinds = ["Pass", "Pass", "Task", "Task", "Task", "Choice", "Wait", "Fail", "Succeed"]
        kinds += [
            "QueryPass",
            "QueryTask",
            "QueryTask",
            "QueryChoice",
            "QueryWait",
            "QueryFail",
            "QuerySucceed",
        ]
        if depth < 2:
            kinds += ["Parallel", "Map", "QueryParallel", "QueryMap"]
        is_last = name == names[-1]
        if not is_last:
            # These two end the scope: whatever is behind them would not be reachable.
            kinds = [kind for kind in kinds if not kind.endswith(("Fail", "Succeed"))]
        else:
            kinds.remove("Choice")
            kinds.remove("QueryChoice")
        kind = self.draw(st.sampled_from(kinds))
        return getattr(self, f"a_{kind.lower()}")(name, names, depth)

    def a_pass(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        state = self.optionally(
            {"Type": "Pass"},
            Parameters=template,
            ResultPath=result_paths,
            InputPath=st.sampled_from([*PATHS, None]),
            OutputPath=st.sampled_from([*PATHS, "$x"]),
            Assign=assign,
        )
        if "Parameters" not in state:
            self.optionally(state, Result=values)
        return self.next(state, name, names)

    def a_task(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        resource = self.draw(st.sampled_from(RESOURCES))
        state = self.optionally(
            {"Type": "Task", "Resource": resource},
            Parameters=template,
            ResultSelector=template,
            ResultPath=result_paths,
            TimeoutSeconds=st.integers(5, 9),
            HeartbeatSeconds=st.integers(1, 4),
            Assign=assign,
        )
        if resource in REQUIRED:
            state["Parameters"] = {**state.get("Parameters", {}), **REQUIRED[resource]}
        return self.next(self.guarded(state, names), name, names)

    def a_choice(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        later = names[names.index(name) + 1 :]
        variable = self.draw(st.sampled_from(["$.a", "$.b", "$.missing"]))
        rule = self.draw(
            st.sampled_from(
                [
                    {"Variable": variable, "IsPresent": True},
                    {"Variable": variable, "NumericGreaterThan": 0},
                    {"Not": {"Variable": variable, "IsNull": True}},
                    {"Variable": "$x", "IsPresent": False},
                    {
                        "And": [
                            {"Variable": variable, "IsPresent": True},
                            {
                                "Or": [
                                    {"Variable": variable, "StringMatches": "*x*"},
                                    {"Variable": variable, "NumericLessThanPath": "$.b"},
                                ]
                            },
                        ]
                    },
                ]
            )
        )
        state: dict[str, Any] = {"Type": "Choice", "Choices": [{**rule, "Next": later[0]}]}
        if self.draw(st.booleans()):
            state["Default"] = self.draw(st.sampled_from(names))
        return state

    def a_wait(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        form = self.draw(
            st.sampled_from(
                [
                    {"Seconds": 2},
                    {"SecondsPath": "$.b"},
                    {"Timestamp": "2001-01-01T00:00:00Z"},
                    {"TimestampPath": "$.a"},
                ]
            )
        )
        return self.next({"Type": "Wait", **form}, name, names)

    def a_fail(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        return self.optionally({"Type": "Fail"}, Error=st.just("Boom"), CausePath=st.just("$.a"))

    def a_succeed(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        return self.optionally({"Type": "Succeed"}, OutputPath=st.sampled_from(PATHS))

    def a_parallel(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        branches = [self.scope(depth + 1) for _ in range(self.draw(st.integers(1, 3)))]
        state = self.optionally(
            {"Type": "Parallel", "Branches": branches},
            ResultSelector=template,
            ResultPath=result_paths,
        )
        return self.next(self.guarded(state, names), name, names)

    def a_map(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        state = self.optionally(
            {"Type": "Map", "ItemProcessor": self.scope(depth + 1)},
            ItemsPath=st.sampled_from(["$.items", "$.a"]),
            ItemSelector=st.just({"a.$": "$$.Map.Item.Value", "b.$": "$$.Map.Item.Index"}),
            ResultSelector=template,
            ResultPath=result_paths,
            Assign=assign,
        )
        if self.draw(st.booleans()):
            self.optionally(state, MaxConcurrency=st.integers(0, 3))
        else:
            self.optionally(
                state,
                MaxConcurrencyPath=st.sampled_from(["$.b", "$.missing"]),
                ToleratedFailureCountPath=st.sampled_from(["$.b", "$.a"]),
                ToleratedFailurePercentagePath=st.sampled_from(["$.b", "$.items"]),
            )
        return self.next(self.guarded(state, names), name, names)

    def a_queryfail(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        state = {"Type": "Fail", "QueryLanguage": "JSONata"}
        texts = st.sampled_from(["Boom", "{% 'Bo' & 'om' %}", "{% $states.input.a %}"])
        return self.optionally(state, Error=texts, Cause=texts)

    def a_querysucceed(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        return self.optionally(
            {"Type": "Succeed", "QueryLanguage": "JSONata"}, Output=query_template
        )

    def a_queryparallel(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        branches = [self.scope(depth + 1) for _ in range(self.draw(st.integers(1, 3)))]
        state = self.optionally(
            {"Type": "Parallel", "QueryLanguage": "JSONata", "Branches": branches},
            Arguments=query_template,
            Output=query_template,
            Assign=query_assign,
        )
        return self.next(self.guarded(state, names), name, names)

    def a_querypass(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        state = self.optionally(
            {"Type": "Pass", "QueryLanguage": "JSONata"}, Output=query_template, Assign=query_assign
        )
        return self.next(state, name, names)

    def a_querytask(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        resource = self.draw(st.sampled_from(RESOURCES))
        state = self.optionally(
            {"Type": "Task", "QueryLanguage": "JSONata", "Resource": resource},
            Arguments=query_template,
            Output=result_template,
            Assign=query_assign,
            TimeoutSeconds=st.sampled_from(["{% 5 %}", "{% $states.input.b %}"]),
        )
        if resource in REQUIRED:
            given = state.get("Arguments", {})
            if isinstance(given, dict):
                state["Arguments"] = {**given, **REQUIRED[resource]}
        return self.next(self.guarded(state, names), name, names)

    def a_querychoice(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        later = names[names.index(name) + 1 :]
        condition = self.draw(st.sampled_from([True, "{% $exists($x) %}", "{% $x %}"]))
        rule = self.optionally(
            {"Condition": condition, "Next": later[0]}, Output=query_template, Assign=query_assign
        )
        state = {"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [rule]}
        self.optionally(state, Output=query_template, Assign=query_assign)
        return self.optionally(state, Default=st.sampled_from(names))

    def a_querywait(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        seconds = self.draw(st.sampled_from([1, "{% 2 %}", "{% $states.input.b %}", "{% $x %}"]))
        state = {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": seconds}
        return self.next(self.optionally(state, Assign=query_assign), name, names)

    def a_querymap(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        state = self.optionally(
            {
                "Type": "Map",
                "QueryLanguage": "JSONata",
                "ItemProcessor": self.scope(depth + 1),
            },
            Items=st.sampled_from([[1, "{% $x %}"], "{% $states.input.items %}", "{% [1..3] %}"]),
            ItemSelector=query_template,
            MaxConcurrency=st.sampled_from([1, "{% 2 %}", "{% $x %}"]),
            Output=result_template,
            Assign=query_assign,
        )
        return self.next(self.guarded(state, names), name, names)


@st.composite
def definitions(draw: Any) -> str:
    """Draw a definition that ``parse`` takes, as text."""
    machine = _Builder(draw).scope(0)
    if draw(st.integers(0, 4)) == 0:
        machine["TimeoutSeconds"] = 20
    return json.dumps(machine)
