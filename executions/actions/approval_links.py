"""Signed links of mails, by which somebody decides without an account.

A link names one approval and the address it was sent to. It is good for one decision, anybody's,
until the Task's time is over: the approval itself says whether it still waits.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core import signing

from executions.errors import ApprovalDoesNotExist

_SALT: Final = "stepwell.approval"


def link_for(approval_id: int, address: str) -> str:
    """The address of the page on which the holder of ``address`` decides."""
    signed = signing.dumps({"approval": approval_id, "address": address}, salt=_SALT)
    return f"{settings.PUBLIC_URL}/decide/{signed}/"


def read_link(signed: str) -> tuple[int, str]:
    """The approval, and the address that the link was made for.

    Raises:
        ApprovalDoesNotExist: nobody here has signed it, or a part of it is missing.
    """
    try:
        said = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        raise ApprovalDoesNotExist(message="This link is not complete, or not ours") from None
    return said["approval"], said["address"]
