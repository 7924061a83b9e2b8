"""botocore's own description of AWS Step Functions: what requests and answers look like.

Beside it, EventBridge's PutEvents, which comes to the same address under a name of its own.
"""

from __future__ import annotations

from functools import lru_cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape

TARGET_PREFIX = "AWSStepFunctions."
"""What stands before the operation's name in ``X-Amz-Target``."""
EVENTS_PREFIX = "AWSEvents."
"""The same of EventBridge, whose operations keep it as part of their names here."""
SIGNING_NAME = "states"
"""The service's name in the scope of a signature."""
EVENTS_SIGNING_NAME = "events"


@lru_cache(maxsize=2)
def service_model(service: str = "stepfunctions") -> ServiceModel:
    """The model that the installed botocore has."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@lru_cache(maxsize=256)
def operation_model(name: str) -> OperationModel | None:
    """The operation with this name; None where AWS has none."""
    is_of_events = name.startswith(EVENTS_PREFIX)
    model = service_model("events") if is_of_events else service_model()
    own = name.removeprefix(EVENTS_PREFIX)
    return model.operation_model(own) if own in model.operation_names else None


@lru_cache(maxsize=256)
def gives_data(name: str) -> bool:
    """Whether AWS calls anything in the operation's answers sensitive: payloads, definitions."""
    model = operation_model(name)
    return model is not None and _has_data(model.output_shape, frozenset())


def _has_data(shape: Shape | None, above: frozenset[str]) -> bool:
    if shape is None or shape.name in above:
        return False
    if shape.metadata.get("sensitive"):
        return True
    within: list[Shape] = [
        *getattr(shape, "members", {}).values(),
        *(getattr(shape, part) for part in ("member", "key", "value") if hasattr(shape, part)),
    ]
    return any(_has_data(each, above | {shape.name}) for each in within)


def signing_name(name: str) -> str:
    """The service that a request for the operation is signed for."""
    return EVENTS_SIGNING_NAME if name.startswith(EVENTS_PREFIX) else SIGNING_NAME
