"""Everything there is to say of a text, with the places to underline."""

from __future__ import annotations

from studio.asl.review import review

WAITS = "arn:aws:states:us-east-1:123456789012:activity:a"
JSON_TEXT = f"""{{"StartAt": "A", "States": {{
  "A": {{"Type": "Task", "Resource": "{WAITS}", "Next": "X"}},
  "B": {{"Type": "Pass", "Parameters": {{"id": "$.id"}}, "End": true}}
}}}}"""
YAML_TEXT = f"""\
StartAt: A
States:
  A: {{Type: Task, Resource: "{WAITS}", Next: X}}
  B:
    Type: Pass
    Parameters:
      id: $.id
    End: true
"""


def seen(text: str, source_format: str) -> list[tuple[str, int, int, int] | tuple[str, None]]:
    return [
        (
            each.diagnostic.code,
            *(each.range.start.line, each.range.start.column, each.range.end.column),
        )
        if each.range
        else (each.diagnostic.code, None)
        for each in review(text, source_format)  # type: ignore[arg-type]
    ]


def column(text: str, line: int, part: str) -> int:
    return text.splitlines()[line - 1].index(part) + 1


def test_errors_warnings_and_advice_in_the_text() -> None:
    target = column(JSON_TEXT, 2, '"X"')
    assert seen(JSON_TEXT, "JSON") == [
        ("MISSING_TRANSITION_TARGET", 2, target, target + 3),
        ("MISSING_TRANSITION_TARGET", 3, 3, 6),
        ("NO_DOLLAR", 3, column(JSON_TEXT, 3, '"$.id"'), column(JSON_TEXT, 3, '"$.id"') + 6),
        ("NO_TIMEOUT", 2, 3, 6),
    ]
    target = column(YAML_TEXT, 3, "X}")
    assert seen(YAML_TEXT, "YAML") == [
        ("MISSING_TRANSITION_TARGET", 3, target, target + 1),
        ("MISSING_TRANSITION_TARGET", 4, 3, 4),
        ("NO_DOLLAR", 7, 11, 15),
        ("NO_TIMEOUT", 3, 3, 4),
    ]


def test_a_definition_in_order_has_no_findings() -> None:
    assert review('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}') == []
    assert review("StartAt: A\nStates: {A: {Type: Succeed}}", "YAML") == []


def test_broken_texts_are_broken_somewhere() -> None:
    # AWS's parser points behind the first character it did not expect.
    assert seen('{\n "StartAt" "A"}', "JSON") == [("INVALID_JSON_DESCRIPTION", 2, 13, 13)]
    assert seen("a: 1\nb: 'x", "YAML") == [("INVALID_YAML_DESCRIPTION", 2, 6, 6)]
    assert seen("", "JSON") == [("MISSING_DESCRIPTION", 1, 1, 1)]
    assert seen("", "YAML") == [("INVALID_YAML_DESCRIPTION", 1, 1, 1)]


def test_what_is_no_object() -> None:
    assert seen("[1]", "JSON") == [("SCHEMA_VALIDATION_FAILED", 1, 1, 2)]
    assert seen("- 1", "YAML") == [("SCHEMA_VALIDATION_FAILED", 1, 1, 2)]
