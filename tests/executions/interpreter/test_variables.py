"""What Assign leaves behind: the same variables, whether made anew or of those before."""

from __future__ import annotations

import pytest

from executions.interpreter.payload import Payload
from executions.interpreter.variables import Variables, assign, assigned_details


@pytest.mark.parametrize("seen", [False, True])
@pytest.mark.parametrize("names", [("kept", "new"), ("kept",), ("new",), ("größe", "kept")])
def test_assigned_as_if_made_anew(names: tuple[str, ...], seen: bool) -> None:
    before = {"kept": Payload("länger als nachher"), "other": Payload([1, {"a": None}])}
    variables = Variables(before)
    if seen:
        assert variables.values["other"] == [1, {"a": None}]
    assigned = {name: Payload({"of": name}) for name in names}
    after = assign(variables, assigned)
    anew = Variables({**before, **assigned})
    assert after == anew
    assert after.size == anew.size
    assert list(after.values.items()) == list(anew.values.items())
    # What was there stays as it was.
    assert variables == Variables(before)
    assert variables.values == {name: each.value for name, each in before.items()}
    assert variables.size == Variables(before).size


def test_details_escape_names_that_need_it() -> None:
    details = assigned_details({"größe": Payload(1), 'a"b': Payload(2)})
    assert details == (
        '"assignedVariables":{"größe":"1","a\\"b":"2"},'
        '"assignedVariablesDetails":{"truncated":false}'
    )
