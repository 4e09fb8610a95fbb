"""Unknown learners and videos of a course that has opted in, made known: pseudonymous learners, lectures in “Videos”.

Who may cause this, and what becomes of statements about others, is decided elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, select, update

from data.models import Course
from data.record import Transaction, current_record
from data.source_rows import Tally
from data.viewer import Viewer, require_administrator
from progress.courses.structure import add_course
from progress.people.access import administering
from progress.xapi.record.directory import Directory, directory_of
from progress.xapi.record.provisioned_learners import provision_learners
from progress.xapi.record.provisioned_videos import Times, VideoDraft, provision_videos
from progress.xapi.statement.subjects import LearnerMention, Mentions, Subject, VideoMention

MOST_TITLE_LETTERS = 200

_Key = TypeVar("_Key", int, str)


@dataclass
class Wanted:
    """What the statements of one course name: people, each with the time of their first statement, and videos."""

    unknown_learners: dict[str, datetime] = field(default_factory=dict)
    known_learners: dict[int, datetime] = field(default_factory=dict)
    videos: dict[str, VideoDraft] = field(default_factory=dict)

    def add_video(self, mention: VideoMention) -> None:
        activity = mention.activity
        if activity is not None and (mention.length_seconds is not None or mention.is_event):
            self.videos.setdefault(activity, VideoDraft(activity, mention.first_at)).add(mention)

    def add_learner(self, mention: LearnerMention, user_id: int | None) -> None:
        actor = mention.actor
        if user_id is not None:
            _keep_earliest(self.known_learners, user_id, mention.first_at)
        elif actor.external_id is not None and not actor.is_group:
            _keep_earliest(self.unknown_learners, actor.external_id, mention.first_at)

    @property
    def first_at(self) -> datetime:
        drafts = (draft.first_at for draft in self.videos.values())
        return min([*drafts, *self.known_learners.values(), *self.unknown_learners.values()])


class Provisioned(NamedTuple):
    """The directory as it is then, what was made known, and who is newly enrolled, by the course."""

    directory: Directory
    tallies: dict[str, Tally]
    newcomers: dict[int, list[int]]


def provision(
    tx: Transaction,
    subjects: Iterable[Subject],
    mentions: Mentions,
    directory: Directory,
    received_at: datetime,
    begun: dict[int, datetime] | None = None,
) -> Provisioned:
    """Make known what statements mention in courses that opted in. Newcomers are yet to be rolled up.

    `begun` is given what a source in several parts has to remember: the courses that it found without a module, and
    since when theirs count.
    """
    courses_begun = {} if begun is None else begun
    tallies: dict[str, Tally] = {}
    newcomers: dict[int, list[int]] = {}
    for course_id, wanted in _wanted(mentions, directory).items():
        created, newcomers[course_id] = _provision_one(tx, course_id, wanted, received_at, courses_begun)
        tallies = {name: tallies.get(name, Tally()) + Tally(created=count) for name, count in created.items()}
    changed = any(tally.created for tally in tallies.values())
    return Provisioned(directory_of(tx, subjects) if changed else directory, tallies, newcomers)


def _provision_one(
    tx: Transaction, course_id: int, wanted: Wanted, received_at: datetime, begun: dict[int, datetime]
) -> tuple[dict[str, int], list[int]]:
    drafts = list(wanted.videos.values())
    times = Times(wanted.first_at, received_at, begun) if drafts else None
    videos = provision_videos(tx, course_id, drafts, times) if times else 0
    learners, newcomers = provision_learners(tx, course_id, wanted.unknown_learners, wanted.known_learners, received_at)
    return {"videos": videos, "learners": learners, "enrolments": len(newcomers)}, newcomers


def provision_courses(tx: Transaction, subjects: Iterable[Subject], directory: Directory) -> dict[str, Tally]:
    """Let every course that is named opt in; those that do not exist yet are made, titled by their ids."""
    wanted = {subject.courses for subject in subjects if subject.courses}
    known = {course.course_id for courses in wanted if (course := directory.course_of(courses))}
    new = {courses[0] for courses in wanted if directory.course_of(courses) is None}
    created = [add_course(tx, external_id[:MOST_TITLE_LETTERS], external_id=external_id) for external_id in sorted(new)]
    changed = sum(set_provisioning(tx, course_id, True) for course_id in sorted(known))
    for course_id in created:
        set_provisioning(tx, course_id, True)
    return {"courses": Tally(len(created), changed)}


def set_provisioning(tx: Transaction, course_id: int, provisions: bool) -> bool:
    """Let a course opt in, or no longer; says whether that changed anything."""
    differs = (Course.id == course_id, Course.provisions_xapi.is_not(provisions))
    changed = tx.execute(update(Course).where(*differs).values(provisions_xapi=provisions, changed_in=tx.number))
    return bool(changed.rowcount)


def provisions_xapi(connection: Connection, course_id: int) -> bool:
    """Whether statements about unknown learners and videos of the course make them known."""
    return connection.execute(select(Course.provisions_xapi).where(Course.id == course_id)).scalar_one()


def provisioning_of(viewer: Viewer, course_id: int) -> bool:
    """Whether the course has opted in, for administrators. Raises NotAllowed."""
    require_administrator(viewer)
    with current_record().reading() as connection:
        return provisions_xapi(connection, course_id)


def change_provisioning(viewer: Viewer, course_id: int, provisions: bool) -> None:
    """Let a course opt in, or no longer, for administrators. Raises NotAllowed."""
    with administering(viewer) as tx:
        set_provisioning(tx, course_id, provisions)


class UnknownCourse(LookupError):
    def __init__(self, external_id: str) -> None:
        super().__init__(f"There is no course with the external id “{external_id}”.")
        self.external_id = external_id


def course_id_of(tx: Transaction, external_id: str) -> int:
    """The course with this external id. Raises UnknownCourse."""
    course_id: int | None = tx.execute(select(Course.id).where(Course.external_id == external_id)).scalar_one_or_none()
    if course_id is None:
        raise UnknownCourse(external_id)
    return course_id


def _wanted(mentions: Mentions, directory: Directory) -> dict[int, Wanted]:
    """What is to be made known, by the course. Activities that are courses are no videos."""
    found: dict[int, Wanted] = defaultdict(Wanted)
    for video in mentions.videos:
        course = directory.course_of(video.courses)
        if course is not None and course.provisions and video.activity not in directory.courses:
            found[course.course_id].add_video(video)
    for learner in mentions.learners:
        course, user_id = directory.course_of(learner.courses), directory.learner_of(learner.actor)
        if course is not None and course.provisions:
            wanted = found[course.course_id]
            if (user_id, course.course_id) not in directory.enrolled:
                wanted.add_learner(learner, user_id)
    return found


def _keep_earliest(times: dict[_Key, datetime], key: _Key, at: datetime) -> None:
    known = times.get(key)
    if known is None or at < known:
        times[key] = at
