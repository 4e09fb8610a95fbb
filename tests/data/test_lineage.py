"""A restored record never passes for the one that it was restored from."""

from data.lineage import start_new_lineage
from data.mirror import Mirror, Refreshed
from data.record import Record

ROWS_OF_THE_SCHOOL = 28


def test_a_mirror_is_built_anew_when_a_new_lineage_starts(school: Record, mirror: Mirror) -> None:
    mirror.refresh()
    with school.writing() as tx:
        start_new_lineage(tx)
    assert mirror.refresh() == Refreshed(ROWS_OF_THE_SCHOOL, is_rebuilt=True)
    assert mirror.refresh() == Refreshed(0, is_rebuilt=False)
