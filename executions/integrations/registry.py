"""Which integration performs which Resource: an explicit dict of dotted paths."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Final, cast

from executions.integration import Integration
from studio.asl.errors import InvalidExpression
from studio.asl.resource import parse_resource

REGISTRY: Final[dict[str, str]] = {
    "lambda": "executions.integrations.lambda_function.LambdaFunction",
    "service:lambda:invoke": "executions.integrations.lambda_function.LambdaInvoke",
    "service:lambda:invoke.waitForTaskToken": (
        "executions.integrations.lambda_function.LambdaInvokeForToken"
    ),
}
"""From a Resource's kind, or for an action of a service ``kind:service:action[.pattern]``, to the
class that performs it. Classes are imported when first needed and made without arguments."""

_NOT_AVAILABLE: Final = "executions.integrations.not_available.NotAvailable"


@lru_cache(maxsize=4096)
def integration_for(resource: str) -> Integration:
    """The integration that performs the Resource, the same object each time.

    A Resource that this installation cannot call has one, too: it fails the Task and says so.
    """
    return _integration(REGISTRY.get(_key(resource), _NOT_AVAILABLE))


def _key(resource: str) -> str:
    try:
        parsed = parse_resource(resource)
    except InvalidExpression:
        return ""
    if parsed.kind in ("lambda", "activity"):
        return parsed.kind
    action = f"{parsed.action}.{parsed.pattern}" if parsed.pattern else parsed.action
    return f"{parsed.kind}:{parsed.service}:{action}"


@lru_cache(maxsize=64)
def _integration(path: str) -> Integration:
    module, _, name = path.rpartition(".")
    return cast("Integration", getattr(import_module(module), name)())
