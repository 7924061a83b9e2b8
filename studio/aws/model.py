"""botocore's own description of AWS Step Functions: what requests and answers look like."""

from __future__ import annotations

from functools import lru_cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

TARGET_PREFIX = "AWSStepFunctions."
"""What stands before the operation's name in ``X-Amz-Target``."""
SIGNING_NAME = "states"
"""The service's name in the scope of a signature."""


@lru_cache(maxsize=1)
def service_model() -> ServiceModel:
    """The model that the installed botocore has."""
    return ServiceModel(Loader().load_service_model("stepfunctions", "service-2"), "stepfunctions")


@lru_cache(maxsize=256)
def operation_model(name: str) -> OperationModel | None:
    """The operation with this name; None where AWS has none."""
    model = service_model()
    return model.operation_model(name) if name in model.operation_names else None
