"""Plans by calls."""

from tocsin._classes import _ATTENTIONS, _PARTS, _VENUES, Plan, _handle, _number, _Owner
from tocsin._library import c_string, check, encode, ffi, lib, unsigned

_NUMBERS = {name: i for i, name in enumerate(_PARTS)}
_BOUNDS = {"default": 0, "auto": 1, "word": 2, "none": 3}
_KINDS = {"literal": 0, "regex": 1, "quantity": 2}
_ROLES = {"none": 0, "place": 1, "answer": 2, "rebuttal": 3, "home": 4}
_TEXTS = ("name", "name_en", "version", "about")


class _Bytes:
    """tocsin_bytes of str, kept alive until the call is over."""

    def __init__(self):
        self._kept = []

    def fill(self, to, value, what):
        data = encode(value, what)
        kept = ffi.from_buffer(data)
        self._kept.append(kept)
        to.data, to.length = ffi.cast("char *", kept), len(data)

    def of(self, value, what):
        made = ffi.new("tocsin_bytes *")
        self._kept.append(made)
        self.fill(made, value, what)
        return made[0]

    def list(self, values, what):
        """An array of tocsin_bytes, and its length. A single str would be read as a list of characters."""
        if isinstance(values, (str, bytes, bytearray)):
            raise TypeError("%s is %s, not a list of str" % (what, type(values).__name__))
        values = list(values)
        made = ffi.new("tocsin_bytes[]", len(values) or 1)
        self._kept.append(made)
        for i, value in enumerate(values):
            self.fill(made[i], value, what)
        return made, len(values)

    def label(self, label):
        if label is None:
            return ffi.NULL
        self._kept.append(ffi.new("char[]", c_string(label, "label")))
        return self._kept[-1]


class Builder(_Owner):
    """A plan by calls, or a changed copy of another plan. For one thread at a time."""

    def __init__(self, base=None):
        self._error, made = ffi.new("tocsin_error *"), ffi.new("tocsin_builder **")
        plan = _handle(base, Plan, "base") if base is not None else ffi.NULL
        check(lib.tocsin_builder_create(plan, ffi.NULL, made, self._error), self._error)
        super().__init__(made[0], lib.tocsin_builder_free)

    def _check(self, status):
        check(status, self._error)

    def set(self, label=None, **texts):
        """Sets ``name``, ``name_en``, ``version`` or ``about``; "" takes it away."""
        for name, text in texts.items():
            number, kept = _number({text: i for i, text in enumerate(_TEXTS)}, name, "text"), _Bytes()
            self._check(lib.tocsin_builder_set(self._get(), number, kept.of(text, name), kept.label(label), self._error))

    def set_reach(self, elevated=0, high=0):
        """Sets the reach from which attention is elevated, and from which it is high; 0 is the default."""
        limits = unsigned(elevated, 64, "elevated"), unsigned(high, 64, "high")
        self._check(lib.tocsin_builder_set_reach(self._get(), *limits, self._error))

    def add(self, part, id, bounds="default", role="none", attention="low", label=None, **texts):
        """Adds a tier, clause, route, topic, learned score or define. Texts: ``name``, ``name_en``, ``note``, ``when``, ``tier``
        of a clause, ``weights`` of a learned score."""
        kept, item = _Bytes(), ffi.new("tocsin_builder_item *")
        lib.tocsin_builder_item_init(item, ffi.sizeof("tocsin_builder_item"))
        for name, text in dict(texts, id=id).items():
            if name not in ("id", "name", "name_en", "note", "when", "tier", "weights"):
                raise TypeError("add() has no argument %r" % name)
            kept.fill(getattr(item, name), text, name)
        item.bounds, item.role = _number(_BOUNDS, bounds, "bounds"), _number(_ROLES, role, "role")
        item.attention, item.label = _number(_ATTENTIONS, attention, "attention"), kept.label(label)
        self._check(lib.tocsin_builder_add(self._get(), _number(_NUMBERS, part, "part"), item, self._error))

    def remove(self, part, id):
        """Removes the part with this id; a topic with its terms, a tier with its clauses."""
        kept = _Bytes()
        self._check(lib.tocsin_builder_remove(self._get(), _number(_NUMBERS, part, "part"), kept.of(id, "id"), self._error))

    def add_term(self, topic, text, kind="literal", bounds="default", weight=1.0, unit=1.0, unless=(), note="", label=None):
        """Adds a term of a topic: ``kind`` is literal, regex or quantity, ``unless`` a list of phrases."""
        kept, term = _Bytes(), ffi.new("tocsin_builder_term *")
        lib.tocsin_builder_term_init(term, ffi.sizeof("tocsin_builder_term"))
        kept.fill(term.topic, topic, "topic")
        kept.fill(term.text, text, "text")
        kept.fill(term.note, note, "note")
        term.unless, term.unless_count = kept.list(unless, "unless")
        term.kind, term.bounds = _number(_KINDS, kind, "kind"), _number(_BOUNDS, bounds, "bounds")
        term.weight, term.unit, term.label = weight, unit, kept.label(label)
        self._check(lib.tocsin_builder_add_term(self._get(), term, self._error))

    def remove_term(self, topic, text):
        """Removes the terms of a topic with this spelling."""
        kept = _Bytes()
        self._check(lib.tocsin_builder_remove_term(self._get(), kept.of(topic, "topic"), kept.of(text, "text"), self._error))

    def add_venue(self, pattern, venue, label=None):
        """Adds a pattern of the venue catalogue."""
        kept = _Bytes()
        self._check(lib.tocsin_builder_add_venue(self._get(), kept.of(pattern, "pattern"), _number(_VENUES, venue, "venue"),
                                                 kept.label(label), self._error))

    def remove_venue(self, pattern):
        """Removes a pattern, written as it was added."""
        kept = _Bytes()
        self._check(lib.tocsin_builder_remove_venue(self._get(), kept.of(pattern, "pattern"), self._error))

    def set_deadline(self, tier, name, hours, label=None):
        """Sets the hours within which somebody must act on an incident of a tier; 0 removes the deadline."""
        kept = _Bytes()
        self._check(lib.tocsin_builder_set_deadline(self._get(), kept.of(tier, "tier"), kept.of(name, "name"),
                                                    unsigned(hours, 32, "hours"), kept.label(label), self._error))

    def add_example(self, text="", tier="none", clauses=None, title="", id="", source="", venue="unknown", attention="low",
                    reach=0, label=None):
        """Adds a document with its expected verdict: its tier, and with ``clauses`` exactly the clauses that hold."""
        kept, example = _Bytes(), ffi.new("tocsin_builder_example *")
        lib.tocsin_builder_example_init(example, ffi.sizeof("tocsin_builder_example"))
        for name, value in (("text", text), ("tier", tier), ("title", title), ("id", id), ("source", source)):
            kept.fill(getattr(example, name), value, name)
        example.clauses, example.clause_count = kept.list(() if clauses is None else clauses, "clauses")
        example.has_clauses = clauses is not None
        example.venue, example.attention = _number(_VENUES, venue, "venue"), _number(_ATTENTIONS, attention, "attention")
        example.reach, example.label = unsigned(reach, 64, "reach"), kept.label(label)
        self._check(lib.tocsin_builder_add_example(self._get(), example, self._error))

    def remove_example(self, index):
        """Removes an example by its index; those of the other plan come first."""
        self._check(lib.tocsin_builder_remove_example(self._get(), unsigned(index, 64, "index"), self._error))

    def compile(self):
        """The plan; the builder stays and can be changed further. Error has all problems in ``problems``, with labels."""
        return Plan._made(lambda problems, made, error: lib.tocsin_builder_compile(self._get(), ffi.NULL, problems, made, error))
