"""The pure machine beside aws-local-stepfunctions, alternating in one run: no database, no HTTP.

``make bench ARGS=machine-rivals``. Ours parses the input's text and serialises history and state
after every turn; the rival is measured twice, with its event log made text and without anybody
reading it. A transition is a state entered and left. Each side's
figure is its best round: what else runs on a machine only takes away. The aims are printed beside
the figures; nothing is asserted.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.rivals.environment import rivals_modules
from executions.interpreter.program import compile_program
from studio.asl.expressions.bindings import Bindings
from studio.asl.expressions.jsonata import compile_query
from studio.asl.parse import parse

ROUNDS = 9
SECONDS = 0.2

AIMS = {"100 Passes": "5 x", "Choice loop of 1,000": "20 x", "Map 1,000 x 3 Passes": "20 x"}
LENGTHS = (10, 100, 1_000, 10_000)

Case = tuple[dict[str, Any], Any, int]
"""A definition, its input, and the transitions of one execution."""

EXPRESSION = "$states.input.left - 1"


class Rival:
    """aws-local-stepfunctions in a Node process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def rate(self, case: Case, *, log: bool) -> float:
        """Transitions a second, executions one after another."""
        definition, value, transitions = case
        asked = {"definition": definition, "input": value, "seconds": SECONDS, "log": log}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return float(answer["rounds"] * transitions / answer["seconds"])


@contextmanager
def rival() -> Iterator[Rival]:
    """A running Rival."""
    script = Path(__file__).with_name("aws_local_stepfunctions.mjs")
    with subprocess.Popen(
        ["node", script, rivals_modules()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Rival(process)


def our_rate(case: Case) -> float:
    """Transitions a second of ours, executions one after another."""
    definition, value, transitions = case
    program = compile_program(parse(json.dumps(definition)))
    text = json.dumps(value)
    return transitions * _rounds_per_second(lambda: machine.run(program, text))


def _rounds_per_second(once: Callable[[], object]) -> float:
    once()
    rounds = 0
    begun = time.perf_counter()
    while (passed := time.perf_counter() - begun) < SECONDS:
        once()
        rounds += 1
    return rounds / passed


def _best(there: Rival, case: Case) -> tuple[float, float, float]:
    """Each side's best round: ours, the rival's with its log, the rival's without."""
    rounds = [
        (our_rate(case), there.rate(case, log=True), there.rate(case, log=False))
        for _ in range(ROUNDS)
    ]
    ours, logged, bare = (max(each) for each in zip(*rounds, strict=True))
    return ours, logged, bare


def main(say: Callable[[str], None] = print) -> None:
    """Print every comparison."""
    with rival() as there:
        say("Stepwell, aws-local-stepfunctions with its event log, and without; then the ratios")
        for name, aim in AIMS.items():
            ours, logged, bare = _best(there, machine.CASES[name])
            say(
                f"{name + ', transitions/s':<38}{ours:>10,.0f}{logged:>10,.0f}{bare:>10,.0f}"
                f"{ours / logged:>8.2f}{ours / bare:>8.2f}   (aim: {aim})"
            )
        costs = []
        for length in LENGTHS:
            case: Case = (machine.chain(length), {"order": 7}, length)
            ours, logged, bare = (1e6 / rate for rate in _best(there, case))
            costs.append(ours)
            say(f"{f'one of {length:,} Passes, us':<38}{ours:>10.2f}{logged:>10.2f}{bare:>10.2f}")
        say(f"{'one of 10,000 beside the cheapest':<38}{costs[-1] / min(costs):.2f} x   (aim: 1)")
    _expression_cost(say)


def _expression_cost(say: Callable[[str], None]) -> None:
    """A JSONata state beside its expression alone, and beside a state without one."""
    plain = machine.chain(100)
    queried = {"QueryLanguage": "JSONata", **machine.chain(100)}
    for state in queried["States"].values():
        state["Output"] = {"left": f"{{% {EXPRESSION} %}}", "order": 7}
    query = compile_query(f"{{% {EXPRESSION} %}}", "Output")
    value = {"left": 1000, "order": 7}
    bindings = Bindings(value, context=dict, seed="seed", now=1.7e9)
    rounds = [
        (
            1e6 / our_rate((queried, value, 100)),
            1e6 / our_rate((plain, value, 100)),
            1e6 / _rounds_per_second(lambda: query.evaluate(bindings)),
        )
        for _ in range(ROUNDS)
    ]
    state, bare, alone = (min(each) for each in zip(*rounds, strict=True))
    say(
        f"{'a JSONata state, us':<38}{state:.2f}   its expression alone {alone:.2f}   "
        f"a state without one {bare:.2f}   beside both {state / (alone + bare):.2f} x"
    )


if __name__ == "__main__":
    main()
