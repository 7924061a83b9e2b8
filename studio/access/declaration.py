"""What a view of Django's own says about who may call it; see ``studio.middleware.access``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from studio.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Declaration:
    """``permission`` None: anybody may call it. ``page``: nobody yet is sent to sign in."""

    permission: Permission | None
    page: bool = False


def public(view: View) -> View:
    """Declare that anybody may call a view."""
    view.access = Declaration(None)  # type: ignore[attr-defined]
    return view


def needs(permission: Permission, *, page: bool = False) -> Callable[[View], View]:
    """Declare that a view needs a permission."""

    def declare(view: View) -> View:
        view.access = Declaration(permission, page)  # type: ignore[attr-defined]
        return view

    return declare


def declaration_of(view: Callable[..., Any]) -> Declaration | None:
    """What a view has declared; None is nothing, and nobody may call it."""
    declared = getattr(view, "access", None)
    return declared if isinstance(declared, Declaration) else None
