"""Finding the executions of all state machines that run, or have not succeeded."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A small index, made while executions go on."""

    atomic = False
    dependencies = [("executions", "0019_what_if")]
    operations = [
        AddIndexConcurrently(
            model_name="execution",
            index=models.Index(
                condition=~models.Q(status="SUCCEEDED") & models.Q(map_run_id__isnull=True),
                fields=["status", "-id"],
                name="execution_not_succeeded",
            ),
        ),
    ]
