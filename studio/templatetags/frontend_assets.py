"""``{% frontend_assets %}``: the tags that load the built bundle, from Vite's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from studio.templatetags.opened_page import FIRST_EVENTS, opened_page

register = template.Library()

ENTRY = "src/main.tsx"
FOLDER = "app"
"""The bundle's place below ``static/``."""


@register.simple_tag(takes_context=True)
def frontend_assets(context: Mapping[str, Any]) -> SafeString:
    """The entry's stylesheets and script, and what it imports at once, preloaded.

    So is what the entry would load and ask for next at this address: it is under way while the
    entry is still read. They have the page's nonce, and a ``meta`` tells it to what the entry loads
    later.

    Nothing where the bundle has not been built: the page then says what to do.
    """
    manifest = _read_manifest()
    if ENTRY not in manifest:
        return SafeString("")
    request = context["request"]
    page = opened_page(request.path, request.GET.get("below", ""))
    chunks = _with_imports(manifest, ENTRY, *(part for part in page.parts if part in manifest))
    styles = dict.fromkeys(css for chunk in chunks for css in chunk.get("css", ()))
    links = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((_address(css),) for css in styles)
    )
    nonce = request.csp_nonce
    told = format_html(
        '<meta property="csp-nonce" nonce="{}">\n<meta name="first-events" content="{}">',
        nonce,
        FIRST_EVENTS,
    )
    preloads = format_html_join(
        "\n",
        '<link rel="modulepreload" href="{}" nonce="{}">',
        ((_address(chunk["file"]), nonce) for chunk in chunks[1:]),
    )
    script = format_html(
        '<script type="module" src="{}" nonce="{}"></script>',
        _address(manifest[ENTRY]["file"]),
        nonce,
    )
    # As the page itself asks: a preload of another mode would not be taken for its answer.
    answers = format_html_join(
        "\n",
        '<link rel="preload" as="fetch" crossorigin="anonymous" href="{}">',
        ((address,) for address in page.answers),
    )
    return format_html("{}\n{}\n{}\n{}\n{}", told, links, preloads, script, answers)


def _read_manifest() -> dict[str, Any]:
    """Vite's manifest: what each source became. Read again when a build has replaced it."""
    path = Path(settings.BASE_DIR) / "static" / FOLDER / ".vite" / "manifest.json"
    try:
        return _parse(path, path.stat().st_mtime_ns)
    except (OSError, orjson.JSONDecodeError):
        return {}


@lru_cache(maxsize=1)
def _parse(path: Path, _: int) -> dict[str, Any]:
    manifest: dict[str, Any] = orjson.loads(path.read_bytes())
    return manifest


def _with_imports(manifest: dict[str, Any], *entries: str) -> list[dict[str, Any]]:
    """The chunks of these and every chunk that they import, each once, the first entry first."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(entries)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = manifest[name]
            waiting += manifest[name].get("imports", ())
    return list(found.values())


def _address(file: str) -> str:
    return static(f"{FOLDER}/{file}")
