"""Mocked responses: saved and deleted. The only place that writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from executions.actions.saved_anew import save_anew
from executions.errors import MockAlreadyExists, MockChanged, MockDoesNotExist
from executions.interpreter.rehearsal.answers import InvalidResponse, read_response
from executions.models import MockedResponse
from studio import arns
from studio.actions.audit import record
from studio.actions.names import check_name
from studio.asl import json_text
from studio.errors import ServiceQuotaExceededException, ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from studio.asl.definition import Json

MAX_MOCKS = 500
"""Mocks that one state machine may have."""
MAX_RESPONSE_CHARACTERS = 1_048_576
"""A few results of 256 KiB."""


def list_mocks(state_machine: str) -> QuerySet[MockedResponse]:
    """All mocks of a state machine, by state and name."""
    return MockedResponse.objects.filter(state_machine=state_machine)


def create_mock(state_machine: str, state: str, name: str, response: Json) -> MockedResponse:
    """Save a mocked response under a name that the state has not yet.

    The same once more, because its answer was lost, finds it saved and is content.

    Raises:
        MockAlreadyExists: the state has another one of this name.
        ServiceQuotaExceededException: there are ``MAX_MOCKS`` already.
        ValidationException, InvalidName: it is none, or cannot be named so.
    """
    check_name(arns.short_name(state_machine))
    text = response_text(response)
    if list_mocks(state_machine).count() >= MAX_MOCKS:
        raise ServiceQuotaExceededException(
            message=f"A state machine has {MAX_MOCKS} mocks at most. Delete some first."
        )
    try:
        with transaction.atomic():
            made = MockedResponse.objects.create(
                state_machine=state_machine,
                state=state,
                name=name,
                response=text,
                updated_at=timezone.now(),
            )
            tell_of_mock(AuditAction.CREATE_MOCK, made)
            return made
    except IntegrityError:
        found = list_mocks(state_machine).filter(state=state, name=name).first()
        if found is None or found.response != text:
            raise MockAlreadyExists(name) from None
        return found


def update_mock(state_machine: str, mock_id: int, follows: int, **values: Any) -> MockedResponse:
    """Change a mock: its ``state``, ``name`` or ``response``, those that are given.

    ``follows`` is the sequence that the change goes on from.

    Raises:
        MockChanged: it has been saved since.
        MockDoesNotExist, MockAlreadyExists, ValidationException: as their names say.
    """
    if "response" in values:
        values["response"] = response_text(values["response"])
    try:
        return save_anew(
            list_mocks(state_machine),
            mock_id,
            values,
            follows,
            missing=MockDoesNotExist,
            changed=MockChanged,
            action=AuditAction.UPDATE_MOCK,
        )
    except IntegrityError:
        raise MockAlreadyExists(values.get("name")) from None


@transaction.atomic
def delete_mock(state_machine: str, mock_id: int) -> None:
    """Delete a mock; one that does not exist is no error."""
    mock = list_mocks(state_machine).select_for_update().filter(pk=mock_id).first()
    if mock is not None:
        mock.delete()
        tell_of_mock(AuditAction.DELETE_MOCK, mock)


def tell_of_mock(action: AuditAction, mock: MockedResponse) -> None:
    """Put into the audit trail what was done to a mock, in the transaction that did it."""
    subject = arns.state_machine_arn(mock.state_machine)
    record(action, subject, {"state": mock.state, "name": mock.name})


def response_text(response: Json) -> str:
    """Check a mocked response and give its text. Raises ValidationException."""
    try:
        read_response(response)
    except InvalidResponse as fault:
        raise ValidationException(message=str(fault)) from None
    text = json_text.dumps(response)
    if len(text) > MAX_RESPONSE_CHARACTERS:
        raise ValidationException(
            message=f"A mocked response has {MAX_RESPONSE_CHARACTERS} characters at most."
        )
    return text
