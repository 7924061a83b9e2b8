"""Finding the executions that ended longest ago."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index: starting waits while it is built, a second for some millions of executions."""

    dependencies = [("executions", "0004_redrives")]
    operations = [
        migrations.AddIndex(
            model_name="execution",
            index=models.Index(
                condition=models.Q(("stopped_at__isnull", False)),
                fields=["stopped_at"],
                name="execution_stopped",
            ),
        ),
    ]
