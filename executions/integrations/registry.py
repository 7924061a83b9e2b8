"""Which integration performs which Resource: an explicit dict of dotted paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Final, cast

from executions.integration import Integration
from executions.integrations.aws.jobs import JOBS
from executions.integrations.aws.optimized_services import SERVICES
from studio.asl.errors import InvalidExpression
from studio.asl.reading.services import NATIVE, installed_actions
from studio.asl.resource import parse_resource

_NESTED: Final = "executions.actions.nested_executions.NestedExecution"
_OPTIMIZED: Final = "executions.integrations.aws.optimized.OptimizedAction"
_BEDROCK: Final = "executions.integrations.aws.bedrock.BedrockInvokeModel"
_CELERY: Final = "executions.integrations.native.celery_task.CeleryTask"
_EMAIL: Final = "executions.integrations.native.email.EmailSend"
_INSTANCES_BY_NAME: Final = "executions.integrations.aws.instances_by_name.ModifyInstancesByName"
_KUBERNETES_JOB: Final = "executions.integrations.eks.run_job.EksRunJob"
_JOB: Final = "executions.integrations.aws.job_action.JobAction"
_REPEATABLE_JOB: Final = "executions.integrations.aws.job_action.RepeatableJobAction"

REGISTRY: Final[dict[str, str]] = {
    "lambda": "executions.integrations.lambda_function.LambdaFunction",
    "service:lambda:invoke": "executions.integrations.lambda_function.LambdaInvoke",
    "service:lambda:invoke.waitForTaskToken": (
        "executions.integrations.lambda_function.LambdaInvokeForToken"
    ),
    "service:states:startExecution": _NESTED,
    "service:states:startExecution.sync": _NESTED,
    "service:states:startExecution.sync:2": _NESTED,
    "service:states:startExecution.waitForTaskToken": _NESTED,
    "aws-sdk:sfn": "studio.config.own_operations.OwnOperation",
    "service:http:invoke": "executions.integrations.http.invoke.HttpInvoke",
    "service:apigateway:invoke": "executions.integrations.http.api_gateway.ApiGatewayInvoke",
    "service:apigateway:invoke.waitForTaskToken": (
        "executions.integrations.http.api_gateway.ApiGatewayInvoke"
    ),
    "service:bedrock:invokeModel": _BEDROCK,
    "service:bedrock:invokeModel.waitForTaskToken": _BEDROCK,
    "service:bedrockagentcore:invokeHarness": (
        "executions.integrations.aws.agentcore.AgentCoreInvokeHarness"
    ),
    "service:eks:call": "executions.integrations.eks.call.EksCall",
    "service:eks:runJob": _KUBERNETES_JOB,
    "service:eks:runJob.sync": _KUBERNETES_JOB,
    "service:elasticmapreduce:modifyInstanceFleetByName": _INSTANCES_BY_NAME,
    "service:elasticmapreduce:modifyInstanceGroupByName": _INSTANCES_BY_NAME,
    "service:approval:request.waitForTaskToken": (
        "executions.actions.approval_requests.ApprovalRequest"
    ),
    "service:celery:sendTask": _CELERY,
    "service:celery:sendTask.sync": _CELERY,
    "service:celery:sendTask.waitForTaskToken": _CELERY,
    "service:email:send": _EMAIL,
    "service:email:send.waitForTaskToken": _EMAIL,
    "service:sql:query": "executions.integrations.native.sql.SqlQuery",
    "aws-sdk": "executions.integrations.aws.sdk.SdkAction",
    **{f"service:{name}": path for name, path in installed_actions().items()},
    **{f"service:{service}": _OPTIMIZED for service in SERVICES},
    **{
        f"service:{service}:{action}.sync": _REPEATABLE_JOB if job.repeatable else _JOB
        for (service, action), job in JOBS.items()
    },
}
"""From a Resource to the class that performs it: the entry of the action
(``kind:service:action[.pattern]``), else of its service (``kind:service``), else of its kind.
``.sync`` needs an entry of its own. Classes are imported when first needed and made without
arguments."""

_NOT_AVAILABLE: Final = "executions.integrations.not_available.NotAvailable"


@lru_cache(maxsize=4096)
def integration_for(resource: str) -> Integration:
    """The integration that performs the Resource, the same object each time.

    A Resource that this installation cannot call has one, too: it fails the Task and says so.
    """
    found = (REGISTRY[key] for key in _keys(resource) if key in REGISTRY)
    return _integration(next(found, _NOT_AVAILABLE))


def _keys(resource: str) -> list[str]:
    try:
        parsed = parse_resource(resource)
    except InvalidExpression:
        return []
    service = f"{parsed.kind}:{parsed.service}"
    if parsed.pattern:
        keys = [f"{service}:{parsed.action}.{parsed.pattern}"]
        return keys if parsed.pattern.startswith("sync") else [*keys, service, parsed.kind]
    return [f"{service}:{parsed.action}", service, parsed.kind]


@lru_cache(maxsize=64)
def _integration(path: str) -> Integration:
    module, _, name = path.rpartition(".")
    return cast("Integration", getattr(import_module(module), name)())


@dataclass(frozen=True, slots=True)
class AvailableAction:
    """An action of a service that a Resource may name, with the endings it may have."""

    resource: str
    service: str
    action: str
    patterns: tuple[str, ...]


def available_actions() -> list[AvailableAction]:
    """The actions with names of their own, by service; those of ``aws-sdk`` are too many."""
    actions: dict[tuple[str, str], list[str]] = {("lambda", "invoke"): ["waitForTaskToken"]}
    actions |= {
        ("states", "startExecution"): [],
        ("http", "invoke"): [],
        ("apigateway", "invoke"): [],
        ("bedrock", "invokeModel"): [],
        ("bedrockagentcore", "invokeHarness"): [],
        ("eks", "call"): [],
        ("eks", "runJob"): [],
    }
    actions |= {(service, action): [] for service, of in NATIVE.items() for action in of}
    for name in installed_actions():
        service, _, action = name.partition(":")
        actions.setdefault((service, action.partition(".")[0]), [])
    for service, known_service in SERVICES.items():
        for name in known_service.actions:
            actions[service, name] = []
    for key in REGISTRY:
        kind, _, rest = key.partition(":")
        service, _, action = rest.partition(":")
        name, _, pattern = action.partition(".")
        if kind == "service" and pattern and (service, name) in actions:
            known = actions[service, name]
            if pattern not in known:
                known.append(pattern)
    return [
        AvailableAction(f"arn:aws:states:::{service}:{name}", service, name, tuple(patterns))
        for (service, name), patterns in actions.items()
    ]
