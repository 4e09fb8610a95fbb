"""What one process tells the others: everyone but the teller acts on it, in order, and one that fails stops nobody."""

from data.notices import handle_notice, notify_others, on_notice, pass_on, stop_talking_to, talk_to


def test_a_notice_reaches_every_other_process_once() -> None:
    first: list[bytes] = []
    second: list[bytes] = []
    acted: list[object] = []
    on_notice("test of notices", acted.append)
    talk_to(first.append)
    talk_to(second.append)
    try:
        notify_others("test of notices", ("ada", 3))
        pass_on(second[0], but=second.append)
    finally:
        stop_talking_to(first.append)
        stop_talking_to(second.append)
    assert (len(first), len(second)) == (2, 1)
    assert acted == []
    handle_notice(first[0])
    assert acted == [("ada", 3)]


def test_a_handler_that_fails_keeps_no_other_from_acting() -> None:
    acted: list[object] = []
    on_notice("test of failing", lambda value: 1 / 0)  # type: ignore[arg-type, return-value]
    on_notice("test of failing", acted.append)
    told: list[bytes] = []
    talk_to(told.append)
    notify_others("test of failing", 1)
    stop_talking_to(told.append)
    handle_notice(told[0])
    assert acted == [1]
