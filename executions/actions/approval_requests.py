"""A Task that asks a person: ``arn:aws:states:::approval:request.waitForTaskToken``.

Storing the question and reporting that it was asked are two commits. A worker that dies in between
leaves the row and its own attempt; the next worker performs the attempt again and finds the row,
which carries the attempt's number. A mail may then be sent twice, with one Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
import time
import uuid
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any, Final

import orjson
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from executions.actions.approval_links import link_for
from executions.actions.approvals import context_of
from executions.integration import Failed, Submitted, unusable
from executions.integrations.native.approval import question_of
from executions.integrations.native.configuration import NotConfigured, declared, secret
from executions.integrations.native.email import may_get_mail, open_connection
from executions.integrations.native.parameters import UnusableParameters
from executions.models import Approval
from executions.runtime.connection import DATABASE_AWAY, forget_broken_connection
from studio import arns
from studio.actions.people import members_of

if TYPE_CHECKING:
    from executions.integration import TaskOutcome, TaskRequest
    from executions.integrations.native.approval import Question

PAUSE_SECONDS: Final = 0.25
"""Between looks for a database that is away."""

# Whoever removes the execution waits for this, and finds the row.
_KEEP_EXECUTION = "SELECT state_machine_id FROM executions_execution WHERE id = %s FOR KEY SHARE"

_log = logging.getLogger(__name__)


class ApprovalRequest:
    """Puts the question into the inbox, and tells those who are asked by mail."""

    lost_error = None
    """Performed again, the attempt finds the question that it has asked."""

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Ask. The Task ends when somebody decides (``actions.approvals``), or with its time."""
        try:
            question = question_of(request)
        except UnusableParameters as problem:
            return unusable(request, problem)
        if request.execution_id is None:
            return Failed(
                "Approval.NobodyAsked",
                "Only a Standard execution can wait for a person; a test gives a mocked result.",
            )
        while True:
            try:
                return _ask(request, request.execution_id, question)
            except DATABASE_AWAY as error:
                # It may be stored, or not: asking again finds it.
                _log.warning("an approval is not asked for yet: %s", error)
                forget_broken_connection()
                time.sleep(PAUSE_SECONDS)


def _ask(request: TaskRequest, execution_id: int, question: Question) -> TaskOutcome:
    approval = _stored(request, execution_id, question)
    if approval is None:
        return Failed("Approval.NobodyAsked", "The execution has been removed.")
    mailed = _tell(approval, request)
    answer: dict[str, Any] = {"ApprovalId": approval.pk, "Mailed": mailed}
    if approval.mail_problem:
        answer["MailProblem"] = approval.mail_problem
    return Submitted(orjson.dumps(answer).decode())


@transaction.atomic
def _stored(request: TaskRequest, execution_id: int, question: Question) -> Approval | None:
    """Store the question, or find it stored; None where the execution is no more."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_EXECUTION, (execution_id,))
        row = cursor.fetchone()
    if row is None:
        return None
    deadline = request.deadline
    approval, _ = Approval.objects.get_or_create(
        execution_id=execution_id,
        task=request.task,
        defaults={
            "state_machine_id": row[0],
            "state_name": request.state_name,
            "title": question.title,
            "question": question.question,
            "context": orjson.dumps(question.context).decode(),
            "form": orjson.dumps(question.form).decode(),
            "users": question.users,
            "roles": question.roles,
            "emails": question.emails,
            "deadline": None if deadline is None else datetime.fromtimestamp(deadline, UTC),
        },
    )
    return approval


def _tell(approval: Approval, request: TaskRequest) -> int:
    """Mail everybody who is asked and has an address, once; how many.

    A mail that cannot be sent takes nothing away: the question stands in the inbox, and the row
    says why no mail went.
    """
    addresses = _addresses(approval, request.execution_arn)
    if not addresses or approval.mailed_at is not None:
        return len(addresses)
    problem = ""
    sent: list[str] = []
    try:
        server = declared("email")
        refused = [address for address in addresses if not may_get_mail(server, address)]
        if refused:
            problem = f"This installation sends no mail to {', '.join(refused)}"
        with open_connection(server, request.deadline) as server_connection:
            for address in addresses:
                if address not in refused:
                    server_connection.send_messages([_mail(approval, request, server, address)])
                    sent.append(address)
    except NotConfigured as missing:
        problem = str(missing)
    except (smtplib.SMTPException, OSError) as error:
        problem = f"The mail server: {error}"
    approval.mail_problem = problem[:1000]
    approval.mailed_at = timezone.now() if sent else None
    approval.save(update_fields=["mail_problem", "mailed_at"])
    return len(sent)


def _addresses(approval: Approval, execution_arn: str) -> list[str]:
    """The named addresses, and those of the accounts of the named members of the workspace."""
    account = arns.account_in(execution_arn)
    users = get_user_model().objects.filter(
        members_of(account), username__in=approval.users, is_active=True
    )
    of_users = users.exclude(email="").order_by("pk").values_list("email", flat=True)
    return list(dict.fromkeys([*approval.emails, *(address.lower() for address in of_users)]))


def _mail(
    approval: Approval, request: TaskRequest, server: dict[str, Any], address: str
) -> EmailMultiAlternatives:
    sender = secret(server, "from")
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    identity = uuid.uuid5(uuid.NAMESPACE_OID, f"{request.idempotency_key}:{address}")
    shown = {
        "approval": approval,
        "context": context_of(approval),
        "link": link_for(approval.pk, address),
        "execution": request.execution_arn.rpartition(":")[2],
    }
    return EmailMultiAlternatives(
        subject=approval.title,
        body=render_to_string("approvals/mail.txt", shown),
        from_email=sender,
        to=[address],
        headers={"Message-ID": f"<{identity}@{domain}>"},
    )
