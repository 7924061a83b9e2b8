"""HTTP Tasks: what is asked for, what comes of it, and where no connection ever arrives."""

import base64
import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from executions.actions.connections import (
    HIDDEN,
    connection_arn,
    create_connection,
    delete_connection,
    shown_parameters,
    update_connection,
)
from executions.integration import Failed, Succeeded, TaskOutcome
from executions.integrations.http.addresses import AllowList, is_public
from executions.integrations.http.exchange import Client
from executions.integrations.http.form import encode_form
from executions.integrations.http.invoke import HttpInvoke
from executions.models import Connection
from studio.errors import ValidationException
from tests.executions.integrations.conftest import request_of

pytestmark = pytest.mark.django_db

INVOKE = "arn:aws:states:::http:invoke"
SECRET = "the-secret"
API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": SECRET}}


class Api(BaseHTTPRequestHandler):
    """Says what it was asked; what it does follows from the path."""

    protocol_version = "HTTP/1.1"
    seen: list[dict[str, Any]]

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        parts = urlsplit(self.path)
        asked = {
            "method": self.command,
            "path": parts.path,
            "query": parse_qsl(parts.query),
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.rfile.read(length).decode(),
        }
        type(self).seen.append(asked)
        name, _, rest = parts.path.strip("/").partition("/")
        match name:
            case "status":
                self.answer(int(rest), b'{"why":"so"}')
            case "deep":
                self.answer(200, b"[" * 5000 + b"]" * 5000)
            case "text":
                self.answer(200, b"plain", "text/plain")
            case "image":
                self.answer(200, b"\x89PNG", "image/png")
            case "bytes":
                self.answer(200, b"\xff\xfe", "text/plain")
            case "large":
                self.answer(200, b"x" * 300_000, "text/plain")
            case "slow":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                for _ in range(100):
                    try:
                        self.wfile.write(b"x")
                        self.wfile.flush()
                    except OSError:
                        return
                    time.sleep(0.1)
            case "to":
                self.answer(302, b"", location=parts.query)
            case "loop":
                self.answer(302, b"", location="/loop")
            case "token":
                self.answer(200, b'{"access_token":"fetched","expires_in":3600}')
            case _:
                self.answer(200, json.dumps(asked).encode())

    do_GET = do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815

    def answer(
        self, status: int, body: bytes, kind: str = "application/json", location: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)


def served() -> Iterator[str]:
    Api.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def api() -> Iterator[str]:
    yield from served()


@pytest.fixture
def other_api() -> Iterator[str]:
    yield from served()


@pytest.fixture
def connection() -> Connection:
    return create_connection("key", "API_KEY", API_KEY)


def invoke(
    url: str, connection: Connection, allow: str = "127.0.0.0/8", **parameters: Any
) -> TaskOutcome:
    deadline = parameters.pop("deadline", None)
    given = {
        "ApiEndpoint": url,
        "Method": "GET",
        "Authentication": {"ConnectionArn": connection_arn(connection)},
    }
    with closing(Client(AllowList.of(allow.split(",")))) as client:
        request = request_of(INVOKE, given | parameters, deadline=deadline)
        return HttpInvoke(client).perform(request)


def asked(outcome: TaskOutcome) -> Any:
    assert isinstance(outcome, Succeeded), outcome
    return json.loads(outcome.output)["ResponseBody"]


def test_the_definitions_and_the_connections_parts_become_one_request(api: str) -> None:
    connection = create_connection(
        "merging",
        "API_KEY",
        API_KEY
        | {
            "InvocationHttpParameters": {
                "HeaderParameters": [{"Key": "Header-Param", "Value": "connection"}],
                "QueryStringParameters": [{"Key": "QueryParam", "Value": "connection"}],
                "BodyParameters": [{"Key": "BodyParam", "Value": "connection"}],
            }
        },
    )
    request = asked(
        invoke(
            f"{api}/path?a=1",
            connection,
            Method="POST",
            Headers={"Request-Id": "1", "header-param": "definition"},
            RequestBody={"Job": "Engineer", "BodyParam": "definition"},
            QueryParameters={"QueryParam": "definition", "n": 3, "many": ["x", "y"]},
        )
    )
    assert request["method"] == "POST"
    assert request["query"] == [
        ["a", "1"],
        ["n", "3"],
        ["many", "x"],
        ["many", "y"],
        ["QueryParam", "connection"],
    ]
    assert json.loads(request["body"]) == {"Job": "Engineer", "BodyParam": "connection"}
    headers = request["headers"]
    assert headers["x-key"] == SECRET
    assert headers["header-param"] == "connection"
    assert headers["request-id"] == "1"
    assert headers["range"] == "bytes=0-262144"
    assert headers["user-agent"] == "Amazon|StepFunctions|HttpInvoke|us-east-1"
    assert headers["content-type"] == "application/json; charset=UTF-8"


def test_an_answer_that_is_nested_too_deeply_is_a_text(api: str, connection: Connection) -> None:
    outcome = invoke(f"{api}/deep", connection)
    assert isinstance(outcome, Succeeded)
    assert json.loads(outcome.output)["ResponseBody"] == "[" * 5000 + "]" * 5000


def test_the_answer_has_four_members(api: str, connection: Connection) -> None:
    outcome = invoke(f"{api}/text", connection)
    assert isinstance(outcome, Succeeded)
    answer = json.loads(outcome.output)
    assert answer.keys() == {"Headers", "ResponseBody", "StatusCode", "StatusText"}
    assert (answer["ResponseBody"], answer["StatusCode"], answer["StatusText"]) == (
        "plain",
        200,
        "OK",
    )
    assert answer["Headers"]["Content-Type"] == ["text/plain"]


def traced(url: str, reveal_secrets: bool, **parameters: Any) -> dict[str, dict[str, str]]:
    extra = {
        name: [{"Key": key, "Value": SECRET}]
        for name, key in (
            ("HeaderParameters", "CustomHeader1"),
            ("QueryStringParameters", "QueryParam1"),
            ("BodyParameters", "BodyKey1"),
        )
    }
    connection = create_connection(
        "traced", "API_KEY", API_KEY | {"InvocationHttpParameters": extra}
    )
    given = {
        "ApiEndpoint": url,
        "Method": "POST",
        "Authentication": {"ConnectionArn": connection_arn(connection)},
        "Headers": {"definitionHeader": "h1"},
        "RequestBody": {"message": "Hello"},
        "QueryParameters": {"queryParam": "q1"},
    }
    with closing(Client(AllowList.of(["127.0.0.0/8"]))) as client:
        _, trace = HttpInvoke(client).perform_traced(
            request_of(INVOKE, given | parameters), reveal_secrets=reveal_secrets
        )
    return trace


def test_a_trace_shows_the_request_as_it_was_sent_where_secrets_may_be_seen(api: str) -> None:
    trace = traced(f"{api}/echo", reveal_secrets=True)
    assert trace["request"] == {
        "protocol": "http",
        "method": "POST",
        "url": f"{api}/echo?queryParam=q1&QueryParam1={SECRET}",
        "headers": f"[definitionHeader: h1, CustomHeader1: {SECRET}, X-Key: {SECRET}, "
        "User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1, Range: bytes=0-262144]",
        "body": '{"message":"Hello","BodyKey1":"the-secret"}',
    }
    response = trace["response"]
    assert (response["protocol"], response["statusCode"], response["statusMessage"]) == (
        "http",
        "200",
        "OK",
    )
    assert json.loads(response["body"])["path"] == "/echo"
    assert "Content-Type: application/json" in response["headers"]
    assert response["headers"].startswith("[")


def test_a_trace_leaves_out_what_the_connection_added(api: str) -> None:
    trace = traced(f"{api}/echo", reveal_secrets=False)
    assert SECRET not in json.dumps(trace["request"])
    assert trace["request"] == {
        "protocol": "http",
        "method": "POST",
        "url": f"{api}/echo?queryParam=q1",
        "headers": "[definitionHeader: h1, "
        "User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1, Range: bytes=0-262144]",
        "body": '{"message":"Hello"}',
    }


def test_a_failure_has_its_trace_too(api: str) -> None:
    trace = traced(f"{api}/status/404", reveal_secrets=False)
    assert trace["response"]["statusCode"] == "404"
    assert trace["response"]["body"] == '{"why":"so"}'


def test_what_was_not_answered_has_no_response() -> None:
    assert traced("http://127.0.0.1:1/", reveal_secrets=False).keys() == {"request"}


def test_what_was_not_sent_has_no_trace(api: str) -> None:
    assert traced(api, reveal_secrets=True, Method="STEAL") == {}


def test_basic_authorization(api: str) -> None:
    basic = create_connection(
        "basic", "BASIC", {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
    )
    request = asked(invoke(f"{api}/echo", basic))
    assert request["headers"]["authorization"] == "Basic " + base64.b64encode(b"u:p").decode()


def test_a_token_is_fetched_once_and_kept(api: str) -> None:
    oauth = create_connection(
        "oauth",
        "OAUTH_CLIENT_CREDENTIALS",
        {
            "OAuthParameters": {
                "AuthorizationEndpoint": f"{api}/token",
                "HttpMethod": "POST",
                "ClientParameters": {"ClientID": "id", "ClientSecret": SECRET},
                "OAuthHttpParameters": {"BodyParameters": [{"Key": "scope", "Value": "all"}]},
            }
        },
    )
    parameters = {
        "ApiEndpoint": f"{api}/echo",
        "Method": "GET",
        "InvocationConfig": {"ConnectionArn": connection_arn(oauth)},
    }
    with closing(Client(AllowList.of(["127.0.0.0/8"]))) as client:
        integration = HttpInvoke(client)
        for _ in range(2):
            request = asked(integration.perform(request_of(INVOKE, parameters)))
            assert request["headers"]["authorization"] == "Bearer fetched"
    fetched = [request for request in Api.seen if request["path"] == "/token"]
    assert [dict(parse_qsl(request["body"])) for request in fetched] == [
        {
            "grant_type": "client_credentials",
            "client_id": "id",
            "client_secret": SECRET,
            "scope": "all",
        }
    ]


def test_an_authorization_endpoint_that_gives_no_token(api: str) -> None:
    oauth = create_connection(
        "refused",
        "OAUTH_CLIENT_CREDENTIALS",
        {
            "OAuthParameters": {
                "AuthorizationEndpoint": f"{api}/status/403",
                "HttpMethod": "POST",
                "ClientParameters": {"ClientID": "id", "ClientSecret": SECRET},
            }
        },
    )
    outcome = invoke(f"{api}/echo", oauth)
    assert isinstance(outcome, Failed)
    assert outcome.error == "Events.ConnectionResource.InvalidConnectionState"
    assert SECRET not in outcome.cause


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("status/404", "States.Http.StatusCode.404", '{"why":"so"}'),
        ("status/503", "States.Http.StatusCode.503", '{"why":"so"}'),
        ("status/304", "States.Http.StatusCode.304", ""),
        ("image", "States.Runtime", "image/png"),
        ("bytes", "States.Runtime", "no text"),
        ("large", "States.DataLimitExceeded", "'http'"),
    ],
)
def test_failures_have_names(
    api: str, connection: Connection, path: str, error: str, words: str
) -> None:
    outcome = invoke(f"{api}/{path}", connection)
    assert isinstance(outcome, Failed)
    assert outcome.error == error
    assert words in outcome.cause


def test_a_trickle_ends_with_the_tasks_time(api: str, connection: Connection) -> None:
    began = time.monotonic()
    outcome = invoke(f"{api}/slow", connection, deadline=time.time() + 1)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Http.Socket"
    assert time.monotonic() - began < 8  # the trickle takes ten seconds


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"Headers": {"Host": "x"}}, "'Host'"),
        ({"Headers": {"X-Amz-Date": "x"}}, "'X-Amz-Date'"),
        ({"Headers": {"Authorization": "x"}}, "'Authorization'"),
        ({"Headers": {"a": "x\r\nHost: y"}}, "one line"),
        ({"Headers": {"a b": "x"}}, "header's name"),
        ({"Method": "TRACE"}, '"Method"'),
        ({"Body": "x"}, '"Body"'),
        ({"QueryParameters": "a=1"}, '"QueryParameters"'),
        ({"Transform": {"RequestBodyEncoding": "XML"}}, "URL_ENCODED"),
        ({"Authentication": {}}, "ConnectionArn"),
    ],
)
def test_unusable_parameters(
    api: str, connection: Connection, parameters: dict[str, Any], words: str
) -> None:
    outcome = invoke(f"{api}/echo", connection, **parameters)
    assert isinstance(outcome, Failed)
    assert outcome.error == "States.Runtime"
    assert words in outcome.cause
    assert Api.seen == []


@pytest.mark.parametrize(
    ("arrays", "form"),
    [
        ("INDICES", "a%5B0%5D=x&a%5B1%5D=y&o%5Bk%5D=1&t=true"),
        ("REPEAT", "a=x&a=y&o%5Bk%5D=1&t=true"),
        ("COMMAS", "a=x%2Cy&o%5Bk%5D=1&t=true"),
        ("BRACKETS", "a%5B%5D=x&a%5B%5D=y&o%5Bk%5D=1&t=true"),
    ],
)
def test_forms(api: str, connection: Connection, arrays: Any, form: str) -> None:
    body = {"a": ["x", "y"], "o": {"k": 1}, "t": True}
    assert encode_form(body, arrays) == form
    request = asked(
        invoke(
            f"{api}/echo",
            connection,
            Method="POST",
            RequestBody=body,
            Transform={
                "RequestBodyEncoding": "URL_ENCODED",
                "RequestEncodingOptions": {"ArrayFormat": arrays},
            },
        )
    )
    assert request["body"] == form
    assert request["headers"]["content-type"] == "application/x-www-form-urlencoded"


class TestRedirects:
    def test_to_the_same_origin_with_credentials(self, api: str, connection: Connection) -> None:
        request = asked(invoke(f"{api}/to?/echo", connection))
        assert request["path"] == "/echo"
        assert request["headers"]["x-key"] == SECRET

    def test_elsewhere_without(self, api: str, other_api: str, connection: Connection) -> None:
        request = asked(invoke(f"{api}/to?{other_api}/echo", connection, Headers={"Trace": "1"}))
        assert "x-key" not in request["headers"]
        assert request["headers"]["trace"] == "1"

    def test_not_for_ever(self, api: str, connection: Connection) -> None:
        outcome = invoke(f"{api}/loop", connection)
        assert isinstance(outcome, Failed)
        assert outcome.error == "States.Http.StatusCode.302"
        assert len(Api.seen) == 11

    def test_not_into_the_forbidden(self, api: str, connection: Connection) -> None:
        port = urlsplit(api).port
        outcome = invoke(f"{api}/to?http://127.0.0.2:{port}/echo", connection, "127.0.0.1")
        assert isinstance(outcome, Failed)
        assert [request["path"] for request in Api.seen] == ["/to"]


class TestConnections:
    def test_secrets_are_not_shown(self, connection: Connection) -> None:
        assert shown_parameters(connection) == {
            "ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": HIDDEN}
        }
        assert SECRET not in Connection.objects.get().encrypted_parameters

    def test_a_changed_connection_is_used_at_once(self, api: str, connection: Connection) -> None:
        changed = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "other"}}
        update_connection("key", parameters=changed)
        assert asked(invoke(f"{api}/echo", connection))["headers"]["x-key"] == "other"

    def test_a_removed_connection(self, api: str, connection: Connection) -> None:
        delete_connection("key")
        outcome = invoke(f"{api}/echo", connection)
        assert isinstance(outcome, Failed)
        assert outcome.error == "Events.ConnectionResource.ResourceNotFound"
        assert Api.seen == []

    def test_another_secret_key(self, api: str, connection: Connection, settings: Any) -> None:
        settings.SECRET_KEY = "another" * 10
        outcome = invoke(f"{api}/echo", connection)
        assert isinstance(outcome, Failed)
        assert outcome.error == "Events.ConnectionResource.InvalidConnectionState"

    @pytest.mark.parametrize(
        ("name", "kind", "parameters"),
        [
            ("a b", "API_KEY", API_KEY),
            ("a", "NONE", API_KEY),
            ("a", "BASIC", API_KEY),
            ("a", "BASIC", {"BasicAuthParameters": {"Username": "u"}}),
            ("a", "API_KEY", {"ApiKeyAuthParameters": {"ApiKeyName": "X\r\n", "ApiKeyValue": "v"}}),
            ("a", "API_KEY", API_KEY | {"InvocationHttpParameters": {"Cookies": []}}),
            ("key", "API_KEY", API_KEY),
        ],
    )
    def test_nothing_half_stored(
        self, connection: Connection, name: str, kind: str, parameters: dict[str, Any]
    ) -> None:
        with pytest.raises(ValidationException):
            create_connection(name, kind, parameters)
        assert Connection.objects.count() == 1


FORBIDDEN = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "017700000001", "127.255.255.254", "0", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255", "192.168.0.1", "192.168.255.255", "169.254.169.254", "169.254.0.1",
    "169.254.170.2", "100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.0.1", "192.0.0.192",
    "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "2852039166", "0xa9fea9fe",
    "0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]",
    "[::7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]", "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:c0a8:1::1]", "[2001:0:7f00:1::]",
    "[2001::f5ff:fffe]", "[2001:db8::1]", "[fc00::1]", "[fd00:ec2::254]", "[fdff::1]", "[fe80::1]",
    "[febf::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[5f00::1]", "[3fff::1]",
    "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[0::1]", "[::0001]",
    "localhost", "LOCALHOST", "localhost.", "ip6-localhost",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "\uff11\uff12\uff17.0.0.1", "[::ffff:0:127.0.0.1]",
    "0x7f.0x0.0x0.0x1",
    "0000177.0.0.1", "127.0.0.1.", "192.88.99.1", "[2001:20::1]", "[2001:2::1]", "[::ffff:127.1]",
    "[::1%25lo]", "[fe80::1%eth0]", "00.00.00.00", "127.000.000.001", "[0:0:0:0:0:ffff:127.0.0.1]",
    "192.0.0.170", "4294967295", "[4000::1]", "[::1", "::1", "[]", "127.0.0.1%00", "127.0.0.1\t",
]  # fmt: skip
FORMS = [
    "https://{}:{}/",
    "https://{}:{}/path?q=1",
    "http://{}:{}/",
    "https://user@{}:{}/",
    "HTTPS://{}:{}/#f",
]


def every_form() -> list[str]:
    return [form.replace("{}", host, 1) for form, host in itertools.product(FORMS, FORBIDDEN)]


def test_no_connection_arrives_at_a_forbidden_address(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least 300 ways of writing an address that is not public; nothing connects."""
    tried: list[Any] = []

    def create_connection(address: Any, *_: Any, **__: Any) -> socket.socket:
        tried.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    urls = every_form()
    assert len(urls) >= 300
    integration = HttpInvoke(Client(AllowList()))
    for url in urls:
        outcome = integration.perform(
            request_of(
                INVOKE,
                {
                    "ApiEndpoint": url.replace("{}", "8443"),
                    "Method": "GET",
                    "Authentication": {"ConnectionArn": connection_arn(connection)},
                },
            )
        )
        assert isinstance(outcome, Failed), url
        assert outcome.error in ("States.Runtime", "States.Http.Socket"), url
    assert tried == []


def test_a_name_that_changes_its_answer_is_asked_once(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First a public address, then this machine: what was judged is what is connected to."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    connected: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def create_connection(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        connected.append(address[0])
        raise OSError("no network here")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    outcome = invoke("https://rebinding.example/", connection, allow="")
    assert isinstance(outcome, Failed)
    assert connected == ["93.184.216.34"]


def test_one_forbidden_address_among_several_is_enough(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("93.184.216.34", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    outcome = invoke("https://both.example/", connection, allow="")
    assert isinstance(outcome, Failed)
    assert "10.0.0.1" in outcome.cause
    assert "STEPWELL_HTTP_ALLOW" in outcome.cause


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111"])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("entries", "host", "is_allowed"),
    [
        (["erp.example"], "ERP.example.", True),
        (["*.corp.example"], "a.b.corp.example", True),
        (["*.corp.example"], "corp.example", False),
        (["erp.example"], "erp.example.org", False),
        ([""], "erp.example", False),
    ],
)
def test_names_on_the_list(entries: list[str], host: str, is_allowed: bool) -> None:
    assert AllowList.of(entries).has_name(host) is is_allowed
