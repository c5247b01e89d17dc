"""Whatever was signed and wherever a case was sent: new keys are for those for whom it is then, and for nobody else."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import LONG
from tests.inspectorate import Inspectorate, act
from tests.services import staff
from tests.services.keys_at_work import tomorrow, work
from tests.services.moving import move
from whistle.casefile.manifest import Acting
from whistle.services import handover, routing
from whistle.services.handover_case import one_case
from whistle.services.proposal import Choices
from whistle.services.work import locked

POOL = {"yusuf": "triase", "fajar": "irban-3", "hendra": "irban-1", "lestari": "irban-2"}  # come, go and act
FIXED = {"rahma": "triase", "inspektur": "pimpinan", "gunawan": "irban-khusus", "nurul": "irban-4"}
UNITS = st.sampled_from(["triase", "pimpinan", "irban-1", "irban-2", "irban-khusus"])
TRACK = {"triase", "pimpinan"}  # whose officers read an ordinary report
STEPS = st.one_of(
    st.tuples(st.just("move"), st.dictionaries(st.sampled_from(sorted(POOL)), UNITS | st.just(""), min_size=1)),
    st.tuples(st.just("act"), st.sampled_from(sorted(POOL)), UNITS, st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("route"), st.integers(0, 1), UNITS),
    st.tuples(st.just("keys"), st.integers(0, 1)),
    st.tuples(st.just("day")),
)


class Model:
    """Who reads two cases, by the words of the decision and none of the product's code."""

    def __init__(self, office: Inspectorate) -> None:
        self.office, self.posts = office, FIXED | POOL
        self.acts: list[tuple[str, str, date, date]] = []
        self.sent: list[list[str]] = []
        self.named: list[set[str]] = []

    def of(self, units: set[str], day: date) -> set[str]:
        """Who is of these units, or acts for one of them."""
        own = {login for login, unit in self.posts.items() if unit in units}
        return own | {login for login, unit, first, last in self.acts if unit in units and first <= day <= last}

    def acts_already(self, login: str, unit: str, first: date, last: date) -> bool:
        """Whether somebody acts for the unit on one of these days."""
        return any(one[:2] == (login, unit) and one[2] <= last and first <= one[3] for one in self.acts)

    def due(self, case: int, day: date) -> set[str]:
        """The track's readers, the unit with which it lies, and of the units before it who was given it."""
        return self.of({*TRACK, self.sent[case][-1]}, day) | (self.of({*self.sent[case]}, day) & self.named[case])


@pytest.fixture
def model(office: Inspectorate) -> Iterator[Model]:
    yield Model(office)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300 if LONG else 6)
@given(st.lists(STEPS, min_size=3, max_size=9))
def test_a_new_epoch_is_read_by_those_for_whom_the_case_is_then(model: Model, steps: list[tuple[object, ...]]) -> None:
    # Given two cases of yesterday, and everybody in their own unit
    office = model.office
    tomorrow(office)
    staff.signed(office, Choices(end_acting=staff.directory(office).current.acting))
    move(office, POOL)
    model.posts, model.acts = FIXED | POOL, []
    ids = [office.triaged()[2] for _ in range(2)]
    model.sent, model.named = [["triase"], ["triase"]], [model.of(TRACK, office.clock.today()) for _ in ids]
    tomorrow(office)
    for step in steps:
        _do(model, ids, step)
    # When the queue is worked off, and then whatever is left
    before = [_readers(office, case) for case in ids]
    assert before == model.named
    for line in handover.lines(office.ctx, office.officer("inspektur")):
        if line.kind == "epoch":
            work(office, "inspektur", line.about, "epoch")
    # Then the queue passed over nobody whom a manifest moved or removed: only days of acting may have ended
    acted = {login for login, *_ in model.acts}
    for number, case in enumerate(ids):
        due = model.due(number, office.clock.today())
        now = _readers(office, case)
        assert now - due <= acted and (now == due or now == before[number])
        model.named[number] = now
        _do(model, ids, ("keys", number))


def _do(model: Model, ids: list[bytes], step: tuple[object, ...]) -> None:
    office = model.office
    today, inspektur = office.clock.today(), office.officer("inspektur")
    match step:
        case ("move", dict(posts)):
            leave = {login for login, unit in posts.items() if not unit and model.posts[login]}
            posts = {login: unit for login, unit in posts.items() if unit}
            model.posts |= posts | dict.fromkeys(leave, "")
            model.acts = [one for one in model.acts if model.posts[one[0]]]
            move(office, posts, leave)
        case ("act", str(login), str(unit), int(first), int(days)) if model.posts[login] not in ("", unit):
            whole = (today + timedelta(days=first), today + timedelta(days=first + days))
            if model.acts_already(login, unit, *whole):
                return  # nobody is given the same post twice for one day
            staff.signed(office, Choices(act=(Acting(staff.id_of(office, login), unit, "plh", *whole, "1"),)))
            model.acts.append((login, unit, *whole))
        case ("route", int(number), str(unit)) if unit != model.sent[number][-1] and model.of({unit}, today):
            routing.route(office.ctx, office.officer("rahma"), ids[number], act(), unit, "Ke sana.")
            model.sent[number].append(unit)
            model.named[number] |= model.of({unit}, today)
        case ("keys", int(number)):
            due, before = model.due(number, today), _readers(office, ids[number])
            done = one_case(office.ctx, inspektur, "epoch", inspektur.id, ids[number])
            assert done == ("given" if before - due else "nothing")
            model.named[number] = due if before - due else model.named[number]
            assert _readers(office, ids[number]) == model.named[number]
        case ("day",):
            tomorrow(office)


def _readers(office: Inspectorate, case: bytes) -> set[str]:
    inspektur = office.officer("inspektur")
    with office.ctx.store.write() as tx:
        file = locked(office.ctx, tx, inspektur, case)
        return {file.directory.officers[id_].login for id_ in file.readers()}
