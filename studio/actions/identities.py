"""Accounts of those who sign in at an OpenID provider: found, made, and given their roles."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from studio.actions.audit import record
from studio.actions.members import LastAdmin, default_workspace, remove_member, set_role
from studio.errors import ApiError, ValidationException
from studio.models import AuditAction, Identity, Membership, Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

SINGLE_SIGN_ON: Final = "single sign-on"
BACKEND: Final = "studio.actions.identities.LinkedAccounts"
FIRST_WORKSPACE: Final = ""
"""Stands for it in ``settings.OIDC_ROLES`` where a role is given in no other."""
_log = logging.getLogger(__name__)


class LinkedAccounts(ModelBackend):
    """Knows accounts by their sessions, and no passwords: whoever is here comes by the provider."""

    def authenticate(self, *_: Any, **__: Any) -> None:
        """Nobody."""


class NameIsTaken(ValidationException):
    """An account of this name is there already, and it is not linked with yours"""

    rest_status = 409


class AccountIsDisabled(ApiError):
    """This account may not sign in any more. Whoever keeps the installation can change that."""

    rest_status = 403


def account_of(issuer: str, subject: str, claims: Mapping[str, Any]) -> User:
    """The account that is linked with an identity, made where there is none, with its roles.

    Raises:
        AccountIsDisabled: it may not sign in.
        NameIsTaken: it would have the name of another account.
        ValidationException: the claims have no name that an account can have.
    """
    try:
        return _account_of(issuer, subject, claims)
    except IntegrityError:
        # Somebody signs in for the first time in two windows: the other one was first.
        return _account_of(issuer, subject, claims)


@transaction.atomic
def link(user: User, issuer: str, subject: str) -> Identity:
    """Let whoever is ``subject`` at ``issuer`` sign in as ``user`` from now on.

    Raises ValidationException: the identity has an account already.
    """
    linked = Identity.objects.select_related("user").filter(issuer=issuer, subject=subject).first()
    if linked is not None and linked.user_id != user.pk:
        name = linked.user.get_username()
        raise ValidationException(message=f"'{subject}' is linked with the account '{name}'.")
    if linked is None:
        linked = Identity.objects.create(issuer=issuer, subject=subject, user=user)
        told = {"issuer": issuer, "subject": subject}
        record(AuditAction.LINK_IDENTITY, user.get_username(), told)
    return linked


@transaction.atomic
def unlink(user: User) -> int:
    """Let nobody sign in as ``user`` at a provider any more; how many identities it had.

    Sessions that are open go on.
    """
    count = 0
    for each in user.identities.all():
        each.delete()
        told = {"issuer": each.issuer, "subject": each.subject}
        record(AuditAction.UNLINK_IDENTITY, user.get_username(), told)
        count += 1
    return count


@transaction.atomic
def _account_of(issuer: str, subject: str, claims: Mapping[str, Any]) -> User:
    linked = Identity.objects.select_related("user").filter(issuer=issuer, subject=subject).first()
    user = _make(issuer, subject, claims) if linked is None else linked.user
    if not user.is_active:
        raise AccountIsDisabled
    _keep_email(user, claims)
    _give_roles(user, claims, is_new=linked is None)
    return user


def _make(issuer: str, subject: str, claims: Mapping[str, Any]) -> User:
    name = claim(claims, settings.OIDC_USERNAME_CLAIM)
    if not isinstance(name, str) or not name.strip():
        raise ValidationException(
            message=f"{settings.OIDC_NAME} tells no '{settings.OIDC_USERNAME_CLAIM}' of you, which "
            "your account here would be called. STEPWELL_OIDC_USERNAME_CLAIM can name another "
            "claim, STEPWELL_OIDC_SCOPES ask for more."
        )
    user = User(username=name.strip())
    user.set_unusable_password()
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as fault:
        problems = " ".join(fault.messages)
        raise ValidationException(
            message=f"No account here can be called '{name[:150]}'. {problems}"
        ) from None
    # Not only the same: who is called "Ada" beside "ada" would be taken for her.
    if User.objects.filter(username__iexact=user.username).exists():
        raise NameIsTaken(
            message=f"There is an account called '{user.username}' here, and it is not known to be "
            "yours. Whoever keeps the installation can link it: "
            f"manage.py identity link {user.username} {subject}"
        )
    user.save()
    Identity.objects.create(issuer=issuer, subject=subject, user=user)
    told = {"issuer": issuer, "subject": subject}
    record(AuditAction.LINK_IDENTITY, user.username, told)
    return user


def _keep_email(user: User, claims: Mapping[str, Any]) -> None:
    """Keep the address that mails go to, where the provider has verified it."""
    address = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(address, str):
        return
    try:
        validate_email(address)
    except ValidationError:
        return
    if user.email != address and len(address) <= 254:
        user.email = address
        user.save(update_fields=["email"])


def _give_roles(user: User, claims: Mapping[str, Any], *, is_new: bool) -> None:
    """Give somebody the roles of their groups, in the workspaces that groups give roles in.

    There they have no other: who has left a group loses with it what it gave. Where groups give
    no roles, who is new gets the usual one, and what they are is up to the admins from then on.
    """
    if not settings.OIDC_ROLES:
        if is_new and settings.OIDC_DEFAULT_ROLE:
            set_role(default_workspace(), user, settings.OIDC_DEFAULT_ROLE)
        return
    told = claim(claims, settings.OIDC_GROUPS_CLAIM)
    groups = {told} if isinstance(told, str) else set(told if isinstance(told, list) else ())
    wanted: dict[str, str | None] = {slug: None for _, slug, _ in settings.OIDC_ROLES}
    for group, slug, role in settings.OIDC_ROLES:
        if group in groups and wanted[slug] is None:
            wanted[slug] = role
    if settings.OIDC_DEFAULT_ROLE and not wanted.get(FIRST_WORKSPACE):
        wanted[FIRST_WORKSPACE] = settings.OIDC_DEFAULT_ROLE
    for slug, given in wanted.items():
        _give_role(user, slug, given)


def _give_role(user: User, slug: str, role: str | None) -> None:
    if slug == FIRST_WORKSPACE:
        workspace = default_workspace()
    else:
        found = Workspace.objects.filter(slug=slug).first()
        if found is None:
            _log.warning("STEPWELL_OIDC_ROLES names the workspace '%s', which is not there", slug)
            return
        workspace = found
    now = Membership.objects.filter(workspace=workspace, user=user).first()
    try:
        if role is not None and (now is None or now.role != role):
            set_role(workspace, user, role)
        elif role is None and now is not None:
            remove_member(workspace, user)
    except LastAdmin:
        _log.warning(
            "%s stays admin of '%s', against their groups: it has no other",
            user.get_username(),
            workspace.name,
        )


def claim(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of this name; a name with dots also leads into claims: ``realm_access.roles``."""
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value
