"""AWS's services, played by moto's server."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest

from studio.config.embedded.ports import HOST, free_port

HOPELESS_SECONDS = 60


@pytest.fixture(scope="session")
def moto_address() -> Iterator[str]:
    """A running moto server."""
    port = free_port()
    address = f"http://{HOST}:{port}"
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", HOST, "-p", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + HOPELESS_SECONDS
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{address}/moto-api/", timeout=5):
                    break
            except OSError:
                assert process.poll() is None, "moto's server ended"
                assert time.monotonic() < until, "moto's server does not answer"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def aws(moto_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """AWS's services are at moto's server, with credentials of no worth."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return moto_address
