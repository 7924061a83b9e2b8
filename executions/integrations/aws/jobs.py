"""The jobs that ``.sync`` waits for: how each is found again, how it ends, how it is stopped.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html for which
there are; the services' own API references for their states.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of job.

    ``named`` finds in the call that began it what the job is called: JMESPath of ``asked`` (its
    arguments) and ``answer``. In ``look_with`` and ``stop_with``, the arguments of the operations
    ``look`` and ``stop``, ``$name`` stands for such a value.

    In the answer of ``look`` the job is at ``found`` (JMESPath; nothing: it is the answer), and in
    that its state at ``state``. It has ended well in a state of ``succeeded``, where ``only_if``
    holds of it too, and badly in one of ``failed``. The Task's result is the job, in a member
    ``shown_as`` where that is given, and with the values of ``named`` in ``also_shown``, a member
    each. ``gone``: error codes of ``look`` that are a success, for something that is taken away.

    ``repeatable``: the service knows a call that is made again (by a token, in the member
    ``known_by`` where botocore's model does not say in which), or a second one changes nothing: so
    a call whose worker died is made again. ``refused`` is JMESPath of the answer, and true where
    that says in its own way that no job was begun.
    """

    named: Mapping[str, str]
    look: str
    look_with: Mapping[str, Any]
    found: str
    state: str
    succeeded: frozenset[str]
    failed: frozenset[str]
    only_if: str = ""
    shown_as: str = ""
    also_shown: Mapping[str, str] = field(default_factory=dict)
    stop: str = ""
    stop_with: Mapping[str, Any] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    repeatable: bool = False
    known_by: str = ""
    refused: str = ""


def _states(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GLUE_FAILED: Final = _states("FAILED TIMEOUT STOPPED ERROR EXPIRED")
_BUILD_FAILED: Final = _states("FAILED FAULT STOPPED TIMED_OUT")
_EKS_FAILED: Final = {
    "Cluster": _states("FAILED"),
    "Nodegroup": _states("CREATE_FAILED DELETE_FAILED DEGRADED"),
    "FargateProfile": _states("CREATE_FAILED DELETE_FAILED"),
}
_ABORTED: Final = "The Step Functions execution that waited for it does so no more"


def _codebuild(kind: str, *, plural: str = "s") -> Job:
    """A build, or a batch of them."""
    member = kind[0].lower() + kind[1:]
    return Job(
        named={"build": f"answer.{member}.id"},
        look=f"BatchGet{kind}{plural}",
        look_with={"ids": ["$build"]},
        found=f"{member}{plural}[0]",
        state=f"{member}Status",
        succeeded=frozenset({"SUCCEEDED"}),
        failed=_BUILD_FAILED,
        shown_as=kind,
        stop=f"Stop{kind}",
        stop_with={"id": "$build"},
        repeatable=True,
        known_by="idempotencyToken",
    )


def _sagemaker(
    kind: str,
    *,
    state: str = "",
    succeeded: str = "Completed",
    failed: str = "Failed Stopped",
    stops: bool = True,
) -> Job:
    """A job of SageMaker: all but their names is alike."""
    name = f"{kind}Name"
    return Job(
        named={"name": f"asked.{name}"},
        look=f"Describe{kind}",
        look_with={name: "$name"},
        found="",
        state=state or f"{kind}Status",
        succeeded=_states(succeeded),
        failed=_states(failed),
        stop=f"Stop{kind}" if stops else "",
        stop_with={name: "$name"} if stops else {},
    )


def _application(succeeded: str, failed: str, *, named: str = "asked.applicationId") -> Job:
    """An application of EMR Serverless on its way to a state."""
    return Job(
        named={"application": named},
        look="GetApplication",
        look_with={"applicationId": "$application"},
        found="application",
        state="state",
        succeeded=_states(succeeded),
        failed=_states(failed),
        shown_as="Application",
        also_shown={"ApplicationId": "application"},
        repeatable=True,
    )


def _eks(kind: str, name: str, *, deleted: bool) -> Job:
    """A part of EKS that is made or taken away."""
    named = {"cluster": "asked.name" if kind == "Cluster" else "asked.clusterName"}
    look_with = {"name" if kind == "Cluster" else "clusterName": "$cluster"}
    if kind != "Cluster":
        named["part"] = f"asked.{name}"
        look_with[name] = "$part"
    return Job(
        named=named,
        look=f"Describe{kind}",
        look_with=look_with,
        found=kind[0].lower() + kind[1:],
        state="status",
        succeeded=frozenset() if deleted else frozenset({"ACTIVE"}),
        failed=_EKS_FAILED[kind],
        shown_as=kind,
        gone=frozenset({"ResourceNotFoundException"}) if deleted else frozenset(),
        repeatable=not deleted,  # a second deletion finds nothing, which is an error
    )


JOBS: Final[dict[tuple[str, str], Job]] = {
    ("ecs", "runTask"): Job(
        named={"cluster": "answer.tasks[0].clusterArn", "task": "answer.tasks[0].taskArn"},
        look="DescribeTasks",
        look_with={"cluster": "$cluster", "tasks": ["$task"]},
        found="tasks[0]",
        state="lastStatus",
        succeeded=frozenset({"STOPPED"}),
        failed=frozenset(),
        # A container that never ran has no exit code.
        only_if="containers && !(containers[?exitCode == null || exitCode != `0`])",
        stop="StopTask",
        stop_with={"cluster": "$cluster", "task": "$task", "reason": _ABORTED},
        repeatable=True,
        refused="failures && !(tasks)",
    ),
    ("batch", "submitJob"): Job(
        named={"job": "answer.jobId"},
        look="DescribeJobs",
        look_with={"jobs": ["$job"]},
        found="jobs[0]",
        state="status",
        succeeded=frozenset({"SUCCEEDED"}),
        failed=frozenset({"FAILED"}),
        stop="TerminateJob",
        stop_with={"jobId": "$job", "reason": _ABORTED},
    ),
    ("glue", "startJobRun"): Job(
        named={"job": "asked.JobName", "run": "answer.JobRunId"},
        look="GetJobRun",
        look_with={"JobName": "$job", "RunId": "$run"},
        found="JobRun",
        state="JobRunState",
        succeeded=frozenset({"SUCCEEDED"}),
        failed=_GLUE_FAILED,
        stop="BatchStopJobRun",
        stop_with={"JobName": "$job", "JobRunIds": ["$run"]},
    ),
    ("databrew", "startJobRun"): Job(
        named={"job": "asked.Name", "run": "answer.RunId"},
        look="DescribeJobRun",
        look_with={"Name": "$job", "RunId": "$run"},
        found="",
        state="State",
        succeeded=frozenset({"SUCCEEDED"}),
        failed=_states("FAILED STOPPED TIMEOUT"),
        stop="StopJobRun",
        stop_with={"Name": "$job", "RunId": "$run"},
    ),
    ("athena", "startQueryExecution"): Job(
        named={"query": "answer.QueryExecutionId"},
        look="GetQueryExecution",
        look_with={"QueryExecutionId": "$query"},
        found="QueryExecution",
        state="Status.State",
        succeeded=frozenset({"SUCCEEDED"}),
        failed=_states("FAILED CANCELLED"),
        shown_as="QueryExecution",
        stop="StopQueryExecution",
        stop_with={"QueryExecutionId": "$query"},
        repeatable=True,
    ),
    ("codebuild", "startBuild"): _codebuild("Build"),
    ("codebuild", "startBuildBatch"): _codebuild("BuildBatch", plural="es"),
    ("codebuild", "retryBuildBatch"): _codebuild("BuildBatch", plural="es"),
    ("sagemaker", "createTrainingJob"): _sagemaker("TrainingJob"),
    ("sagemaker", "createProcessingJob"): _sagemaker("ProcessingJob"),
    ("sagemaker", "createTransformJob"): _sagemaker("TransformJob"),
    ("sagemaker", "createLabelingJob"): _sagemaker("LabelingJob"),
    ("sagemaker", "createHyperParameterTuningJob"): _sagemaker("HyperParameterTuningJob"),
    ("elasticmapreduce", "createCluster"): Job(
        named={"cluster": "answer.JobFlowId"},
        look="DescribeCluster",
        look_with={"ClusterId": "$cluster"},
        found="Cluster",
        state="Status.State",
        succeeded=frozenset({"WAITING"}),
        failed=_states("TERMINATING TERMINATED TERMINATED_WITH_ERRORS"),
        shown_as="Cluster",
        also_shown={"ClusterId": "cluster"},
        stop="TerminateJobFlows",
        stop_with={"JobFlowIds": ["$cluster"]},
    ),
    ("elasticmapreduce", "terminateCluster"): Job(
        named={"cluster": "asked.JobFlowIds[0]"},
        look="DescribeCluster",
        look_with={"ClusterId": "$cluster"},
        found="Cluster",
        state="Status.State",
        succeeded=_states("TERMINATED TERMINATED_WITH_ERRORS"),
        failed=frozenset(),
        shown_as="Cluster",
        also_shown={"ClusterId": "cluster"},
        repeatable=True,
    ),
    ("elasticmapreduce", "addStep"): Job(
        named={"cluster": "asked.JobFlowId", "step": "answer.StepIds[0]"},
        look="DescribeStep",
        look_with={"ClusterId": "$cluster", "StepId": "$step"},
        found="Step",
        state="Status.State",
        succeeded=frozenset({"COMPLETED"}),
        failed=_states("CANCELLED FAILED INTERRUPTED"),
        shown_as="Step",
        also_shown={"StepId": "step"},
        stop="CancelSteps",
        stop_with={"ClusterId": "$cluster", "StepIds": ["$step"]},
    ),
    ("emr-serverless", "startJobRun"): Job(
        named={"application": "answer.applicationId", "run": "answer.jobRunId"},
        look="GetJobRun",
        look_with={"applicationId": "$application", "jobRunId": "$run"},
        found="jobRun",
        state="state",
        succeeded=frozenset({"SUCCESS"}),
        failed=_states("FAILED CANCELLED"),
        shown_as="JobRun",
        also_shown={"ApplicationId": "application", "JobRunId": "run"},
        stop="CancelJobRun",
        stop_with={"applicationId": "$application", "jobRunId": "$run"},
        repeatable=True,
    ),
    ("emr-serverless", "cancelJobRun"): Job(
        named={"application": "asked.applicationId", "run": "asked.jobRunId"},
        look="GetJobRun",
        look_with={"applicationId": "$application", "jobRunId": "$run"},
        found="jobRun",
        state="state",
        succeeded=frozenset({"CANCELLED"}),
        failed=_states("SUCCESS FAILED"),
        shown_as="JobRun",
        also_shown={"ApplicationId": "application", "JobRunId": "run"},
        repeatable=True,
    ),
    ("emr-serverless", "createApplication"): _application(
        "CREATED STARTING STARTED STOPPING STOPPED", "TERMINATED", named="answer.applicationId"
    ),
    ("emr-serverless", "startApplication"): _application("STARTED", "STOPPED TERMINATED"),
    ("emr-serverless", "stopApplication"): _application("STOPPED", "TERMINATED"),
    ("emr-serverless", "deleteApplication"): _application("TERMINATED", ""),
    ("emr-containers", "startJobRun"): Job(
        named={"cluster": "answer.virtualClusterId", "run": "answer.id"},
        look="DescribeJobRun",
        look_with={"virtualClusterId": "$cluster", "id": "$run"},
        found="jobRun",
        state="state",
        succeeded=frozenset({"COMPLETED"}),
        failed=_states("FAILED CANCELLED"),
        shown_as="JobRun",
        stop="CancelJobRun",
        stop_with={"virtualClusterId": "$cluster", "id": "$run"},
        repeatable=True,
    ),
    ("emr-containers", "deleteVirtualCluster"): Job(
        named={"cluster": "asked.id"},
        look="DescribeVirtualCluster",
        look_with={"id": "$cluster"},
        found="virtualCluster",
        state="state",
        succeeded=frozenset({"TERMINATED"}),
        failed=frozenset({"ARRESTED"}),
        shown_as="VirtualCluster",
    ),
    ("eks", "createCluster"): _eks("Cluster", "name", deleted=False),
    ("eks", "deleteCluster"): _eks("Cluster", "name", deleted=True),
    ("eks", "createNodegroup"): _eks("Nodegroup", "nodegroupName", deleted=False),
    ("eks", "deleteNodegroup"): _eks("Nodegroup", "nodegroupName", deleted=True),
    ("eks", "createFargateProfile"): _eks("FargateProfile", "fargateProfileName", deleted=False),
    ("eks", "deleteFargateProfile"): _eks("FargateProfile", "fargateProfileName", deleted=True),
    ("mediaconvert", "createJob"): Job(
        named={"job": "answer.Job.Id"},
        look="GetJob",
        look_with={"Id": "$job"},
        found="Job",
        state="Status",
        succeeded=frozenset({"COMPLETE"}),
        failed=_states("CANCELED ERROR"),
        shown_as="Job",
        stop="CancelJob",
        stop_with={"Id": "$job"},
        repeatable=True,
    ),
    ("bedrock", "createModelCustomizationJob"): Job(
        named={"job": "answer.jobArn"},
        look="GetModelCustomizationJob",
        look_with={"jobIdentifier": "$job"},
        found="",
        state="status",
        succeeded=frozenset({"Completed"}),
        failed=_states("Failed Stopped"),
        stop="StopModelCustomizationJob",
        stop_with={"jobIdentifier": "$job"},
        repeatable=True,
    ),
}
"""By service and action, as a Resource names them."""
