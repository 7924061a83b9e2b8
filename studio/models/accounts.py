"""Rows that belong to an account: whoever calls sees those of their own."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from studio import arns

Row = TypeVar("Row", bound=models.Model)


def of_account(account: str, field: str = "name") -> Q:
    """The condition that a full name (``studio.arns``) belongs to an account."""
    if account == settings.AWS_ACCOUNT_ID:
        return ~Q(**{f"{field}__contains": "|"})
    return Q(**{f"{field}__startswith": arns.full_name("", account)})


def in_sight(field: str = "name") -> Q:
    """The condition that a row belongs to the account that the caller keeps to; where nobody
    calls, every row is in sight.
    """
    account = arns.acting_account()
    return Q() if account is None else of_account(account, field)


class OfAccount(models.Manager[Row]):
    """The manager of what has a full name: what is out of the caller's sight is not found.

    Whoever forgets to ask for an account's own rows gets no others all the same. Foreign keys are
    followed without it.
    """

    def get_queryset(self) -> QuerySet[Row]:
        """The rows in sight."""
        found = super().get_queryset()
        account = arns.acting_account()
        return found if account is None else found.filter(self._of(account))

    def _of(self, account: str) -> Q:
        return of_account(account, getattr(self.model, "full_name_field", "name"))


class RolesOfAccount(OfAccount[Row]):
    """The same for what is told apart by an ARN of IAM."""

    def _of(self, account: str) -> Q:
        return Q(arn__startswith=f"arn:aws:iam::{account}:")
