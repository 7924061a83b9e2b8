"""Tasks of activities: a queue for each, and time-outs that begin when one is taken up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that is null for what waits already; a longer text needs no rewriting."""

    dependencies = [("executions", "0009_nested_executions")]
    operations = [
        migrations.AddField("task", "timeout_seconds", models.FloatField(null=True)),
        migrations.AlterField(
            "task", "queue", models.CharField(max_length=200, default="tasks")
        ),
    ]
