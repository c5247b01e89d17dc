"""Fill a demonstration with many cases: each a whole life with real keys, in batches, on every core.

Sealing takes the processors' time and only one may write, so each process seals a batch and then takes its turn.

What is chosen: every grant lies as it is sealed at intake and at routing, by HPKE and not yet under a reader's vault
key, so that the first sign-in of each officer has to open and wrap them all, as after months of reports. Nobody can
come back as one of these reporters: a receipt is keys here, from random seeds, without eight words.
"""

import gc
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from whistle.casefile.manifest import Directory
from whistle.crypto import vault
from whistle.domain.tracks import decide
from whistle.services import demo, lives, transparency
from whistle.services.acts import record_all
from whistle.services.casework import register, register_series
from whistle.services.context import Context
from whistle.services.lives import Life
from whistle.services.officer import Officer, unlocked
from whistle.services.telling import Told, tell
from whistle.store import bulk, cases, officers
from whistle.store.database import Store, Tx, write_alone

BATCH = 400  # cases in one commit: some 30 MB
PATIENCE = 300.0  # seconds that a process waits for the others' batches


class NotADemonstration(Exception):
    """Only a demonstration is filled with cases that nobody reported."""


@dataclass(frozen=True)
class _Task:
    """A part of the days on which reports came in, and the number that its lives are drawn with."""

    days: Sequence[date]
    seed: int


Progress = Callable[[int], None]  # told how many cases are stored so far


def fill(
    ctx: Context, passwords: Mapping[str, str], count: int, progress: Progress, processes: int = 0, seed: int = 0
) -> None:
    """Add ``count`` cases, spread over two years. ``passwords``: of every officer of the demonstration, by login.

    ``seed`` 0 draws other lives every time. Raises NotADemonstration, Refused for a wrong password, LookupError for an
    officer whose password is missing.
    """
    if not ctx.settings.demo:
        raise NotADemonstration
    staff = opened(ctx, passwords)
    rng = random.Random(seed or None)  # noqa: S311 - which story a made-up report follows is no secret
    days = lives.arrivals(rng, count, ctx.clock.today())
    tasks = [_Task(days[start : start + BATCH], rng.getrandbits(63)) for start in range(0, count, BATCH)]
    processes = min(processes or os.cpu_count() or 1, len(tasks))
    if processes <= 1:
        done = 0
        for task in tasks:
            done += _write(ctx, staff, task)
            progress(done)
    else:
        _spread(ctx, staff, tasks, processes, progress)
    transparency.order(ctx)


def opened(ctx: Context, passwords: Mapping[str, str]) -> dict[str, Officer]:
    """The demonstration's officers who work on cases, with their vaults open; no session begins. Raises Refused."""
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
        rows = [row for row in officers.all_officers(tx) if row.role not in ("admin", "auditor")]
    staff = {}
    for row in rows:
        key = vault.open_vault(vault.VaultRecord.from_bytes(row.vault), passwords[row.login])
        officer = unlocked(row, directory, key, ctx.clock.now())
        if officer is not None:
            staff[row.login] = officer
    return staff


def _spread(
    ctx: Context, staff: Mapping[str, Officer], tasks: Sequence[_Task], processes: int, progress: Progress
) -> None:
    """Each process takes every n-th task, so that all are near the same months. An error of one ends all."""
    fork = multiprocessing.get_context("fork")  # the open vaults pass to the children in memory and nowhere else
    told = fork.SimpleQueue()

    def work(which: int) -> None:
        gc.freeze()  # what the parent made is never garbage
        try:
            for task in tasks[which::processes]:
                told.put(_write(ctx, staff, task))
        except BaseException as error:
            told.put(f"{type(error).__name__}: {error}")
            raise

    children = [fork.Process(target=work, args=(which,), daemon=True) for which in range(processes)]
    for child in children:
        child.start()
    done = 0
    try:
        for _ in tasks:
            said = told.get()
            if isinstance(said, str):
                raise RuntimeError(f"a process that wrote cases failed: {said}")
            done += said
            progress(done)
    finally:
        for child in children:
            child.terminate() if done < sum(len(task.days) for task in tasks) else child.join()


def _write(ctx: Context, staff: Mapping[str, Officer], task: _Task) -> int:
    """Draw, seal and store one batch."""
    rng, today = random.Random(task.seed), ctx.clock.today()  # noqa: S311
    stories = lives.Stories(demo.stories())
    batch = [lives.live(rng, stories.pick(rng, (today - day).days), day, today) for day in task.days]
    with ctx.store.read() as tx:
        directory = ctx.directory(tx)
    store = Store(ctx.store.engine, PATIENCE)
    with store.write() as tx:
        registers = _registers(tx, batch)
    told = _told(ctx, directory, staff, batch, registers)
    with write_alone(store) as tx:
        bulk.roomy(tx)
        rows = bulk.NewRows()
        for one in told:
            rows.add(one.rows)
        bulk.store(tx, rows)
        record_all(tx, sorted((act for one in told for act in one.acts), key=lambda act: act.at))
    return len(batch)


def _told(
    ctx: Context, directory: Directory, staff: Mapping[str, Officer], batch: Sequence[Life], registers: Sequence[str]
) -> list[Told]:
    now, last, told = ctx.clock.now(), "", []
    for life, number in zip(batch, registers, strict=True):
        into = last or register(1, "inner", life.received)
        told.append(tell(directory, ctx.settings.zone, staff, life, number, into, now))
        last = number or last
    return told


def _registers(tx: Tx, batch: Sequence[Life]) -> list[str]:
    """The register number that each life's triage gives ("" for none), counted as real ones are."""
    triaged = [next((step.day for step in life.steps if step.do == "triage"), None) for life in batch]
    logs = [decide(life.complaint.office, life.complaint.accused).log for life in batch]
    order = sorted((day, index) for index, day in enumerate(triaged) if day is not None)
    series = [(register_series(logs[index], day), day, index) for day, index in order]
    following = {name: iter(cases.next_numbers(tx, name, n)) for name, n in Counter(s for s, _, _ in series).items()}
    registers = [""] * len(batch)
    for name, day, index in series:
        registers[index] = register(next(following[name]), logs[index], day)
    return registers
