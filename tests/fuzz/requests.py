"""Malformed requests, made from good ones: the same seed makes the same ones."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.model import ListShape, Shape, StructureShape

from studio.aws.model import service_model

ARN = "arn:aws:states:us-east-1:123456789012"
DEFINITION = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}'
TEXTS = {
    "stateMachineArn": f"{ARN}:stateMachine:nobody",
    "resourceArn": f"{ARN}:stateMachine:nobody",
    "stateMachineVersionArn": f"{ARN}:stateMachine:nobody:1",
    "stateMachineAliasArn": f"{ARN}:stateMachine:nobody:live",
    "executionArn": f"{ARN}:execution:nobody:nothing",
    "activityArn": f"{ARN}:activity:nobody",
    "mapRunArn": f"{ARN}:mapRun:nobody/Each:4ac5ea0a-d50e-4ba5-9ea9-9ae5b9c3a1f2",
    "roleArn": "arn:aws:iam::123456789012:role/fuzz",
    "definition": DEFINITION,
    "input": "{}",
    "output": "{}",
}


@dataclass
class Request:
    """A request as it goes over the wire; ``cut`` ends the connection before the body is whole."""

    operation: str
    body: bytes
    method: bytes = b"POST"
    path: bytes = b"/"
    version: bytes = b"HTTP/1.1"
    headers: dict[bytes, bytes] = field(default_factory=dict)
    more_headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    chunked: bool = False
    cut: int | None = None

    def message(self) -> bytes:
        """The bytes to send."""
        headers = [*self.headers.items(), *self.more_headers]
        if self.chunked:
            headers.append((b"Transfer-Encoding", b"chunked"))
            body = b"".join(
                b"%x\r\n%s\r\n" % (len(part), part) for part in _parts(self.body, 700) if part
            )
            body += b"0\r\n\r\n"
        else:
            body = self.body
            if not any(name.lower() == b"content-length" for name, _ in headers):
                headers.append((b"Content-Length", str(len(body)).encode()))
        head = b"%s %s %s\r\n" % (self.method, self.path, self.version)
        head += b"".join(b"%s: %s\r\n" % header for header in headers)
        whole = head + b"\r\n" + body
        return whole if self.cut is None else whole[: len(whole) - self.cut]


class Fuzzer:
    """Makes malformed requests that somebody with this access key might send."""

    def __init__(self, seed: int, key_id: str, secret: str) -> None:
        self._random = random.Random(seed)
        self._credentials = Credentials(key_id, secret)
        self._operations = sorted(service_model().operation_names)
        self._number = 0

    def next(self) -> Request:
        """A good request with something wrong in its members, body, target, headers or all."""
        rng = self._random
        self._number += 1
        operation = rng.choice(self._operations)
        model = service_model().operation_model(operation)
        members = self._good(model.input_shape, "") if model.input_shape else {}
        # What would be carried out if it were good is spoilt for certain.
        if rng.random() < 0.8 or operation.startswith("Create"):
            members = self._spoilt_members(model.input_shape, members)
        body = self._encoded(members)
        if rng.random() < 0.35:
            body = self._spoilt_body(body)
        target = f"AWSStepFunctions.{operation}".encode()
        if rng.random() < 0.1:
            target = self._spoilt_target(target)
        request = self._signed(operation, target, body)
        if rng.random() < 0.35:
            rng.choice(_SPOILERS)(rng, request)
        return request

    def _good(self, shape: Shape, name: str) -> Any:
        rng = self._random
        if isinstance(shape, StructureShape):
            return {
                member: self._good(inner, member)
                for member, inner in shape.members.items()
                if member in shape.required_members or rng.random() < 0.4
            }
        if isinstance(shape, ListShape):
            return [self._good(shape.member, name) for _ in range(rng.randint(1, 2))]
        if shape.type_name == "boolean":
            return rng.random() < 0.5
        if shape.type_name in ("integer", "long", "float", "double"):
            return rng.choice([0, 1, 100])
        if allowed := shape.metadata.get("enum"):
            return rng.choice(allowed)
        return TEXTS.get(name, f"fuzz-{rng.randrange(10)}")

    def _spoilt_members(self, shape: StructureShape | None, members: dict[str, Any]) -> Any:
        rng = self._random
        if shape is None or not members:
            return rng.choice([members, [members], "text", 5, None, {"nothing": _junk(rng)}])
        spoilt = dict(members)
        required = [name for name in shape.required_members if name in spoilt]
        names = required or list(spoilt)
        for name in {rng.choice(names), rng.choice(list(spoilt))}:
            if rng.random() < 0.12:
                del spoilt[name]
            elif isinstance(spoilt[name], dict) and spoilt[name] and rng.random() < 0.6:
                inner = dict(spoilt[name])
                inner[rng.choice(list(inner))] = _junk(rng)
                spoilt[name] = inner
            elif isinstance(spoilt[name], str) and rng.random() < 0.4:
                spoilt[name] = _spoilt_text(rng, spoilt[name])
            else:
                spoilt[name] = _junk(rng)
        if rng.random() < 0.1:
            spoilt[_text(rng)] = _junk(rng)
        return spoilt

    def _encoded(self, members: Any) -> bytes:
        rng = self._random
        text = json.dumps(members, ensure_ascii=rng.random() < 0.5)
        return text.encode("utf-8", "surrogatepass")

    def _spoilt_body(self, body: bytes) -> bytes:
        rng = self._random
        return rng.choice(_BODIES)(rng, body)

    def _spoilt_target(self, target: bytes) -> bytes:
        rng = self._random
        return rng.choice(
            [
                b"",
                b"AWSStepFunctions.",
                target.lower(),
                target + b".More",
                target[:-1],
                b"." + target,
                target * 20,
                b"DynamoDB_20120810.ListTables",
                "AWSStepFunctions.Füg".encode(),
                bytes(rng.choice(b"\x80\xff\x01\x7f~") for _ in range(30)),
            ]
        )

    def _signed(self, operation: str, target: bytes, body: bytes) -> Request:
        # Each is another request, as each of an SDK is.
        headers = {
            "Host": "fuzz",
            "X-Amz-Target": target.decode("latin-1"),
            "Content-Type": "application/x-amz-json-1.0",
            "X-Fuzz": str(self._number),
        }
        request = AWSRequest("POST", "http://fuzz/", data=body, headers=headers)
        SigV4Auth(self._credentials, "states", "us-east-1").add_auth(request)
        encoded = {
            name.encode(): (value if isinstance(value, bytes) else value.encode("latin-1"))
            for name, value in request.headers.items()
        }
        return Request(operation, body, headers=encoded)


def _parts(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


def _text(rng: random.Random) -> str:
    return rng.choice(
        [
            "",
            " ",
            "\0",
            "a\0b",
            "\ud800",
            "\udfff\ud800",
            "é",
            "☃" * 90,
            "\u202e",
            "\ufffe",
            "../../etc/passwd",
            "'; DROP TABLE studio_statemachine; --",
            "$" * 300,
            "{" * 2000,
            "[" * 2000 + "]" * 2000,
            '{"a":' * 500 + "1" + "}" * 500,
            "x" * rng.choice([80, 81, 255, 257, 2000, 70_000]),
            "arn:" + ":" * 40,
            f"{ARN}:stateMachine:",
            f"{ARN}:execution::",
            f"{ARN}:stateMachine:a:b:c:d",
            f"{ARN}:stateMachine:a/b",
            f"{ARN}:activity:\n",
            f"{ARN}:mapRun:/:",
            "NaN",
            "1e999",
            '"',
            '{"StartAt":1,"States":[]}',
            '{"StartAt":"A","States":{"A":{"Type":"Map"}}}',
            '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"}},"QueryLanguage":"JSONata"}',
            '{"Type":"Pass","Parameters":{"a.$":"$..[?(@.a=~/(a+)+$/)]"},"End":true}',
            (
                '{"Type":"Pass","QueryLanguage":"JSONata","Output":'
                '"{% ($f:=function(){$f()};$f()) %}","End":true}'
            ),
        ]
    )


def _spoilt_text(rng: random.Random, text: str) -> str:
    if not text:
        return _text(rng)
    at = rng.randrange(len(text))
    return rng.choice(
        [
            text[:at] + _text(rng) + text[at:],
            text[:at],
            text[:at] + chr(rng.randrange(1, 0xD7FF)) + text[at + 1 :],
            text.upper(),
            text * 3,
        ]
    )


def _junk(rng: random.Random) -> Any:
    return rng.choice(
        [
            None,
            True,
            False,
            0,
            -1,
            1.5,
            2**31,
            2**63,
            10**40,
            -(10**400),
            float("nan"),
            float("inf"),
            1e-320,
            [],
            {},
            [None],
            [[]] * 50,
            {"": {}},
            {"a": [{"b": None}]},
            _nested(rng.choice([5, 50, 99, 100, 101, 600])),
            ["x"] * 3000,
            {str(number): number for number in range(500)},
            _text(rng),
            _text(rng),
            _text(rng),
            [_text(rng), {_text(rng): _text(rng)}],
        ]
    )


def _nested(depth: int) -> Any:
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


def _flip(rng: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.randint(1, 8)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


_BODIES: list[Callable[[random.Random, bytes], bytes]] = [
    lambda rng, body: body[: rng.randrange(len(body) + 1)],
    _flip,
    lambda rng, body: b"",
    lambda rng, body: body + body,
    lambda rng, body: b"\xef\xbb\xbf" + body,
    lambda rng, body: body.decode("utf-8", "replace").encode("utf-16"),
    lambda rng, body: body.decode("utf-8", "replace").encode("utf-32"),
    lambda rng, body: gzip.compress(body),
    lambda rng, body: rng.randbytes(rng.choice([1, 10, 1000, 20_000])),
    lambda rng, body: b"[" * rng.choice([10, 1000, 100_000]),
    lambda rng, body: b'{"a":' * rng.choice([10, 1000, 100_000]),
    lambda rng, body: b"9" * rng.choice([10, 5000, 100_000]),
    lambda rng, body: b'"' + b"\\u0000" * 20_000 + b'"',
    lambda rng, body: body.replace(b"{", b'{"name":1,"name":"fuzz","name":[],', 1),
    lambda rng, body: b" " * 200_000 + body,
    lambda rng, body: body.replace(b'"', b"'"),
    lambda rng, body: body + b"\0",
    lambda rng, body: b"a=b&c=d",
    lambda rng, body: b"<xml/>",
]


def _header(name: bytes, *values: bytes) -> Callable[[random.Random, Request], None]:
    def spoil(rng: random.Random, request: Request) -> None:
        request.headers[name] = rng.choice(values)

    return spoil


def _without(name: bytes) -> Callable[[random.Random, Request], None]:
    def spoil(_: random.Random, request: Request) -> None:
        request.headers.pop(name, None)

    return spoil


def _spoil_authorization(rng: random.Random, request: Request) -> None:
    text = request.headers[b"Authorization"]
    at = rng.randrange(len(text))
    junk = rng.choice([b"", b",", b"=", b" ", b"/", b";", b"\xff", b"0" * 5000])
    request.headers[b"Authorization"] = text[:at] + junk + text[at + rng.randint(0, 3) :]


def _repeat(rng: random.Random, request: Request) -> None:
    name, value = rng.choice(list(request.headers.items()))
    request.more_headers.append((name, rng.choice([value, b"", b"x"])))


def _many_headers(_: random.Random, request: Request) -> None:
    request.more_headers += [(b"X-%d" % number, b"y" * 40) for number in range(200)]


def _another_line(rng: random.Random, request: Request) -> None:
    request.method = rng.choice(
        [b"POST", b"PUT", b"GET", b"OPTIONS", b"HEAD", b"DELETE", b"P\xd6ST"]
    )
    request.path = rng.choice(
        [b"/", b"/?a=b", b"/?%00", b"//", b"/x", b"/%2e%2e/", b"*", b"/?" + b"q" * 6000, b"/\xff"]
    )
    request.version = rng.choice([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9.9"])


def _chunk(_: random.Random, request: Request) -> None:
    request.chunked = True


def _cut(rng: random.Random, request: Request) -> None:
    request.cut = rng.randint(1, max(1, len(request.body)))


def _wrong_length(rng: random.Random, request: Request) -> None:
    length = rng.choice([b"-1", b"0", b"abc", b"99999999999", b"1", b"1e3"])
    request.headers[b"Content-Length"] = length
    request.cut = 0


_SPOILERS: list[Callable[[random.Random, Request], None]] = [
    _spoil_authorization,
    _spoil_authorization,
    _without(b"Authorization"),
    _without(b"X-Amz-Date"),
    _without(b"X-Amz-Target"),
    _without(b"Host"),
    _header(b"Authorization", b"", b"Bearer x", b"AWS4-HMAC-SHA256", b"AWS4-HMAC-SHA256 a=b, c"),
    _header(b"X-Amz-Date", b"", b"now", b"20261121T000000Z", b"99999999T999999Z", b"\xff"),
    _header(b"Content-Type", b"", b"text/html", b"application/json; charset=utf-16", b"\xff\xfe"),
    _header(b"Content-Encoding", b"gzip", b"br", b"x"),
    _header(b"X-Amz-Content-SHA256", b"", b"UNSIGNED-PAYLOAD", b"STREAMING", b"0" * 64),
    _header(b"Expect", b"100-continue", b"x"),
    _header(b"X-Large", b"z" * 30_000, b"z" * 200_000),
    _many_headers,
    _repeat,
    _another_line,
    _chunk,
    _cut,
    _wrong_length,
]
