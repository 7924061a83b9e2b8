"""The table that is printed: a line a figure, beside its budget where it has one."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Table:
    """Lines as they are measured; ``over`` collects what is beyond its budget."""

    over: list[str] = field(default_factory=list)
    budgets: int = 0

    def line(self, what: str, measured: str, budget: str = "", mark: str = "") -> None:
        """Print one line as it is."""
        print(f"{what:<60}{measured:>22}   {budget:<14}{mark}".rstrip(), flush=True)

    def most(self, what: str, value: float, budget: float, unit: str = "ms") -> None:
        """Print a figure that may be as much as its budget."""
        self._compare(what, f"{value:.0f} {unit}", f"{budget:.0f} {unit}", value <= budget)

    def least(self, what: str, value: float, budget: float, unit: str) -> None:
        """Print a figure that must be as much as its budget."""
        self._compare(what, f"{value:.1f} {unit}", f"{budget:.0f} {unit}", value >= budget)

    def frames(self, what: str, times: list[float], p95: float = 17, worst: float = 50) -> None:
        """Print the 95th percentile and the worst of the times between frames, in milliseconds.

        A display shows a frame every 16.7 ms: the clock's own grain is allowed for.
        """
        high, longest = percentile(times, 0.95), max(times)
        self._compare(
            f"{what}: p95 / worst frame",
            f"{high:.1f} / {longest:.0f} ms",
            f"{p95:.0f} / {worst:.0f} ms",
            high <= p95 + 0.5 and longest <= worst + 0.5,
        )

    def end(self) -> None:
        """Print how many figures are within their budgets, and which are not."""
        within = self.budgets - len(self.over)
        self.line("within budget", f"{within} of {self.budgets}")
        for what in self.over:
            self.line(f"  over: {what.strip()}", "")

    def _compare(self, what: str, measured: str, budget: str, is_within: bool) -> None:
        self.budgets += 1
        if not is_within:
            self.over.append(what)
        self.line(what, measured, budget, "" if is_within else "OVER")


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
