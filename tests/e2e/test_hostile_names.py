"""Names, labels, comments, errors that are HTML: shown as text on every page, and nothing runs."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from studio.config.embedded.roles import PROJECT
from studio.config.embedded.stack import Stack
from tests.e2e.installation import ROLE, account_of
from tests.e2e.screens import sign_in

pytestmark = pytest.mark.e2e

RUNS = "globalThis.ran=1"
IMAGE = f"<img src=x onerror={RUNS}>"
SCRIPT = f"</script><script>{RUNS}</script>"
LINK = f"javascript:{RUNS}"
PASSWORD = "weaves algebraic patterns"
DEFINITION: dict[str, Any] = {
    "Comment": f"{SCRIPT}{IMAGE}",
    "StartAt": IMAGE,
    "States": {
        IMAGE: {
            "Type": "Pass",
            "Comment": f"{SCRIPT}{IMAGE}",
            "Assign": {"hostile": SCRIPT},
            "Result": {IMAGE: SCRIPT, "link": LINK},
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "Label": "each",
            "Items": [IMAGE],
            "ItemProcessor": {
                "StartAt": SCRIPT,
                "States": {SCRIPT: {"Type": "Pass", "End": True}},
            },
            "Catch": [{"ErrorEquals": [IMAGE], "Next": "Fail"}],
            "Next": "Fail",
        },
        "Fail": {"Type": "Fail", "Error": IMAGE, "Cause": f"{SCRIPT}{LINK}"},
    },
}
DEFINITION["States"]["Each"]["ItemProcessor"]["ProcessorConfig"] = {"Mode": "INLINE"}
DEFINITION["States"]["Each"].pop("Label")
DEFINITION["QueryLanguage"] = "JSONata"
DEFINITION["States"][IMAGE]["Output"] = DEFINITION["States"][IMAGE].pop("Result")


@pytest.fixture
def machine(sfn: Any) -> str:
    """A state machine with hostile text wherever AWS and we take any, and two executions of it."""
    name = f"hostile-{uuid.uuid4().hex[:8]}"
    made = sfn.create_state_machine(
        name=name,
        definition=json.dumps(DEFINITION),
        roleArn=ROLE,
        publish=True,
        versionDescription=IMAGE,
    )
    routes = [{"stateMachineVersionArn": made["stateMachineVersionArn"], "weight": 100}]
    sfn.create_state_machine_alias(name="live", description=IMAGE, routingConfiguration=routes)
    sfn.start_execution(
        stateMachineArn=made["stateMachineArn"],
        name="one",
        input=json.dumps({IMAGE: SCRIPT}),
    )
    definition = {**DEFINITION, "Comment": IMAGE}
    sfn.update_state_machine(
        stateMachineArn=made["stateMachineArn"], definition=json.dumps(definition)
    )
    return name


@pytest.fixture
def hostile_user(stack: Stack) -> str:
    """Somebody whose name is HTML: who keeps an installation may name a user anything."""
    script = (
        "import django, sys; django.setup(); "
        "from django.contrib.auth import get_user_model; "
        "from studio.actions.members import default_workspace, set_role; "
        "user = get_user_model().objects.create_superuser(sys.argv[1], password=sys.argv[2]); "
        "set_role(default_workspace(), user, 'admin')"
    )
    subprocess.run(
        [sys.executable, "-c", script, IMAGE, PASSWORD],
        env=stack.environment,
        cwd=PROJECT,
        check=True,
        timeout=120,
    )
    return IMAGE


def refuse_dialog(dialog: Dialog) -> None:
    dialog.dismiss()
    raise AssertionError(f"a dialog opened: {dialog.message}")


@pytest.mark.browser_context_args(storage_state=None)
def test_nothing_of_it_runs_on_any_page(
    page: Page, stack: Stack, machine: str, hostile_user: str
) -> None:
    page.on("dialog", refuse_dialog)
    page.add_init_script(
        "globalThis.violations = []; addEventListener('securitypolicyviolation', "
        "event => globalThis.violations.push(event.violatedDirective + ' ' + event.blockedURI));"
    )
    page.goto("/")
    sign_in(page, replace(account_of(stack), username=hostile_user, password="wrong" + SCRIPT))
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, replace(account_of(stack), username=hostile_user, password=PASSWORD))
    expect(page.get_by_test_id("machine-row").first).to_be_visible()
    pages = {
        "/": hostile_user,
        f"/state-machines/{machine}": machine,
        f"/state-machines/{machine}?view=definition": IMAGE,
        f"/state-machines/{machine}/edit": IMAGE,
        f"/state-machines/{machine}/versions": IMAGE,
        f"/state-machines/{machine}/versions?view=text": machine,
        "/executions": machine,
        f"/executions?machine={machine}&error=%3Cimg": machine,
        f"/executions/{machine}/one": IMAGE,
        f"/executions/{machine}/one?tab=output": IMAGE,
        f"/executions/{machine}/one?below=table": IMAGE,
        f"/executions/{machine}/one?below=timeline": IMAGE,
        "/access-keys": "Access keys",
        "/members": IMAGE,
        "/account": IMAGE,
        "/audit": IMAGE,
        f"/audit?subject=%3Cimg&text={machine}": "Nothing matches",
        "/new": "Stepwell",
        f"/state-machines/{IMAGE.replace('/', '%2F')}": "nothing at this address",
    }
    for address, text in pages.items():
        page.goto(address)
        # Text that is shown is shown as it is written.
        expect(page.locator("body")).to_contain_text(text)
        page.wait_for_load_state("networkidle")
        found = page.evaluate(
            "({ran: globalThis.ran, violations: globalThis.violations, "
            "images: document.querySelectorAll('img[src=x]').length})"
        )
        assert found == {"ran": None, "violations": [], "images": 0}, address
