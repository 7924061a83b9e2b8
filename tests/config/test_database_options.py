"""What processes ask of PostgreSQL, beside what DATABASE_URL asks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SHOW = (
    "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"
)


@pytest.mark.parametrize("process", ["web", "turns"])
def test_options_of_the_address_stay_and_win(process: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", SHOW],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "studio.config.settings",
            "DATABASE_URL": "postgresql://a@b/c?options=-c%20plan_cache_mode%3Dauto",
            "STEPWELL_PROCESS": process,
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "plan_cache_mode=force_generic_plan" in shown
    assert shown[-1] == "plan_cache_mode=auto"
    assert ("enable_seqscan=off" in shown) == (process == "turns")
