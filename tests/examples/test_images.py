"""The images example makes real pictures and a contact sheet that the browser can show."""

import json
import os
from pathlib import Path
from typing import Any

from PIL import Image

from tests.examples.conftest import EXAMPLES, MakeWorld

IMAGES = EXAMPLES / "images"


def read_input(name: str) -> Any:
    return json.loads((IMAGES / name).read_text())


def written(answer: dict[str, Any]) -> Path:
    """The file behind a result's url, as the web server finds it."""
    assert answer["url"].startswith("/files/")
    return Path(os.environ["STEPWELL_FILES"]) / answer["url"].removeprefix("/files/")


def test_the_sample_ends_in_a_contact_sheet(make_world: MakeWorld) -> None:
    run = make_world("images").run("sheet", read_input("input.json"))
    assert run.state.status == "SUCCEEDED", (run.state.error, run.state.cause)
    assert run.output["mediaType"] == "image/jpeg"
    assert run.output["url"] == "/files/images/sheet/contact-sheet.jpg"
    assert (run.output["pictures"], run.output["unreadable"]) == (8, [])
    with Image.open(written(run.output)) as sheet:
        sheet.load()
        assert sheet.width > 1500
    folder = written(run.output).parent
    kinds = sorted(path.suffix for path in folder.iterdir())
    assert {kind: kinds.count(kind) for kind in kinds} == {".jpg": 17, ".png": 8, ".webp": 8}
    with Image.open(folder / "04-night-lake.webp") as picture:
        assert (picture.format, picture.size) == ("WEBP", (1200, 800))
    with Image.open(folder / "04-night-lake.jpg") as picture:
        assert (picture.format, picture.width) == ("JPEG", 1024)
    assert not list(folder.glob(".*")), "nothing half-written is left"


def test_a_broken_picture_is_set_aside_and_named(make_world: MakeWorld) -> None:
    run = make_world("images").run("one-damaged", read_input("inputs/one-damaged.json"))
    assert run.state.status == "SUCCEEDED", (run.state.error, run.state.cause)
    assert run.output["pictures"] == 8
    assert run.output["unreadable"][0]["name"] == "09-cut-off.jpg"
    assert "09-cut-off.jpg" in run.output["unreadable"][0]["reason"]
    assert run.entered().count("Set aside") == 1


def test_a_folder_that_is_not_there_is_named(make_world: MakeWorld) -> None:
    for folder in ("holiday", "../orders", "/etc"):
        run = make_world("images").run("nothing", {"title": "x", "folders": [folder]})
        assert (run.state.status, run.state.error) == ("FAILED", "NoPictures")
        assert folder in (run.state.cause or "")


def test_lost_workers_make_the_same_sheet(make_world: MakeWorld) -> None:
    attempts: dict[str, int] = {}

    def lose(effect: Any) -> str | None:
        attempts[effect.state_name] = attempts.get(effect.state_name, 0) + 1
        return "after" if attempts[effect.state_name] % 5 == 1 else None

    run = make_world("images").run("lost", read_input("input.json"), lose)
    assert run.state.status == "SUCCEEDED", (run.state.error, run.state.cause)
    assert run.output["pictures"] == 8
