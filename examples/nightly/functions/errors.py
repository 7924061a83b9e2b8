"""What can go wrong here. A class's name is the Error Name that Retry and Catch see."""


class BadBatch(Exception):
    """A batch holds a row that is no order. Trying again would not help."""


class FilesUnavailable(Exception):
    """A file could not be read or written at this moment."""


class PricesUnavailable(Exception):
    """The price list did not answer."""
