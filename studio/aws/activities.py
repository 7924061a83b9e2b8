"""AWS's operations on activities themselves. A dict at the end names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio import arns
from studio.actions import activities
from studio.actions.configurations import ENCRYPTION_DEFAULTS
from studio.actions.tags import read_tags
from studio.aws.page_tokens import next_token, page_size, read_position
from studio.models import Activity

if TYPE_CHECKING:
    from studio.aws.protocol import Members, Operation


def create_activity(request: Members) -> Members:
    """CreateActivity."""
    activity = activities.create_activity(
        arns.full_name(request["name"]),
        tags=read_tags(request.get("tags", ())),
        encryption_configuration=request.get("encryptionConfiguration"),
    )
    return {"activityArn": activity.arn, "creationDate": activity.created_at}


def describe_activity(request: Members) -> Members:
    """DescribeActivity."""
    activity = activities.get_activity(request["activityArn"])
    return {**_listed(activity), "encryptionConfiguration": ENCRYPTION_DEFAULTS}


def delete_activity(request: Members) -> Members:
    """DeleteActivity."""
    activities.delete_activity(request["activityArn"])
    return {}


def list_activities(request: Members) -> Members:
    """ListActivities, in the order of names."""
    limit = page_size(request)
    found = Activity.objects.order_by("name")
    position = read_position("ListActivities", request)
    if position is not None:
        found = found.filter(name__gt=position)
    page = list(found[: limit + 1])
    answer: Members = {"activities": [_listed(activity) for activity in page[:limit]]}
    if len(page) > limit:
        answer["nextToken"] = next_token("ListActivities", request, page[limit - 1].name)
    return answer


def _listed(activity: Activity) -> Members:
    return {
        "activityArn": activity.arn,
        "name": activity.short_name,
        "creationDate": activity.created_at,
    }


OPERATIONS: dict[str, Operation] = {
    "CreateActivity": create_activity,
    "DescribeActivity": describe_activity,
    "DeleteActivity": delete_activity,
    "ListActivities": list_activities,
}
