"""What data looks like after each stage of a state: recorders around the stages of one Program.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html,
and for what each type shows, recorded answers of the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.data_flow import InputFlow, OutputFlow, QueryInput
from executions.interpreter.payload import Payload
from studio.asl.definition import (
    ABSENT,
    ChoiceState,
    FailState,
    MapState,
    ParallelState,
    PassState,
    SucceedState,
    TaskState,
    WaitState,
)
from studio.asl.errors import StatesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.states.compiled_state import CompiledState
    from studio.asl.definition import State

_INPUT: Final = ("afterInputPath", "afterParameters")
_OUTPUT: Final = ("afterResultSelector", "afterResultPath")
_SHOWN: Final[dict[type, tuple[str, ...]]] = {
    PassState: (*_INPUT, *_OUTPUT),
    TaskState: (*_INPUT, "result", *_OUTPUT),
    ChoiceState: _INPUT[:1],
    WaitState: _INPUT[:1],
    SucceedState: _INPUT[:1],
    FailState: _INPUT[:1],
    ParallelState: _OUTPUT,
    MapState: (*_INPUT[:1], *_OUTPUT),
}
"""What a JSONPath state of each type shows."""
_ITEMS: Final = ("afterItemsPath", "afterItemsPointer", "afterItemSelector", "afterItemBatcher")
"""What a Map of either language shows, as far as it has it."""


class Stages:
    """The stages one state has gone through, by the members of AWS's InspectionData.

    Its constructor puts recorders around the stages of ``compiled``, whose Program must therefore
    belong to this inspection alone. A stage that failed, or was never reached, is not there.
    """

    def __init__(self, state: State, compiled: CompiledState) -> None:
        self._state = state
        self._compiled = compiled
        self._seen: dict[str, Payload] = {}
        # A plain Pass hands its input on without looking at its stages.
        compiled.is_plain = False
        flow = getattr(compiled, "input_flow", None)
        if isinstance(flow, InputFlow):
            flow.path = self._recorded("afterInputPath", flow.path)
            flow.template = self._recorded("afterParameters", flow.template)
        elif isinstance(flow, QueryInput):
            flow.build = self._recorded("afterArguments", flow.build)
        output_flow = getattr(compiled, "output_flow", None)
        if isinstance(output_flow, OutputFlow):
            output_flow.selector = self._recorded("afterResultSelector", output_flow.selector)
            if not output_flow.discards and not output_flow.replaces:
                place = self._recorded("afterResultPath", output_flow.place)
                assert place is not None
                output_flow.place = place

    def record(self, member: str, payload: Payload) -> None:
        """Keep what a stage gave."""
        self._seen[member] = payload

    def shown(self, input: Payload) -> dict[str, str]:  # noqa: A002
        """Give the members to show, as JSON texts; ``input`` is what the state was entered with.

        A stage that the definition leaves out shows what the stage before it gave.
        """
        names: tuple[str, ...]
        if self._state.query_language == "JSONata":
            names = ("afterArguments", "result") if isinstance(self._state, TaskState) else ()
            if isinstance(self._state, TaskState) and self._state.arguments is ABSENT:
                self._seen.setdefault("afterArguments", input)
        else:
            names = _SHOWN[type(self._state)]
            if isinstance(self._state, PassState) and self._state.result is not ABSENT:
                names = ("result", *_OUTPUT)
            self._fill(input)
        names = (*names, *_ITEMS)
        texts = {}
        for name in names:
            if name in self._seen:
                try:
                    texts[name] = self._seen[name].text
                except StatesError:
                    continue  # Nested too deeply to be written: the state has failed for it.
        return texts

    def _fill(self, input: Payload) -> None:  # noqa: A002
        """Fill in the stages that the definition leaves out."""
        seen = self._seen
        flow = getattr(self._compiled, "input_flow", None)
        if not isinstance(flow, InputFlow) or flow.path is None:
            seen.setdefault("afterInputPath", input)
        if isinstance(flow, InputFlow) and flow.template is None and "afterInputPath" in seen:
            seen.setdefault("afterParameters", seen["afterInputPath"])
        if isinstance(self._state, PassState) and self._state.result is not ABSENT:
            # A fixed result comes in place of the input's, and nothing makes it.
            seen.setdefault("result", Payload(self._state.result))
        if isinstance(self._state, PassState) and "result" not in seen:
            result = seen.get("afterParameters")
        else:
            result = seen.get("result")
        output_flow = getattr(self._compiled, "output_flow", None)
        if result is None or not isinstance(output_flow, OutputFlow):
            return
        if output_flow.selector is None:
            seen.setdefault("afterResultSelector", result)
        if "afterResultSelector" not in seen:
            return
        if output_flow.discards:
            seen.setdefault("afterResultPath", input)
        elif output_flow.replaces:
            seen.setdefault("afterResultPath", seen["afterResultSelector"])

    def _recorded(self, member: str, stage: Callable[..., Any] | None) -> Callable[..., Any] | None:
        if stage is None:
            return None

        def recorded(*arguments: Any) -> Any:
            value = stage(*arguments)
            self._seen[member] = Payload(value)
            return value

        return recorded
