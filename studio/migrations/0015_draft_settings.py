"""What a state machine that is only drafted will have beside its definition."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A new column."""

    dependencies = [("studio", "0014_audit")]
    operations = [
        migrations.AddField(
            model_name="draft", name="settings", field=models.JSONField(default=dict)
        ),
    ]
