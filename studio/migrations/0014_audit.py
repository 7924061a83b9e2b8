"""The audit trail, which nothing can be taken from."""

from django.db import migrations, models

# Sealing gives sequence and hash once; a row is otherwise as it was inserted, for good.
TRIGGERS = """
CREATE FUNCTION studio_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.sequence IS NULL AND NEW.sequence IS NOT NULL AND NEW.hash IS NOT NULL
           AND to_jsonb(NEW) - 'sequence' - 'hash' = to_jsonb(OLD) - 'sequence' - 'hash' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only: % of studio_auditentry is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_rows_stay BEFORE UPDATE OR DELETE ON studio_auditentry
    FOR EACH ROW EXECUTE FUNCTION studio_audit_is_append_only();
CREATE TRIGGER audit_table_stays BEFORE TRUNCATE ON studio_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION studio_audit_is_append_only();
"""
NO_TRIGGERS = """
DROP TRIGGER audit_table_stays ON studio_auditentry;
DROP TRIGGER audit_rows_stay ON studio_auditentry;
DROP FUNCTION studio_audit_is_append_only();
"""


class Migration(migrations.Migration):
    """A new table with its triggers."""

    dependencies = [("studio", "0013_execution_roles")]
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=6)),
                ("actor", models.TextField()),
                ("access_key_id", models.CharField(max_length=20)),
                ("action", models.CharField(max_length=40)),
                ("subject", models.TextField()),
                ("workspace", models.CharField(max_length=12, null=True)),
                ("details", models.TextField()),
                ("address", models.TextField()),
                ("request_id", models.CharField(max_length=36)),
                ("sequence", models.BigIntegerField(null=True, unique=True)),
                ("hash", models.CharField(max_length=64, null=True)),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["actor", "id"], name="audit_by_actor"),
                    models.Index(fields=["action", "id"], name="audit_by_action"),
                    models.Index(fields=["subject", "id"], name="audit_by_subject"),
                    models.Index(fields=["at"], name="audit_by_time"),
                    models.Index(
                        condition=models.Q(("sequence", None)),
                        fields=["id"],
                        name="audit_not_sealed",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
