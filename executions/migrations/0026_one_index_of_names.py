import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("executions", "0025_approvals"),
        ("studio", "0015_draft_settings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="execution",
            name="state_machine",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="executions",
                to="studio.statemachine",
            ),
        ),
    ]
