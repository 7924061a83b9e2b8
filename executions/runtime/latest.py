"""What a process came by last: a small least-recently-used store, shared by its threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

CAPACITY = 512

Key = TypeVar("Key")
Value = TypeVar("Value")


class Latest(Generic[Key, Value]):
    """Keeps the ``CAPACITY`` values that were kept last. Others may have gone on since."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def latest(self, key: Key) -> Value | None:
        """What was kept last for a key."""
        with self._lock:
            return self._entries.get(key)

    def keep(self, key: Key, value: Value) -> None:
        """Keep a value, in place of an earlier one."""
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            if len(self._entries) > CAPACITY:
                self._entries.popitem(last=False)

    def forget(self, *keys: Key) -> None:
        """Drop what was kept for these keys."""
        with self._lock:
            for key in keys:
                self._entries.pop(key, None)

    def clear(self) -> None:
        """Drop everything, as a process that ends does."""
        with self._lock:
            self._entries.clear()
