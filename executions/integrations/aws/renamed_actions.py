"""Actions that Step Functions names otherwise than the service does: those of EMR.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_ONE_OF: Final = "[]"


@dataclass(frozen=True, slots=True)
class Renamed:
    """An ``operation`` of the service, and its members by the names that Step Functions gives them.

    ``asks`` are members of the parameters, ``gives`` of the result. Where the service's name ends
    with ``[]`` it has an array there and Step Functions the one element of it.
    """

    operation: str
    asks: Mapping[str, str] = field(default_factory=dict)
    gives: Mapping[str, str] = field(default_factory=dict)

    def parameters(self, parameters: Any) -> Any:
        """The parameters with the service's names."""
        if not isinstance(parameters, dict):
            return parameters
        named = {}
        for name, value in parameters.items():
            own = self.asks.get(name, name)
            many = own.endswith(_ONE_OF)
            named[own.removesuffix(_ONE_OF)] = [value] if many else value
        return named

    def result(self, result: dict[str, Any]) -> dict[str, Any]:
        """The result with Step Functions' names."""
        names = {own.removesuffix(_ONE_OF): (name, own) for name, own in self.gives.items()}
        shown = {}
        for own, value in result.items():
            name, form = names.get(own, (own, own))
            shown[name] = value[0] if form.endswith(_ONE_OF) and value else value
        return shown


RENAMED: Final[dict[tuple[str, str], Renamed]] = {
    ("elasticmapreduce", "createCluster"): Renamed("RunJobFlow", {}, {"ClusterId": "JobFlowId"}),
    ("elasticmapreduce", "terminateCluster"): Renamed(
        "TerminateJobFlows", {"ClusterId": "JobFlowIds[]"}
    ),
    ("elasticmapreduce", "addStep"): Renamed(
        "AddJobFlowSteps",
        {"ClusterId": "JobFlowId", "Step": "Steps[]"},
        {"StepId": "StepIds[]"},
    ),
    ("elasticmapreduce", "cancelStep"): Renamed(
        "CancelSteps", {"StepId": "StepIds[]"}, {"CancelStepsInfo": "CancelStepsInfoList[]"}
    ),
    ("elasticmapreduce", "setClusterTerminationProtection"): Renamed(
        "SetTerminationProtection", {"ClusterId": "JobFlowIds[]"}
    ),
}
"""By service and action, as a Resource names them."""
