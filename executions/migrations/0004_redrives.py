"""What a redrive goes on with, and how often that has happened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns that PostgreSQL adds without touching a row, and an index that is empty at first.

    Executions that ended before have no ``redrivable_until``: nothing was kept of them.
    """

    dependencies = [("executions", "0003_log_delivery")]
    operations = [
        migrations.AddField(
            model_name="execution",
            name="redrivable_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="execution",
            name="redrive_count",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="execution",
            name="redrive_tokens",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="execution",
            name="redriven_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="execution",
            index=models.Index(
                condition=models.Q(("redrivable_until__isnull", False)),
                fields=["redrivable_until"],
                name="execution_redrivable",
            ),
        ),
    ]
