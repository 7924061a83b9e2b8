from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("executions", "0023_task_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="awaitedjob",
            name="role_arn",
            field=models.TextField(db_default="", default=""),
        ),
    ]
