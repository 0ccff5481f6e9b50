import datetime
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Optional, TypeVar, Union

__version__: str
_Self = TypeVar("_Self", bound="_Owner")
_Text = Union[str, bytes, bytearray]
_Time = Union[datetime.datetime, float, None]
_AnyDocument = Union[str, "Document", Mapping[str, Any]]

class Error(Exception):
    status: str
    file: str
    line: int
    column: int
    problems: list[dict[str, Any]]
    def __init__(self, message: str, status: str = "", file: str = "", line: int = 0, column: int = 0) -> None: ...

@dataclass
class Document:
    text: _Text = ""
    title: _Text = ""
    id: _Text = ""
    source: _Text = ""
    venue: str = "unknown"
    attention: str = "low"
    reach: int = 0
    time: _Time = None
    max_evidence: int = 0
    stop: Optional[Callable[[], object]] = None

@dataclass
class Evidence:
    clause: str
    topic: str
    term: str
    field: str
    start: int
    end: int
    text: str
    value: Optional[float] = None
    contribution: Optional[float] = None

@dataclass
class Verdict:
    id: str = ""
    tier: str = "none"
    clauses: list[str] = ...
    routes: list[str] = ...
    attention: str = "low"
    evidence: list[Evidence] = ...
    venue: str = "unknown"
    about: Optional[bool] = None
    incomplete: list[str] = ...
    malformed: int = 0
    generation: int = 0
    error: Optional[str] = None

@dataclass
class Tracked:
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
    id: int
    returns: int
    tier: str
    clauses: list[str]
    first_time: Optional[int]
    last_time: Optional[int]
    posts: int
    reach: int
    venues: dict[str, int]
    attention: str
    last_hour: int
    is_over: bool
    is_severe: bool
    attached: dict[str, int]
    document: str
    sample: str

class _Owner:
    def close(self) -> None: ...
    def __enter__(self: _Self) -> _Self: ...
    def __exit__(self, *_: Union[type[BaseException], BaseException, TracebackType, None]) -> None: ...

class Plan(_Owner):
    problems: list[dict[str, Any]]
    @classmethod
    def load(cls, path: Union[str, bytes, os.PathLike[str]]) -> Plan: ...
    @classmethod
    def compile(cls, sources: dict[str, _Text], name: _Text = "plan.yaml") -> Plan: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def content(self) -> int: ...
    def items(self, part: str) -> list[dict[str, Optional[str]]]: ...
    def find(self, part: str, id: _Text) -> Optional[int]: ...
    def scanner(self, *, max_evidence: int = 0, max_hits: int = 0, max_document_bytes: int = 0,
                all_topics: bool = False) -> Scanner: ...
    def save(self, path: Union[str, bytes, os.PathLike[str]]) -> None: ...

class Builder(_Owner):
    def __init__(self, base: Optional[Plan] = None) -> None: ...
    def set(self, label: Optional[_Text] = None, **texts: _Text) -> None: ...
    def set_reach(self, elevated: int = 0, high: int = 0) -> None: ...
    def add(self, part: str, id: _Text, bounds: str = "default", role: str = "none", attention: str = "low",
            label: Optional[_Text] = None, **texts: _Text) -> None: ...
    def remove(self, part: str, id: _Text) -> None: ...
    def add_term(self, topic: _Text, text: _Text, kind: str = "literal", bounds: str = "default", weight: float = 1.0,
                 unit: float = 1.0, unless: Iterable[_Text] = (), note: _Text = "", label: Optional[_Text] = None) -> None: ...
    def remove_term(self, topic: _Text, text: _Text) -> None: ...
    def add_venue(self, pattern: _Text, venue: str, label: Optional[_Text] = None) -> None: ...
    def remove_venue(self, pattern: _Text) -> None: ...
    def set_deadline(self, tier: _Text, name: _Text, hours: int, label: Optional[_Text] = None) -> None: ...
    def add_example(self, text: _Text = "", tier: _Text = "none", clauses: Optional[Iterable[_Text]] = None, title: _Text = "",
                    id: _Text = "", source: _Text = "", venue: str = "unknown", attention: str = "low", reach: int = 0,
                    label: Optional[_Text] = None) -> None: ...
    def remove_example(self, index: int) -> None: ...
    def compile(self) -> Plan: ...

class Slot(_Owner):
    def __init__(self, plan: Plan) -> None: ...
    def publish(self, plan: Plan) -> int: ...
    def scanner(self, *, max_evidence: int = 0, max_hits: int = 0, max_document_bytes: int = 0,
                all_topics: bool = False) -> Scanner: ...

class Scanner(_Owner):
    def __init__(self, plan: Union[Plan, Slot], max_evidence: int = 0, max_hits: int = 0, max_document_bytes: int = 0,
                 all_topics: bool = False) -> None: ...
    def classify(self, document: _AnyDocument, **facts: Any) -> Verdict: ...
    def classify_batch(self, documents: Iterable[_AnyDocument], graded_only: bool = False) -> list[Optional[Verdict]]: ...
    def explain(self, document: _AnyDocument, **facts: Any) -> dict[str, Any]: ...
    def stream(self, **facts: Any) -> Stream: ...
    def trim(self) -> None: ...

class Stream(_Owner):
    def __init__(self, scanner: Scanner, **facts: Any) -> None: ...
    def write(self, piece: _Text, field: str = "text") -> None: ...
    def end(self) -> Verdict: ...

class Tracker(_Owner):
    def __init__(self) -> None: ...
    @classmethod
    def restore(cls, snapshot: _Text) -> Tracker: ...
    def add(self, scanner: Scanner, document: _AnyDocument, **facts: Any) -> Tracked: ...
    def incident(self, id: int) -> Optional[Incident]: ...
    def incidents(self) -> list[Incident]: ...
    def save(self) -> bytes: ...

def fold(text: _Text) -> str: ...
