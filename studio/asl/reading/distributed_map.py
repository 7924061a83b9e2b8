"""What a distributed Map reads, how it batches, what it writes, and its label.

Sources: https://states-language.net/spec.html#map-state-processing-and-its-item-reader and
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html

In an inline Map these fields are read in the same way: AWS takes some of them there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from studio.asl.definition import ABSENT
from studio.asl.reading.fields import expected_type
from studio.asl.reading.query_language import (
    check_query_language,
    is_jsonata,
    is_jsonata_text,
)
from studio.asl.reading.supported_fields import JSONATA_FIELDS, JSONPATH_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.asl.definition import Absent, Json, QueryLanguage
    from studio.asl.reading.fields import Fields

MAX_ITEMS: Final = 100_000_000
MAX_BATCH_BYTES: Final = 262_144
MAX_LABEL: Final = 40

_NOT_IN_LABEL = re.compile(r'[\s?*<>{}\[\]:;,\\|^~$#%&`"\x00-\x1f\x7f-\x9f]')
_READERS: Final = re.compile(r"arn:aws[\w-]*:states:::s3:(?:getObject|listObjectsV2)")
_WRITERS: Final = re.compile(r"arn:aws[\w-]*:states:::s3:putObject")
_INPUT_TYPES: Final = ("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")
_DELIMITERS: Final = ("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")

READER_CONFIG_FIELDS: Final = frozenset(
    {
        "InputType",
        "Transformation",
        "ManifestType",
        "ItemsPointer",
        "MaxItems",
        "MaxItemsPath",
        "CSVHeaderLocation",
        "CSVHeaders",
        "CSVDelimiter",
    }
)
BATCH_LIMITS: Final = (
    "MaxItemsPerBatch",
    "MaxItemsPerBatchPath",
    "MaxInputBytesPerBatch",
    "MaxInputBytesPerBatchPath",
)
_ARGUMENTS: Final = ("Arguments", "Parameters")
WRITER_CONFIG_FIELDS: Final = frozenset({"Transformation", "OutputType"})


def read_item_reader(map_state: Fields, language: QueryLanguage) -> Json | Absent:
    """Read ItemReader."""
    fields = map_state.object("ItemReader")
    if fields is None:
        return ABSENT
    _only(fields, {"Resource", "ReaderConfig", *_ARGUMENTS}, language)
    fields.require("Resource")
    _read_resource(fields, _READERS)
    _read_arguments(fields, language)
    config = fields.object("ReaderConfig")
    if config is not None:
        _read_reader_config(config, language)
    return _whole(map_state, "ItemReader", language)


def _read_reader_config(fields: Fields, language: QueryLanguage) -> None:
    _only(fields, READER_CONFIG_FIELDS, language)
    input_type = fields.choice("InputType", _INPUT_TYPES)
    fields.choice("Transformation", ("NONE", "LOAD_AND_FLATTEN"))
    fields.choice("ManifestType", ("ATHENA_DATA", "S3_INVENTORY"))
    fields.text("ItemsPointer")
    if input_type == "CSV" and "CSVHeaderLocation" not in fields:
        fields.problem("The field 'CSVHeaderLocation' is required")
    if input_type == "JSON" and "CSVHeaderLocation" in fields:
        fields.problem("Field 'CSVHeaderLocation' is not supported")
    if fields.choice("CSVHeaderLocation", ("FIRST_ROW", "GIVEN")) == "GIVEN":
        fields.require("CSVHeaders")
    fields.choice("CSVDelimiter", _DELIMITERS)
    _read_headers(fields)
    fields.at_most_one("MaxItems", "MaxItemsPath")
    _read_limit(fields, "MaxItems", MAX_ITEMS, language)
    fields.reference_path("MaxItemsPath", roots="data")


def _read_headers(fields: Fields) -> None:
    headers = fields.json("CSVHeaders")
    if headers is ABSENT:
        return
    if not isinstance(headers, list):
        fields.wrong_type("CSVHeaders", "ARRAY")
        return
    for index, header in enumerate(headers):
        if not isinstance(header, str):
            fields.problem(expected_type("STRING"), f"CSVHeaders[{index}]")


def read_item_batcher(map_state: Fields, language: QueryLanguage) -> Json | Absent:
    """Read ItemBatcher: by number of items, by size, or both."""
    fields = map_state.object("ItemBatcher")
    if fields is None:
        return ABSENT
    _only(fields, {"BatchInput", *BATCH_LIMITS}, language)
    if not any(name in fields for name in BATCH_LIMITS):
        names = [name for name in BATCH_LIMITS if not _is_foreign(name, language)]
        fields.problem(f"One of these fields is required: [{', '.join(names)}]")
    for name, maximum in (
        ("MaxItemsPerBatch", MAX_ITEMS),
        ("MaxInputBytesPerBatch", MAX_BATCH_BYTES),
    ):
        fields.at_most_one(name, f"{name}Path")
        _read_limit(fields, name, maximum, language)
        fields.reference_path(f"{name}Path", roots="data")
    if not is_jsonata(language):
        fields.object("BatchInput")
        fields.template("BatchInput")
    return _whole(map_state, "ItemBatcher", language)


def read_result_writer(map_state: Fields, language: QueryLanguage) -> Json | Absent:
    """Read ResultWriter: where results go, in which form, or both."""
    fields = map_state.object("ResultWriter")
    if fields is None:
        return ABSENT
    arguments = _arguments(language)
    _only(fields, {"Resource", "WriterConfig", *_ARGUMENTS}, language)
    if "WriterConfig" not in fields or "Resource" in fields or arguments in fields:
        fields.require("Resource", arguments)
    _read_resource(fields, _WRITERS)
    _read_arguments(fields, language)
    config = fields.object("WriterConfig")
    if config is not None:
        config.only(WRITER_CONFIG_FIELDS)
        config.choice("Transformation", ("NONE", "COMPACT", "FLATTEN"))
        config.choice("OutputType", ("JSON", "JSONL"))
    return _whole(map_state, "ResultWriter", language)


def read_label(map_state: Fields) -> str | None:
    """Read Label, which becomes a part of ARNs."""
    label = map_state.text("Label")
    if label is not None:
        why = ""
        if len(label) > MAX_LABEL:
            why = f"exceeds the {MAX_LABEL}-character limit allowed by the service"
        elif not label:
            why = "is empty"
        elif (found := _NOT_IN_LABEL.search(label)) is not None:
            why = f"contains {found.group()!r}"
        if why:
            fault = f"Invalid Label name: Label '{label}' {why}"
            map_state.problem(fault, "Label", code="INVALID_LABEL_NAME")
    return label


def _read_resource(fields: Fields, allowed: re.Pattern[str]) -> None:
    resource = fields.text("Resource")
    if resource is not None and allowed.fullmatch(resource) is None:
        fields.problem("The field 'Resource' does not match any of the allowed values", "Resource")


def _only(fields: Fields, supported: Iterable[str], language: QueryLanguage) -> None:
    """Note what is not supported, and what only the other query language has."""
    fields.only(supported)
    check_query_language(fields, language)


def _is_foreign(name: str, language: QueryLanguage) -> bool:
    return name in (JSONPATH_FIELDS if is_jsonata(language) else JSONATA_FIELDS)


def _arguments(language: QueryLanguage) -> str:
    return "Arguments" if is_jsonata(language) else "Parameters"


def _read_arguments(fields: Fields, language: QueryLanguage) -> None:
    name = _arguments(language)
    if is_jsonata(language):
        if not is_jsonata_text(fields.json(name)):
            fields.object(name)
    elif fields.object(name) is not None:
        fields.template(name)


def _read_limit(fields: Fields, name: str, maximum: int, language: QueryLanguage) -> None:
    if not (is_jsonata(language) and is_jsonata_text(fields.json(name))):
        fields.integer(name, 0, maximum)


def _whole(map_state: Fields, name: str, language: QueryLanguage) -> Json | Absent:
    """Give the object as written; in JSONata with every expression in it checked."""
    return map_state.query(name) if is_jsonata(language) else map_state.json(name)
