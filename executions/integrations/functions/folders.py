"""Folders of functions: from a name to the callable that answers to it."""

from __future__ import annotations

import math
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from executions.integrations.functions.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from executions.integrations.functions.names import FunctionName

_OWN_FILES = frozenset(
    str(Path(__file__).with_name(name)) for name in ("call.py", "folders.py", "generation.py")
)
LOOK_EVERY = 0.1
"""Seconds for which the files of a watched folder are taken to be as they were: nobody edits and
starts an execution faster, and a call need not pay for a look at every file."""

_HALF_WRITTEN = 0.03
"""Seconds after which a file that did not load while it was being saved is read again."""


class FunctionLoadError(Exception):
    """A folder holds the function, but its code does not load. Named as Lambda's runtime does."""

    def __init__(self, error_type: str, message: str, stack_trace: list[str]) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.stack_trace = stack_trace


@dataclass(frozen=True, slots=True)
class Function:
    """A callable that is ready. Whoever holds it keeps its modules, an edit notwithstanding."""

    handler: Callable[[Any, Any], Any]
    generation: Generation


class FunctionFolder:
    """One folder. Safe to use from many threads while its files are edited."""

    def __init__(self, path: Path, *, reload: bool) -> None:
        self.path = path
        self._reload = reload
        self._lock = threading.RLock()
        self._generation = Generation(path)
        self._functions: dict[str, Function] = {}

    def find(self, name: FunctionName) -> Function | None:
        """The function, or None where no file of the folder is named so.

        Raises FunctionLoadError.
        """
        if self._reload and self._generation.changed():
            self._renew()
        function = self._functions.get(name.name)
        if function is not None:
            return function
        with self._lock:
            if not self._generation.holds(name.module):
                return None
            try:
                return self._load(name)
            except FunctionLoadError:
                if not self._reload:
                    raise
                # An editor may have been half-way through saving.
                time.sleep(_HALF_WRITTEN)
                if not self._generation.changed():
                    raise
                self._renew()
                return self._load(name)

    def _renew(self) -> None:
        with self._lock:
            if self._generation.changed():  # else another thread was first
                self._generation = Generation(self.path)
                self._functions = {}

    def _load(self, name: FunctionName) -> Function:
        generation = self._generation
        try:
            module = generation.module(name.module)
        except SyntaxError as error:
            raise FunctionLoadError(
                "Runtime.UserCodeSyntaxError",
                f"Syntax error in module '{name.module}': {error}",
                [f'  File "{error.filename}" Line {error.lineno}\n    {error.text or ""}'],
            ) from error
        except ImportError as error:
            raise FunctionLoadError(
                "Runtime.ImportModuleError",
                f"Unable to import module '{name.module}': "
                + str(error).replace(f"{generation.package}.", ""),
                stack_trace_of(error),
            ) from error
        except Exception as error:
            raise FunctionLoadError(
                type(error).__name__, str(error), stack_trace_of(error)
            ) from error
        except SystemExit as error:
            raise FunctionLoadError(
                "Runtime.ExitError",
                f"Module '{name.module}' exited while it was loaded: exit status {error.code}",
                stack_trace_of(error),
            ) from error
        function = Function(_callable(vars(module), name, module.__name__), generation)
        self._functions[name.name] = function
        return function


class FunctionFolders:
    """Several folders; the first that holds a name answers to it.

    With ``reload``, an edit is noticed ``look_every`` seconds after the last look at the disk.
    """

    def __init__(
        self, paths: Sequence[Path], *, reload: bool, look_every: float = LOOK_EVERY
    ) -> None:
        self.paths = tuple(path.absolute() for path in paths)
        self._look_every = look_every if reload else math.inf
        self._folders = [FunctionFolder(path, reload=reload) for path in self.paths]
        self._found: dict[str, Function] = {}
        self._looked_at = time.monotonic()

    def find(self, name: FunctionName) -> Function | None:
        """The function, or None where no folder holds the name. Raises FunctionLoadError."""
        now = time.monotonic()
        if now - self._looked_at >= self._look_every:
            self._found = {}
            self._looked_at = now
        found = self._found
        function = found.get(name.name)
        if function is not None:
            return function
        for folder in self._folders:
            function = folder.find(name)
            if function is not None:
                found[name.name] = function
                return function
        return None


def stack_trace_of(error: BaseException) -> list[str]:
    """The error's frames as Lambda writes them: texts, the outermost first, none of our own."""
    frames = [
        (frame.filename, frame.lineno or 0, frame.name, frame.line)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename not in _OWN_FILES and not frame.filename.startswith("<frozen importlib")
    ]
    return traceback.format_list(frames)


def _callable(names: dict[str, Any], name: FunctionName, module: str) -> Callable[[Any, Any], Any]:
    if name.attribute is not None:
        function = names.get(name.attribute)
        # What the module merely imported is not its to offer, unless it says so.
        own = getattr(function, "__module__", None) == module
        if callable(function) and (own or name.attribute in names.get("__all__", ())):
            return function  # type: ignore[no-any-return]
        wanted = f"'{name.attribute}'"
    else:
        for candidate in ("handler", name.module):
            if callable(function := names.get(candidate)):
                return function  # type: ignore[no-any-return]
        wanted = f"'handler' (or '{name.module}')"
    raise FunctionLoadError(
        "Runtime.HandlerNotFound", f"Handler {wanted} missing on module '{name.module}'", []
    )
