"""AWS's operations on tags. A dict at the end names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.actions import tags

if TYPE_CHECKING:
    from studio.aws.protocol import Members, Operation


def tag_resource(request: Members) -> Members:
    """TagResource."""
    tags.tag_resource(request["resourceArn"], tags.read_tags(request["tags"]))
    return {}


def untag_resource(request: Members) -> Members:
    """UntagResource."""
    tags.untag_resource(request["resourceArn"], request["tagKeys"])
    return {}


def list_tags_for_resource(request: Members) -> Members:
    """ListTagsForResource."""
    found = tags.tags_of(request["resourceArn"])
    return {"tags": [{"key": key, "value": value} for key, value in found.items()]}


OPERATIONS: dict[str, Operation] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "ListTagsForResource": list_tags_for_resource,
}
