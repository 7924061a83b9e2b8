"""Every Resource has an integration; those that cannot be called say so."""

import pytest

from executions.actions.nested_executions import NestedExecution
from executions.integration import Failed
from executions.integrations.aws.agentcore import AgentCoreInvokeHarness
from executions.integrations.aws.bedrock import BedrockInvokeModel
from executions.integrations.aws.instances_by_name import ModifyInstancesByName
from executions.integrations.aws.job_action import JobAction, RepeatableJobAction
from executions.integrations.aws.optimized import OptimizedAction
from executions.integrations.aws.sdk import SdkAction
from executions.integrations.eks.call import EksCall
from executions.integrations.eks.run_job import EksRunJob
from executions.integrations.http.invoke import HttpInvoke
from executions.integrations.lambda_function import LambdaFunction, LambdaInvoke
from executions.integrations.not_available import NotAvailable
from executions.integrations.registry import REGISTRY, _integration, integration_for
from tests.executions.integrations.conftest import ARN, request_of


def test_lambda_in_both_forms() -> None:
    assert isinstance(integration_for(ARN + "pay"), LambdaFunction)
    assert isinstance(integration_for("arn:aws:states:::lambda:invoke"), LambdaInvoke)
    assert integration_for(ARN + "pay") is integration_for(ARN + "ship")


@pytest.mark.parametrize("path", sorted(set(REGISTRY.values())))
def test_every_entry_can_be_made(path: str) -> None:
    assert "." in (_integration(path).lost_error or ".")


@pytest.mark.parametrize(
    ("resource", "integration"),
    [
        ("dynamodb:putItem", OptimizedAction),
        ("sqs:sendMessage.waitForTaskToken", OptimizedAction),
        ("aws-sdk:s3:listBuckets", SdkAction),
        ("aws-sdk:sqs:sendMessage.waitForTaskToken", SdkAction),
        ("glue:startJobRun.sync", JobAction),
        ("ecs:runTask.sync", RepeatableJobAction),
        ("lambda:invoke", LambdaInvoke),
        ("states:startExecution.sync:2", NestedExecution),
        ("http:invoke", HttpInvoke),
        ("eks:call", EksCall),
        ("eks:runJob", EksRunJob),
        ("eks:runJob.sync", EksRunJob),
        ("eks:createCluster.sync", RepeatableJobAction),
        ("elasticmapreduce:modifyInstanceFleetByName", ModifyInstancesByName),
        ("elasticmapreduce:modifyInstanceGroupByName", ModifyInstancesByName),
        ("elasticmapreduce:addStep.sync", JobAction),
        ("bedrock:invokeModel.waitForTaskToken", BedrockInvokeModel),
        ("bedrockagentcore:invokeHarness", AgentCoreInvokeHarness),
    ],
)
def test_services_of_aws(resource: str, integration: type) -> None:
    assert isinstance(integration_for(f"arn:aws:states:::{resource}"), integration)


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:::glue:startJobRun.sync:2",
        "arn:aws:states:::eks:call.sync",
        "arn:aws:states:::bedrockagentcore:invokeHarness.sync",
        "arn:aws:states:::juggling:throw",
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
