"""Function names: the forms in which Lambda accepts one, taken apart and checked.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (FunctionName)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_LONGEST = 170

# A name begins with a letter or digit, so neither "_private" modules nor "__init__" can be called,
# and it holds no separator, so it cannot leave its folder.
_FUNCTION = re.compile(
    r"(?:(?:(?P<partition>arn:aws[a-z-]*):lambda:)?"
    r"(?:(?P<region>[a-z]{2,4}(?:-[a-z]+)+-\d):)?"
    r"(?:(?P<account>\d{12}):)?"
    r"function:)?"
    r"(?P<module>[A-Za-z0-9][A-Za-z0-9_-]*)(?:\.(?P<attribute>[A-Za-z][A-Za-z0-9_]*))?"
    r"(?::(?P<qualifier>\$LATEST|[A-Za-z0-9_-]+))?",
    re.ASCII,
)

_SHOWN = (
    r"(arn:aws[a-z-]*:lambda:)?(REGION:)?(ACCOUNT:)?(function:)?"
    r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_]*)?(:(\$LATEST|[A-Za-z0-9_-]+))?"
)


class FunctionNameError(ValueError):
    """The text is not a function's name, ARN or partial ARN."""


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A function as a caller named it.

    ``name`` is the bare name, ``stock.reserve`` included; ``module`` and ``attribute`` are its
    Python side: a hyphen, which Lambda allows and Python does not, is an underscore there.
    """

    text: str
    name: str
    module: str
    attribute: str | None
    qualifier: str | None
    region: str | None
    account: str | None

    def arn(self, region: str, account: str) -> str:
        """The unqualified ARN; ``region`` and ``account`` stand in where the text has none."""
        place = f"{self.region or region}:{self.account or account}"
        return f"arn:aws:lambda:{place}:function:{self.name}"


@lru_cache(maxsize=4096)
def parse_function_name(text: str) -> FunctionName:
    """Take a name, ``name:qualifier``, partial ARN or ARN apart.

    Raises FunctionNameError, worded as Lambda's own refusal.
    """
    match = _FUNCTION.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise FunctionNameError(
            f"1 validation error detected: Value '{text[:_LONGEST]}' at 'functionName' failed to "
            f"satisfy constraint: Member must satisfy regular expression pattern: {_SHOWN}"
        )
    module, attribute = match["module"], match["attribute"]
    return FunctionName(
        text=text,
        name=f"{module}.{attribute}" if attribute else module,
        module=module.replace("-", "_"),
        attribute=attribute,
        qualifier=match["qualifier"],
        region=match["region"],
        account=match["account"],
    )
