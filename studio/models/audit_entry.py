"""The audit trail: who did what, to what, when and from where."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class ActorKind(StrEnum):
    """What acted: a person at a page, a program with a key or token, or Stepwell itself."""

    USER = "USER"
    KEY = "KEY"
    SYSTEM = "SYSTEM"


class AuditAction(StrEnum):
    """Everything that is told of. What it was done to is the entry's ``subject``.

    Each has its line in docs/reference/audit.md, and its words in
    frontend/src/features/audit/actions.ts.
    """

    SIGN_IN = "session.signIn"
    SIGN_IN_FAILED = "session.signInFailed"
    SIGN_IN_LOCKED = "session.locked"
    SIGN_OUT = "session.signOut"
    END_SESSIONS = "session.endAll"
    DISABLE_ACCOUNT = "account.disable"
    ENABLE_ACCOUNT = "account.enable"
    LINK_IDENTITY = "identity.link"
    UNLINK_IDENTITY = "identity.unlink"

    CREATE_ACCESS_KEY = "accessKey.create"
    REVOKE_ACCESS_KEY = "accessKey.revoke"
    CREATE_API_TOKEN = "apiToken.create"  # noqa: S105 - the names of actions
    REVOKE_API_TOKEN = "apiToken.revoke"  # noqa: S105
    CREATE_WORKSPACE = "workspace.create"
    RENAME_WORKSPACE = "workspace.rename"
    SET_ROLE = "member.setRole"
    REMOVE_MEMBER = "member.remove"
    CHANGE_PASSWORD = "account.changePassword"  # noqa: S105 - the name of an action
    ROTATE_SECRETS = "secrets.rotate"

    CREATE_STATE_MACHINE = "stateMachine.create"
    UPDATE_STATE_MACHINE = "stateMachine.update"
    DELETE_STATE_MACHINE = "stateMachine.delete"
    PUBLISH_VERSION = "version.publish"
    DELETE_VERSION = "version.delete"
    CREATE_ALIAS = "alias.create"
    UPDATE_ALIAS = "alias.update"
    DELETE_ALIAS = "alias.delete"
    START_ALIAS_MOVE = "alias.startMove"
    END_ALIAS_MOVE = "alias.endMove"
    PROPOSE = "proposal.create"
    PUSH_PROPOSAL = "proposal.push"
    REVIEW_PROPOSAL = "proposal.review"
    PUBLISH_PROPOSAL = "proposal.publish"
    CANCEL_PROPOSAL = "proposal.cancel"
    SET_REVIEW_RULES = "reviewRules.set"
    CREATE_REVIEW_WEBHOOK = "reviewWebhook.create"
    UPDATE_REVIEW_WEBHOOK = "reviewWebhook.update"
    DELETE_REVIEW_WEBHOOK = "reviewWebhook.delete"
    TAG = "resource.tag"
    UNTAG = "resource.untag"
    CREATE_ACTIVITY = "activity.create"
    DELETE_ACTIVITY = "activity.delete"

    START_EXECUTION = "execution.start"
    FORK_EXECUTION = "execution.fork"
    STOP_EXECUTION = "execution.stop"
    REDRIVE_EXECUTION = "execution.redrive"
    DEBUG_EXECUTION = "execution.debug"
    UPDATE_MAP_RUN = "mapRun.update"
    DECIDE_APPROVAL = "approval.decide"

    CREATE_CONNECTION = "connection.create"
    UPDATE_CONNECTION = "connection.update"
    DELETE_CONNECTION = "connection.delete"
    TEST_CONNECTION = "connection.test"
    CREATE_EXECUTION_ROLE = "executionRole.create"
    UPDATE_EXECUTION_ROLE = "executionRole.update"
    DELETE_EXECUTION_ROLE = "executionRole.delete"
    CREATE_MOCK = "mock.create"
    UPDATE_MOCK = "mock.update"
    DELETE_MOCK = "mock.delete"
    CREATE_TEST = "test.create"
    UPDATE_TEST = "test.update"
    DELETE_TEST = "test.delete"
    IMPORT_TESTS = "test.import"

    CREATE_RULE = "rule.create"
    UPDATE_RULE = "rule.update"
    DELETE_RULE = "rule.delete"
    CREATE_SCHEDULE = "schedule.create"
    UPDATE_SCHEDULE = "schedule.update"
    DELETE_SCHEDULE = "schedule.delete"
    CREATE_ENDPOINT = "endpoint.create"
    UPDATE_ENDPOINT = "endpoint.update"
    DELETE_ENDPOINT = "endpoint.delete"
    CREATE_WEBHOOK = "webhook.create"
    UPDATE_WEBHOOK = "webhook.update"
    DELETE_WEBHOOK = "webhook.delete"


class AuditEntry(models.Model):
    """One thing that somebody did. A trigger lets nothing be changed or removed.

    ``sequence`` and ``hash`` are given once, when the entry is put into the chain: see
    ``studio.actions.audit_chain``. There are no foreign keys: what an entry tells of may go.
    """

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=6)
    # The user's name; of a key its user's.
    actor = models.TextField()
    # Or a token's.
    access_key_id = models.CharField(max_length=20)
    action = models.CharField(max_length=40)
    # An ARN, or a name or id where there is none.
    subject = models.TextField()
    # The account id of the workspace; None where it belongs to none.
    workspace = models.CharField(max_length=12, null=True)
    # A JSON object, without secrets and without payloads.
    details = models.TextField()
    address = models.TextField()
    request_id = models.CharField(max_length=36)
    sequence = models.BigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, null=True)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=("actor", "id"), name="audit_by_actor"),
            models.Index(fields=("action", "id"), name="audit_by_action"),
            models.Index(fields=("subject", "id"), name="audit_by_subject"),
            models.Index(fields=("at",), name="audit_by_time"),
            models.Index(
                fields=("id",), name="audit_not_sealed", condition=models.Q(sequence=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject}"
