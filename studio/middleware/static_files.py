"""The files below ``/static/`` as they are now: also those that have come since the server did."""

from __future__ import annotations

from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise looks once, when the process begins; a build names its files anew each time.

    The page names the files of the newest build (it reads the manifest again), so a server that
    knew only the first ones would answer with a page that cannot load anything. Looking again
    costs a few looks at the disk, where the file is read from it anyway.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        """Answer with the file of this name as it is now, or pass the request on."""
        path = request.path_info
        if path.startswith(self.static_prefix):
            self._look_again(path)
        response: HttpResponseBase = super().__call__(request)  # type: ignore[no-untyped-call]
        return response

    def _look_again(self, path: str) -> None:
        try:
            found = self.find_file(path)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, SuspiciousFileOperation):
            found = None  # A folder, a name that no file can have, or one that leads elsewhere.
        if found is None:
            self.files.pop(path, None)
        else:
            self.files[path] = found
