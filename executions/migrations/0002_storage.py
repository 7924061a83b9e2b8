"""How PostgreSQL keeps the tables that change all the time."""

from django.db import migrations

# Rows that are updated in place leave room beside them, so that most updates touch no index;
# rows that live for milliseconds are vacuumed early, so that the claims stay on few pages.
FORWARD = """
ALTER TABLE executions_execution SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE executions_task SET (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0.0, autovacuum_analyze_threshold = 5000);
ALTER TABLE executions_inboxmessage SET (
    autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000,
    autovacuum_analyze_scale_factor = 0.0, autovacuum_analyze_threshold = 5000);
"""
BACKWARD = """
ALTER TABLE executions_execution RESET (fillfactor, autovacuum_vacuum_scale_factor);
ALTER TABLE executions_task RESET (
    fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);
ALTER TABLE executions_inboxmessage RESET (
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
    autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);
"""


class Migration(migrations.Migration):
    """Storage parameters only: no data is touched."""

    dependencies = [("executions", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
