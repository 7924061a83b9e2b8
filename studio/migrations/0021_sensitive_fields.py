"""What a state machine's people mark as sensitive in its payloads."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studio", "0020_full_names")]

    operations = [
        migrations.AddField(
            model_name="statemachine",
            name="sensitive_fields",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
