"""Attempts that a callback may end: the hash of their token, and their signs of life."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Columns that are null for what is waiting already: no callback could reach it before."""

    dependencies = [("executions", "0007_version_and_alias")]
    operations = [
        migrations.AddField("task", "token_hash", models.BinaryField(null=True)),
        migrations.AddField("task", "heartbeat_seconds", models.FloatField(null=True)),
        migrations.AddField("task", "heartbeat_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "task",
            "status",
            models.CharField(
                choices=[
                    ("QUEUED", "Queued"),
                    ("STARTED", "Started"),
                    ("SUBMITTED", "Submitted"),
                ],
                default="QUEUED",
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            "task",
            models.UniqueConstraint(
                fields=["token_hash"], name="task_by_token", condition=Q(token_hash__isnull=False)
            ),
        ),
    ]
