"""What a Task asks of a person: the parameters of ``arn:aws:states:::approval:request``."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any, Final

from executions.integrations.native.parameters import UnusableParameters, parameters_of

if TYPE_CHECKING:
    from executions.integration import TaskRequest

FIELD_TYPES: Final = ("text", "number", "choice", "boolean", "date")
MOST_FIELDS: Final = 50
MOST_APPROVERS: Final = 50
LONGEST_TITLE: Final = 200
LONGEST_QUESTION: Final = 10_000

_PARAMETERS: Final[dict[str, tuple[type, ...]]] = {
    "Title": (str,),
    "Question": (str,),
    "Context": (dict,),
    "Form": (list,),
    "Approvers": (dict,),
}
_FIELD: Final[dict[str, tuple[type, ...]]] = {
    "Name": (str,),
    "Label": (str,),
    "Type": (str,),
    "Required": (bool,),
    "Choices": (list,),
    "Default": (str, int, float, bool),
}
_APPROVERS: Final = ("Users", "Roles", "Emails")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, checked. ``form`` has the fields as given, each with Label, Type, Required."""

    title: str
    question: str
    context: dict[str, Any]
    form: list[dict[str, Any]]
    users: list[str]
    roles: list[str]
    emails: list[str]


def question_of(request: TaskRequest) -> Question:
    """What the Task asks. Raises UnusableParameters."""
    given = parameters_of(request, _PARAMETERS, ("Title",))
    title = given["Title"].strip()
    if not title or len(title) > LONGEST_TITLE or len(title.splitlines()) > 1:
        raise UnusableParameters(f'The field "Title" is one line of 1 to {LONGEST_TITLE} letters')
    question = given.get("Question", "")
    if len(question) > LONGEST_QUESTION:
        raise UnusableParameters(f'The field "Question" has at most {LONGEST_QUESTION} letters')
    form = given.get("Form", [])
    if len(form) > MOST_FIELDS:
        raise UnusableParameters(f'The field "Form" has at most {MOST_FIELDS} fields')
    fields = [_field(number, field) for number, field in enumerate(form)]
    names = [field["Name"] for field in fields]
    for name in names:
        if names.count(name) > 1:
            raise UnusableParameters(f'Two fields of the form are named "{name}"')
    users, roles, emails = _approvers(given.get("Approvers", {}))
    return Question(title, question, given.get("Context", {}), fields, users, roles, emails)


def _field(number: int, field: Any) -> dict[str, Any]:
    where = f"Form[{number}]"
    if not isinstance(field, dict):
        raise UnusableParameters(f'The value for the field "{where}" must be an OBJECT')
    for name, value in field.items():
        if name not in _FIELD:
            supported = ", ".join(_FIELD)
            raise UnusableParameters(f'The field "{where}.{name}" is not supported: {supported}')
        if not isinstance(value, _FIELD[name]):
            raise UnusableParameters(f'The value for the field "{where}.{name}" is of a wrong type')
    name = field.get("Name", "")
    if not name:
        raise UnusableParameters(f'The field "{where}.Name" is required but was missing')
    kind = field.get("Type", "text")
    if kind not in FIELD_TYPES:
        raise UnusableParameters(f'The field "{where}.Type" is one of {", ".join(FIELD_TYPES)}')
    choices = field.get("Choices", [])
    if (kind == "choice") != bool(choices) or not all(isinstance(each, str) for each in choices):
        raise UnusableParameters(
            f'The field "{where}.Choices" has the texts to choose from of a field of type choice, '
            "and of no other"
        )
    return {"Required": False, "Label": name, **field, "Type": kind}


def _approvers(given: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    for name in given:
        if name not in _APPROVERS:
            raise UnusableParameters(
                f'The field "Approvers.{name}" is not supported: {", ".join(_APPROVERS)} are'
            )
    lists: list[list[str]] = []
    for name in _APPROVERS:
        value = given.get(name, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise UnusableParameters(f'The field "Approvers.{name}" is an ARRAY of texts')
        lists.append(list(dict.fromkeys(listed)))
    users, roles, emails = lists
    if len(users) + len(roles) + len(emails) > MOST_APPROVERS:
        raise UnusableParameters(f'The field "Approvers" names at most {MOST_APPROVERS}')
    for address in emails:
        if "@" not in parseaddr(address)[1]:
            raise UnusableParameters(
                f'The field "Approvers.Emails" has what is no address: {address}'
            )
    return users, roles, [parseaddr(address)[1].lower() for address in emails]
