"""What stands around a revision is kept with it. Those that there are have nothing kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table."""

    dependencies = [("studio", "0016_identities")]
    operations = [
        migrations.CreateModel(
            name="RevisionSurroundings",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="surroundings",
                        serialize=False,
                        to="studio.statemachinerevision",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
    ]
