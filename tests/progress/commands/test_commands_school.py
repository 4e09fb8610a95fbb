"""`python -m progress school`: which schools there are, and their time zones set."""

from typer.testing import CliRunner, Result

from data.record import Record
from progress.commands.command_line import app
from progress.people.accounts import add_school


def school(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["school", *arguments], env={"COLUMNS": "200"})


def test_time_zone_is_set_and_shown(record: Record) -> None:
    assert school("show").stdout == "The record has no school.\n"
    with record.writing() as tx:
        elm = add_school(tx, "Elm School", external_id="elm")
    assert school("show").stdout == f"{elm}\telm\tUTC\tElm School (school)\n"
    done = school("set", "elm", "--time-zone", "America/Los_Angeles")
    assert (done.exit_code, done.stdout) == (0, "Elm School is counted in America/Los_Angeles.\n")
    again = school("set", str(elm), "--time-zone", "America/Los_Angeles")
    assert again.stdout == "Elm School is counted in America/Los_Angeles, as before.\n"
    assert school("show").stdout == f"{elm}\telm\tAmerica/Los_Angeles\tElm School (school)\n"


def test_name_that_is_no_time_zone_and_school_that_is_none_are_refused_in_words(record: Record) -> None:
    with record.writing() as tx:
        add_school(tx, "Elm School")
    refused = school("set", "Elm School", "--time-zone", "PST")
    assert (refused.exit_code, refused.stderr) == (
        1, "“PST” is no time zone here. Names are such as Europe/London, America/Los_Angeles and UTC.\n",
    )  # fmt: skip
    unknown = school("set", "Oak", "--time-zone", "UTC")
    assert (unknown.exit_code, unknown.stderr) == (
        1, "There is no school “Oak”. `python -m progress school show` lists them.\n",
    )  # fmt: skip
