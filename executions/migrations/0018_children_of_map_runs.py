from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OF_NO_RUN = models.Q(map_run_id__isnull=True)


class Migration(migrations.Migration):
    # Made while executions go on: a plain CREATE INDEX would hold up every turn.
    atomic = False

    dependencies = [
        ("executions", "0017_map_runs"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="execution",
            index=models.Index(
                condition=OF_NO_RUN,
                fields=["state_machine", "-id"],
                name="execution_of_state_machine",
            ),
        ),
        AddIndexConcurrently(
            model_name="execution",
            index=models.Index(
                condition=OF_NO_RUN,
                fields=["state_machine", "status", "-id"],
                name="execution_of_status",
            ),
        ),
        AddIndexConcurrently(
            model_name="execution",
            index=models.Index(
                condition=OF_NO_RUN, fields=["-id"], name="execution_of_no_map_run"
            ),
        ),
        AddIndexConcurrently(
            model_name="execution",
            index=models.Index(
                condition=models.Q(map_run_id__isnull=False),
                fields=["map_run_id", "status", "map_number"],
                name="execution_of_map_run",
            ),
        ),
        AddIndexConcurrently(
            model_name="execution",
            index=models.Index(
                condition=models.Q(map_run_id__isnull=True, stopped_at__isnull=False),
                fields=["status", "stopped_at"],
                name="execution_that_ended",
            ),
        ),
        RemoveIndexConcurrently(model_name="execution", name="execution_by_state_machine"),
        RemoveIndexConcurrently(model_name="execution", name="execution_by_status"),
        RemoveIndexConcurrently(model_name="execution", name="execution_ended"),
    ]
