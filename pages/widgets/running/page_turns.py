"""Runs of pages take turns by person. Streamlit runs as many at once as there are tabs, and all share one processor.

Streamlit calls one function for each run of a page's script, its fragments and callbacks among them, in the thread that
runs it; around that function a run waits for its turn. A run that is stopped or begun anew leaves it like any other,
so its turn ends too. Of a later release that has no such function, the start says so.
"""

from collections.abc import Callable
from typing import Any

from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from pages.widgets.running.session_files import SIGN_IN
from pages.widgets.running.turns import Turns

# An import takes minutes, a usual run a twentieth of a second.
_SECONDS_OF_A_TURN = 5.0

_ENTRANCE = "exec_func_with_error_handling"


def take_turns(person_of: Callable[[str], object], runs_at_once: int) -> None:
    """From now on runs of pages take turns; a person has half of the places at most.

    `person_of` knows whose a sign-in is, by its mark.
    """
    turns = Turns(runs_at_once, max(1, runs_at_once // 2), _SECONDS_OF_A_TURN)
    run = getattr(script_runner, _ENTRANCE)

    def run_in_turn(func: Callable[[], Any], ctx: ScriptRunContext) -> Any:
        with turns.turn(person_of(str(ctx.user_info.get(SIGN_IN)))):
            return run(func, ctx)

    setattr(script_runner, _ENTRANCE, run_in_turn)
