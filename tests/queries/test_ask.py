"""The door for reading: no question about learners passes it without the viewer's rule."""

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

import queries
from data.mirror import close_mirrors
from data.record import current_record
from data.settings import PROJECT
from data.viewer import Viewer
from queries.asking.ask import OPEN_VIEWS, MissingAccessCheck, NotAView, NotOpen, as_of, ask, ask_anything, ask_open
from queries.asking.catalogue import views
from queries.asking.statements import NotOneSelect, reads
from queries.course_progress import course_progress
from tests.queries.cast import Cast
from tests.queries.world import NOW
from tests.queries.world_rows import touch_row

NOT_SUBJECTS = {"ask", "catalogue", "glossary", "narrowing", "printing", "statements", "__main__"}


def subjects() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(queries.__path__, "queries."):
        if found.name.removeprefix("queries.") not in NOT_SUBJECTS:
            yield import_module(found.name)


def public_functions(module: ModuleType) -> Iterator[Callable[..., Any]]:
    for name, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_"):
            yield value


@pytest.mark.parametrize("sql", ["select * from learner", "select '{visibel}' from learner", "select {visible"])
def test_question_without_the_marker_is_refused(sql: str, cast: Cast) -> None:
    with pytest.raises(MissingAccessCheck):
        ask(cast.administrator, sql)


def test_marker_stands_for_the_viewer_s_learners_under_any_column(cast: Cast) -> None:
    sql = "select l.learner_name from learner as l where {visible:l.learner_id} order by all"
    assert ask(cast.teacher, sql)["learner_name"].to_list() == ["Amal", "Bo", "Chidi"]
    assert ask(cast.nobody, sql)["learner_name"].to_list() == []


def test_marker_stands_for_the_classes_that_the_viewer_teaches(cast: Cast) -> None:
    assert ask(cast.teacher, "select class_id from school_class where {taught}").rows() == [(cast.maths_class,)]
    assert ask(cast.student, "select class_id from school_class where {taught}").rows() == []


def test_parameters_are_values_and_never_sql(cast: Cast) -> None:
    sql = "select learner_name from learner where {visible} and learner_name = $name"
    assert ask(cast.administrator, sql, name="' or true --").rows() == []


@pytest.mark.parametrize(
    "sql",
    [
        "select * from learner",
        "select course_title from course, record.users",
        "select * from course where course_id in (select course_id from enrolment)",
        "select * from read_csv('secrets.csv')",
        "select * from 'secrets.csv'",
        "with course as (select * from enrolment) select * from course",
    ],
)
def test_open_question_about_more_than_what_is_taught_is_refused(sql: str, cast: Cast) -> None:
    with pytest.raises(NotOpen):
        ask_open(sql)


def test_open_question_about_titles_is_answered(cast: Cast) -> None:
    assert ask_open("select count(*) as courses_count from course")["courses_count"].to_list() == [2]


def test_open_views_are_computed_from_nothing_about_learners() -> None:
    def tables(name: str) -> set[str]:
        read = reads(views()[name].select).tables
        return {table for table in read if table.startswith("record.")}.union(*map(tables, views()[name].inputs))

    assert set().union(*map(tables, OPEN_VIEWS)) == {
        "record.courses",
        "record.modules",
        "record.school_zones",
        "record.units",
    }


def test_every_public_function_takes_the_viewer_first_or_asks_open_questions_alone() -> None:
    without = [
        f"{module.__name__}.{function.__name__}"
        for module in subjects()
        for function in public_functions(module)
        if next(iter(inspect.signature(function).parameters.values()), None) is None
        or next(iter(inspect.signature(function).parameters.values())).annotation is not Viewer
        if {"ask", "ask_anything", "narrowed", "of_learners"} & vars(module).keys()
    ]
    assert without == []


def test_the_unrestricted_question_is_the_command_line_s_alone() -> None:
    users = [
        path.relative_to(PROJECT).as_posix()
        for folder in ("api", "pages", "progress", "queries", "charts")
        for path in (PROJECT / folder).rglob("*.py")
        if any(
            isinstance(node, ast.ImportFrom) and "ask_anything" in {alias.name for alias in node.names}
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert users == ["queries/__main__.py"]


@pytest.mark.parametrize(
    "sql",
    [
        "select 1; select 2",
        "create table x (i int)",
        "copy course to 'x.csv'",
        "attach 'x.db'",
        "pragma database_list",
        "set threads = 1",
        "with added as (insert into course values (1) returning *) select * from added",
        "explain select 1",
        "",
    ],
)
def test_anything_but_one_select_is_refused(sql: str, cast: Cast) -> None:
    with pytest.raises(NotOneSelect):
        ask_anything(sql)


@pytest.mark.parametrize(
    ("sql", "refused"),
    [
        ("select * from record.users", "record.users"),
        ("select * from unit_progress join duckdb_settings() on true", "duckdb_settings"),
        ("select (select count(*) from read_text('secret')) from course", "read_text"),
        ("describe course", "describe"),
        ('with "s.csv" as (select 1) select * from (with "s.csv" as (select 2) from "s.csv"), "s.csv"', "s.csv"),
        ("select * from query('select 1')", "query"),
    ],
)
def test_anything_but_views_is_refused_by_name(sql: str, refused: str, cast: Cast) -> None:
    with pytest.raises(NotAView, match=refused):
        ask_anything(sql)


def test_ctes_subqueries_and_series_over_the_views_are_answered(cast: Cast) -> None:
    sql = """
        with mine as (select * from course_progress) select count(*) as n from mine where course_id in
        (select course_id from main.course union all select unnest([1, 2]))
    """
    assert ask_anything(sql)["n"].to_list() == [6]


def test_what_was_recorded_a_moment_ago_is_in_the_answer(cast: Cast) -> None:
    sql = "select status from module_progress where {visible} and learner_name = 'Dina' and module_id = $module_id"
    untouched = cast.maths_modules[1]
    assert ask(cast.administrator, sql, module_id=untouched)["status"].to_list() == ["not_started"]
    with current_record().writing() as tx:
        touch_row(tx, cast.learners["Dina"], untouched, NOW)
    assert ask(cast.administrator, sql, module_id=untouched)["status"].to_list() == ["completed"]
    assert as_of() >= NOW


def test_answer_that_someone_changes_stays_as_it_was_for_the_next(cast: Cast) -> None:
    course_progress(cast.student).drop_in_place("learner_name")
    assert course_progress(cast.student)["learner_name"].to_list() == ["Amal"]


def test_views_are_there_again_after_the_mirror_was_opened_anew(cast: Cast) -> None:
    assert course_progress(cast.student).height == 1
    close_mirrors()
    assert course_progress(cast.student).height == 1


def test_many_may_ask_at_once_each_for_what_is_theirs(cast: Cast) -> None:
    viewers = [cast.student, cast.teacher, cast.administrator, cast.nobody] * 8
    close_mirrors()
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda viewer: course_progress(viewer).height, viewers))
    assert counts == [1, 4, 6, 0] * 8
