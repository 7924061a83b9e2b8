"""What must hold, or should, of a definition as a whole: one rule a file.

RULES are AWS's own, and its operations answer them. ADVICE is ours: what AWS takes without a word
and people regret later. AWS's operations never answer it; ``review`` and the REST API do.

A rule is a function from an Outline to the diagnostics it finds. Its page in the documentation
is ``docs/reference/diagnostics/<file name>.md``. To add one, copy its neighbour and name it here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.rules.catcher_keeps_input import catcher_keeps_input
from studio.asl.rules.distributed_map_is_bounded import distributed_map_is_bounded
from studio.asl.rules.label_is_unique import label_is_unique
from studio.asl.rules.map_field_has_effect import map_field_has_effect
from studio.asl.rules.pass_result_is_static import pass_result_is_static
from studio.asl.rules.path_is_produced import path_is_produced
from studio.asl.rules.retrier_is_selective import retrier_is_selective
from studio.asl.rules.scope_can_end import scope_can_end
from studio.asl.rules.start_state_exists import start_state_exists
from studio.asl.rules.state_is_reachable import state_is_reachable
from studio.asl.rules.state_name_is_short import state_name_is_short
from studio.asl.rules.state_name_is_unique import state_name_is_unique
from studio.asl.rules.states_all_stands_alone import states_all_stands_alone
from studio.asl.rules.template_path_has_dollar import template_path_has_dollar
from studio.asl.rules.terminal_state_exists import terminal_state_exists
from studio.asl.rules.text_is_not_a_path import text_is_not_a_path
from studio.asl.rules.transition_target_exists import transition_target_exists
from studio.asl.rules.variable_is_assigned import variable_is_assigned
from studio.asl.rules.variable_is_not_shadowed import variable_is_not_shadowed
from studio.asl.rules.waiting_task_has_timeout import waiting_task_has_timeout
from studio.asl.rules.waiting_task_passes_token import waiting_task_passes_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from studio.asl.diagnostics import Diagnostic
    from studio.asl.outline import Outline

    Rule = Callable[[Outline], Iterator[Diagnostic]]

RULES: Final[tuple[Rule, ...]] = (
    start_state_exists,
    transition_target_exists,
    state_is_reachable,
    terminal_state_exists,
    state_name_is_unique,
    state_name_is_short,
    label_is_unique,
    states_all_stands_alone,
    template_path_has_dollar,
    text_is_not_a_path,
    pass_result_is_static,
    variable_is_assigned,
    variable_is_not_shadowed,
)

ADVICE: Final[tuple[Rule, ...]] = (
    catcher_keeps_input,
    waiting_task_has_timeout,
    waiting_task_passes_token,
    retrier_is_selective,
    distributed_map_is_bounded,
    map_field_has_effect,
    scope_can_end,
    path_is_produced,
)
