"""Services that AWS does not have: databases, mail, Celery, and integrations of one's own."""
