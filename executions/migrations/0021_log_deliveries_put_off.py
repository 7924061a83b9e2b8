"""Log events that wait for CloudWatch Logs are tried again later and later."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Two columns and an index of a table that is all but empty."""

    dependencies = [("executions", "0020_executions_not_succeeded")]
    operations = [
        migrations.AddField(
            model_name="logdelivery",
            name="attempts",
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="logdelivery",
            name="due_at",
            field=models.DateTimeField(db_default=Now()),
        ),
        migrations.AddIndex(
            model_name="logdelivery",
            index=models.Index(fields=["due_at", "id"], name="log_delivery_due"),
        ),
    ]
