"""What an ItemReader says, with its expressions evaluated.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from executions.items.formats.csv_rows import DELIMITERS
from executions.items.problems import ItemReaderFailed

if TYPE_CHECKING:
    from studio.asl.definition import Json

MOST_ITEMS: Final = 100_000_000
"""Items that one Map Run may have."""
INVENTORY: Final = "S3_INVENTORY"
ATHENA: Final = "ATHENA_DATA"


@dataclass(frozen=True, slots=True)
class ItemReader:
    """A data set. ``key`` is None for a listing, which has ``prefix`` and ``start_after``.

    ``input_type`` is None where only the listing itself is read. ``headers`` None: the first row
    has them. ``manifest`` says what kind of manifest the object is, None: it is the data.
    """

    bucket: str
    key: str | None
    version: str | None = None
    prefix: str = ""
    start_after: str = ""
    input_type: str | None = None
    manifest: str | None = None
    headers: tuple[str, ...] | None = None
    delimiter: str = ","
    pointer: str = ""
    max_items: int = MOST_ITEMS

    @classmethod
    def of(cls, resource: str, arguments: Json, config: Json) -> ItemReader:
        """Make it of the fields Resource, Parameters or Arguments, and ReaderConfig.

        Raises ItemReaderFailed where their values, which expressions may have given, cannot be.
        """
        fields = _Fields(config if config is not None else {}, "ReaderConfig")
        places = _Fields(arguments, "Parameters")
        listing = resource.endswith(":listObjectsV2")
        input_type = fields.choice("InputType", ("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"))
        manifest = fields.choice("ManifestType", (INVENTORY, ATHENA))
        if listing:
            flatten = fields.choice("Transformation", ("NONE", "LOAD_AND_FLATTEN"))
            if flatten != "LOAD_AND_FLATTEN":
                input_type = None
            elif input_type is None:
                raise ItemReaderFailed("field InputType is required to load the listed objects")
            manifest = None
        elif input_type == "MANIFEST":
            if manifest == ATHENA:
                raise ItemReaderFailed(
                    "field InputType must be CSV, JSONL or PARQUET for ManifestType ATHENA_DATA: "
                    "it says what the manifest's files are"
                )
            manifest = INVENTORY
        elif manifest is None and input_type is None:
            raise ItemReaderFailed("field InputType is required")
        given = fields.choice("CSVHeaderLocation", ("FIRST_ROW", "GIVEN")) == "GIVEN"
        return cls(
            bucket=places.text("Bucket", required=True),
            key=None if listing else places.text("Key", required=True),
            version=places.text("VersionId") or None,
            prefix=places.text("Prefix"),
            start_after=places.text("StartAfter"),
            input_type=input_type,
            manifest=manifest,
            headers=fields.texts("CSVHeaders") if given else None,
            delimiter=DELIMITERS[fields.choice("CSVDelimiter", tuple(DELIMITERS)) or "COMMA"],
            pointer=fields.text("ItemsPointer"),
            max_items=_limit(fields.values.get("MaxItems")),
        )


class _Fields:
    def __init__(self, values: Json, name: str) -> None:
        if not isinstance(values, dict):
            raise ItemReaderFailed(f"field {name} must be an object")
        self.values: dict[str, Any] = values

    def text(self, name: str, *, required: bool = False) -> str:
        value = self.values.get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value):
            raise ItemReaderFailed(f"field {name} must be a text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise ItemReaderFailed(f"field {name} must be an array of texts")
        return tuple(value)

    def choice(self, name: str, known: tuple[str, ...]) -> str | None:
        value = self.values.get(name)
        if value is None or value in known:
            return value
        raise ItemReaderFailed(f"field {name} must be one of {', '.join(known)}")


def _limit(value: Any) -> int:
    """MaxItems; 0 is none, and what is above the most that can be is the most (recorded)."""
    if value is None:
        return MOST_ITEMS
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ItemReaderFailed("field MaxItems must be an integer")
    if value < 0:
        raise ItemReaderFailed("field MaxItems must be positive")  # recorded
    return min(int(value), MOST_ITEMS) or MOST_ITEMS
