"""Every Resource has an integration; those that cannot be called say so."""

import pytest

from executions.integration import Failed
from executions.integrations.lambda_function import LambdaFunction, LambdaInvoke
from executions.integrations.not_available import NotAvailable
from executions.integrations.registry import REGISTRY, _integration, integration_for
from tests.executions.integrations.conftest import ARN, request_of


def test_lambda_in_both_forms() -> None:
    assert isinstance(integration_for(ARN + "pay"), LambdaFunction)
    assert isinstance(integration_for("arn:aws:states:::lambda:invoke"), LambdaInvoke)
    assert integration_for(ARN + "pay") is integration_for(ARN + "ship")


@pytest.mark.parametrize("path", REGISTRY.values())
def test_every_entry_can_be_made(path: str) -> None:
    assert _integration(path).lost_error == "Lambda.ServiceException"


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:::dynamodb:putItem",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "arn:aws:states:::aws-sdk:s3:listBuckets",
        "arn:aws:states:us-east-1:123456789012:activity:wait",
        "nonsense",
    ],
)
def test_what_cannot_be_called_is_a_failure_to_catch(resource: str) -> None:
    integration = integration_for(resource)
    assert isinstance(integration, NotAvailable)
    outcome = integration.perform(request_of(resource, {}))
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.TaskFailed"
    assert resource in outcome.cause
