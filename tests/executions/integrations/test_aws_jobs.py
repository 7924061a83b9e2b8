"""Jobs of AWS's services: the table against botocore's models, and moto's server in their place."""

import json
import re
import time
from typing import Any

import boto3
import botocore.session
import jmespath
import pytest
from botocore.model import ListShape, Shape, StructureShape

from executions.integration import Failed, JobNotSeen, Submitted, Succeeded, TaskOutcome
from executions.integrations.aws.connections import Connections
from executions.integrations.aws.job_action import JobAction
from executions.integrations.aws.jobs import JOBS
from executions.integrations.aws.optimized_services import SERVICES
from executions.integrations.aws.renamed_actions import RENAMED
from executions.integrations.aws.service_models import operation_model
from tests.executions.integrations.conftest import request_of

PATIENCE = 60.0
KINDS = sorted(JOBS)
ROLE = "arn:aws:iam::123456789012:role/test"


def operation(service: str, action: str) -> Any:
    renamed = RENAMED.get((service, action))
    found = operation_model(SERVICES[service].model, renamed.operation if renamed else action)
    assert found is not None, (service, action)
    return found


def member(shape: Shape, path: str) -> Shape:
    """The shape at a path of members, ``[0]`` for the elements of a list."""
    for part in re.findall(r"[A-Za-z]+|\[0\]", path):
        if part == "[0]":
            assert isinstance(shape, ListShape), path
            shape = shape.member
        else:
            assert isinstance(shape, StructureShape), path
            assert part in shape.members, f"{path}: {sorted(shape.members)}"
            shape = shape.members[part]
    return shape


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_is_of_what_the_services_have(kind: tuple[str, str]) -> None:
    service, action = kind
    job = JOBS[kind]
    assert action in SERVICES[service].actions
    begin = operation(service, action)
    for where in job.named.values():
        root, _, path = where.partition(".")
        member(begin.input_shape if root == "asked" else begin.output_shape, path)
    for name, arguments in ((job.look, job.look_with), (job.stop, job.stop_with)):
        if name:
            model = operation_model(SERVICES[service].model, name)
            assert model is not None
            assert set(arguments) <= set(model.input_shape.members)
            assert set(model.input_shape.required_members) <= set(arguments)
            used = set(re.findall(r"\$(\w+)", json.dumps(arguments)))
            assert used <= set(job.named)
    assert set(job.also_shown.values()) <= set(job.named)
    look = operation_model(SERVICES[service].model, job.look)
    assert look is not None
    assert look.output_shape is not None
    state = member(member(look.output_shape, job.found), job.state)
    known = set(state.metadata.get("enum", ()))
    if known:
        assert job.succeeded | job.failed <= known
    if job.only_if:
        jmespath.compile(job.only_if)
    if job.repeatable and action.startswith(("create", "run", "startJob", "startBuild", "startQ")):
        assert begin.idempotent_members or job.known_by in begin.input_shape.members


def test_every_job_can_be_called_with_sync() -> None:
    assert {service for service, _ in JOBS} <= set(SERVICES)
    for service, action in RENAMED:
        assert action in SERVICES[service].actions
        assert operation(service, action)


def submit(action: str, parameters: Any) -> Submitted:
    request = request_of(f"arn:aws:states:::{action}.sync", parameters)
    outcome = JobAction(Connections()).perform(request)
    assert isinstance(outcome, Submitted), outcome
    assert outcome.job is not None
    return outcome


def look(action: str, job: str) -> TaskOutcome | None:
    return JobAction(Connections()).look(f"arn:aws:states:::{action}.sync", job)


def stop(action: str, job: str) -> None:
    JobAction(Connections()).stop(f"arn:aws:states:::{action}.sync", job)


def result(action: str, job: str) -> Any:
    """What the job ends with; moto's jobs go on a step each time they are looked at."""
    until = time.monotonic() + PATIENCE
    while (outcome := look(action, job)) is None:
        assert time.monotonic() < until
    assert isinstance(outcome, Succeeded), outcome
    return json.loads(outcome.output)


@pytest.mark.usefixtures("aws")
def test_a_query_of_athena() -> None:
    submitted = submit(
        "athena:startQueryExecution",
        {
            "QueryString": "SELECT 1",
            "WorkGroup": "primary",
            "ResultConfiguration": {"OutputLocation": "s3://results/"},
        },
    )
    query = json.loads(submitted.output)["QueryExecutionId"]
    execution = result("athena:startQueryExecution", submitted.job or "")["QueryExecution"]
    assert execution["QueryExecutionId"] == query
    assert execution["Status"]["State"] == "SUCCEEDED"
    assert isinstance(execution["Status"]["SubmissionDateTime"], int)


@pytest.mark.usefixtures("aws")
def test_a_run_of_a_glue_job() -> None:
    boto3.client("glue").create_job(Name="nightly", Role=ROLE, Command={"Name": "glueetl"})
    submitted = submit("glue:startJobRun", {"JobName": "nightly"})
    run = result("glue:startJobRun", submitted.job or "")
    assert (run["JobRunState"], run["JobName"]) == ("SUCCEEDED", "nightly")
    assert run["Id"] == json.loads(submitted.output)["JobRunId"]


@pytest.mark.usefixtures("aws")
def test_a_training_of_sagemaker() -> None:
    submitted = submit(
        "sagemaker:createTrainingJob",
        {
            "TrainingJobName": "train",
            "RoleArn": ROLE,
            "AlgorithmSpecification": {"TrainingImage": "x", "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://out/"},
            "ResourceConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m4.xlarge",
                "VolumeSizeInGB": 1,
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        },
    )
    job = result("sagemaker:createTrainingJob", submitted.job or "")
    assert (job["TrainingJobName"], job["TrainingJobStatus"]) == ("train", "Completed")


@pytest.mark.usefixtures("aws")
def test_a_build_of_codebuild() -> None:
    boto3.client("codebuild").create_project(
        name="site",
        source={"type": "S3", "location": "bucket/path"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "x",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=f"{ROLE}-of-codebuild",
    )
    submitted = submit("codebuild:startBuild", {"ProjectName": "site"})
    build = result("codebuild:startBuild", submitted.job or "")["Build"]
    assert (build["ProjectName"], build["BuildStatus"]) == ("site", "SUCCEEDED")


@pytest.mark.usefixtures("aws")
def test_a_step_of_a_cluster_of_emr() -> None:
    cluster = submit(
        "elasticmapreduce:createCluster",
        {
            "Name": "nightly",
            "Instances": {
                "MasterInstanceType": "m5.xlarge",
                "InstanceCount": 1,
                "KeepJobFlowAliveWhenNoSteps": True,
                "Placement": {"AvailabilityZone": "us-east-1a"},
            },
            "ServiceRole": "EMR_DefaultRole",
            "JobFlowRole": "EMR_EC2_DefaultRole",
        },
    )
    cluster_id = json.loads(cluster.output)["ClusterId"]
    ready = result("elasticmapreduce:createCluster", cluster.job or "")
    assert ready["ClusterId"] == ready["Cluster"]["Id"] == cluster_id
    step = submit(
        "elasticmapreduce:addStep",
        {
            "ClusterId": cluster_id,
            "Step": {"Name": "count", "HadoopJarStep": {"Jar": "x.jar"}},
        },
    )
    step_id = json.loads(step.output)["StepId"]
    assert look("elasticmapreduce:addStep", step.job or "") is None or step_id
    stop("elasticmapreduce:createCluster", cluster.job or "")
    gone = submit("elasticmapreduce:terminateCluster", {"ClusterId": cluster_id})
    assert result("elasticmapreduce:terminateCluster", gone.job or "")["ClusterId"] == cluster_id


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"Name": "n"}, '"Instances.KeepJobFlowAliveWhenNoSteps" must be TRUE'),
        (
            {"Instances": {"KeepJobFlowAliveWhenNoSteps": True}, "Steps": []},
            'The field "Steps" is not supported',
        ),
    ],
)
@pytest.mark.usefixtures("aws")
def test_a_cluster_that_step_functions_does_not_create(parameters: Any, said: str) -> None:
    resource = "arn:aws:states:::elasticmapreduce:createCluster.sync"
    outcome = JobAction(Connections()).perform(request_of(resource, parameters))
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Runtime"
    assert said in outcome.cause


@pytest.mark.usefixtures("aws")
def test_an_application_of_emr_serverless() -> None:
    made = submit(
        "emr-serverless:createApplication", {"ReleaseLabel": "emr-6.9.0", "Type": "SPARK"}
    )
    ready = result("emr-serverless:createApplication", made.job or "")
    application = ready["ApplicationId"]
    assert ready["Application"]["ApplicationId"] == application
    for action in ("startApplication", "stopApplication", "deleteApplication"):
        moved = submit(f"emr-serverless:{action}", {"ApplicationId": application})
        assert json.loads(moved.output)["ApplicationId"] == application
        ended = result(f"emr-serverless:{action}", moved.job or "")
        assert ended["ApplicationId"] == application


@pytest.mark.usefixtures("aws")
def test_a_job_that_the_service_does_not_know() -> None:
    with pytest.raises(JobNotSeen) as problem:
        look("glue:startJobRun", '{"job":"none","run":"jr_0"}')
    assert problem.value.lasting
    assert problem.value.failure.error == "Glue.EntityNotFoundException"
    with pytest.raises(JobNotSeen) as problem:
        look("batch:submitJob", '{"job":"none"}')
    assert "does not know the job" in problem.value.failure.cause


def test_a_service_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    for ask in (look, stop):
        with pytest.raises(JobNotSeen) as problem:
            ask("athena:startQueryExecution", '{"query":"q"}')
        assert not problem.value.lasting


class Answering(JobAction):
    """A service that answers what a test says."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(Connections())
        self.answer = answer

    def _ask(self, *_: Any) -> dict[str, Any]:
        return self.answer


def container(code: int | None) -> dict[str, Any]:
    return {"name": "main"} | ({} if code is None else {"exitCode": code})


@pytest.mark.parametrize(
    ("status", "codes", "expected"),
    [
        ("RUNNING", [None], None),
        ("STOPPED", [0, 0], Succeeded),
        ("STOPPED", [0, 137], Failed),
        ("STOPPED", [None], Failed),
        ("STOPPED", [], Failed),
    ],
)
def test_how_a_task_of_ecs_ends(
    status: str, codes: list[int | None], expected: type | None
) -> None:
    task = {"lastStatus": status, "taskArn": "t", "containers": [container(c) for c in codes]}
    values = '{"cluster":"c","task":"t"}'
    outcome = Answering({"tasks": [task]}).look("arn:aws:states:::ecs:runTask.sync", values)
    assert outcome is None if expected is None else isinstance(outcome, expected)
    if isinstance(outcome, Failed):
        assert outcome.error == "States.TaskFailed"
        assert json.loads(outcome.cause)["LastStatus"] == "STOPPED"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ends", ["succeeded", "failed", "goes on"])
def test_how_every_job_ends(kind: tuple[str, str], ends: str) -> None:
    job = JOBS[kind]
    states = {"succeeded": job.succeeded, "failed": job.failed, "goes on": {"PENDING ANEW"}}
    for state in states[ends]:
        answer: Any = state
        for part in reversed(re.findall(r"\w+|\[0\]", f"{job.found}.{job.state}".strip("."))):
            answer = [answer] if part == "[0]" else {part: answer}
        if job.only_if:
            answer["tasks"][0]["containers"] = [{"exitCode": 0}]
        values = json.dumps(dict.fromkeys(job.named, "x"))
        outcome = Answering(answer).look(f"arn:aws:states:::{kind[0]}:{kind[1]}.sync", values)
        if ends == "goes on":
            assert outcome is None
        else:
            assert isinstance(outcome, Succeeded if ends == "succeeded" else Failed)


@pytest.mark.usefixtures("aws")
def test_a_task_of_ecs_that_finds_no_room() -> None:
    class Full(JobAction):
        def perform(self, _: Any) -> Any:
            from studio.asl.resource import parse_resource

            resource = parse_resource("arn:aws:states:::ecs:runTask.sync")
            answer = {"tasks": [], "failures": [{"reason": "RESOURCE:MEMORY"}]}
            return self._outcome(resource, {}, answer, '{"Failures":[…]}')

    outcome = Full(Connections()).perform(None)
    assert outcome == Failed("AmazonECS.Unknown", '{"Failures":[…]}')


def test_a_call_made_again_has_the_same_token() -> None:
    service = botocore.session.get_session().get_service_model("codebuild")
    request = request_of("arn:aws:states:::codebuild:startBuild.sync", {})
    action = JobAction(Connections())
    first, second = (
        action._completed(service.operation_model("StartBuild"), {}, request, None)
        for _ in range(2)
    )
    assert first == second
    assert len(first["idempotencyToken"]) == 36
    own = {"idempotencyToken": "mine"}
    assert action._completed(service.operation_model("StartBuild"), own, request, None) == own
