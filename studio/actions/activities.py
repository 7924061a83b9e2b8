"""Activities: created and deleted. The only place that writes them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from studio import arns
from studio.actions.audit import record
from studio.actions.configurations import Configuration, check_encryption
from studio.actions.names import activity_name, check_name
from studio.actions.tags import Tags, check_number
from studio.errors import ActivityDoesNotExist, ActivityLimitExceeded
from studio.models import Activity, AuditAction

MAX_ACTIVITIES = 10_000
"""AWS's quota of registered activities.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""


def create_activity(
    name: str, *, tags: Tags | None = None, encryption_configuration: Configuration | None = None
) -> Activity:
    """Create an activity, or give the one of this name; as at AWS its tags stay as they are then.

    Raises:
        ActivityLimitExceeded: there are as many as there may be.
        InvalidName, InvalidEncryptionConfiguration, TooManyTags: as their names say.
    """
    check_name(arns.short_name(name))
    if encryption_configuration:
        check_encryption(encryption_configuration)
    check_number(arns.activity_arn(name), tags or {})
    with transaction.atomic():
        activity, is_new = Activity.objects.get_or_create(
            name=name, defaults={"tags": tags or {}, "created_at": timezone.now()}
        )
        if is_new and Activity.objects.count() > MAX_ACTIVITIES:
            raise ActivityLimitExceeded(
                message="The maximum number of activities has been reached: "
                f"{MAX_ACTIVITIES}. Delete one that is not needed any more."
            )
        if is_new:
            record(AuditAction.CREATE_ACTIVITY, activity.arn)
    return activity


def get_activity(arn: str) -> Activity:
    """The activity with this ARN.

    Raises:
        InvalidArn: it is no ARN of an activity.
        ActivityDoesNotExist: there is none.
    """
    activity = Activity.objects.filter(name=activity_name(arn)).first()
    if activity is None:
        raise ActivityDoesNotExist(arn)
    return activity


@transaction.atomic
def delete_activity(arn: str) -> None:
    """Delete the activity with this ARN; as at AWS one that is not there is no error.

    What was scheduled for it stays: workers that have a task may report it, and what nobody has
    taken up waits until its execution's time-out, or until the activity is created again.

    Raises InvalidArn: it is no ARN of an activity.
    """
    try:
        deleted = Activity.objects.filter(name=activity_name(arn)).delete()[0]
    except ActivityDoesNotExist:
        return
    if deleted:
        record(AuditAction.DELETE_ACTIVITY, arn)
