"""Both stores keep the same promises."""

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from executions.integrations.aws.caller import Caller, calling_as
from executions.items.configured_store import object_store
from executions.items.folder_store import FolderStore
from executions.items.object_store import ObjectStore
from executions.items.problems import ObjectProblem
from executions.items.s3_store import S3Store
from tests.executions.items.conftest import BUCKET, Put


def keys(store: ObjectStore, prefix: str = "", after: str = "") -> list[str]:
    return [found.key for found in store.list(BUCKET, prefix, after=after)]


def test_what_was_written_is_read(store: ObjectStore, put: Put) -> None:
    put("in/orders.json", b"[1]")
    put("in/orders.json", b"[1,2,3]")
    found = store.open(BUCKET, "in/orders.json")
    with found.stream as stream:
        assert stream.read() == b"[1,2,3]"
        stream.seek(3)
        assert stream.read(1) == b"2"
        assert stream.seek(-3, os.SEEK_END) == 4
        assert stream.read() == b",3]"
    (listed,) = store.list(BUCKET, "")
    assert (listed.key, listed.etag, listed.size) == ("in/orders.json", found.etag, 7)
    assert abs(listed.last_modified - time.time()) < 3600
    assert listed.etag.startswith('"')


def test_a_large_object_goes_in_parts(store: ObjectStore) -> None:
    part = b"0123456789abcdef" * 65_536
    assert store.write(BUCKET, "large", (part for _ in range(20))) == 20 * len(part)
    with store.open(BUCKET, "large").stream as stream:
        stream.seek(19 * len(part) + 3)
        assert stream.read(4) == b"3456"
        stream.seek(5)
        assert stream.read(3) == b"567"


def test_keys_are_listed_in_their_order(store: ObjectStore, put: Put) -> None:
    names = ["a/b", "a.txt", "a/b.c/d", "a0", "é/x", "a/b/c" + "x", "z"]
    names = [name for name in names if name != "a/b"] + ["a/k"]
    for name in names:
        put(name, b"")
    order = sorted(names, key=str.encode)
    assert keys(store) == order
    assert keys(store, "a/") == [name for name in order if name.startswith("a/")]
    assert keys(store, "a") == [name for name in order if name.startswith("a")]
    for index, name in enumerate(order):
        assert keys(store, after=name) == order[index + 1 :]


def test_what_is_not_there_is_said(store: ObjectStore) -> None:
    with pytest.raises(ObjectProblem, match="The specified key does not exist"):
        store.open(BUCKET, "none.json")
    with pytest.raises(ObjectProblem, match="The specified bucket does not exist"):
        store.open("no-such-bucket", "none.json")
    with pytest.raises(ObjectProblem, match="The specified bucket does not exist"):
        list(store.list("no-such-bucket", ""))
    with pytest.raises(ObjectProblem, match="The specified bucket does not exist"):
        store.write("no-such-bucket", "key", [b""])


def test_an_object_that_was_replaced_is_not_read_on(store: ObjectStore, put: Put) -> None:
    put("orders", b"old")
    with store.open(BUCKET, "orders").stream as stream:
        assert stream.read() == b"old"
    (listed,) = store.list(BUCKET, "")
    etag = listed.etag
    store.open(BUCKET, "orders", etag=etag).stream.close()
    put("orders", b"new!")
    with pytest.raises(ObjectProblem, match="was replaced"):
        store.open(BUCKET, "orders", etag=etag)


def test_a_writer_that_fails_leaves_nothing(store: ObjectStore) -> None:
    def content() -> Iterator[bytes]:
        yield b"x" * (9 << 20)
        raise RuntimeError("the results end here")

    with pytest.raises(RuntimeError, match="the results end here"):
        store.write(BUCKET, "results.json", content())
    assert keys(store) == []


@pytest.mark.parametrize(
    "key", ["../other/secret", "/etc/passwd", "a/../../x", "a//b", "", ".", "a/", "..", "a\0b"]
)
def test_a_key_stays_in_its_folder(tmp_path: Path, key: str) -> None:
    (tmp_path / BUCKET).mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret").write_text("secret")
    store = FolderStore(tmp_path)
    with pytest.raises(ObjectProblem, match="names no file"):
        store.open(BUCKET, key)
    with pytest.raises(ObjectProblem, match="names no file"):
        store.write(BUCKET, key, [b"x"])


def test_a_link_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / BUCKET / "in").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / BUCKET / "in" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / BUCKET / "folder").symlink_to(tmp_path)
    store = FolderStore(tmp_path)
    assert keys(store) == []
    with pytest.raises(ObjectProblem, match="leads out"):
        store.open(BUCKET, "in/link")
    with pytest.raises(ObjectProblem, match="leads out"):
        store.write(BUCKET, "folder/new", [b""])


@pytest.mark.parametrize("bucket", ["..", ".unfinished", "a/b", "", "UPPER", "a..b"])
def test_a_bucket_is_a_folder(tmp_path: Path, bucket: str) -> None:
    with pytest.raises(ObjectProblem, match="bucket is not valid"):
        FolderStore(tmp_path).open(bucket, "key")


def test_what_killed_writers_left_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / BUCKET).mkdir()
    left = tmp_path / ".unfinished" / "tmpleft"
    left.parent.mkdir()
    left.write_bytes(b"half")
    store = FolderStore(tmp_path)
    store.write(BUCKET, "one", [b"1"])
    assert left.exists()
    os.utime(left, (0, 0))
    store.write(BUCKET, "two", [b"2"])
    assert not left.exists()


def test_the_installation_says_where_objects_are(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OBJECTS = str(tmp_path)
    assert isinstance(object_store("123456789012"), FolderStore)
    settings.OBJECTS = "s3"
    assert isinstance(object_store("123456789012"), S3Store)
    settings.OBJECTS = ""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    assert isinstance(object_store("123456789012"), S3Store)


class Breaking(BaseHTTPRequestHandler):
    """An S3 that hangs up after a thousand bytes of each answer."""

    protocol_version = "HTTP/1.1"
    content = bytes(range(256)) * 20
    asked: list[str | None]
    signed: list[str]

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        self.signed.append(self.headers.get("Authorization", ""))
        if self.headers.get("If-Match", '"tag"') != '"tag"':
            self.send_error(412)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        rest = self.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("ETag", '"tag"')
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[:1000])
        self.close_connection = True


def test_what_breaks_off_is_fetched_again_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    Breaking.asked, Breaking.signed = [], []
    with ThreadingHTTPServer(("127.0.0.1", 0), Breaking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        with S3Store().open(BUCKET, "orders").stream as stream:
            assert stream.read() == Breaking.content
        server.shutdown()
    assert Breaking.asked[0] is None
    assert Breaking.asked[-1] == f"bytes={len(Breaking.content) // 1000 * 1000}-"


def test_whoever_makes_a_store_reads_from_it_to_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "credentials").write_text(
        "[of-a-role]\naws_access_key_id = ROLES\naws_secret_access_key = secret\n"
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    Breaking.asked, Breaking.signed = [], []
    with ThreadingHTTPServer(("127.0.0.1", 0), Breaking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "WORKERS")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        with calling_as(Caller(profile="of-a-role")):
            store = S3Store()
        with store.open(BUCKET, "orders").stream as stream:
            assert stream.read() == Breaking.content
        server.shutdown()
    assert len(Breaking.signed) > 1
    assert all("Credential=ROLES/" in each for each in Breaking.signed)


def test_another_account_has_buckets_of_its_own(tmp_path: Path, settings: Any) -> None:
    settings.OBJECTS = str(tmp_path)
    for account, folder in (
        ("123456789012", "b-1"),
        ("222222222222", ".accounts/222222222222/b-1"),
    ):
        (tmp_path / folder).mkdir(parents=True)
        object_store(account).write("b-1", "key", [account.encode()])
    for account in ("123456789012", "222222222222"):
        with object_store(account).open("b-1", "key").stream as stream:
            assert stream.read() == account.encode()
    with pytest.raises(ObjectProblem):
        object_store("333333333333").open("b-1", "key")
    with pytest.raises(ObjectProblem):
        object_store("123456789012").open(".accounts", "222222222222/b-1/key")
