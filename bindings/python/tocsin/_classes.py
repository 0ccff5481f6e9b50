"""Plans, scanners and verdicts."""

import array
import bisect
import contextlib
import datetime
import itertools
import json
import struct
import threading
from dataclasses import dataclass, field
from typing import Callable, Optional

from tocsin._library import Error, c_string, check, encode, failure, ffi, lib, path_of, status_name, unsigned

# The members of tocsin_document up to `time`, for arrays of documents: the library takes a struct that ends there; and all
# of them, where a document has options of its own.
_DOCUMENT = struct.Struct("<QQQQQQQQQiiQq")
_WITH_OPTIONS = struct.Struct("<QQQQQQQQQiiQqqQQQ")
assert _DOCUMENT.size == ffi.offsetof("tocsin_document", "time") + 8 and _WITH_OPTIONS.size == ffi.sizeof("tocsin_document")
_TIME_UNKNOWN = -(2**63)
_FIELDS = ("title", "text")
_PARTS = ("tier", "clause", "route", "topic", "learned", "define")


def _names(count, name):
    return {ffi.string(name(i)).decode(): i for i in range(count)}


_VENUES = _names(8, lib.tocsin_venue_name)
_ATTENTIONS = _names(3, lib.tocsin_attention_name)


@dataclass
class Document:
    """A document. ``time`` is a datetime, or milliseconds since 1970. There is no author field, on purpose.

    ``max_evidence`` limits the evidence of a clause; 0: as the scanner. ``stop`` is called now and then while the document is
    read; if it returns true, or raises, the document ends with an Error whose status is "stopped by the caller"."""

    text: str = ""
    title: str = ""
    id: str = ""
    source: str = ""
    venue: str = "unknown"
    attention: str = "low"
    reach: int = 0
    time: Optional[object] = None
    max_evidence: int = 0
    stop: Optional[Callable[[], object]] = None


@dataclass
class Evidence:
    """A word that makes a clause hold; ``start`` and ``end`` count characters of the field."""

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
    """The plan's verdict on one document. ``error`` is the reason why a document of a batch has no verdict, otherwise None."""

    id: str = ""
    tier: str = "none"
    clauses: list = field(default_factory=list)
    routes: list = field(default_factory=list)
    attention: str = "low"
    evidence: list = field(default_factory=list)
    venue: str = "unknown"
    about: Optional[bool] = None
    incomplete: list = field(default_factory=list)
    malformed: int = 0
    generation: int = 0
    error: Optional[str] = None


def _time(value):
    if value is None:
        return _TIME_UNKNOWN
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError("time is %s, not a datetime or milliseconds since 1970" % type(value).__name__)
    try:
        return round(value.timestamp() * 1000) if isinstance(value, datetime.datetime) else int(value)
    except (ValueError, OverflowError) as error:
        raise Error("time: %s" % error) from None


def _number(table, name, what):
    try:
        return table[name]
    except KeyError:
        raise Error("%s: there is no %s %r" % (what, what, name)) from None


_AT_ONCE = 256  # texts that are encoded as one block: larger blocks take fresh memory, smaller ones more calls


class _Batch:
    """Documents as an array of tocsin_document over one block of bytes."""

    def __init__(self, documents):
        self.count = len(documents)
        self._stops, self._asks, self._raised = {}, None, None
        pieces, facts, options = [], [], []
        for i, document in enumerate(documents):
            if isinstance(document, str):
                document = Document(document)
            elif isinstance(document, dict):
                document = Document(**document)
            if not isinstance(document, Document):
                raise TypeError("document %d is %s, not str, dict or Document" % (i, type(document).__name__))
            pieces.append([encode(getattr(document, name), name) for name in ("id", "title", "text", "source")])
            facts.append((_number(_VENUES, document.venue, "venue"), _number(_ATTENTIONS, document.attention, "attention"),
                          document.reach, _time(document.time)))
            options.append((document.max_evidence, *self._stop_of(document.stop, i)))
        self._keep(b"".join(itertools.chain.from_iterable(pieces)))
        packed, at = bytearray(), self._base
        plain = not any(limit or stop for limit, stop, _ in options)
        for i, (parts, fact) in enumerate(zip(pieces, facts)):
            where = []
            for part in parts:
                where += (at, len(part))
                at += len(part)
            try:
                if plain:
                    packed += _DOCUMENT.pack(_DOCUMENT.size, *where, *fact)
                else:
                    packed += _WITH_OPTIONS.pack(_WITH_OPTIONS.size, *where, *fact, 0, *options[i])
            except struct.error as error:
                raise Error("document %d: reach, time or max_evidence: %s" % (i, error)) from None
        self._point_at(packed)

    def _stop_of(self, stop, number):
        """The tocsin_stop that calls ``stop``, shared by all documents, and its context."""
        if stop is None:
            return 0, 0
        if not callable(stop):
            raise TypeError("stop is %s, and cannot be called" % type(stop).__name__)
        self._stops[number] = stop
        if self._asks is None:
            self._asks = ffi.callback("tocsin_stop", self._ask, error=1)
        return int(ffi.cast("uintptr_t", self._asks)), number

    def _ask(self, context):
        try:
            return bool(self._stops[int(ffi.cast("uintptr_t", context))]())
        except BaseException as error:
            self._raised = self._raised or error
            return True

    def raised(self):
        """Raises the exception of ``stop`` after the library has returned."""
        error, self._raised = self._raised, None
        if error is not None:
            raise error

    def _keep(self, data):
        self._bytes, self._block = data, ffi.from_buffer(data)
        self._base = int(ffi.cast("uintptr_t", self._block))

    def _point_at(self, packed):
        self._packed = packed
        self.array = ffi.cast("tocsin_document *", ffi.from_buffer(packed)) if self.count else ffi.NULL


def _list_of(documents):
    if isinstance(documents, (str, bytes, bytearray, Document)):
        raise TypeError("documents is %s, and not a list of documents" % type(documents).__name__)
    return list(documents)


def _texts_to_json(scanner, texts, graded_only, out, ends, error):
    """The status of grading texts. Many are encoded in one go, which takes less time than one by one."""
    first = lib.TOCSIN_OK
    for start in range(0, len(texts), _AT_ONCE):
        some, before = texts[start:start + _AT_ONCE], out.length
        lengths = array.array("Q", map(len, some))
        try:
            block = "".join(some).encode()
        except UnicodeEncodeError:
            for i, text in enumerate(some, start):
                encode(text, "text of document %d" % i)
            raise
        status = lib.tocsin_classify_texts_to_json(scanner, (ffi.from_buffer(block), len(block)), ffi.from_buffer("size_t[]", lengths),
                                                   len(some), graded_only, out, ends + start, error)
        if status == lib.TOCSIN_ERROR_MEMORY or status != lib.TOCSIN_OK and out.length == before:
            raise failure(status, error)  # it was the call that failed, and none of the documents
        first = first or status
    return first


def _text(write, error):
    """What a call of the library writes to a buffer."""
    out = ffi.new("tocsin_buffer *")
    lib.tocsin_buffer_init(out, ffi.NULL)
    try:
        check(write(out), error)
        return ffi.buffer(out.data, out.length)[:] if out.length else b""
    finally:
        lib.tocsin_buffer_release(out)


def _verdict_of(made, error):
    """The verdict of a scanner, which is its own until its next document."""
    return _verdict(json.loads(_text(lambda out: lib.tocsin_verdict_to_json(made[0], out), error).decode("utf-8", "replace")))


def _verdict(found):
    if "error" in found:
        return Verdict(id=found["id"], error=found["error"])
    found["evidence"] = [Evidence(**one) for one in found["evidence"]]
    found.pop("counts", None)
    return Verdict(**found)


class _Owner:
    """Holds an object of the library until close() or the end of a with block."""

    def __init__(self, handle, release):
        self._handle = ffi.gc(handle, release)

    def _get(self):
        if self._handle is None:
            raise Error("the %s is closed" % type(self).__name__)
        return self._handle

    def close(self):
        """Releases the object; a second call does nothing. It is freed when no call in another thread uses it any more."""
        self._handle = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class _OneCall(_Owner):
    """An object for one call at a time, from its first function of the library to its last."""

    def __init__(self, handle, release):
        super().__init__(handle, release)
        self._turn = threading.Lock()

    @contextlib.contextmanager
    def _call(self):
        handle = self._get()
        if not self._turn.acquire(blocking=False):
            raise failure(lib.TOCSIN_ERROR_BUSY, ffi.new("tocsin_error *"))
        try:
            yield handle
        finally:
            self._turn.release()


def _handle(owner, kinds, what):
    """The library's object inside an argument."""
    if not isinstance(owner, kinds):
        raise TypeError("%s is %s" % (what, type(owner).__name__))
    return owner._get()


class Plan(_Owner):
    """A compiled plan: immutable, shared by any number of threads."""

    @classmethod
    def _made(cls, call):
        """The plan that ``call`` makes, with the problems found; a failure has them too."""
        error, made, list_ = ffi.new("tocsin_error *"), ffi.new("tocsin_plan **"), ffi.new("tocsin_diagnostics **")
        check(lib.tocsin_diagnostics_create(ffi.NULL, list_), error)
        problems = ffi.gc(list_[0], lib.tocsin_diagnostics_free)
        status = call(problems, made, error)
        if status != lib.TOCSIN_OK:
            raised = failure(status, error)
            raised.problems = _problems(problems)
            raise raised
        plan = cls(made[0], lib.tocsin_plan_release)
        plan.problems = _problems(problems)
        return plan

    @classmethod
    def load(cls, path):
        """Opens a plan file, a folder with a plan.yaml, or an image. Error has all problems in ``problems``."""
        data = path_of(path)
        return cls._made(lambda problems, made, error: lib.tocsin_plan_load(data, ffi.NULL, problems, made, error))

    @classmethod
    def compile(cls, sources, name="plan.yaml"):
        """Compiles from a dict of name to text: the plan itself and the lists that it names."""
        if not isinstance(sources, dict):
            raise TypeError("sources is %s, not dict" % type(sources).__name__)
        plan_name = c_string(name, "name")
        encoded = {key: encode(value, key) for key, value in sources.items()}
        @ffi.callback("tocsin_source_reader", error=lib.TOCSIN_ERROR_IO)
        def read(_, wanted, out):
            found = encoded.get(ffi.string(wanted).decode("utf-8", "replace"))
            if found is None:
                return lib.TOCSIN_ERROR_NOT_FOUND
            return lib.tocsin_buffer_append(out, found, len(found))

        return cls._made(lambda problems, made, error: lib.tocsin_plan_compile(read, ffi.NULL, plan_name, ffi.NULL, problems,
                                                                               made, error))

    @property
    def _info(self):
        return lib.tocsin_plan_get_info(self._get())

    @property
    def name(self):
        return ffi.string(self._info.name).decode()

    @property
    def version(self):
        return ffi.string(self._info.version).decode()

    @property
    def content(self):
        """A hash over all sources; equal plans have equal ones."""
        return self._info.content

    def items(self, part):
        """The tiers, clauses, routes, topics, learned scores or defines: a list of dicts with id, name, name_en (name where the
        plan gives none) and when."""
        get = getattr(lib, "tocsin_plan_" + _number({name: name for name in _PARTS}, part, "part"))
        found, i = [], 0
        while True:
            item = get(self._get(), i)
            if item == ffi.NULL:
                return found
            found.append({"id": ffi.string(item.id).decode(), "name": ffi.string(item.name).decode(),
                          "name_en": ffi.string(item.name_en).decode(),
                          "when": ffi.string(item.when).decode() if item.when != ffi.NULL else None})
            i += 1

    def find(self, part, id):
        """The index of a tier, clause, route, topic, learned score or define among ``items(part)``; None: there is none."""
        index, data = ffi.new("size_t *"), encode(id, "id")
        number = _number({name: i for i, name in enumerate(_PARTS)}, part, "part")
        return index[0] if lib.tocsin_plan_find(self._get(), number, data, len(data), index) else None

    def scanner(self, **options):
        """A scanner for this plan: ``max_evidence``, ``max_hits``, ``max_document_bytes``, ``all_topics``."""
        return Scanner(self, **options)

    def save(self, path):
        """Writes the plan as one file."""
        error = ffi.new("tocsin_error *")
        check(lib.tocsin_plan_save(self._get(), path_of(path), error), error)


def _problems(list_):
    found, error = [], ffi.new("tocsin_error *")
    for i in range(lib.tocsin_diagnostics_count(list_)):
        problem = lib.tocsin_diagnostics_at(list_, i)
        found.append(json.loads(_text(lambda out: lib.tocsin_diagnostic_to_json(problem, out), error).decode("utf-8", "replace")))
    return found


class Slot(_Owner):
    """Holds the current plan; publish() exchanges it while scanners go on."""

    def __init__(self, plan):
        made = ffi.new("tocsin_slot **")
        check(lib.tocsin_slot_create(_handle(plan, Plan, "plan"), ffi.NULL, made), ffi.new("tocsin_error *"))
        super().__init__(made[0], lib.tocsin_slot_free)

    def publish(self, plan):
        """Makes plan the current one; returns its generation."""
        return lib.tocsin_slot_publish(self._get(), _handle(plan, Plan, "plan"))

    def scanner(self, **options):
        """A scanner that grades each document by the plan that is current then."""
        return Scanner(self, **options)


class Scanner(_OneCall):
    """Grades documents; one a thread. A second thread that uses it meanwhile gets an Error."""

    def __init__(self, plan, max_evidence=0, max_hits=0, max_document_bytes=0, all_topics=False):
        error, made = ffi.new("tocsin_error *"), ffi.new("tocsin_scanner **")
        options = ffi.new("tocsin_scanner_options *")
        lib.tocsin_scanner_options_init(options, ffi.sizeof("tocsin_scanner_options"))
        options.max_evidence, options.max_hits = unsigned(max_evidence, 32, "max_evidence"), unsigned(max_hits, 32, "max_hits")
        options.max_document_bytes = unsigned(max_document_bytes, 64, "max_document_bytes")
        options.all_topics = bool(all_topics)
        options.offsets = lib.TOCSIN_OFFSETS_CODE_POINTS
        create = lib.tocsin_scanner_create_for_slot if isinstance(plan, Slot) else lib.tocsin_scanner_create
        check(create(_handle(plan, (Plan, Slot), "plan"), options, made, error), error)
        super().__init__(made[0], lib.tocsin_scanner_free)
        self._error = error

    def classify(self, document, **facts):
        """The verdict of a str or a Document; or of a text and its facts: ``title``, ``id``, ``source``, ``venue``, …"""
        (verdict,), status = self._grade([Document(document, **facts) if facts else document], False)
        if verdict.error is not None:
            raise Error(verdict.error, status_name(status))
        return verdict

    def classify_batch(self, documents, graded_only=False):
        """The verdicts of many documents, in order. With graded_only those of tier none are None. A document that fails has
        ``error`` in its verdict, and no other is lost by it."""
        return self._grade(documents, graded_only)[0]

    def _grade(self, documents, graded_only):
        """The verdicts, and the status of the first document that failed."""
        documents = _list_of(documents)
        count = len(documents)
        batch = None if set(map(type, documents)) == {str} else _Batch(documents)
        out, error = ffi.new("tocsin_buffer *"), ffi.new("tocsin_error *")
        ends = array.array("Q", bytes(8 * count))
        room = ffi.from_buffer("size_t[]", ends)
        lib.tocsin_buffer_init(out, ffi.NULL)
        try:
            with self._call() as scanner:
                if batch is None:
                    status = _texts_to_json(scanner, documents, bool(graded_only), out, room, error)
                else:
                    status = lib.tocsin_classify_batch_to_json(scanner, batch.array, count, bool(graded_only), out, room, error)
            if batch is not None:
                batch.raised()
            if status in (lib.TOCSIN_ERROR_BUSY, lib.TOCSIN_ERROR_MEMORY):
                raise failure(status, error)
            lines = ffi.buffer(out.data, out.length)[:].split(b"\n")[:-1] if out.length else []
        finally:
            lib.tocsin_buffer_release(out)
        verdicts, at = [None] * count, 0
        for line in lines:
            at += len(line) + 1
            i = bisect.bisect_left(ends, at)
            verdicts[i] = _verdict(json.loads(line))
        if status != lib.TOCSIN_OK and not any(verdict and verdict.error is not None for verdict in verdicts):
            raise failure(status, error)  # it was the call that failed, and none of the documents
        return verdicts, status

    def explain(self, document, **facts):
        """Why each clause holds or does not, and the nearest change: a dict, with offsets in characters."""
        batch = _Batch([Document(document, **facts) if facts else document])
        error, made = ffi.new("tocsin_error *"), ffi.new("tocsin_explanation **")
        with self._call() as scanner:
            status = lib.tocsin_explain(scanner, batch.array, made, error)
            batch.raised()
            check(status, error)
            return json.loads(_text(lambda out: lib.tocsin_explanation_to_json(made[0], out), error).decode("utf-8", "replace"))

    def stream(self, **facts):
        """A document that comes in pieces; see Stream."""
        return Stream(self, **facts)

    def trim(self):
        """Gives back the memory that large documents have made it take."""
        with self._call() as scanner:
            check(lib.tocsin_scanner_trim(scanner, self._error), self._error)


class Stream(_Owner):
    """One document in pieces: write() them, then end() for the verdict."""

    def __init__(self, scanner, **facts):
        error, made = ffi.new("tocsin_error *"), ffi.new("tocsin_stream **")
        grader = _handle(scanner, Scanner, "scanner")
        check(lib.tocsin_stream_create(grader, made, error), error)
        super().__init__(made[0], lambda stream, _grader=grader: lib.tocsin_stream_free(stream))  # before its scanner
        self._scanner, self._error = scanner, error
        self._batch = _Batch([Document(**facts)])  # its stop is asked when the stream ends
        check(lib.tocsin_stream_begin(made[0], self._batch.array, error), error)

    def write(self, piece, field="text"):
        """Adds a piece to the title or the text."""
        data = encode(piece, field)
        number = _number({name: i for i, name in enumerate(_FIELDS)}, field, "field")
        check(lib.tocsin_stream_write(self._get(), number, data, len(data), self._error), self._error)

    def end(self):
        """The verdict; the stream is closed."""
        made = ffi.new("tocsin_verdict **")
        with self._scanner._call():
            stream = self._get()
            try:
                status = lib.tocsin_stream_end(stream, made, self._error)
                self._batch.raised()
                check(status, self._error)
                return _verdict_of(made, self._error)
            finally:
                self.close()


def fold(text: str) -> str:
    """The text as it is compared: NFKC_Casefold, and one form of each Han character."""
    made = ffi.new("tocsin_folder **")
    error = ffi.new("tocsin_error *")
    data = encode(text, "text")
    options = ffi.new("tocsin_fold_options *")
    options.profile = lib.TOCSIN_FOLD_NFKC_CF_HANS
    check(lib.tocsin_folder_create(options, ffi.NULL, made), error)
    folder = ffi.gc(made[0], lib.tocsin_folder_free)
    out = ffi.new("tocsin_bytes *")
    check(lib.tocsin_fold(folder, data, len(data), out), error)
    return ffi.buffer(out.data, out.length)[:].decode() if out.length else ""
