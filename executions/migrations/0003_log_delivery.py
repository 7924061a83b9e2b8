"""What of histories is still to be written as log events."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table, empty at first; its rows live for less than a second."""

    dependencies = [("executions", "0002_storage")]
    operations = [
        migrations.CreateModel(
            name="LogDelivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("execution_id", models.BigIntegerField()),
                ("first_id", models.IntegerField()),
                ("redrive_count", models.IntegerField()),
            ],
        ),
    ]
