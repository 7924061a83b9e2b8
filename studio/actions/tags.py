"""Tags of state machines and activities: words that people find and count them by.

Nothing here acts on them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from studio import arns
from studio.actions.audit import record
from studio.actions.names import check_characters, invalid_arn
from studio.errors import ResourceNotFound, TooManyTags, ValidationException
from studio.models import Activity, AuditAction, StateMachine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_TAGS = 50
"""Tags of one resource, as AWS allows: https://docs.aws.amazon.com/step-functions/latest/dg/limits.html"""

_CHARACTERS = re.compile(r"[\w\s.:/=+\-@]*")

Tags = dict[str, str]


def read_tags(tags: Sequence[Mapping[str, str]]) -> Tags:
    """A request's list of tags as values by keys; of a repeated key the last one counts.

    Raises:
        ValidationException: a key or value is missing, a key is reserved, or a character is not
            allowed.
    """
    read: Tags = {}
    for number, tag in enumerate(tags, start=1):
        for member in ("key", "value"):
            if tag.get(member) is None:
                raise ValidationException(
                    message="1 validation error detected: Value null at "
                    f"'tags.{number}.member.{member}' failed to satisfy constraint: "
                    "Member must not be null"
                )
        key, value = tag["key"], tag["value"]
        if not (_CHARACTERS.fullmatch(key) and _CHARACTERS.fullmatch(value)):
            raise ValidationException(
                message="Tags may only contain Unicode letters, digits, white space, or these "
                f"symbols: _ . : / = + - @. The tag at 'tags.{number}' has another one."
            )
        if key.lower().startswith("aws:"):
            raise ValidationException(
                message="aws: prefixed tag key names are not allowed for external use."
            )
        read[key] = value
    return read


def check_number(arn: str, tags: Tags) -> None:
    """Refuse more tags than a resource may have, with TooManyTags."""
    if len(tags) > MAX_TAGS:
        raise TooManyTags(
            message=f"'{arn}' would have {len(tags)} tags. At most {MAX_TAGS} are allowed."
        )


def tags_of(arn: str) -> Tags:
    """The tags of the resource with this ARN, in the order of keys.

    Raises:
        ResourceNotFound, InvalidArn: there is no such resource, or it is no ARN.
    """
    return dict(sorted(_find(arn).tags.items()))


def check_tags(arn: str, tags: Tags) -> None:
    """Refuse what cannot be the tags of a resource: ValidationException, TooManyTags."""
    read_tags([{"key": key, "value": value} for key, value in tags.items()])
    check_number(arn, tags)


@transaction.atomic
def replace_tags(arn: str, tags: Tags) -> None:
    """Give a resource these tags and no others. Raises as ``tag_resource`` does."""
    resource = _find(arn, lock=True)
    check_number(arn, tags)
    gone = [key for key in resource.tags if key not in tags]
    given = {key: value for key, value in tags.items() if resource.tags.get(key) != value}
    resource.tags = dict(tags)
    resource.save(update_fields=["tags"])
    if given:
        record(AuditAction.TAG, resource.arn, {"tags": given})
    if gone:
        record(AuditAction.UNTAG, resource.arn, {"keys": gone})


@transaction.atomic
def tag_resource(arn: str, tags: Tags) -> None:
    """Give a resource these tags, as ``read_tags`` read them; its other tags stay.

    Raises:
        TooManyTags: it would have more than ``MAX_TAGS``; then nothing is changed.
        ResourceNotFound, InvalidArn: there is no such resource, or it is no ARN.
    """
    resource = _find(arn, lock=True)
    resource.tags = {**resource.tags, **tags}
    check_number(arn, resource.tags)
    resource.save(update_fields=["tags"])
    record(AuditAction.TAG, resource.arn, {"tags": tags})


@transaction.atomic
def untag_resource(arn: str, keys: Sequence[str]) -> None:
    """Take the tags with these keys from a resource; keys that it has not are no error.

    Raises:
        ResourceNotFound, InvalidArn: there is no such resource, or it is no ARN.
    """
    resource = _find(arn, lock=True)
    resource.tags = {key: value for key, value in resource.tags.items() if key not in keys}
    resource.save(update_fields=["tags"])
    record(AuditAction.UNTAG, resource.arn, {"keys": list(keys)})


@transaction.atomic
def set_tags(arn: str, tags: Tags) -> Tags:
    """Give a resource these tags and no others, as ``read_tags`` read them.

    Raises:
        As ``tag_resource`` does.
    """
    had = _find(arn, lock=True).tags
    if gone := [key for key in had if key not in tags]:
        untag_resource(arn, gone)
    if new := {key: value for key, value in tags.items() if had.get(key) != value}:
        tag_resource(arn, new)
    return tags


def _find(arn: str, *, lock: bool = False) -> StateMachine | Activity:
    model: type[StateMachine | Activity]
    try:
        model, name = StateMachine, arns.parse_state_machine_arn(arn)
    except arns.InvalidStatesArn:
        try:
            model, name = Activity, arns.parse_activity_arn(arn)
        except arns.InvalidStatesArn:
            if arns.is_states_arn(arn):
                raise ResourceNotFound(arn) from None
            raise invalid_arn(arn, "stateMachine") from None
    check_characters(arn)
    # The lock lets no other change of tags come between reading and writing; starts go on.
    found = model._default_manager.all()
    if lock:
        found = found.select_for_update(no_key=True)
    # A version or an alias cannot be tagged; no name has a colon in it.
    resource = found.filter(name=name).first() if arns.is_local(arn) else None
    if resource is None:
        raise ResourceNotFound(arn)
    return resource
