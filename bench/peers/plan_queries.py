"""A plan's rules as queries that another engine can answer, and the plan reduced to the same.

`tocsin explain` prints the rule of a clause as the plan has it. Here its defines are put in, and it is reduced, by
these rules and no others, to what can be said in both languages:

- a topic is its literals, of which none contains another (the shorter stays), at most so many a topic; without
  `unless`, bounds and weights, and without expressions;
- and, or, not stay; what is left of them when a part is dropped; equal parts once, and `a | a & b` is `a`;
- near and before stay, `a after/n b` is `b before/n a`, between the topics that stand on either side; of a proximity that is
  a side itself its left side; a side may be several topics; one that stands on both
  stays on the right, since a hit is not near itself here but is to Lucene; where nothing is left of the left, both must be
  there;
- `unless` between hits leaves its left side; count(x) >= n, distinct(x) >= n, score(x) >= s and value(x) >= v become x, quantities are dropped, and so is learned(x); title(x) and text(x) become x, as do
  sentence(x) and paragraph(x); atleast(n, …) becomes an or;
- a conjunction of which only negations are left is dropped;
- venue, reach, attention, tier and clause are dropped: a Lucene document has no such thing by itself.

Each use of a rule that loses something is counted, by clause.
"""
import collections
import csv
import json
import pathlib
import re
import subprocess

TOKEN = re.compile(r"\s*(?:(near|before|after|unless)/(\d+)|([^\W\d]\w*)|(\d+(?:\.\d+)?)|(>=|<=|==|!=|[<>()&|!,]))")
WRAPPERS = ("title", "text", "sentence", "paragraph")
ABOUT = "消防员"  # a text that passes the plan's `about`: for others explain shows no clauses
FACTS = ("venue", "reach", "attention", "tier")


class Unsupported(Exception):
    pass


def tokens_of(text):
    at, result = 0, []
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if not found:
            raise Unsupported(f"cannot read {text[at:at + 30]!r}")
        proximity, distance, name, number, sign = found.groups()
        result.append((proximity, int(distance)) if proximity else name or number or sign)
        at = found.end()
    return result


class Parser:
    """Trees are tuples: ("topic", name), ("and", …), ("or", …), ("not", x), ("near", n, a, b), ("before", n, a, b),
    ("unless", n, a, b), ("count", x), ("title", x) …, ("fact", name)."""

    def __init__(self, text):
        self.tokens, self.at = tokens_of(text), 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, wanted=None):
        token = self.peek()
        if token is None or (wanted is not None and token != wanted):
            raise Unsupported(f"expected {wanted}, found {token}")
        self.at += 1
        return token

    def whole(self):
        tree = self.either()
        if self.peek() is not None:
            raise Unsupported(f"did not expect {self.peek()}")
        return tree

    def chain(self, sign, kind, part):
        parts = [part()]
        while self.peek() == sign:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else (kind, *parts)

    def either(self):
        return self.chain("|", "or", lambda: self.chain("&", "and", self.proximity))

    def proximity(self):
        left = self.negation()
        while isinstance(self.peek(), tuple):
            kind, distance = self.take()
            left = (kind, distance, left, self.negation())
        return left

    def negation(self):
        if self.peek() == "!":
            self.take()
            return ("not", self.negation())
        return self.operand()

    def operand(self):
        token = self.take()
        if token == "(":
            tree = self.either()
            self.take(")")
            return tree
        if not isinstance(token, str) or not re.match(r"[^\W\d]", token):
            raise Unsupported(f"did not expect {token}")
        if token in FACTS:
            return self.fact(token)
        if self.peek() != "(":
            return ("topic", token)
        return self.function(token)

    def fact(self, name):
        if self.take() == "in":
            self.take("(")
            while self.take() != ")":
                pass
        else:
            self.take()
        return ("fact", name)

    def function(self, name):
        self.take("(")
        if name == "clause":
            self.take()
            self.take(")")
            return ("fact", name)
        if name == "learned":
            for _ in range(4):  # its name, the parenthesis, the comparison
                self.take()
            return ("fact", name)
        if name == "atleast":
            self.take()
            parts = []
            while self.take() == ",":
                parts.append(self.either())
            return ("atleast", *parts)
        tree = self.either()
        self.take(")")
        if name in ("count", "distinct", "score", "value"):
            sign, number = self.take(), float(self.take())
            if sign not in (">=", ">", "==", "<", "<="):
                raise Unsupported(f"{name}() {sign}")
            return (name, sign, number, tree)
        if name in WRAPPERS:
            return (name, tree)
        raise Unsupported(f"{name}()")


class Reducer:
    def __init__(self, topics):
        self.topics, self.lost = topics, collections.Counter()

    def topics_in(self, tree):
        """The topics whose hits give the positions of a tree that is one side of a proximity."""
        kind = tree[0]
        if kind == "topic":
            return [tree[1]] if self.topics.get(tree[1]) else []
        if kind in ("not", "fact"):
            return []
        if kind in ("near", "before", "after", "unless"):
            self.lost[f"{kind} inside a proximity"] += 1
            parts = tree[2:3]
        else:
            parts = [part for part in tree[1:] if isinstance(part, tuple)]
        return list(dict.fromkeys(name for part in parts for name in self.topics_in(part)))

    def conjunction(self, parts):
        kept = [self.reduce(part) for part in parts]
        positive_gone = any(not one and part[0] not in ("not", "fact") for one, part in zip(kept, parts))
        if positive_gone and all(one[0] == "not" for one in kept if one):
            self.lost["nothing but negations left"] += 1
            return None
        return simple("and", kept)

    def reduce(self, tree):
        kind = tree[0]
        if kind == "topic":
            if self.topics.get(tree[1]):
                return tree
            self.lost["topic without literals"] += 1
            return None
        if kind == "or":
            return simple(kind, [self.reduce(part) for part in tree[1:]])
        if kind == "and":
            return self.conjunction(tree[1:])
        if kind == "not":
            part = self.reduce(tree[1])
            return part and (part[1] if part[0] == "not" else ("not", part))
        if kind == "after":
            return self.reduce(("before", tree[1], tree[3], tree[2]))
        if kind in ("near", "before"):
            left, right = self.topics_in(tree[2]), self.topics_in(tree[3])
            if set(left) & set(right):
                self.lost["topic on both sides"] += 1
                apart = [name for name in left if name not in right]
                if left and not apart:
                    return simple("and", [simple("or", [("topic", name) for name in side]) for side in (left, right)])
                left = apart
            return (kind, tree[1], tuple(left), tuple(right)) if left and right else None
        self.lost[{"fact": tree[1]}.get(kind, kind)] += 1
        if kind == "fact":
            return None
        if kind == "unless":
            return self.reduce(tree[2])
        if kind in ("count", "distinct", "score", "value"):
            if tree[1] in ("<", "<=", "=="):
                return None
            return self.reduce(tree[3])
        if kind == "atleast":
            return simple("or", [self.reduce(part) for part in tree[1:]])
        return self.reduce(tree[1])


def simple(kind, parts):
    """The same without the dropped terms, nesting, equal parts, and parts that another one makes unnecessary."""
    other = "and" if kind == "or" else "or"
    flat = []
    for part in parts:
        if part:
            flat += part[1:] if part[0] == kind else [part]
    flat = list(dict.fromkeys(flat))
    kept = [part for part in flat
            if part[0] != other or not any(one in part[1:] for one in flat if one is not part)]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else (kind, *kept)


def literals(path, most, fold):
    """Folded literals of a list, none inside another, up to a limit."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".csv":
        words = [row["term"] for row in csv.DictReader(text.splitlines()) if (row.get("kind") or "literal") == "literal"]
    else:
        words = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    kept = []
    for word in sorted(dict.fromkeys(fold(words)), key=len):
        if len(kept) < most and word and not any(short in word for short in kept):
            kept.append(word)
    return kept


def topic_files(plan):
    """Maps topics to list files, from lines of the only form that the plan uses."""
    found = re.findall(r"^  (\w+):\s*\{terms: \[?([^\],}]+)\]?[^}]*\}(?:\s*#.*)?$", plan, flags=re.M)
    if not found:
        raise Unsupported("plan.yaml has no line like '  topic: {terms: [file]}'")
    return dict(found)


def rules_of(tocsin, plan):
    said = subprocess.run([tocsin, "explain", "-p", plan, "--json", ABOUT], capture_output=True, text=True)
    if said.returncode not in (0, 1):
        raise Unsupported(said.stderr.strip())
    text = (pathlib.Path(plan) / "plan.yaml").read_text(encoding="utf-8")
    defines = dict(re.findall(r'^  (\w+): +"([^"]*)"', text, flags=re.M))
    return {clause["clause"]: put_in(clause["when"], defines) for clause in json.loads(said.stdout)["clauses"]}


def put_in(rule, defines):
    """The rule with defines replaced by their expressions."""
    return re.sub(r"[^\W\d]\w*", lambda name: f"({put_in(defines[name.group()], defines)})" if name.group() in defines
                  else name.group(), rule)


def folder_of(tocsin):
    def fold(words):
        done = subprocess.run([tocsin, "fold"], input="\n".join(words) + "\n", capture_output=True, text=True, check=True)
        return done.stdout.split("\n")[:len(words)]
    return fold


def topics_used(tree):
    if tree[0] == "topic":
        yield tree[1]
    elif tree[0] in ("near", "before"):
        yield from (*tree[2], *tree[3])
    else:
        for part in tree[1:]:
            yield from topics_used(part)


def as_rule(tree):
    kind = tree[0]
    if kind == "topic":
        return tree[1]
    if kind == "not":
        return f"!({as_rule(tree[1])})"
    if kind in ("near", "before"):
        return f"(({' | '.join(tree[2])}) {kind}/{tree[1]} ({' | '.join(tree[3])}))"
    return "(" + {"and": " & ", "or": " | "}[kind].join(as_rule(part) for part in tree[1:]) + ")"


def as_query(tree):
    """Words in prefix order, which the Java program reads."""
    kind = tree[0]
    if kind == "topic":
        return f"topic {tree[1]}"
    if kind == "not":
        return f"not {as_query(tree[1])}"
    if kind in ("near", "before"):
        sides = " ".join(f"{len(side)} {' '.join(side)}" for side in tree[2:])
        return f"{kind} {tree[1]} {sides}"
    return f"{kind} {len(tree) - 1} " + " ".join(as_query(part) for part in tree[1:])


def size_of(tree):
    return 1 if tree[0] in ("topic", "near", "before") else 1 + sum(size_of(part) for part in tree[1:])


class Reduced:
    """The plan in `folder`, reduced; `write` writes the plan and its queries to a folder."""

    def __init__(self, tocsin, folder, most):
        folder = pathlib.Path(folder)
        fold = folder_of(tocsin)
        files = topic_files((folder / "plan.yaml").read_text(encoding="utf-8"))
        self.topics = {name: literals(folder / file, most, fold) for name, file in files.items()}
        self.clauses, self.lost, self.left_out = {}, {}, []
        for clause, rule in rules_of(tocsin, folder).items():
            reducer = Reducer(self.topics)
            tree = reducer.reduce(Parser(rule).whole())
            self.lost[clause] = reducer.lost
            if tree:
                self.clauses[clause] = tree
            else:
                self.left_out.append(clause)
        used = {name for tree in self.clauses.values() for name in topics_used(tree)}
        self.topics = {name: words for name, words in self.topics.items() if name in used}

    def write(self, folder):
        folder = pathlib.Path(folder)
        lines = ["plan: reduced", "topics:"]
        for name, words in self.topics.items():
            lines.append(f"  {name}: {{terms: [{name}.csv], bounds: none}}")
            with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([["term"]] + [[word] for word in words])
        lines += ["tiers:", "  - id: general", "    clauses:"]
        lines += [f"      - {{id: {clause}, when: \"{as_rule(tree)}\"}}" for clause, tree in self.clauses.items()]
        (folder / "plan.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        queries = [f"topic {name} {len(words)}\n" + "\n".join(words) for name, words in self.topics.items()]
        queries += [f"clause {clause} {as_query(tree)}" for clause, tree in self.clauses.items()]
        (folder / "queries.txt").write_text("\n".join(queries) + "\n", encoding="utf-8")
