"""The audit trail is written here: one entry, in the transaction of the change it tells of.

An action that writes calls ``record`` before its transaction ends; who acts is known already:
``studio.middleware.acting`` says so for pages and the REST API, ``studio.aws.protocol`` for signed
requests, and whoever says nothing is Stepwell itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings
from django.db import connection

from studio.arns import account_in, acting_account
from studio.asl import json_text
from studio.models.audit_entry import ActorKind, AuditAction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_INSERT: Final = """
INSERT INTO studio_auditentry (
    at, actor_kind, actor, access_key_id, action, subject, workspace, details, address, request_id)
VALUES (clock_timestamp(), %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
MAX_SUBJECT: Final = 1024
"""Characters; an ARN has fewer. An index could not hold what somebody might sign in as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, by the user's name; with a key, whose it is. ``workspace`` is its account id."""

    kind: ActorKind
    name: str = ""
    workspace: str | None = None
    access_key_id: str = ""
    address: str = ""
    request_id: str = ""


SYSTEM: Final = Actor(kind=ActorKind.SYSTEM, name="system")


class Cursor(Protocol):
    """What Django's cursors and psycopg's have in common."""

    def execute(self, query: str, params: Sequence[Any]) -> Any:
        """Run one statement."""


_acting: ContextVar[Callable[[], Actor]] = ContextVar("acting", default=lambda: SYSTEM)


@contextmanager
def acting(actor: Callable[[], Actor]) -> Iterator[None]:
    """Say who acts from here on. ``actor`` is asked when something is recorded, or never."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)


def current_actor() -> Actor:
    """Whoever acts now."""
    return _acting.get()()


def record(
    action: AuditAction,
    subject: str,
    details: Mapping[str, Any] | None = None,
    *,
    actor: Actor | None = None,
    workspace: str | None = None,
    cursor: Cursor | None = None,
) -> None:
    """Append an entry; with the transaction that is open it stays or goes.

    Args:
        action: what was done.
        subject: what it was done to: an ARN, or a name or id where there is none.
        details: what else is to be known, as JSON; never a secret or a payload.
        actor: who did it, where that is not whoever acts now.
        workspace: the account id of the workspace it belongs to, where neither the subject's ARN
            nor the actor says so.
        cursor: psycopg's, where the transaction is below Django's.
    """
    who = actor or current_actor()
    values = (
        who.kind,
        who.name,
        who.access_key_id,
        action,
        subject[:MAX_SUBJECT],
        workspace or _account_of(action, subject) or who.workspace or acting_account(),
        json_text.dumps(dict(details or {})),
        who.address,
        who.request_id,
    )
    if cursor is not None:
        cursor.execute(_INSERT, values)
        return
    with connection.cursor() as own:
        own.execute(_INSERT, values)


def _account_of(action: AuditAction, subject: str) -> str | None:
    """The account that the subject's ARN names; None where it is no ARN.

    Of a sign-in the subject is whatever somebody has typed.
    """
    is_arn = subject.startswith("arn:") and not action.startswith("session.")
    return account_in(subject)[:12] or None if is_arn else None


def tells_of_starts(actor: Actor) -> bool:
    """Whether the start of an execution is recorded: always one by hand, one by a program only
    where STEPWELL_AUDIT_STARTS asks for it, one by another execution never.
    """
    if actor.kind == ActorKind.KEY:
        return bool(settings.AUDIT_STARTS)
    return actor.kind == ActorKind.USER
