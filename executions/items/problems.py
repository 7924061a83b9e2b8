"""What can go wrong with objects, and as which Error Name a workflow sees it."""

from __future__ import annotations


class ObjectProblem(Exception):
    """A store could not read, list or write; the text says what it answered."""


class ItemsProblem(Exception):
    """``error`` is the Error Name that a distributed Map fails with, ``cause`` its cause."""

    error = "States.Runtime"

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class ItemReaderFailed(ItemsProblem):
    """The data set is not there, is not what the definition says, or has an unusable item."""

    error = "States.ItemReaderFailed"


class ResultWriterFailed(ItemsProblem):
    """The results could not be written where the definition says."""

    error = "States.ResultWriterFailed"


class DataLimitExceeded(ItemsProblem):
    """An item that fits into no batch."""

    error = "States.DataLimitExceeded"


class NotPermitted(ItemsProblem):
    """The execution's role does not allow to read the data set, or to write the results."""

    error = "States.Permissions"
