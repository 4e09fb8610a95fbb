"""The door for reading: no question about learners passes it without the viewer's rule."""

import ast
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.mirror import close_mirrors
from data.record import current_record
from data.settings import PROJECT
from queries.asking.ask import (
    OPEN_VIEWS,
    NotAView,
    NotOpen,
    as_of,
    ask,
    ask_about_no_one,
    ask_anything,
    ask_open,
)
from queries.asking.catalogue import views
from queries.asking.statements import NotOneSelect, reads
from queries.asking.viewer_rule import MissingAccessCheck, NamesAPerson
from queries.course_progress import course_progress
from tests.queries.cast import Cast
from tests.queries.questions import public_functions, subjects, takes_a_viewer
from tests.queries.world import NOW
from tests.queries.world_rows import touch_row


@pytest.mark.parametrize("sql", ["select * from learner", "select '{visibel}' from learner", "select {visible"])
def test_question_without_the_marker_is_refused(sql: str, cast: Cast) -> None:
    with pytest.raises(MissingAccessCheck):
        ask(cast.administrator, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "with mine as (select * from learner where {visible}) select * from mine",
        "select * from (select * from learner where {visible})",
        "select * from learner where {visible} union all select * from learner",
        "from learner where {visible} union (from learner where {visible} union from learner)",
        "select * from learner where {visible} except select * from learner where learner_id = 1",
        "select * from learner where {visible} or true",
        "select * from learner where not {visible}",
        "select * from learner where ({visible}) is not null",
        "select * from module where {visible:module_id}",
        "select * from enrolment where {taught:course_id}",
        "select * from enrolment where learner_id is null or {visible} or true",
        "select * from enrolment where course_id is null or {visible}",
        "select *, {visible} as is_seen from learner",
        "select l.* from learner as l left join enrolment as e on {visible:l.learner_id}",
        "values ({visible:1})",
        "select * from learner where random() > 0 -- {visible}",
    ],
)
def test_question_whose_rows_are_not_narrowed_where_they_leave_is_refused(sql: str, cast: Cast) -> None:
    for viewer in (cast.administrator, cast.nobody):
        with pytest.raises(MissingAccessCheck):
            ask(viewer, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "with every as (select * from learner) select learner_id from every as l where {visible:l.learner_id}",
        "select learner_id from learner where {visible} and (true or false) order by learner_id limit 9",
        "select learner_id from learner where {visible} union select learner_id from enrolment where {visible}",
        "select learner_id from (select 1) left join enrolment on true where learner_id is null or {visible}",
    ],
)
def test_question_whose_rows_are_narrowed_where_they_leave_is_answered(sql: str, cast: Cast) -> None:
    assert set(ask(cast.student, sql)["learner_id"]) == {cast.learners["Amal"]}
    assert ask(cast.nobody, sql).is_empty()


def test_answer_about_no_one_names_no_person(cast: Cast) -> None:
    counted = "select course_id, count(*) as learners_count from enrolment where {visible} group by all"
    assert ask_about_no_one(cast.teacher, f"from ({counted})")["learners_count"].sum() == 4
    with pytest.raises(MissingAccessCheck):
        ask_about_no_one(cast.teacher, "select course_id from course")
    for column in ("learner_id", "user_id", "learner_name", "guardian_id", "email"):
        with pytest.raises(NamesAPerson, match=column):
            ask_about_no_one(cast.teacher, f"from (select learner_id as {column} from enrolment where {{visible}})")


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
        if not takes_a_viewer(function)
        if {"ask", "ask_about_no_one", "ask_anything", "asking_one_state", "learner_rows", "narrowed"}
        & vars(module).keys()
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
