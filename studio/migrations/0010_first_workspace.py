"""What there is becomes the first workspace, under the account that ARNs have had all along.
Whoever could do everything goes on: superusers as its admins, all others as its editors.
"""

import django.db.models.deletion
from django.db import migrations, models


def make_the_first_workspace(apps, schema_editor):
    """Give the installation its workspace, with everybody and every key in it."""
    workspace = apps.get_model("studio", "Workspace").objects.create(
        name="Default", slug="default"
    )
    memberships = apps.get_model("studio", "Membership").objects
    for user in apps.get_model("auth", "User").objects.iterator():
        role = "admin" if user.is_superuser else "editor"
        memberships.create(workspace=workspace, user=user, role=role)
    apps.get_model("studio", "AccessKey").objects.update(workspace=workspace)


class Migration(migrations.Migration):

    dependencies = [("studio", "0009_workspaces")]

    operations = [
        migrations.RunPython(make_the_first_workspace, migrations.RunPython.noop),
        # PostgreSQL changes no table whose rows' constraints are still to be checked.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="accesskey",
            name="workspace",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="studio.workspace"),
        ),
    ]
