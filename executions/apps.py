"""Running workflows."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class ExecutionsConfig(AppConfig):
    """The Django application of executions."""

    name = "executions"
    verbose_name = "Executions"

    def ready(self) -> None:
        """Make the Celery application the current one of this process, and hear of changes."""
        # Before the first connection.
        import_module("executions.runtime.arrays").register()
        import_module(settings.TASK_APPLICATION)
        import_module("executions.actions.renamed_states")
