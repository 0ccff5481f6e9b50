"""Incidents: posts about one matter."""

from dataclasses import dataclass
from typing import Optional

from tocsin._classes import (_ATTENTIONS, _TIME_UNKNOWN, _VENUES, Document, Scanner, Verdict, _Batch, _handle, _OneCall, _text,
                             _verdict_of)
from tocsin._library import check, encode, ffi, lib, unsigned

_NAMES_OF_ATTENTION, _NAMES_OF_VENUES = list(_ATTENTIONS), list(_VENUES)
_JOINED_BY = ("nothing", "words", "matter", "centroid")
_ATTACHED_AS = ("nothing", "answer", "rebuttal", "echo")
_TURNS = ("none", "answered", "refuted", "doubted")


@dataclass
class Tracked:
    """What became of a document: the id of its incident, 0 for none, and what it changed there."""

    verdict: Verdict
    incident: int
    is_new: bool
    joined_by: str
    score: float
    raised: bool
    tier_rose: bool
    attached_as: str
    turn: str
    returns: int
    merged: int
    merged_into: int
    attention: str
    time: Optional[int]


@dataclass
class Incident:
    """An incident as it was when it was asked for. Times are milliseconds since 1970; None: no post had one."""

    id: int
    returns: int
    tier: str
    clauses: list
    first_time: Optional[int]
    last_time: Optional[int]
    posts: int
    reach: int
    venues: dict
    attention: str
    last_hour: int
    is_over: bool
    is_severe: bool
    attached: dict
    document: str
    sample: str


def _time(value):
    return None if value == _TIME_UNKNOWN else value


def _string(data):
    return ffi.string(data).decode("utf-8", "replace")


def _incident(found):
    return Incident(
        id=found.id, returns=found.returns, tier=_string(found.tier_id),
        clauses=[_string(found.clauses[i]) for i in range(min(found.clause_count, len(found.clauses)))],
        first_time=_time(found.first_time), last_time=_time(found.last_time), posts=found.posts, reach=found.reach,
        venues={name: found.venues[i] for i, name in enumerate(_NAMES_OF_VENUES) if found.venues[i]},
        attention=_NAMES_OF_ATTENTION[found.attention], last_hour=found.last_hour, is_over=bool(found.over),
        is_severe=bool(found.severe), attached={name: found.attached[i] for i, name in enumerate(_ATTACHED_AS) if found.attached[i]},
        document=_string(found.document), sample=_string(found.sample))


class Tracker(_OneCall):
    """Groups posts about one matter into incidents, by the times of the documents. For one thread at a time."""

    def __init__(self):
        error, made = ffi.new("tocsin_error *"), ffi.new("tocsin_tracker **")
        check(lib.tocsin_tracker_create(ffi.NULL, made, error), error)
        super().__init__(made[0], lib.tocsin_tracker_free)

    @classmethod
    def restore(cls, snapshot):
        """The tracker that save() has saved."""
        error, made, data = ffi.new("tocsin_error *"), ffi.new("tocsin_tracker **"), encode(snapshot, "snapshot")
        check(lib.tocsin_tracker_restore(data, len(data), ffi.NULL, made, error), error)
        tracker = cls.__new__(cls)
        _OneCall.__init__(tracker, made[0], lib.tocsin_tracker_free)
        return tracker

    def add(self, scanner, document, **facts):
        """Grades a document, as ``scanner.classify`` takes it, and adds it to its incident, or begins one. Where the incident
        has more attention than the document, it is graded again with that, and ``verdict`` is the second one."""
        batch = _Batch([Document(document, **facts) if facts else document])
        error, tracked, verdict = ffi.new("tocsin_error *"), ffi.new("tocsin_tracked *"), ffi.new("tocsin_verdict **")
        _handle(scanner, Scanner, "scanner")
        with scanner._call() as grader, self._call() as tracker:
            for count in (lib.tocsin_tracker_add, lib.tocsin_tracker_raise):
                status = lib.tocsin_classify(grader, batch.array, verdict, error)
                batch.raised()
                check(status, error)
                check(count(tracker, batch.array, verdict[0], tracked, error), error)
                if not tracked.incident or tracked.attention <= verdict[0].attention:
                    break
                batch.array.attention = tracked.attention
            return Tracked(
                verdict=_verdict_of(verdict, error), incident=tracked.incident, is_new=bool(tracked.is_new),
                joined_by=_JOINED_BY[tracked.joined_by], score=tracked.score, raised=bool(tracked.raised),
                tier_rose=bool(tracked.tier_rose), attached_as=_ATTACHED_AS[tracked.attached_as], turn=_TURNS[tracked.turn],
                returns=tracked.returns, merged=tracked.merged, merged_into=tracked.merged_into,
                attention=_NAMES_OF_ATTENTION[tracked.attention], time=_time(tracked.time))

    def incident(self, id):
        """The incident of an id; None: there is none, or none any more."""
        with self._call() as tracker:
            found = lib.tocsin_tracker_get(tracker, unsigned(id, 64, "id"))
            return _incident(found) if found != ffi.NULL else None

    def incidents(self):
        """All incidents that are kept, by id."""
        with self._call() as tracker:
            return [_incident(lib.tocsin_tracker_at(tracker, i)) for i in range(lib.tocsin_tracker_count(tracker))]

    def save(self):
        """Everything that the tracker knows, as bytes for restore()."""
        error = ffi.new("tocsin_error *")
        with self._call() as tracker:
            return _text(lambda out: lib.tocsin_tracker_save_to_buffer(tracker, out, error), error)
