"""Many people at once, each on a thread of their own: what they do, and what the server answers."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.nojs import Page


@dataclass
class Told:
    """What all of them were told: the status of every answer, and every error, with who met it."""

    statuses: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def answer(self, page: Page) -> Page:
        """Note an answer's status."""
        self.statuses.append(page.status)
        return page

    def worst(self) -> int:
        """The highest status."""
        return max(self.statuses)


def all_at_once(told: Told, people: Iterable[tuple[str, Callable[[], None]]], seconds: float = 120) -> None:
    """Start everybody at the same moment and wait until all are done; what one raises is noted in ``told``."""
    people = list(people)
    gate = threading.Barrier(len(people))

    def run(name: str, life: Callable[[], None]) -> None:
        try:
            gate.wait(seconds)
            life()
        except Exception as error:
            told.errors.append(f"{name}: {type(error).__name__}: {error}"[:600])

    threads = [threading.Thread(target=run, args=person, daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    late = [name for (name, _), thread in zip(people, threads, strict=True) if thread.is_alive()]
    told.errors += [f"{name} did not come to an end" for name in late]
