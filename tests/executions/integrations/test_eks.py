"""The Kubernetes API of a cluster, played by a server of this machine with a certificate."""

import base64
import datetime
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import override_settings

from executions.integration import Failed, JobNotSeen, Submitted, Succeeded, TaskOutcome
from executions.integrations.eks.call import EksCall
from executions.integrations.eks.run_job import EksRunJob
from tests.executions.integrations.conftest import request_of

CALL = "arn:aws:states:::eks:call"
RUN = "arn:aws:states:::eks:runJob"
JOB = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "count"}, "spec": {}}


class Cluster(BaseHTTPRequestHandler):
    """Answers with what ``answers`` has for the method and path, and remembers who asked what."""

    protocol_version = "HTTP/1.1"
    answers: dict[str, tuple[int, Any]]
    asked: list[dict[str, Any]]

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.asked.append(
            {
                "method": self.command,
                "path": parts.path,
                "query": parse_qsl(parts.query),
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body,
            }
        )
        container = parse_qs(parts.query).get("container", [""])[0]
        key = f"{self.command} {parts.path}" + (f" {container}" if container else "")
        status, answer = self.answers.get(key, (404, {"kind": "Status", "code": 404}))
        content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_GET  # noqa: N815


def certificate(folder: Path) -> tuple[Path, bytes]:
    """A certificate of 127.0.0.1 with its key in a file, and the certificate alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kubernetes")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + pem)
    return path, pem


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A cluster that listens: the three parameters that name it."""
    path, pem = certificate(tmp_path_factory.mktemp("cluster"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with ThreadingHTTPServer(("127.0.0.1", 0), Cluster) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {
            "ClusterName": "sorting",
            "CertificateAuthority": base64.b64encode(pem).decode(),
            "Endpoint": f"https://127.0.0.1:{server.server_port}",
        }
        server.shutdown()


@pytest.fixture
def cluster(served: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The cluster with nothing in it yet, at an address that may be called, and somebody to ask."""
    Cluster.answers, Cluster.asked = {}, []
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    forget_credentials()
    with override_settings(HTTP_ALLOW=["127.0.0.1"]):
        yield served
    forget_credentials()


def forget_credentials() -> None:
    from executions.integrations.aws.connections import connections

    connections.cache_clear()


def call(cluster: dict[str, str], **parameters: Any) -> TaskOutcome:
    given = {**cluster, "Method": "GET", "Path": "/api/v1/namespaces", **parameters}
    return EksCall().perform(request_of(CALL, {k: v for k, v in given.items() if v is not None}))


def run(cluster: dict[str, str], pattern: str = ".sync", **parameters: Any) -> TaskOutcome:
    return EksRunJob().perform(request_of(RUN + pattern, {**cluster, "Job": JOB, **parameters}))


def submitted(cluster: dict[str, str], **parameters: Any) -> str:
    Cluster.answers["POST /apis/batch/v1/namespaces/default/jobs"] = (201, JOB)
    outcome = run(cluster, **parameters)
    assert isinstance(outcome, Submitted), outcome
    assert outcome.job is not None
    return outcome.job


def test_a_call_shows_the_answer(cluster: dict[str, str]) -> None:
    Cluster.answers["GET /api/v1/namespaces/default/pods"] = (200, {"items": []})
    outcome = call(
        cluster,
        Path="/api/v1/namespaces/default/pods",
        QueryParameters={"labelSelector": ["job-name=count", "a=b"], "limit": [3]},
    )
    assert isinstance(outcome, Succeeded), outcome
    assert json.loads(outcome.output) == {
        "ResponseBody": {"items": []},
        "StatusCode": 200,
        "StatusText": "OK",
    }
    asked = Cluster.asked[0]
    assert asked["query"] == [
        ("labelSelector", "job-name=count"),
        ("labelSelector", "a=b"),
        ("limit", "3"),
    ]


def test_the_cluster_is_told_who_asks(cluster: dict[str, str]) -> None:
    call(cluster)
    scheme, _, token = Cluster.asked[0]["headers"]["authorization"].partition(" ")
    prefix, _, encoded = token.partition(".")
    assert (scheme, prefix) == ("Bearer", "k8s-aws-v1")
    parts = urlsplit(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert parts.netloc == "sts.us-east-1.amazonaws.com"
    assert (query["Action"], query["X-Amz-Expires"]) == ("GetCallerIdentity", "60")
    assert query["X-Amz-SignedHeaders"] == "host;x-k8s-aws-id"
    assert query["X-Amz-Credential"].startswith("AKIDEXAMPLE/")
    assert "/us-east-1/sts/" in query["X-Amz-Credential"]


@pytest.mark.parametrize(
    ("method", "body", "content_type", "sent"),
    [
        ("POST", {"kind": "Pod"}, "application/json", '{"kind": "Pod"}'),
        ("PUT", '{"kind":"Pod"}', "application/json", '{"kind":"Pod"}'),
        ("PATCH", {"a": 1}, "application/merge-patch+json", '{"a": 1}'),
        ("PATCH", [{"op": "remove"}], "application/json-patch+json", '[{"op": "remove"}]'),
    ],
)
def test_a_body_is_sent(
    cluster: dict[str, str], method: str, body: Any, content_type: str, sent: str
) -> None:
    Cluster.answers[f"{method} /api/v1/pods"] = (200, {})
    outcome = call(cluster, Method=method, Path="/api/v1/pods", RequestBody=body)
    assert isinstance(outcome, Succeeded), outcome
    asked = Cluster.asked[0]
    assert (asked["headers"]["content-type"], asked["body"]) == (content_type, sent)


def test_a_body_that_is_no_json_is_a_text(cluster: dict[str, str]) -> None:
    Cluster.answers["GET /healthz"] = (200, "ok")
    outcome = call(cluster, Path="/healthz")
    assert isinstance(outcome, Succeeded)
    assert json.loads(outcome.output)["ResponseBody"] == "ok"


def test_a_refusal_is_named_by_its_status(cluster: dict[str, str]) -> None:
    status = {"kind": "Status", "message": "Unauthorized", "code": 401}
    Cluster.answers["GET /api/v1/namespaces"] = (401, status)
    outcome = call(cluster)
    assert isinstance(outcome, Failed)
    assert outcome.error == "EKS.401"
    assert json.loads(outcome.cause) == {
        "ResponseBody": status,
        "StatusCode": 401,
        "StatusText": "Unauthorized",
    }


def test_an_answer_that_is_too_large(cluster: dict[str, str]) -> None:
    Cluster.answers["GET /api/v1/namespaces"] = (200, "x" * 300_000)
    outcome = call(cluster)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.DataLimitExceeded"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ClusterName": None}, 'The field "ClusterName" is required but was missing'),
        ({"Endpoint": 7}, 'The value for the field "Endpoint" must be a STRING'),
        ({"CertificateAuthority": "bm9uZQ=="}, "must be a certificate in PEM"),
        ({"CertificateAuthority": "not base64"}, "must be a certificate in PEM"),
        ({"Method": "TRACE"}, "must be one of GET, POST, PUT, DELETE, HEAD, PATCH"),
        ({"Path": "api"}, "must begin with a slash"),
        ({"Path": "@169.254.169.254/"}, "must begin with a slash"),
        ({"QueryParameters": {"limit": 3}}, '"QueryParameters.limit" must be an ARRAY'),
        ({"Headers": {}}, 'The field "Headers" is not supported by Step Functions'),
        ({"Endpoint": "http://kubernetes.example"}, "is not an https address"),
        ({"Endpoint": "https://user:pass@127.0.0.1"}, "must not carry credentials"),
        ({"Endpoint": "https://169.254.169.254"}, "is not a public address"),
    ],
)
def test_a_call_that_cannot_be_made(cluster: dict[str, str], wrong: Any, said: str) -> None:
    outcome = call(cluster, **wrong)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Runtime"
    assert said in outcome.cause
    assert not Cluster.asked


def test_a_cluster_of_this_network_has_to_be_allowed(cluster: dict[str, str]) -> None:
    with override_settings(HTTP_ALLOW=[]):
        outcome = call(cluster)
    assert isinstance(outcome, Failed)
    assert "STEPWELL_HTTP_ALLOW" in outcome.cause
    assert not Cluster.asked


def test_a_cluster_with_another_certificate(cluster: dict[str, str], tmp_path: Path) -> None:
    _, other = certificate(tmp_path)
    outcome = call(cluster, CertificateAuthority=base64.b64encode(other).decode())
    assert isinstance(outcome, Failed)
    assert outcome.error == "EKS.SdkClientException"
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.cause
    assert not Cluster.asked


def test_nobody_to_ask(cluster: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    forget_credentials()
    outcome = call(cluster)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Permissions"
    assert "AWS_ACCESS_KEY_ID" in outcome.cause


def test_a_job_is_created(cluster: dict[str, str]) -> None:
    Cluster.answers["POST /apis/batch/v1/namespaces/night/jobs"] = (201, JOB)
    outcome = run(cluster, "", Namespace="night")
    assert isinstance(outcome, Succeeded), outcome
    assert json.loads(outcome.output) == {
        "ResponseBody": JOB,
        "StatusCode": 201,
        "StatusText": "Created",
    }
    assert json.loads(Cluster.asked[0]["body"]) == JOB


def test_a_job_that_is_there_already(cluster: dict[str, str]) -> None:
    Cluster.answers["POST /apis/batch/v1/namespaces/default/jobs"] = (409, {"code": 409})
    outcome = run(cluster)
    assert isinstance(outcome, Failed)
    assert outcome.error == "EKS.409"


def test_an_answer_that_names_no_job(cluster: dict[str, str]) -> None:
    Cluster.answers["POST /apis/batch/v1/namespaces/default/jobs"] = (201, {"kind": "Job"})
    outcome = run(cluster)
    assert isinstance(outcome, Failed)
    assert "does not say what the Job is called" in outcome.cause


def ends(kind: str) -> dict[str, Any]:
    return JOB | {"status": {"conditions": [{"type": kind, "status": "True"}]}}


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (JOB, None),
        (JOB | {"status": {"active": 1}}, None),
        (JOB | {"status": {"conditions": [{"type": "Failed", "status": "False"}]}}, None),
        (ends("FailureTarget"), None),
        (ends("Complete"), Succeeded),
        (ends("Failed"), Failed),
    ],
)
def test_how_a_job_ends(
    cluster: dict[str, str], found: dict[str, Any], outcome: type | None
) -> None:
    job = submitted(cluster)
    Cluster.answers["GET /apis/batch/v1/namespaces/default/jobs/count"] = (200, found)
    seen = EksRunJob().look(RUN + ".sync", job)
    if outcome is None:
        assert seen is None
    elif outcome is Succeeded:
        assert isinstance(seen, Succeeded)
        assert json.loads(seen.output) == found
    else:
        assert isinstance(seen, Failed)
        assert seen.error == "States.TaskFailed"
        assert json.loads(seen.cause) == found


def test_the_logs_of_a_job(cluster: dict[str, str]) -> None:
    job = submitted(
        cluster, LogOptions={"RetrieveLogs": True, "LogParameters": {"tailLines": ["6"]}}
    )
    pods = "/api/v1/namespaces/default/pods"
    spec = {"containers": [{"name": "pi"}, {"name": "side"}, {"name": "gone"}]}
    Cluster.answers |= {
        "GET /apis/batch/v1/namespaces/default/jobs/count": (200, ends("Complete")),
        f"GET {pods}": (200, {"items": [{"metadata": {"name": "count-x"}, "spec": spec}]}),
        f"GET {pods}/count-x/log pi": (200, '{ "pi": 3.1415 }\n'),
        f"GET {pods}/count-x/log side": (200, "two\nlines\n"),
    }
    seen = EksRunJob().look(RUN + ".sync", job)
    assert isinstance(seen, Succeeded), seen
    result = json.loads(seen.output)
    containers = result["logs"]["pods"]["count-x"]["containers"]
    assert result["status"] == ends("Complete")["status"]
    assert containers["pi"] == {"log": {"pi": 3.1415}}
    assert containers["side"] == {"log": "two\nlines\n"}
    assert containers["gone"]["error"] == "EKS.404"
    assert json.loads(containers["gone"]["cause"])["StatusCode"] == 404
    queries = [asked["query"] for asked in Cluster.asked if asked["path"].startswith(pods)]
    assert queries[0] == [("labelSelector", "job-name=count")]
    assert queries[1] == [("container", "pi"), ("tailLines", "6")]


@pytest.mark.parametrize(
    ("options", "pods", "expected"),
    [
        ({"RetrieveLogs": True, "RawLogs": True}, None, '{"a": 1}'),
        ({"RetrieveLogs": True}, (500, "down"), None),
    ],
)
def test_logs_as_they_are_and_logs_that_are_not_there(
    cluster: dict[str, str], options: dict[str, bool], pods: Any, expected: str | None
) -> None:
    job = submitted(cluster, LogOptions=options)
    path = "/api/v1/namespaces/default/pods"
    pod = {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c"}]}}
    Cluster.answers |= {
        "GET /apis/batch/v1/namespaces/default/jobs/count": (200, ends("Failed")),
        f"GET {path}": pods or (200, {"items": [pod]}),
        f"GET {path}/p/log c": (200, '{"a": 1}'),
    }
    seen = EksRunJob().look(RUN + ".sync", job)
    assert isinstance(seen, Failed)
    logs = json.loads(seen.cause)["logs"]
    if expected is None:
        assert logs["error"] == "EKS.500"
    else:
        assert logs["pods"]["p"]["containers"]["c"]["log"] == expected


@pytest.mark.parametrize(
    ("status", "lasting"), [(404, True), (401, True), (429, False), (503, False)]
)
def test_a_job_that_is_not_seen(cluster: dict[str, str], status: int, lasting: bool) -> None:
    job = submitted(cluster)
    Cluster.answers["GET /apis/batch/v1/namespaces/default/jobs/count"] = (status, {})
    with pytest.raises(JobNotSeen) as problem:
        EksRunJob().look(RUN + ".sync", job)
    assert (problem.value.lasting, problem.value.failure.error) == (lasting, f"EKS.{status}")


Ask = Callable[[str, str], Any]


@pytest.mark.parametrize("ask", [EksRunJob().look, EksRunJob().stop])
def test_a_cluster_that_is_away(cluster: dict[str, str], ask: Ask) -> None:
    job = json.loads(submitted(cluster)) | {"endpoint": "https://127.0.0.1:1"}
    with pytest.raises(JobNotSeen) as problem:
        ask(RUN + ".sync", json.dumps(job))
    assert not problem.value.lasting


@pytest.mark.parametrize("status", [200, 404])
def test_a_job_is_stopped(cluster: dict[str, str], status: int) -> None:
    job = submitted(cluster)
    Cluster.answers["DELETE /apis/batch/v1/namespaces/default/jobs/count"] = (status, {})
    EksRunJob().stop(RUN + ".sync", job)
    asked = Cluster.asked[-1]
    assert (asked["method"], asked["query"]) == ("DELETE", [("propagationPolicy", "Background")])
