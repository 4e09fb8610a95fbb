"""How learners of the sample school get on: the kinds of learners that every class has."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """One way to go through a course. Shares and chances are between 0 and 1, weeks count from 0.

    `reach` is the range of the share of modules that such learners reach in their time in the course. `finishes` is
    the chance that they finish a module that they opened; `extras` that they do an optional one. `ability` is the mean
    and the spread of their scores in percent.
    """

    reach: tuple[float, float]
    finishes: float
    extras: float
    ability: tuple[float, float]
    joins_in_week: int = 0
    is_active_until_week: int | None = None
    is_dropped: bool = False


PERSONAS = {
    "finished": Persona((1.0, 1.0), 1.0, 0.8, (91, 5), is_active_until_week=11),
    "leading": Persona(reach=(0.92, 1.0), finishes=1.0, extras=0.8, ability=(88, 7)),
    "steady": Persona(reach=(0.6, 0.9), finishes=0.985, extras=0.4, ability=(71, 10)),
    "middling": Persona(reach=(0.85, 0.85), finishes=0.99, extras=0.6, ability=(67, 9)),
    "struggling": Persona(reach=(0.35, 0.65), finishes=0.8, extras=0.1, ability=(50, 12)),
    "late": Persona(reach=(0.4, 0.6), finishes=0.95, extras=0.2, ability=(68, 9), joins_in_week=5),
    "stopped": Persona(reach=(0.4, 0.5), finishes=0.9, extras=0.1, ability=(60, 10), is_active_until_week=7),
    "dropped": Persona((0.15, 0.3), 0.75, 0.0, (46, 12), is_active_until_week=5, is_dropped=True),
    "never_started": Persona(reach=(0.0, 0.0), finishes=0.0, extras=0.0, ability=(0, 0)),
}
