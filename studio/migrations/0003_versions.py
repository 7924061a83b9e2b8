"""Published versions of state machines."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table, and how many versions each state machine has had: none so far."""

    dependencies = [("studio", "0002_tags")]
    operations = [
        migrations.AddField(
            model_name="statemachine",
            name="last_version_number",
            field=models.IntegerField(default=0),
        ),
        migrations.CreateModel(
            name="StateMachineVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("description", models.CharField(blank=True, default="", max_length=256)),
                ("created_at", models.DateTimeField()),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="version",
                        to="studio.statemachinerevision",
                    ),
                ),
                (
                    "state_machine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="studio.statemachine",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("state_machine", "number"),
                        name="version_number_per_state_machine",
                    )
                ],
            },
        ),
    ]
