"""Takes credentials out of what is logged, whoever logs it."""

from __future__ import annotations

import logging
import re
from typing import Final

HIDDEN: Final = "********"
# Headers as they are printed in dictionaries, lists of pairs and plain lines; connections' secrets
# by the names that EventBridge gives them; the secret of an access key by AWS's.
_NAMES: Final = (
    r"(?:proxy-)?authorization|cookie|set-cookie|x-csrftoken|x-api-key|x-amz-security-token"
    r"|apikeyvalue|password|clientsecret|client_secret|secretaccesskey|aws_secret_access_key"
    r"|secret_key|access_token|refresh_token"
)
_PAIR: Final = re.compile(
    rf"""(?ix)
    (\b(?:{_NAMES})\b ["']? \s* (?: [:=] | ,\s*b? (?=["']) ) \s* b?)   # name and what follows it
    ( "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | [^\n"']+ )                # its value
    """
)


# Tokens of the REST API, wherever they stand: see studio.actions.api_tokens.
_TOKEN: Final = re.compile(r"\bswt_[A-Za-z0-9_-]{20,}")


def without_credentials(text: str) -> str:
    """``text`` with the values of headers and fields that are credentials replaced."""
    return _TOKEN.sub(HIDDEN, _PAIR.sub(lambda match: f"{match[1]}{HIDDEN}", text))


class CredentialFormatter(logging.Formatter):
    """The formatter of every handler: what it writes, traceback and all, has no credentials."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record as ever, and take the credentials out."""
        return without_credentials(super().format(record))
