"""State machines have tags."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A new column that is empty at first."""

    dependencies = [("studio", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="statemachine", name="tags", field=models.JSONField(default=dict)
        ),
    ]
