"""Limits of functions, and the calls that count to them."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    """Two new tables."""

    dependencies = [("executions", "0011_connection")]
    operations = [
        migrations.CreateModel(
            name="FunctionLimit",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("concurrency", models.IntegerField(null=True)),
                ("rate", models.FloatField(null=True)),
                ("next_at", models.DateTimeField(db_default=Now())),
            ],
        ),
        migrations.CreateModel(
            name="FunctionSlot",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("function", models.CharField(max_length=200)),
                ("lease_until", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["function", "lease_until"], name="slot_by_function")
                ]
            },
        ),
    ]
