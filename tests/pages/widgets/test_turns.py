"""Turns are taken person by person, and end however the work ends."""

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, Thread
from time import monotonic, sleep

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from pages.widgets.running.turns import Turns


class Work:
    """Work that waits to be let go; `order` is who began, one after the other."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.order: list[str] = []
        self.ends: list[Event] = []
        self._lock = Lock()

    def begin(self, person: str) -> None:
        """Queue up as this person, in a thread of its own."""
        over = Event()

        def work() -> None:
            with self.turns.turn(person):
                with self._lock:
                    self.order.append(person)
                    self.ends.append(over)
                over.wait(10)

        Thread(target=work, daemon=True).start()
        sleep(0.02)

    def end_next(self) -> None:
        """End what began first of all that still works."""
        with self._lock:
            over = self.ends.pop(0)
        over.set()
        sleep(0.05)


def wait_until(is_so: Callable[[], bool]) -> None:
    give_up = monotonic() + 5
    while not is_so() and monotonic() < give_up:
        sleep(0.01)
    assert is_so()


def test_a_person_who_asks_once_waits_for_one_turn_of_whoever_asks_a_hundred_times() -> None:
    work = Work(Turns(at_once=1, for_a_person=1, seconds=60))
    for person in ["many"] * 20 + ["one"]:
        work.begin(person)
    work.end_next()
    work.end_next()
    assert "one" in work.order[:3]


def test_a_person_has_no_more_than_their_share_even_where_there_is_room() -> None:
    work = Work(Turns(at_once=4, for_a_person=2, seconds=60))
    for person in ["many"] * 5 + ["one", "two"]:
        work.begin(person)
    assert sorted(work.order) == ["many", "many", "one", "two"]


def test_nobody_works_beyond_the_number_of_places() -> None:
    work = Work(Turns(at_once=3, for_a_person=2, seconds=60))
    for number in range(8):
        work.begin(f"person {number}")
    assert len(work.order) == 3
    work.end_next()
    assert len(work.order) == 4


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_turn_ends_when_its_work_is_stopped_in_the_middle(error: type[BaseException]) -> None:
    turns = Turns(at_once=1, for_a_person=1, seconds=60)
    for _ in range(3):
        with pytest.raises(error), turns.turn("stopped"):
            raise error
    with turns.turn("next"):
        pass


def test_work_that_takes_long_keeps_nobody_waiting() -> None:
    work = Work(Turns(at_once=1, for_a_person=1, seconds=0.2))
    work.begin("import")
    work.begin("import")
    work.begin("one")
    wait_until(lambda: "one" in work.order)
    assert len(work.ends) == len(work.order)  # what takes long goes on


def test_a_thousand_turns_of_many_people_all_come() -> None:
    turns, done = Turns(at_once=2, for_a_person=1, seconds=5), []

    def work(number: int) -> None:
        with turns.turn(number % 7):
            done.append(number)

    with ThreadPoolExecutor(50) as threads:
        list(threads.map(work, range(1_000)))
    assert sorted(done) == list(range(1_000))


def test_streamlit_runs_scripts_fragments_and_callbacks_through_the_one_function_that_takes_turns() -> None:
    source = inspect.getsource(ScriptRunner._run_script)
    assert source.count("exec_func_with_error_handling(code_to_exec, ctx)") == 1
    before, _, body = source.partition("def code_to_exec(")
    assert not [name for name in ("wrapped_fragment()", "on_script_will_rerun(", "exec(code") if name in before]
    assert not [name for name in ("wrapped_fragment()", "on_script_will_rerun(", "exec(code") if name not in body]
