"""The test people: two courses, two classes, a learner whom nobody teaches, and a person who must see nothing."""

from dataclasses import dataclass
from datetime import timedelta

from data.viewer import Viewer
from tests.queries.world import NOW, World

EVERYONE = Viewer(0, "Ada", frozenset({"administrator"}), frozenset())
MONTH_AGO = NOW - timedelta(days=30)


@dataclass(frozen=True)
class Cast:
    """Maths has Amal, Bo and Chidi (class) and Dina (no class); art has Bo and Elif (class). Teo teaches maths.

    Chidi and Elif did nothing for 20 days, the others for 9.
    """

    world: World
    maths: int
    art: int
    maths_class: int
    art_class: int
    maths_unit: int
    maths_modules: tuple[int, ...]
    learners: dict[str, int]
    student: Viewer
    teacher: Viewer
    parent: Viewer
    administrator: Viewer
    nobody: Viewer


def school_with_everyone() -> Cast:
    world = World()
    maths, art = world.course(), world.course()
    maths_unit, maths_modules = world.unit_of(maths, modules=3)
    _, art_modules = world.unit_of(art, modules=2)
    people = {name: world.person(name, "student") for name in ("Amal", "Bo", "Chidi", "Dina", "Elif")}
    for name in ("Amal", "Bo", "Chidi", "Dina"):
        world.enrol(people[name], maths, MONTH_AGO)
        world.touch(people[name], maths_modules[0], NOW - timedelta(days=20 if name == "Chidi" else 9))
    for name in ("Bo", "Elif"):
        world.enrol(people[name], art, MONTH_AGO)
        world.touch(people[name], art_modules[0], NOW - timedelta(days=20 if name == "Elif" else 9))
    teacher, art_teacher = world.person("Teo", "teacher"), world.person("Uma", "teacher")
    parent = world.person("Parveen", "parent")
    world.guardians.append((parent, people["Amal"]))
    maths_class = world.school_class(maths, [people["Amal"], people["Bo"], people["Chidi"]], teacher)
    art_class = world.school_class(art, [people["Bo"], people["Elif"]], art_teacher)
    return Cast(
        world=world,
        maths=maths,
        art=art,
        maths_class=maths_class,
        art_class=art_class,
        maths_unit=maths_unit,
        maths_modules=tuple(maths_modules),
        learners=people,
        student=_viewer(people["Amal"], "Amal", "student", {people["Amal"]}),
        teacher=Viewer(
            teacher,
            "Teo",
            frozenset({"teacher"}),
            frozenset(people[name] for name in ("Amal", "Bo", "Chidi")),
            class_ids=(maths_class,),
        ),
        parent=_viewer(parent, "Parveen", "parent", {people["Amal"]}),
        administrator=_viewer(world.person("Ada", "administrator"), "Ada", "administrator", set()),
        nobody=Viewer(world.person("Noor"), "Noor", frozenset(), frozenset()),
    )


def _viewer(user_id: int, name: str, role: str, learner_ids: set[int]) -> Viewer:
    return Viewer(user_id, name, frozenset({role}), frozenset(learner_ids))
