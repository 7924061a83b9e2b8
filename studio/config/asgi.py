"""The ASGI application: AWS's protocol first, then websockets, then Django."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.config.settings")

from django.core.asgi import get_asgi_application

django_application: Any = get_asgi_application()

# Only now, because these need Django's applications to be ready.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from executions.stream.consumer import ExecutionStream  # noqa: E402
from studio.aws.protocol import is_for_aws  # noqa: E402
from studio.config import aws, tuning  # noqa: E402

tuning.remember_content_types()
tuning.settle_memory()

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

stream_application = AllowedHostsOriginValidator(  # type: ignore[no-untyped-call]
    AuthMiddlewareStack(ExecutionStream.as_asgi())  # type: ignore[no-untyped-call]
)


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Hand a connection to whom it is for."""
    if is_for_aws(scope):
        await aws.application(scope, receive, send)
    elif scope["type"] == "http":
        await django_application(scope, receive, send)
    elif scope["type"] == "websocket" and scope["path"] == "/stream/":
        await stream_application(scope, receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    elif scope["type"] == "lifespan":
        await _live(receive, send)


async def _live(receive: Receive, send: Send) -> None:
    """Answer uvicorn's questions about starting and stopping; Daphne asks none."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
