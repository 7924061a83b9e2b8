"""The table of optimized integrations against botocore's models: every name in it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.model import ListShape, MapShape, StructureShape

from executions.integrations.aws.jobs import JOBS
from executions.integrations.aws.optimized_services import SERVICES
from executions.integrations.aws.renamed_actions import RENAMED
from executions.integrations.aws.service_models import operation_model, service_model
from executions.integrations.registry import REGISTRY, available_actions
from studio.asl.reading.services import _OPTIMIZED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import Shape

ACTIONS = [(service, action) for service, of in SERVICES.items() for action in of.actions]

OF_AWS = {
    **{service: set(of.actions) for service, of in SERVICES.items()},
    "lambda": {"invoke"},
    "states": {"startExecution"},
    "http": {"invoke"},
    "apigateway": {"invoke"},
    "bedrockagentcore": {"invokeHarness"},
}
OF_AWS["bedrock"] = {*OF_AWS["bedrock"], "invokeModel"}
OF_AWS["eks"] = {*OF_AWS["eks"], "call", "runJob"}

SYNC = {
    "athena": {"startQueryExecution"},
    "batch": {"submitJob"},
    "bedrock": {"createModelCustomizationJob"},
    "codebuild": {"startBuild", "startBuildBatch", "retryBuildBatch"},
    "databrew": {"startJobRun"},
    "ecs": {"runTask"},
    "eks": {
        *("createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup"),
        *("createFargateProfile", "deleteFargateProfile"),
    },
    "elasticmapreduce": {"createCluster", "terminateCluster", "addStep"},
    "emr-containers": {"deleteVirtualCluster", "startJobRun"},
    "emr-serverless": {
        *("createApplication", "startApplication", "stopApplication", "deleteApplication"),
        *("startJobRun", "cancelJobRun"),
    },
    "glue": {"startJobRun"},
    "mediaconvert": {"createJob"},
    "sagemaker": {
        *("createHyperParameterTuningJob", "createLabelingJob", "createProcessingJob"),
        *("createTrainingJob", "createTransformJob"),
    },
}
"""What Step Functions waits for, by https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html"""


def members(shape: Shape, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The names of all members in a shape, however deep."""
    if shape.name in seen:
        return
    seen |= {shape.name}
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield name
            yield from members(member, seen)
    elif isinstance(shape, ListShape):
        yield from members(shape.member, seen)
    elif isinstance(shape, MapShape):
        yield from members(shape.value, seen)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_service_is_known(service: str) -> None:
    assert service_model(SERVICES[service].model) is not None
    assert service in _OPTIMIZED, "the validator would refuse it"


@pytest.mark.parametrize(("service", "action"), ACTIONS)
def test_every_action_is_an_operation_with_its_members(service: str, action: str) -> None:
    renamed = RENAMED.get((service, action))
    operation = operation_model(
        SERVICES[service].model, action if renamed is None else renamed.operation
    )
    assert operation is not None
    asked = set(members(operation.input_shape))
    assert SERVICES[service].actions[action] <= asked
    if renamed is not None:
        assert {own.removesuffix("[]") for own in renamed.asks.values()} <= asked
        given = set(members(operation.output_shape)) if renamed.gives else set()
        assert {own.removesuffix("[]") for own in renamed.gives.values()} <= given
    known = _OPTIMIZED[service]
    assert not known or action in known


def test_what_step_functions_waits_for_is_waited_for() -> None:
    found: dict[str, set[str]] = {}
    for service, action in JOBS:
        found.setdefault(service, set()).add(action)
        assert f"service:{service}:{action}.sync" in REGISTRY
    assert found == SYNC


def test_what_the_validator_takes_of_small_services_can_be_called() -> None:
    for service, actions in _OPTIMIZED.items():
        assert actions <= OF_AWS.get(service, set()), service
    offered = {(each.service, each.action) for each in available_actions()}
    assert {(service, action) for service, of in OF_AWS.items() for action in of} <= offered
