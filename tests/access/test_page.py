"""The reference page is the table of the tests."""

from __future__ import annotations

from tests.access import matrix


def test_the_page_is_current() -> None:
    assert matrix.PAGE.read_text() == matrix.page(), "python -m tests.access.matrix"
