"""Which attempt of which execution started an execution, and in what form it waits."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Columns that PostgreSQL adds without touching a row, and an index that is empty at first."""

    dependencies = [("executions", "0008_task_tokens")]
    operations = [
        migrations.AddField("execution", "parent_id", models.BigIntegerField(null=True)),
        migrations.AddField("execution", "parent_task", models.IntegerField(null=True)),
        migrations.AddField(
            "execution",
            "parent_form",
            models.CharField(blank=True, db_default="", default="", max_length=6),
        ),
        migrations.AddField(
            "execution", "nesting", models.SmallIntegerField(db_default=0, default=0)
        ),
        migrations.AddConstraint(
            "execution",
            models.UniqueConstraint(
                fields=["parent_id", "parent_task"],
                name="execution_per_parent_task",
                condition=Q(parent_id__isnull=False),
            ),
        ),
    ]
