"""What is known of executions that are debugged: records, and which are paused."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two new tables."""

    dependencies = [("executions", "0015_mocks_and_tests")]
    operations = [
        migrations.CreateModel(
            name="PausedExecution",
            fields=[
                ("execution_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("by", models.TextField()),
                ("state", models.TextField()),
                ("frames", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="DebuggerRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("execution_id", models.BigIntegerField()),
                ("event_id", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("action", models.CharField(max_length=24)),
                ("by", models.TextField()),
                ("state", models.TextField(null=True)),
                ("visit", models.IntegerField(null=True)),
                ("details", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["execution_id", "id"], name="debugger_by_execution")
                ]
            },
        ),
    ]
