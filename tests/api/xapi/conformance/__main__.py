"""Run the requirements and print by section how many of them hold; exit status 1 where one does not."""

import sys
from collections import defaultdict
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent


class Tally:
    """A pytest plugin: whether each test function passed, in all of its cases, by the section that its file names."""

    def __init__(self) -> None:
        self.sections: dict[str, str] = {}
        self.holds: dict[str, dict[str, bool]] = defaultdict(dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            module = item.getparent(pytest.Module)
            self.sections[item.nodeid] = module.obj.__doc__.partition(":")[0] if module else ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            of_section = self.holds[self.sections[report.nodeid]]
            requirement = report.nodeid.rpartition("::")[2].partition("[")[0]
            of_section[requirement] = of_section.get(requirement, True) and report.outcome == "passed"

    def table(self) -> Table:
        table = Table("section", "hold", "of", title="Requirements of xAPI 1.0.3")
        for section, of_section in sorted(self.holds.items()):
            table.add_row(section, str(sum(of_section.values())), str(len(of_section)))
        every = [held for of_section in self.holds.values() for held in of_section.values()]
        table.add_section()
        table.add_row("all", str(sum(every)), str(len(every)))
        return table


if __name__ == "__main__":
    tally = Tally()
    status = pytest.main([str(HERE), "-q", "-n", "0", "--no-header"], plugins=[tally])
    Console().print(tally.table())
    sys.exit(int(status))
