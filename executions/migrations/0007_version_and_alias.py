"""What executions were started by: a version, and perhaps an alias that stood for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns that are null in the rows there are, which no row has to be rewritten for."""

    dependencies = [("executions", "0006_express_execution")]
    operations = [
        migrations.AddField(
            model_name="execution",
            name="state_machine_version",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="execution",
            name="state_machine_alias",
            field=models.CharField(max_length=80, null=True),
        ),
    ]
