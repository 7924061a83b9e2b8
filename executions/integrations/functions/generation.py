"""One loading of a folder of functions: its modules in a namespace of their own.

Two folders may both hold ``stock.py``, and an edited folder is loaded anew beside the modules that
running calls still use. So a folder's modules are not importable under their plain names: each
loading (a Generation) is a package with a name nobody types, and inside its modules an
``import stock`` looks among the folder's own files first. Everything else is imported as usual.
"""

from __future__ import annotations

import builtins
import importlib
import itertools
import os
import sys
import weakref
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Stamp = tuple[int, int, int]
"""What tells one content of a file from the next: modification time in ns, size, inode."""

_serial = itertools.count(1)
_generations: weakref.WeakValueDictionary[str, Generation] = weakref.WeakValueDictionary()


def stamp_of(path: str) -> Stamp | None:
    """The file's stamp, or None where there is no such file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - every call of a watched folder comes through here
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)


class Generation:
    """One loading of a folder. Modules load when first asked for and stay as they are.

    Nothing in ``sys.modules`` refers to the Generation itself: when the folder has moved on and
    the last call that used it has returned, its modules are forgotten.
    """

    def __init__(self, folder: Path) -> None:
        self.package = f"stepwell_functions_{next(_serial)}"
        self.stamps: dict[str, Stamp | None] = {}
        self._folder = str(folder)
        self._builtins = dict(vars(builtins))
        self._builtins["__import__"] = _sibling_import(self.package, self._folder)
        root = ModuleType(self.package, f"The functions in {folder}.")
        root.__path__ = [self._folder]
        sys.modules[self.package] = root
        _generations[self.package] = self
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
        weakref.finalize(self, _forget, self.package)

    def holds(self, module: str) -> bool:
        """Whether the folder has a file for the module, loaded or not."""
        return _file_of(self._folder, module) is not None

    def module(self, name: str) -> ModuleType:
        """The folder's module; loads it the first time. Raises whatever its code raises."""
        return importlib.import_module(f"{self.package}.{name}")

    def changed(self) -> bool:
        """Whether a file that was loaded, or tried, is not what it was."""
        return any(stamp_of(path) != stamp for path, stamp in tuple(self.stamps.items()))

    def spec(self, fullname: str, module: str) -> ModuleSpec | None:
        """How the import system is to load one of the folder's modules."""
        path = _file_of(self._folder, module.replace(".", "/"))
        if path is None:
            return None
        locations = [str(Path(path).parent)] if path.endswith("__init__.py") else None
        return spec_from_file_location(
            fullname,
            path,
            loader=_FunctionLoader(fullname, path, self._builtins, self.stamps),
            submodule_search_locations=locations,
        )


def _file_of(folder: str, module: str) -> str | None:
    for path in (f"{folder}/{module}.py", f"{folder}/{module}/__init__.py"):
        if os.path.isfile(path):  # noqa: PTH113 - as above
            return path
    return None


def _forget(package: str) -> None:
    for name in list(sys.modules):
        if name == package or name.startswith(package + "."):
            sys.modules.pop(name, None)


def _sibling_import(package: str, folder: str) -> Callable[..., ModuleType]:
    elsewhere: set[str] = set()  # spares an import inside a function the look at the disk

    def import_sibling_first(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - __import__'s own names
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        top = name.partition(".")[0]
        if level or top in elsewhere:
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        if _file_of(folder, top) is None:
            module = builtins.__import__(name, globals, locals, fromlist or (), 0)
            elsewhere.add(top)
            return module
        if fromlist:
            return builtins.__import__(f"{package}.{name}", globals, locals, fromlist, 0)
        importlib.import_module(f"{package}.{name}")
        return sys.modules[f"{package}.{top}"]

    return import_sibling_first


class _FunctionLoader(SourceFileLoader):
    """Compiles the source as it stands.

    Byte code caches are left alone: they compare whole seconds, so an edit within the second
    would run the old code, and they would write into the author's folder.
    """

    def __init__(
        self, fullname: str, path: str, names: dict[str, Any], stamps: dict[str, Stamp | None]
    ) -> None:
        super().__init__(fullname, path)
        self._names = names
        self._stamps = stamps

    def get_code(self, fullname: str) -> CodeType:
        # Stamped before it is read: a file that changes in between is then seen as changed.
        self._stamps[self.path] = stamp_of(self.path)
        code: CodeType = compile(self.get_data(self.path), self.path, "exec", dont_inherit=True)
        return code

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = self._names
        exec(self.get_code(module.__name__), module.__dict__)  # noqa: S102 - that is its job


class _FunctionFinder(MetaPathFinder):
    """Answers for modules of living Generations, and for nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith("stepwell_functions_"):
            return None
        package, _, module = fullname.partition(".")
        generation = _generations.get(package)
        return generation.spec(fullname, module) if generation is not None else None


_finder = _FunctionFinder()
