from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Made while executions go on: a plain CREATE INDEX would hold up every turn.
    atomic = False

    dependencies = [
        ("executions", "0012_function_limits"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="execution",
            index=models.Index(
                condition=models.Q(("stopped_at__isnull", False)),
                fields=["status", "stopped_at"],
                name="execution_ended",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="execution",
            name="execution_stopped",
        ),
    ]
