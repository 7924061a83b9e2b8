"""Connections to AWS, or to what answers at an endpoint of one's own, through botocore.

Endpoints, credentials, profiles and regions come from where every AWS SDK looks for them
(``AWS_ENDPOINT_URL``, ``AWS_ENDPOINT_URL_S3``, ``AWS_ACCESS_KEY_ID``, ``AWS_PROFILE``, …).
"""

from __future__ import annotations

import os
import threading
import time
from functools import lru_cache, partial
from typing import Any, Final

from django.conf import settings

from executions.integrations.aws.caller import WORKERS, Caller, current_caller

CONNECT_TIMEOUT: Final = 5.0
"""Seconds in which an endpoint has to accept a connection."""

LONGEST_CALL: Final = 900
"""Seconds that a call may take where the state has no time-out."""

READ_TIMEOUTS: Final = (1, 2, 5, 10, 20, 60, 120, 300, LONGEST_CALL)
"""Seconds. botocore fixes the time-out for a client's life: one client for each of these."""

NOT_CONFIGURED_FOR: Final = 60.0
"""Seconds for which finding no credentials is believed: looking may cost a second off EC2."""


class Connections:
    """Clients by who calls, service, region and time-out. Safe to use from many threads.

    Costs nothing until a service is called: botocore is imported then.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[Caller, Any] = {}
        self._clients: dict[tuple[Caller, str, str, float], Any] = {}
        self._looked_at: dict[Caller, float] = {}
        self._with_credentials: set[Caller] = set()

    def is_configured(self, service: str) -> bool:
        """Whether botocore's ``service`` has an endpoint of its own or there are credentials."""
        caller = current_caller()
        if caller in self._with_credentials or endpoint_is_set(service):
            return True
        with self._lock:
            looked_at = self._looked_at.get(caller, -NOT_CONFIGURED_FOR)
            if time.monotonic() - looked_at >= NOT_CONFIGURED_FOR:
                if self._botocore_session(caller).get_credentials() is not None:
                    self._with_credentials.add(caller)
                self._looked_at[caller] = time.monotonic()
        return caller in self._with_credentials

    def credentials(self) -> Any:
        """The credentials of who calls, as botocore has them; None: there are none."""
        with self._lock:
            return self._botocore_session(current_caller()).get_credentials()

    def session(self, caller: Caller) -> Any:
        """The botocore session that calls as this one."""
        with self._lock:
            return self._botocore_session(caller)

    def client(self, service: str, region: str, deadline: float | None) -> Any:
        """A client that gives up soon after ``deadline`` (epoch seconds), or after 900 s.

        It calls once: the definition's Retry decides about a second time. It checks no
        parameters: the service's own refusal is what AWS shows.
        """
        # The engine's own time-out comes first, and the thread is free soon after it.
        left = LONGEST_CALL if deadline is None else deadline - time.time()
        read_timeout = next((t for t in READ_TIMEOUTS if t >= left), LONGEST_CALL)
        caller = current_caller()
        key = (caller, service, region, read_timeout)
        client = self._clients.get(key)
        if client is not None:
            return client
        from botocore import UNSIGNED  # see _botocore_session
        from botocore.config import Config

        with self._lock:
            if key not in self._clients:
                session = self._botocore_session(caller)
                config = Config(
                    connect_timeout=min(CONNECT_TIMEOUT, read_timeout),
                    read_timeout=read_timeout,
                    retries={"total_max_attempts": 1, "mode": "standard"},
                    max_pool_connections=64,
                    parameter_validation=False,
                )
                if session.get_credentials() is None:
                    # An endpoint of one's own need not ask who calls.
                    config = config.merge(Config(signature_version=UNSIGNED))
                self._clients[key] = session.create_client(
                    service, region_name=region, config=config
                )
        return self._clients[key]

    def _botocore_session(self, caller: Caller = WORKERS) -> Any:
        # Imported here, not at the top: botocore takes about 0.3 s and 20 MB, which every worker
        # would pay at its start for workflows that never call AWS.
        import botocore.session

        if caller not in self._sessions:
            session = botocore.session.Session(profile=caller.profile or None)
            if caller.role_arn:
                session = _assuming(caller.role_arn, session)
            self._sessions[caller] = session
        return self._sessions[caller]


def _assuming(role_arn: str, workers: Any) -> Any:
    """A session whose credentials are those of a role, fetched by STS and again before they end."""
    import botocore.session
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    session: Any = botocore.session.Session()
    own = workers.get_credentials()
    if own is None:
        return session  # Nobody to assume it: there are no credentials.
    region = session.get_config_variable("region") or settings.AWS_REGION
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=partial(workers.create_client, region_name=region),
        source_credentials=own,
        role_arn=role_arn,
        extra_args={"RoleSessionName": "stepwell"},
    )
    session._credentials = DeferredRefreshableCredentials(
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return session


def endpoint_is_set(service: str) -> bool:
    """Whether the environment names an endpoint for botocore's ``service``, or for all."""
    return bool(os.environ.get(endpoint_variable(service)) or os.environ.get("AWS_ENDPOINT_URL"))


def endpoint_variable(service: str) -> str:
    """The variable that names the endpoint of one service: ``AWS_ENDPOINT_URL_SECRETS_MANAGER``."""
    from executions.integrations.aws.service_models import service_model

    model = service_model(service)
    identity = str(model.service_id) if model is not None else service
    return "AWS_ENDPOINT_URL_" + identity.upper().replace(" ", "_")


@lru_cache(maxsize=1)
def connections() -> Connections:
    """The process's connections."""
    return Connections()
