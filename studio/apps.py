"""Definitions, versions and review: what workflows mean."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    """The Django application of definitions."""

    name = "studio"
    verbose_name = "Studio"
