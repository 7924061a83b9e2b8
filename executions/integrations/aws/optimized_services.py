"""The services that Step Functions calls by names of their own, and how it speaks of each.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class OptimizedService:
    """How Step Functions speaks of one service.

    ``model`` is botocore's name; ``errors`` what error names begin with; ``label`` and
    ``base_exception`` what causes and unmodelled errors are called. ``actions`` are those that a
    Resource may name, from each to the members that are texts for the service and may be any JSON
    here. ``shows_http`` is whether results carry SdkHttpMetadata.
    """

    model: str
    errors: str
    label: str
    base_exception: str
    actions: Mapping[str, frozenset[str]]
    shows_http: bool = True


def _actions(*names: str, **with_texts: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(names, frozenset()) | {
        name: frozenset({member}) for name, member in with_texts.items()
    }


SERVICES: Final[dict[str, OptimizedService]] = {
    "dynamodb": OptimizedService(
        "dynamodb",
        "DynamoDB",
        "AmazonDynamoDBv2",
        "AmazonDynamoDBException",
        _actions("getItem", "putItem", "updateItem", "deleteItem"),
    ),
    "sqs": OptimizedService(
        "sqs", "SQS", "AmazonSQS", "AmazonSQSException", _actions(sendMessage="MessageBody")
    ),
    "sns": OptimizedService(
        "sns", "SNS", "AmazonSNS", "AmazonSNSException", _actions(publish="Message")
    ),
    "events": OptimizedService(
        "events",
        "EventBridge",
        "AmazonEventBridge",
        "AmazonEventBridgeException",
        _actions(putEvents="Detail"),
        shows_http=False,
    ),
    "batch": OptimizedService(
        "batch", "Batch", "AWSBatch", "AWSBatchException", _actions("submitJob")
    ),
    "ecs": OptimizedService("ecs", "ECS", "AmazonECS", "AmazonECSException", _actions("runTask")),
    "glue": OptimizedService(
        "glue", "Glue", "AWSGlue", "AWSGlueException", _actions("startJobRun")
    ),
    "databrew": OptimizedService(
        "databrew",
        "DataBrew",
        "AWSGlueDataBrew",
        "AWSGlueDataBrewException",
        _actions("startJobRun"),
    ),
    "athena": OptimizedService(
        "athena",
        "Athena",
        "AmazonAthena",
        "AmazonAthenaException",
        _actions(
            "startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"
        ),
    ),
    "codebuild": OptimizedService(
        "codebuild",
        "CodeBuild",
        "AWSCodeBuild",
        "AWSCodeBuildException",
        _actions(
            "startBuild",
            "stopBuild",
            "batchDeleteBuilds",
            "batchGetReports",
            "startBuildBatch",
            "stopBuildBatch",
            "retryBuildBatch",
            "deleteBuildBatch",
        ),
    ),
    "sagemaker": OptimizedService(
        "sagemaker",
        "SageMaker",
        "AmazonSageMaker",
        "AmazonSageMakerException",
        _actions(
            "createEndpoint",
            "createEndpointConfig",
            "createHyperParameterTuningJob",
            "createLabelingJob",
            "createModel",
            "createProcessingJob",
            "createTrainingJob",
            "createTransformJob",
            "updateEndpoint",
        ),
    ),
    "elasticmapreduce": OptimizedService(
        "emr",
        "ElasticMapReduce",
        "AmazonElasticMapReduce",
        "AmazonElasticMapReduceException",
        _actions(
            "addStep",
            "cancelStep",
            "createCluster",
            "modifyInstanceFleetByName",
            "modifyInstanceGroupByName",
            "setClusterTerminationProtection",
            "terminateCluster",
        ),
    ),
    "emr-containers": OptimizedService(
        "emr-containers",
        "EMRContainers",
        "AmazonEMRContainers",
        "AmazonEMRContainersException",
        _actions("createVirtualCluster", "deleteVirtualCluster", "startJobRun"),
    ),
    "emr-serverless": OptimizedService(
        "emr-serverless",
        "EMRServerless",
        "AWSEMRServerless",
        "AWSEMRServerlessException",
        _actions(
            "createApplication",
            "startApplication",
            "stopApplication",
            "deleteApplication",
            "startJobRun",
            "cancelJobRun",
        ),
    ),
    "eks": OptimizedService(
        "eks",
        "EKS",
        "AmazonEKS",
        "AmazonEKSException",
        _actions(
            "createCluster",
            "deleteCluster",
            "createNodegroup",
            "deleteNodegroup",
            "createFargateProfile",
            "deleteFargateProfile",
        ),
    ),
    "mediaconvert": OptimizedService(
        "mediaconvert",
        "MediaConvert",
        "AWSMediaConvert",
        "AWSMediaConvertException",
        _actions("createJob"),
    ),
    "bedrock": OptimizedService(
        "bedrock",
        "Bedrock",
        "AmazonBedrock",
        "AmazonBedrockException",
        _actions("createModelCustomizationJob"),
    ),
}
"""By the service's name in a Resource. Lambda, Step Functions and HTTP have files of their own."""
