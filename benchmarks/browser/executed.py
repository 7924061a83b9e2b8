"""Executions that are run rather than written: a whole installation runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.client import Client

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from studio.config.embedded.stack import FirstAccount


def rounds(*before: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """States that are gone through, then a Pass that counts ``left`` down, and a Choice, again."""
    count = {"Type": "Pass", "Parameters": {"left.$": "States.MathAdd($.left, -1)"}}
    names = [name for name, _ in before] + ["Count", "More?"]
    more = {"Variable": "$.left", "NumericGreaterThan": 0, "Next": names[0]}
    chain = [*before, ("Count", count)]
    return {
        "StartAt": names[0],
        "States": {
            **{
                name: {**state, "Next": after}
                for (name, state), after in zip(chain, names[1:], strict=True)
            },
            "More?": {"Type": "Choice", "Choices": [more], "Default": "Done"},
            "Done": {"Type": "Succeed"},
        },
    }


class Machine:
    """A state machine of an installation, made for a benchmark."""

    def __init__(
        self, url: str, account: FirstAccount, name: str, definition: dict[str, Any]
    ) -> None:
        """Create it."""
        self.name = name
        self.client = Client(url, account.access_key_id, account.secret_access_key)
        self.arn = self.client.call(
            "CreateStateMachine",
            name=name,
            definition=json.dumps(definition),
            roleArn="arn:aws:iam::123456789012:role/bench",
        )["stateMachineArn"]

    def start(self, name: str, left: int) -> str:
        """Start an execution of so many rounds; its ARN."""
        answer = self.client.call(
            "StartExecution",
            stateMachineArn=self.arn,
            name=name,
            input=json.dumps({"left": left}),
        )
        return str(answer["executionArn"])

    def status(self, execution: str) -> str:
        """How an execution stands, by its ARN."""
        return str(self.client.call("DescribeExecution", executionArn=execution)["status"])


def wait_for_all(page: Page) -> None:
    """Wait until the page has every event of an execution that has ended."""
    # Once all is there the page says nothing more of it, so that it cannot be seen.
    page.wait_for_selector(
        "[data-testid=connection-status][data-connection=complete]", state="attached"
    )
