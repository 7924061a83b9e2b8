"""What the proposal API takes and gives."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from studio.models import AliasMove, Draft, Proposal, ProposalCheck, ProposalReview
from studio.rest.diagnostics import MAX_CHARACTERS, DefinitionSerializer
from studio.rest.fields import MomentField, NamedChoiceField, PagingSerializer

LONGEST_TEXT = 20_000
WHICH = ["all", "mine", "review"]


class ProposalsQuerySerializer(PagingSerializer):
    """Which proposals."""

    cursor = serializers.IntegerField(required=False, min_value=0)  # type: ignore[assignment]
    which = NamedChoiceField(
        "ProposalsOf",
        WHICH,
        default="all",
        help_text="mine: that one wrote; review: open ones that wait for one's word",
    )
    status = NamedChoiceField("ProposalStatus", Proposal.Status.values, required=False)
    stateMachine = serializers.CharField(required=False, max_length=80)


class ContentSerializer(DefinitionSerializer):
    """What is pushed. A configuration that is not given stays as it is."""

    baseRevisionId = serializers.UUIDField(help_text="The revision it goes on from")
    roleArn = serializers.CharField(required=False, max_length=256)
    loggingConfiguration = serializers.DictField(required=False)
    tracingConfiguration = serializers.DictField(required=False)
    tags = serializers.DictField(
        child=serializers.CharField(max_length=256, allow_blank=True),
        required=False,
        help_text="All that it has then: others are taken away",
    )


class ProposeSerializer(ContentSerializer):
    """A new proposal."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(
        default="", allow_blank=True, max_length=LONGEST_TEXT, trim_whitespace=False
    )
    reviewers = serializers.ListField(
        child=serializers.CharField(max_length=150), default=list, help_text="User names"
    )


class PushSerializer(ContentSerializer):
    """What is proposed from now on."""

    follows = serializers.IntegerField(min_value=1, help_text="The number of the latest push")
    message = serializers.CharField(default="", allow_blank=True, max_length=256)


class DescribeSerializer(serializers.Serializer[Any]):
    """What becomes of title, text and reviewers; what is not given stays."""

    title = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, trim_whitespace=False
    )
    reviewers = serializers.ListField(
        child=serializers.CharField(max_length=150), required=False, help_text="User names"
    )


class SeenSerializer(serializers.Serializer[Any]):
    """Which push was looked at: a later one is a conflict."""

    push = serializers.IntegerField(min_value=1)


class ReviewSerializer(SeenSerializer):
    """What one says of a push as a whole."""

    verdict = NamedChoiceField("ReviewVerdict", ProposalReview.Verdict.values)
    message = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_TEXT)


class CommentSerializer(serializers.Serializer[Any]):
    """One thing said."""

    text = serializers.CharField(
        default="", allow_blank=True, max_length=LONGEST_TEXT, trim_whitespace=False
    )
    suggestion = serializers.CharField(
        required=False,
        max_length=MAX_CHARACTERS,
        help_text="JSON text: the value that the place is to have",
    )


class BeginThreadSerializer(CommentSerializer):
    """A new thread."""

    push = serializers.IntegerField(min_value=1)
    pointer = serializers.CharField(
        default="",
        allow_blank=True,
        trim_whitespace=False,
        max_length=4000,
        help_text="A JSON pointer into the definition; empty: all of it",
    )


class ResolveSerializer(serializers.Serializer[Any]):
    """Whether a thread is resolved."""

    resolved = serializers.BooleanField()


class PlanSerializer(serializers.Serializer[Any]):
    """How an alias is moved to a version bit by bit."""

    kind = NamedChoiceField("AliasMoveKind", AliasMove.Kind.values)
    stepPercent = serializers.IntegerField(source="step_percent", min_value=1, max_value=99)
    intervalSeconds = serializers.IntegerField(source="interval_seconds", min_value=1)
    failurePercent = serializers.IntegerField(
        source="failure_percent",
        required=False,
        allow_null=True,
        min_value=1,
        max_value=100,
        help_text="Where so many executions of the new version fail, the alias goes back",
    )
    minimumExecutions = serializers.IntegerField(
        source="minimum_executions",
        default=1,
        min_value=1,
        help_text="How many must have ended before that is judged",
    )


class PublishProposalSerializer(SeenSerializer):
    """How a proposal is published."""

    description = serializers.CharField(
        default="", allow_blank=True, max_length=256, help_text="The version's; else the title"
    )
    alias = serializers.CharField(
        required=False, max_length=80, help_text="The alias that is to start it"
    )
    plan = PlanSerializer(required=False, help_text="Without one the alias is moved at once")


class ProposalSummarySerializer(serializers.Serializer[Any]):
    """A proposal in a list."""

    stateMachine = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    status = NamedChoiceField("ProposalStatus", Proposal.Status.values)
    author = serializers.CharField(allow_null=True)
    creationDate = MomentField()
    updateDate = MomentField()
    push = serializers.IntegerField(help_text="The number of the latest push")
    version = serializers.IntegerField(allow_null=True, help_text="What was published of it")
    openThreads = serializers.IntegerField()
    approvals = serializers.IntegerField(help_text="Those of the latest push")
    changesRequested = serializers.BooleanField()
    checks = serializers.DictField(
        child=NamedChoiceField("CheckStatus", ProposalCheck.Status.values),
        help_text="By kind: of the latest push",
    )


class ProposalPageSerializer(serializers.Serializer[Any]):
    """A page of proposals, those that changed last first."""

    results = ProposalSummarySerializer(many=True)
    nextCursor = serializers.CharField(allow_null=True)
    toReview = serializers.IntegerField(help_text="Open ones that wait for one's word")


class PushShownSerializer(serializers.Serializer[Any]):
    """One push, without its text."""

    number = serializers.IntegerField()
    author = serializers.CharField(allow_null=True)
    message = serializers.CharField()
    creationDate = MomentField()
    baseRevisionId = serializers.UUIDField()


class SaidSerializer(serializers.Serializer[Any]):
    """What somebody said of a push as a whole."""

    reviewer = serializers.CharField()
    verdict = NamedChoiceField("ReviewVerdict", ProposalReview.Verdict.values)
    message = serializers.CharField()
    push = serializers.IntegerField()
    counts = serializers.BooleanField(
        help_text="Of an approval: whether it is of the latest push, by somebody who may approve"
    )
    creationDate = MomentField()


class CommentShownSerializer(serializers.Serializer[Any]):
    """One comment."""

    id = serializers.IntegerField()
    author = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    creationDate = MomentField()
    suggestion = serializers.CharField(allow_null=True, help_text="JSON text")
    suggestedFor = serializers.CharField(
        allow_null=True, help_text="JSON text: the value that the place had then"
    )
    appliedIn = serializers.IntegerField(allow_null=True, help_text="The push it was applied with")
    fits = serializers.BooleanField(help_text="Whether a suggestion can be applied now")


class ThreadSerializer(serializers.Serializer[Any]):
    """Comments pinned to a place."""

    id = serializers.IntegerField()
    pointer = serializers.CharField(
        allow_blank=True, help_text="The place in push anchorPush; empty: the whole definition"
    )
    anchorPush = serializers.IntegerField(help_text="The latest push that has the place")
    isGone = serializers.BooleanField(help_text="Whether the latest push has it no more")
    state = serializers.CharField(allow_null=True, help_text="By its name in the latest push")
    stateIsGone = serializers.BooleanField()
    value = serializers.CharField(
        allow_null=True, help_text="JSON text of a field's value in anchorPush; null for a state"
    )
    resolvedBy = serializers.CharField(allow_null=True)
    resolvedDate = MomentField(allow_null=True)
    comments = CommentShownSerializer(many=True)


class CheckSerializer(serializers.Serializer[Any]):
    """What a check came to."""

    kind = NamedChoiceField("CheckKind", ["TESTS", "WHAT_IF"])
    status = NamedChoiceField("CheckStatus", ProposalCheck.Status.values)
    answer = serializers.DictField(
        help_text="See how-to/review-a-change; how far it is, if WAITING"
    )
    endDate = MomentField(allow_null=True)


class BlockerSerializer(serializers.Serializer[Any]):
    """Something that stands in the way of publishing."""

    code = serializers.CharField()
    message = serializers.CharField()


class ReviewRulesSerializer(serializers.Serializer[Any]):
    """What a change needs before it may be published."""

    isRequired = serializers.BooleanField(
        help_text="Whether only proposals change what new executions run"
    )
    bindsPrograms = serializers.BooleanField(
        default=True, help_text="Whether that goes for UpdateStateMachine, too"
    )
    approvals = serializers.IntegerField(min_value=0, max_value=20)
    approvers = serializers.ListField(
        child=serializers.CharField(max_length=150),
        help_text="User names: only theirs count; none: anybody's but the authors'",
    )
    testsMustPass = serializers.BooleanField()
    whatIfMustNotDiverge = serializers.BooleanField()
    threadsMustBeResolved = serializers.BooleanField()


class ProposalSerializer(ProposalSummarySerializer):
    """A proposal with all that is said of it. The texts are in the comparison."""

    description = serializers.CharField()
    reviewers = serializers.ListField(child=serializers.CharField())
    closedBy = serializers.CharField(allow_null=True)
    closeDate = MomentField(allow_null=True)
    baseMoved = serializers.BooleanField(help_text="Whether something was published since")
    authors = serializers.ListField(child=serializers.CharField(), help_text="Of any push")
    pushes = PushShownSerializer(many=True)
    reviews = SaidSerializer(many=True, help_text="Each person's last word")
    threads = ThreadSerializer(many=True)
    checkResults = CheckSerializer(many=True)
    rules = ReviewRulesSerializer()
    blockers = BlockerSerializer(many=True, help_text="None: it may be published")
    format = NamedChoiceField("DefinitionFormat", Draft.Format.values)


class ReviewersSerializer(serializers.Serializer[Any]):
    """Who may review."""

    results = serializers.ListField(child=serializers.CharField(), help_text="User names")


class NotificationSerializer(serializers.Serializer[Any]):
    """One thing that somebody is told of."""

    id = serializers.IntegerField()
    event = serializers.CharField()
    sentence = serializers.CharField()
    stateMachine = serializers.CharField()
    number = serializers.IntegerField(help_text="The proposal's")
    creationDate = MomentField()
    isRead = serializers.BooleanField()


class NotificationsSerializer(serializers.Serializer[Any]):
    """What one is told of, the latest first."""

    results = NotificationSerializer(many=True)
    unread = serializers.IntegerField()


class MarkReadSerializer(serializers.Serializer[Any]):
    """Which notifications have been read; without ids all."""

    ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=500)
