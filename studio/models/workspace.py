"""Workspaces, and who belongs to them as what."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models


class Workspace(models.Model):
    """A team's own part of the installation: an account, in AWS's words.

    ``account_id`` stands in the ARNs of what belongs to it and is never changed; null is that of
    the installation, ``AWS_ACCOUNT_ID``, which the first workspace has.
    """

    account_id = models.CharField(
        max_length=12, unique=True, null=True, validators=[RegexValidator(r"\A[0-9]{12}\Z")]
    )
    name = models.CharField(max_length=80)
    # What addresses of pages have.
    slug = models.SlugField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.name

    @property
    def account(self) -> str:
        """The twelve digits in its ARNs."""
        return self.account_id or str(settings.AWS_ACCOUNT_ID)


class Membership(models.Model):
    """Somebody's role in a workspace; ``studio.access.permissions`` says what it allows."""

    class Role(models.TextChoices):
        """What somebody is there for."""

        VIEWER = "viewer"
        EDITOR = "editor"
        REVIEWER = "reviewer"
        OPERATOR = "operator"
        ADMIN = "admin"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=8, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("workspace", "user"), name="one_role_in_a_workspace")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role} in {self.workspace_id}"
