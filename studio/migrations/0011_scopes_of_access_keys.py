"""What an access key is for, and until when."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("studio", "0010_first_workspace")]

    operations = [
        migrations.AddField(
            model_name="accesskey", name="scopes", field=models.JSONField(null=True)
        ),
        migrations.AddField(
            model_name="accesskey", name="expires_at", field=models.DateTimeField(null=True)
        ),
    ]
