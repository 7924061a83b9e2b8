"""How ``manage.py test_workflows`` says what came of tests: as text, as JUnit's XML, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from executions.actions.workflow_suites import Ran


def problems(ran: Ran) -> list[str]:
    """Say line by line what was not as it should be; nothing of one that has passed."""
    if ran.result is None:
        return [ran.problem]
    lines = []
    stop = ran.result["stop"]
    if stop is not None:
        lines.append(f"{stop['reason']}: {stop['message']}")
    for each in ran.result["unmet"]:
        where = each["what"] + (f" at {each['pointer']}" if each["pointer"] else "")
        lines.append(f"{where}:")
        lines.append(f"    expected  {_shown(each['expected'])}")
        lines.append(f"    but got   {_shown(each['actual'])}")
    if lines and ran.result["error"] is not None:
        lines.append(f"it ended with {ran.result['error']}: {ran.result['cause'] or ''}")
    lines += [
        f"there is a mock of '{place}', which is no state of the definition"
        for place in ran.result["unknown"]
        if lines
    ]
    return lines


def text_line(ran: Ran) -> str:
    """Give the line, or lines, of one test."""
    title = f"{'ok    ' if ran.passed else 'FAILED'}  {ran.suite} · {ran.name}"
    return "\n".join([title, *(f"        {line}" for line in problems(ran))])


def summary(all_ran: Sequence[Ran]) -> str:
    """Give the last line."""
    failed = sum(not ran.passed for ran in all_ran)
    return f"{len(all_ran) - failed} passed, {failed} failed"


def junit(all_ran: Sequence[Ran]) -> str:
    """Write the XML that CI systems read; a suite for each definition."""
    root = Element("testsuites", tests=str(len(all_ran)), failures=_failures(all_ran))
    for suite in dict.fromkeys(ran.suite for ran in all_ran):
        members = [ran for ran in all_ran if ran.suite == suite]
        element = SubElement(
            root, "testsuite", name=suite, tests=str(len(members)), failures=_failures(members)
        )
        for ran in members:
            case = SubElement(element, "testcase", classname=suite, name=ran.name)
            if not ran.passed:
                lines = problems(ran) or ["It did not pass."]
                SubElement(case, "failure", message=lines[0]).text = "\n".join(lines)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True)


def as_json(all_ran: Sequence[Ran]) -> str:
    """Write everything but the events."""
    documents: list[dict[str, Any]] = []
    for ran in all_ran:
        result = {name: each for name, each in (ran.result or {}).items() if name != "events"}
        documents.append(
            {
                "suite": ran.suite,
                "test": ran.name,
                **result,
                "passed": ran.passed,
                "problem": ran.problem or None,
            }
        )
    return json.dumps({"tests": documents}, indent=2, ensure_ascii=False)


def _failures(members: Sequence[Ran]) -> str:
    return str(sum(not ran.passed for ran in members))


def _shown(text: str | None) -> str:
    return "nothing" if text is None else text
