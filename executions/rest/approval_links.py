"""``/decide/LINK/``: the page on which a mail's reader decides, without an account."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from executions.actions import approvals
from executions.actions.approval_links import read_link
from executions.actions.approvals import Approver
from executions.errors import ApprovalDoesNotExist
from executions.models import Approval
from studio.access.declaration import public
from studio.errors import ApiError, ValidationException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from executions.actions.approvals import Decision


@public
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, signed: str) -> HttpResponse:
    """Show what is asked; only the form's two buttons decide.

    A link is no proof that a person has opened it: mail scanners open them, too.
    """
    try:
        approval_id, address = read_link(signed)
        approval, execution = approvals.get_approval(approval_id)
    except ApprovalDoesNotExist as missing:
        return render(request, "approvals/gone.html", {"problem": missing.message}, status=404)
    fields = approvals.form_of(approval)
    problem = ""
    status = 200
    if request.method == "POST":
        given = _given(fields, request.POST)
        decision: Decision = (
            "APPROVED" if request.POST.get("decision") == "APPROVED" else "REJECTED"
        )
        approver = Approver(address, Approval.Via.LINK)
        try:
            approvals.decide(
                approval_id, approver, decision, request.POST.get("reason", "").strip(), given
            )
        except ValidationException as wrong:
            problem, status = wrong.message, 400
        except ApiError as late:
            problem, status = late.message, late.rest_status
        approval, execution = approvals.get_approval(approval_id)
    else:
        given = {field["Name"]: field.get("Default") for field in fields}
    shown = {
        "approval": approval,
        "address": address,
        "context": approvals.context_of(approval),
        "execution": execution,
        "fields": [
            {**field, "id": f"field-{number}", "value": given.get(field["Name"])}
            for number, field in enumerate(fields)
        ],
        "is_open": approvals.is_open(approval),
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
    response = render(request, "approvals/decide.html", shown, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _given(fields: list[dict[str, Any]], posted: Mapping[str, Any]) -> dict[str, Any]:
    """What the form's inputs say, as JSON values; a number that is none stays the text it is."""
    given: dict[str, Any] = {}
    for number, field in enumerate(fields):
        text = posted.get(f"field-{number}", "")
        value: Any = text.strip() if isinstance(text, str) else text
        if field["Type"] == "boolean":
            value = text == "on"
        elif field["Type"] == "number" and value:
            with contextlib.suppress(ValueError):
                value = int(value) if value.lstrip("-").isdigit() else float(value)
        given[field["Name"]] = value
    return given
