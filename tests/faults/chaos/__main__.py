"""``make chaos``: strike at a whole installation at random, and see that nothing is lost.

    make chaos ARGS="--seed 7 --faults 500 --minutes 25"

Prints its seed: the same seed draws the same strikes and the same work. What the machine makes of
them depends on the moment, as far as processes do.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.chaos.run import run

SHOWN = 50


def main() -> int:
    """Run once and say what was found; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="draws strikes and work")
    parser.add_argument("--faults", type=int, default=500, help="how often to strike")
    parser.add_argument("--minutes", type=float, default=25.0, help="strike no longer than this")
    parser.add_argument("--bug", default="", help="plant one: no-lease")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    folder = Path(tempfile.mkdtemp(prefix="stepwell-chaos-"))
    folder.chmod(0o755)
    print(f"seed {seed}: at most {given.faults} strikes in {given.minutes:g} minutes; {folder}")
    began = time.monotonic()
    outcome = run(folder, seed, given.faults, given.minutes, bug=given.bug, say=_say)
    for what, count in sorted(outcome.strikes.items()):
        print(f"{count:5}  {what}")
    for how, count in sorted(outcome.ended.items()):
        print(f"{count:5}  {how}")
    print(
        f"seed {seed}: {outcome.strikes.total()} strikes in {outcome.seconds:.0f} s,"
        f" {outcome.ended.total()} executions, all ended {outcome.settled_after:.0f} s later;"
        f" {time.monotonic() - began:.0f} s in all"
    )
    for offence in outcome.offences[:SHOWN]:
        print(f"OFFENCE  {offence}")
    if outcome.offences:
        print(f"{len(outcome.offences)} offences; seed {seed}; logs and ledger in {folder}")
    return min(len(outcome.offences), 1)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
