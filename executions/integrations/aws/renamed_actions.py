"""Actions that Step Functions names otherwise than the service does, or shows more of: EMR's.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html and
https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from executions.integrations.aws.parameters import UnusableParameters, unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping

_ONE_OF: Final = "[]"


@dataclass(frozen=True, slots=True)
class Renamed:
    """An ``operation`` of the service, and its members by the names that Step Functions gives them.

    ``asks`` are members of the parameters, ``gives`` of the result. Where the service's name ends
    with ``[]`` it has an array there and Step Functions the one element of it. ``repeats`` are
    members of the result that the service does not answer with: from each to the call's argument
    that it repeats.

    ``without`` are members of the operation that Step Functions does not take (``A.B``: a member of
    a member), and ``true`` those that it takes only as true.
    """

    operation: str
    asks: Mapping[str, str] = field(default_factory=dict)
    gives: Mapping[str, str] = field(default_factory=dict)
    repeats: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    true: tuple[str, ...] = ()

    def parameters(self, parameters: Any) -> Any:
        """The parameters with the service's names. Raises UnusableParameters."""
        if not isinstance(parameters, dict):
            return parameters
        for path in self.without:
            if _member(parameters, path) is not None:
                raise UnusableParameters(unsupported(path))
        for path in self.true:
            if _member(parameters, path) is not True:
                raise UnusableParameters(f'The value for the field "{path}" must be TRUE')
        named = {}
        for name, value in parameters.items():
            own = self.asks.get(name, name)
            many = own.endswith(_ONE_OF)
            named[own.removesuffix(_ONE_OF)] = [value] if many else value
        return named

    def result(self, result: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
        """The result of a call with these arguments, with Step Functions' names."""
        names = {own.removesuffix(_ONE_OF): (name, own) for name, own in self.gives.items()}
        shown = {name: arguments[own] for name, own in self.repeats.items() if own in arguments}
        for own, value in result.items():
            name, form = names.get(own, (own, own))
            shown[name] = value[0] if form.endswith(_ONE_OF) and value else value
        return shown


def _member(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _of_application(operation: str) -> Renamed:
    return Renamed(operation, repeats={"ApplicationId": "applicationId"})


RENAMED: Final[dict[tuple[str, str], Renamed]] = {
    ("elasticmapreduce", "createCluster"): Renamed(
        "RunJobFlow",
        {},
        {"ClusterId": "JobFlowId"},
        without=("Steps",),
        true=("Instances.KeepJobFlowAliveWhenNoSteps",),
    ),
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
    ("elasticmapreduce", "modifyInstanceFleetByName"): Renamed(
        "ModifyInstanceFleet", without=("InstanceFleet.InstanceFleetId",)
    ),
    ("elasticmapreduce", "modifyInstanceGroupByName"): Renamed(
        "ModifyInstanceGroups",
        {"InstanceGroup": "InstanceGroups[]"},
        without=("InstanceGroup.InstanceGroupId",),
    ),
    ("emr-serverless", "startApplication"): _of_application("StartApplication"),
    ("emr-serverless", "stopApplication"): _of_application("StopApplication"),
    ("emr-serverless", "deleteApplication"): _of_application("DeleteApplication"),
}
"""By service and action, as a Resource names them."""
