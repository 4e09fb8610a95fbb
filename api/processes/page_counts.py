"""How many pages each of the other processes has open: of a person, of a network address, and in all."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping

from data.notices import notify_others, on_notice

_OPEN, _ENDED = "pages open", "process ended"


class PageCounts:
    """Counted by each process for itself, and heard of from the others a moment later."""

    def __init__(self) -> None:
        self.of_process: Counter[int] = Counter()
        self._held: defaultdict[int, Counter[Hashable]] = defaultdict(Counter)
        on_notice(_OPEN, self._note)
        on_notice(_ENDED, self._drop)

    def say(self, process: int, count: int, held: Mapping[Hashable, int]) -> None:
        """This process has so many pages open, and of these people and addresses so many."""
        self.of_process[process] = count
        notify_others(_OPEN, (process, count, held))

    def elsewhere(self, holder: Hashable) -> int:
        """How many pages of a person or an address other processes have open."""
        return sum(held[holder] for held in list(self._held.values()))

    def forget(self, process: int) -> None:
        """A process has ended, with all its pages."""
        self._drop(process)
        notify_others(_ENDED, process)

    def _note(self, said: tuple[int, int, Mapping[Hashable, int]]) -> None:
        process, count, held = said
        self.of_process[process] = count
        for holder, pages in held.items():
            if pages:
                self._held[process][holder] = pages
            else:
                self._held[process].pop(holder, None)

    def _drop(self, process: int) -> None:
        self.of_process.pop(process, None)
        self._held.pop(process, None)


PAGE_COUNTS = PageCounts()
