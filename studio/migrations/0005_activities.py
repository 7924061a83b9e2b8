"""Activities: work that is done by workers outside."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table."""

    dependencies = [("studio", "0004_aliases")]
    operations = [
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("tags", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
            ],
            options={"ordering": ("name",)},
        ),
    ]
