"""The intrinsic functions by name: an explicit table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from studio.asl.expressions.intrinsics import (
    arrays,
    encodings,
    identifiers,
    json_data,
    numbers,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Randomness


class Function(NamedTuple):
    """One function: how few and how many arguments it takes (None: any number), what it does.

    ``apply`` raises IntrinsicFailure where it cannot use its arguments. Only a function that
    ``draws`` is given the Bindings' own randomness.
    """

    fewest: int
    most: int | None
    apply: Callable[[list[Json], Randomness], Json]
    draws: bool = False


FUNCTIONS: Final[dict[str, Function]] = {
    "States.Array": Function(0, None, arrays.array),
    "States.ArrayPartition": Function(2, 2, arrays.array_partition),
    "States.ArrayContains": Function(2, 2, arrays.array_contains),
    "States.ArrayRange": Function(3, 3, arrays.array_range),
    "States.ArrayGetItem": Function(2, 2, arrays.array_get_item),
    "States.ArrayLength": Function(1, 1, arrays.array_length),
    "States.ArrayUnique": Function(1, 1, arrays.array_unique),
    "States.Base64Encode": Function(1, 1, encodings.base64_encode),
    "States.Base64Decode": Function(1, 1, encodings.base64_decode),
    "States.Hash": Function(2, 2, encodings.hash_data),
    "States.Format": Function(1, None, texts.format_text),
    "States.StringSplit": Function(2, 2, texts.string_split),
    "States.StringToJson": Function(1, 1, json_data.string_to_json),
    "States.JsonToString": Function(1, 1, json_data.json_to_string),
    "States.JsonMerge": Function(3, 3, json_data.json_merge),
    "States.MathRandom": Function(2, 3, numbers.math_random, draws=True),
    "States.MathAdd": Function(2, 2, numbers.math_add),
    "States.UUID": Function(0, 0, identifiers.make_uuid, draws=True),
}
