from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("executions", "0026_one_index_of_names")]

    operations = [
        migrations.AddField("execution", "hops", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField(
            "expressexecution", "hops", models.SmallIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(
            "triggeredstart", "hops", models.SmallIntegerField(db_default=0, default=0)
        ),
    ]
