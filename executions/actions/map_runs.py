"""Map Runs: what a distributed Map starts. Nothing makes any yet, so none is ever found."""

from __future__ import annotations

from typing import NoReturn

from studio import arns
from studio.actions.names import check_characters, invalid_arn
from studio.errors import ResourceNotFound


def get_map_run(arn: str) -> NoReturn:
    """The Map Run with this ARN.

    Raises:
        InvalidArn: it is no ARN of a Map Run.
        ResourceNotFound: there is none, which is so for every ARN as yet.
    """
    try:
        arns.parse_map_run_arn(arn)
    except arns.InvalidStatesArn:
        raise invalid_arn(arn, "mapRun") from None
    check_characters(arn)
    raise ResourceNotFound(arn)
