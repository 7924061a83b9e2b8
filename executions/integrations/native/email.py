"""``arn:aws:states:::email:send``: a mail through the SMTP server that the operator declares."""

from __future__ import annotations

import fnmatch
import json
import smtplib
import time
import uuid
from email.utils import parseaddr
from typing import Any, Final

from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from executions.integration import (
    LONGEST_CAUSE,
    Failed,
    Submitted,
    Succeeded,
    TaskOutcome,
    TaskRequest,
    unusable,
)
from executions.integrations.native.configuration import NotConfigured, declared, secret
from executions.integrations.native.parameters import UnusableParameters, parameters_of
from studio.asl.resource import parse_resource

LONGEST_SECONDS: Final = 60.0
"""How long the server may take for one of its answers."""
MOST_RECIPIENTS: Final = 50

_ADDRESSES: Final = ("To", "Cc", "Bcc", "ReplyTo")
_FIELDS: Final[dict[str, tuple[type, ...]]] = {
    **dict.fromkeys(_ADDRESSES, (str, list)),
    "Subject": (str,),
    "Text": (str,),
    "Html": (str,),
}


class EmailSend:
    """Hands one mail to the server."""

    lost_error = "States.TaskFailed"

    def perform(self, request: TaskRequest) -> TaskOutcome:
        """Send it once. A mail that is sent twice (by Retry) has another Message-ID."""
        try:
            given = parameters_of(request, _FIELDS, ("To", "Subject"))
            server = declared("email")
            message = _message(given, server, request.idempotency_key)
            with open_connection(server, request.deadline) as connection:
                connection.send_messages([message])
        except (UnusableParameters, BadHeaderError) as problem:
            return unusable(request, problem)
        except NotConfigured as problem:
            return Failed("Email.NotConfigured", str(problem))
        except smtplib.SMTPRecipientsRefused as refusal:
            reasons = {
                who: reason.decode(errors="replace")
                for who, (_, reason) in refusal.recipients.items()
            }
            return Failed("Email.RecipientsRefused", json.dumps(reasons)[:LONGEST_CAUSE])
        except smtplib.SMTPResponseException as refusal:
            text = refusal.smtp_error
            text = text.decode(errors="replace") if isinstance(text, bytes) else text
            name = type(refusal).__name__.removeprefix("SMTP")
            return Failed(f"Email.{name}", f"{refusal.smtp_code} {text}"[:LONGEST_CAUSE])
        except (smtplib.SMTPException, OSError) as error:
            return Failed("Email.ConnectionFailed", str(error)[:LONGEST_CAUSE])
        output = {
            "MessageId": message.extra_headers["Message-ID"],
            "Recipients": len(message.recipients()),
        }
        text = json.dumps(output, separators=(",", ":"))
        return Submitted(text) if parse_resource(request.resource).pattern else Succeeded(text)


def _message(
    given: dict[str, Any], server: dict[str, Any], idempotency_key: str
) -> EmailMultiAlternatives:
    lists = {name: _addresses(name, given.get(name, [])) for name in _ADDRESSES}
    recipients = [*lists["To"], *lists["Cc"], *lists["Bcc"]]
    if not lists["To"]:
        raise UnusableParameters('The value for the field "To" must name somebody')
    if len(recipients) > MOST_RECIPIENTS:
        raise UnusableParameters(f"A mail goes to at most {MOST_RECIPIENTS} addresses")
    for recipient in recipients:
        address = parseaddr(recipient)[1].lower()
        if not may_get_mail(server, address):
            raise UnusableParameters(f"This installation sends no mail to {address}")
    if "Text" not in given and "Html" not in given:
        raise UnusableParameters("One of the fields Text and Html is required")
    sender = secret(server, "from")
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    identity = uuid.uuid5(uuid.NAMESPACE_OID, idempotency_key)
    message = EmailMultiAlternatives(
        subject=given["Subject"],
        body=given.get("Text", ""),
        from_email=sender,
        to=lists["To"],
        bcc=lists["Bcc"],
        cc=lists["Cc"],
        reply_to=lists["ReplyTo"],
        headers={"Message-ID": f"<{identity}@{domain}>"},
    )
    if "Html" in given:
        if "Text" in given:
            message.attach_alternative(given["Html"], "text/html")
        else:
            message.body, message.content_subtype = given["Html"], "html"
    return message


def _addresses(field: str, value: str | list[Any]) -> list[str]:
    addresses = [value] if isinstance(value, str) else value
    for address in addresses:
        if not isinstance(address, str) or "@" not in parseaddr(address)[1]:
            raise UnusableParameters(f'The field "{field}" has what is no address: {address}')
    return addresses


def may_get_mail(server: dict[str, Any], address: str) -> bool:
    """Whether ``recipients`` of ``[email]`` names the address, which is in small letters."""
    allowed = server.get("recipients", ["*"])
    return any(fnmatch.fnmatchcase(address, pattern.lower()) for pattern in allowed)


def open_connection(server: dict[str, Any], deadline: float | None) -> EmailBackend:
    """The mail server that ``[email]`` declares, which has until ``deadline`` to answer.

    Raises NotConfigured.
    """
    seconds = LONGEST_SECONDS
    if deadline is not None:
        seconds = min(seconds, max(deadline - time.time(), 0.1))
    security = server.get("security", "starttls")
    if security not in ("starttls", "tls", "none"):
        raise NotConfigured("security of [email] is starttls, tls or none")
    has_user = "user" in server or "user_env" in server
    return EmailBackend(
        host=secret(server, "host"),
        port=int(server.get("port", {"starttls": 587, "tls": 465, "none": 25}[security])),
        username=secret(server, "user") if has_user else "",
        password=secret(server, "password") if has_user else "",
        use_tls=security == "starttls",
        use_ssl=security == "tls",
        timeout=seconds,
    )
