"""Accounts for the pages of an imported record: `python -m benchmarks.accounts` adds them to DATABASE_URL's record.

They have the names and the password of the sample's: `student` and `parent` see learners of the largest course,
`teacher` gets a class of 30 of them. For copies of records made for measuring, never for one that people use.
"""

from datetime import UTC, datetime

from sqlalchemy import func, select, update

from data.models import Enrolment, User
from data.record import Transaction, current_record
from progress.courses.classes import add_class, join_class, teach_class
from progress.people.accounts import add_user, give_role, link_guardian, set_password
from progress.sample.school import SAMPLE_PASSWORD

CLASS_SIZE = 30


def learners_of_largest_course(tx: Transaction) -> tuple[int, list[int]]:
    """The course with the most enrolments, and learners who have not dropped out and did not just begin."""
    by_size = select(Enrolment.course_id).group_by(Enrolment.course_id).order_by(func.count().desc()).limit(1)
    course = tx.execute(by_size).scalar_one()
    staying = select(Enrolment.user_id).where(Enrolment.course_id == course, Enrolment.status != "dropped")
    return course, list(tx.execute(staying.order_by(Enrolment.user_id).limit(CLASS_SIZE)).scalars())


def add_accounts(tx: Transaction) -> None:
    course, learners = learners_of_largest_course(tx)
    people = {
        "teacher": add_user(tx, "Terry Teacher", username="teacher", roles=["teacher"]),
        "parent": add_user(tx, "Pat Parent", username="parent", roles=["parent"]),
        "admin": add_user(tx, "Ada Administrator", username="admin", roles=["administrator"]),
        "student": learners[0],
    }
    tx.execute(update(User).where(User.id == learners[0]).values(username="student", changed_in=tx.number))
    give_role(tx, learners[0], "student")
    for person in people.values():
        set_password(tx, person, SAMPLE_PASSWORD, minimum_length=len(SAMPLE_PASSWORD))
    for child in learners[:2]:
        link_guardian(tx, people["parent"], child)
    taught = add_class(tx, f"Class of {datetime.now(UTC):%Y}", course)
    join_class(tx, taught, learners)
    teach_class(tx, taught, people["teacher"])


if __name__ == "__main__":
    with current_record().writing() as tx:
        add_accounts(tx)
