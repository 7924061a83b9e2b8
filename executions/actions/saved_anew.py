"""Saving over what somebody else may have saved meanwhile: each save says which one it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils import timezone

from executions.models import MockedResponse, WorkflowTest
from studio import arns
from studio.actions.audit import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from studio.errors import ApiError
    from studio.models import AuditAction

Saved = TypeVar("Saved", MockedResponse, WorkflowTest)


@transaction.atomic
def save_anew(
    among: QuerySet[Saved],
    row_id: int,
    values: Mapping[str, Any],
    follows: int,
    *,
    missing: type[ApiError],
    changed: type[ApiError],
    action: AuditAction,
) -> Saved:
    """Set columns of one row whose sequence is ``follows``, and count the save.

    One that has these values already is content: the answer to an earlier save was lost.

    The audit trail has it as ``action``.

    Raises ``missing`` or ``changed``, and IntegrityError as the database does.
    """
    row = among.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise missing(str(row_id))
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    if row.sequence != follows:
        raise changed(row.name)
    for name, value in values.items():
        setattr(row, name, value)
    row.sequence += 1
    row.updated_at = timezone.now()
    row.save()
    record(action, arns.state_machine_arn(row.state_machine), {"name": row.name})
    return row
