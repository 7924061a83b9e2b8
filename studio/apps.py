"""Definitions, versions and review: what workflows mean."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from studio.quotas import read_quotas


class StudioConfig(AppConfig):
    """The Django application of definitions."""

    name = "studio"
    verbose_name = "Studio"

    def ready(self) -> None:
        """Refuse to run with quotas that cannot be read, and listen for who signs in."""
        # Here, because it needs the models.
        import_module("studio.actions.sign_ins")
        read_quotas(settings.QUOTAS)
