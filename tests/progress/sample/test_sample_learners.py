"""How learners of the sample school get on: every kind of learner is there, and studies as people do."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select, text

from data.models import CourseProgress, ModuleProgress, ProgressEvent, User
from data.record import Record

LONDON = ZoneInfo("Europe/London")
TODAY = datetime.now(LONDON).date()
MIDNIGHT = datetime.combine(TODAY, datetime.min.time(), LONDON).astimezone(UTC)


def rows(record: Record, statement: str, **parameters: Any) -> list[Row[Any]]:
    with record.reading() as connection:
        return list(connection.execute(text(statement), parameters).all())


def times(record: Record, name: str, *authorities: str) -> list[datetime]:
    """When a learner did something, or staff or the machine did it for them."""
    statement = select(ProgressEvent.occurred_at).join(User, User.id == ProgressEvent.user_id)
    chosen = statement.where(User.full_name == name, ProgressEvent.authority.in_(authorities or ("learner", "system")))
    with record.reading() as connection:
        return list(connection.scalars(chosen.order_by(ProgressEvent.occurred_at)))


def percentages(record: Record, name: str) -> dict[str, float]:
    statement = """select courses.external_id, completion_percentage from course_progress
                   join users on users.id = user_id join courses on courses.id = course_id where full_name = :name"""
    return {row[0]: row[1] for row in rows(record, statement, name=name)}


def test_student_account_is_halfway_through_two_courses(school: Record) -> None:
    reached = percentages(school, "Amara Okafor")
    assert sorted(reached) == ["MAT-8", "SCI-8"]
    assert all(50 <= percentage <= 70 for percentage in reached.values())


def test_student_account_is_in_the_middle_of_a_lecture_that_can_be_watched_here(school: Record) -> None:
    begun = """select title, media_url, duration_seconds, position_seconds, watched_intervals from module_progress
               join modules on modules.id = module_id join users on users.id = user_id
               where full_name = 'Amara Okafor' and status = 'in_progress' and kind = 'lecture'"""
    assert rows(school, begun) == [
        ("Sound as a wave", "/clips/sound-as-a-wave.mp4", 76, 41, "[[0.0,19.0],[28.0,41.0]]")
    ]


def test_who_finished_is_completed_although_a_module_was_added_since(school: Record) -> None:
    club = """select status, completed_modules_count, total_modules, p.completed_at is not null from course_progress p
              join enrolments using (user_id, course_id) join users on users.id = user_id
              join courses on courses.id = course_id
              where full_name = 'Rebecca Levy' and courses.external_id = 'COM-CLUB'"""
    assert rows(school, club) == [("completed", 20, 21, True)]


def test_leaders_are_far_ahead_of_strugglers(school: Record) -> None:
    leaders, strugglers = ["Zainab Hussain", "Harry Saunders"], ["Mohammed Rahman", "Rory McAllister"]
    assert all(percentages(school, name)["SCI-8"] >= 80 for name in leaders)
    assert all(percentages(school, name)["SCI-8"] <= 35 for name in strugglers)
    assert _mean_score(school, leaders) > 80
    assert 40 < _mean_score(school, strugglers) < 62


def test_who_stopped_did_nothing_for_five_weeks(school: Record) -> None:
    stopped = times(school, "Ruby Castle")
    assert timedelta(weeks=5) <= MIDNIGHT - stopped[-1] < timedelta(weeks=8)
    assert len(stopped) > 10


def test_who_dropped_out_has_a_date_and_progress_before_it(school: Record) -> None:
    dropped = """select full_name, status from enrolments join users on users.id = user_id
                 where status = 'dropped' order by full_name"""
    assert rows(school, dropped) == [
        ("Dylan Price", "dropped"),
        ("Ibrahim Bello", "dropped"),
        ("Jayden Lewis", "dropped"),
        ("Scarlett Finch", "dropped"),
    ]
    assert times(school, "Dylan Price")


def test_who_never_started_has_no_event_and_zero(school: Record) -> None:
    assert times(school, "Kofi Mensah", "learner", "staff", "system") == []
    assert percentages(school, "Kofi Mensah") == {"SCI-8": 0, "MAT-8": 0}


def test_who_joined_late_did_nothing_before(school: Record) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday())
    assert times(school, "Yusuf Demir")[0].date() >= monday - timedelta(weeks=7)


def test_some_lectures_are_partly_watched_and_some_quizzes_taken_again(school: Record) -> None:
    with school.reading() as connection:
        partly = select(func.count()).where(ModuleProgress.status == "in_progress", ModuleProgress.watched_share > 0)
        again = select(func.count()).where(ModuleProgress.attempts_count > 1)
        failed = select(func.count()).where(ModuleProgress.is_passed.is_(False))
        assert (connection.scalar(partly) or 0) >= 10
        assert (connection.scalar(again) or 0) >= 15
        assert (connection.scalar(failed) or 0) >= 10


def test_some_work_is_handed_in_and_not_marked_yet(school: Record) -> None:
    unmarked = "select count(*) from module_progress where attempts_count > 0 and score is null"
    assert rows(school, unmarked)[0][0] >= 5


def test_learning_happens_on_weekdays_by_day_and_never_in_the_future(school: Record) -> None:
    with school.reading() as connection:
        moments = list(connection.scalars(select(ProgressEvent.occurred_at)))
    local = [moment.astimezone(LONDON) for moment in moments]
    weekend = sum(moment.weekday() >= 5 for moment in local)
    night = sum(moment.hour < 8 or moment.hour >= 22 for moment in local)
    assert 0.02 < weekend / len(local) < 0.15
    assert night / len(local) < 0.05
    assert max(moments) < MIDNIGHT


def test_half_term_is_quiet(school: Record) -> None:
    first_monday = TODAY - timedelta(days=TODAY.weekday(), weeks=12)
    with school.reading() as connection:
        moments = list(connection.scalars(select(ProgressEvent.occurred_at)))
    weeks = [(moment.astimezone(LONDON).date() - first_monday).days // 7 for moment in moments]
    assert weeks.count(6) < 0.5 * min(weeks.count(5), weeks.count(7))


def test_class_means_are_those_of_a_real_class(school: Record) -> None:
    with school.reading() as connection:
        per_course = select(func.avg(CourseProgress.completion_percentage)).group_by(CourseProgress.course_id)
        means = [float(mean) for mean in connection.scalars(per_course)]
    assert all(40 <= mean <= 65 for mean in means)


def _mean_score(record: Record, names: list[str]) -> float:
    scores = select(func.avg(ModuleProgress.score)).join(User, User.id == ModuleProgress.user_id)
    with record.reading() as connection:
        return float(connection.scalar(scores.where(User.full_name.in_(names))) or 0)
