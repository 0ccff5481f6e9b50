#!/usr/bin/env python3
"""Tests bench/peers/plan_queries.py, which reads a plan's rules, reduces them, writes them as queries, and refuses
unknown ones."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench/peers"))
import plan_queries as queries  # noqa: E402

TOCSIN = sys.argv.pop(1) if len(sys.argv) > 1 else None
TOPICS = {"a": ["x"], "b": ["y"], "c": ["z"], "none": []}


def reduced(rule):
    reducer = queries.Reducer(TOPICS)
    tree = reducer.reduce(queries.Parser(rule).whole())
    return queries.as_rule(tree) if tree else None, dict(reducer.lost)


class Rules(unittest.TestCase):
    def test_what_stays(self):
        for rule, kept in (("a", "a"), ("a & b | c", "((a & b) | c)"), ("!a & b", "(!(a) & b)"), ("!!a", "a"),
                           ("a near/4 b", "((a) near/4 (b))"), ("(a | b) before/2 c", "((a | b) before/2 (c))"),
                           ("c after/2 (a | b)", "((a | b) before/2 (c))"),
                           ("a & (b & c)", "(a & b & c)")):
            self.assertEqual(reduced(rule), (kept, {}), rule)

    def test_what_is_weakened_is_told(self):
        for rule, kept, lost in (("count(a) >= 3 & b", "(a & b)", {"count": 1}), ("score(a | b) > 1.5", "(a | b)", {"score": 1}),
                                 ("a unless/3 b", "a", {"unless": 1}), ("title(a)", "a", {"title": 1}),
                                 ("atleast(2, a, b, c)", "(a | b | c)", {"atleast": 1}),
                                 ("venue in (site, forum) & a", "a", {"venue": 1}),
                                 ("reach >= 100 | a", "a", {"reach": 1}), ("clause(M1) | a", "a", {"clause": 1}),
                                 ("venue == site", None, {"venue": 1}), ("none | a", "a", {"topic without literals": 1}),
                                 ("(a near/2 b) near/3 c", "((a) near/3 (c))", {"near inside a proximity": 1}),
                                 ("(a after/2 b) near/3 c", "((a) near/3 (c))", {"after inside a proximity": 1}),
                                 ("distinct(a) >= 2", "a", {"distinct": 1}),
                                 ("(a unless/2 b) near/3 c", "((a) near/3 (c))", {"unless inside a proximity": 1}),
                                 ("a & count(a) == 1", "a", {"count": 1}),
                                 ("none & !a", None, {"topic without literals": 1, "nothing but negations left": 1})):
            self.assertEqual(reduced(rule), (kept, lost), rule)

    def test_equal_and_needless_parts_go(self):
        for rule, kept in (("a | a", "a"), ("a | a & b", "a"), ("a & (a | b)", "a"), ("(a & b) | (b & a)", "((a & b) | (b & a))")):
            self.assertEqual(reduced(rule)[0], kept, rule)

    def test_a_topic_on_both_sides_is_not_near_itself(self):
        self.assertEqual(reduced("(a | b) near/3 b"), ("((a) near/3 (b))", {"topic on both sides": 1}))
        self.assertEqual(reduced("a near/3 (a | b)"), ("a", {"topic on both sides": 1}))

    def test_what_is_not_known_is_refused(self):
        for rule in ("a &", "(a", "a b", "near/3 a", "count(a)", "maybe(a)", "a # b", "count(a) != 2", ""):
            with self.assertRaises(queries.Unsupported, msg=rule):
                queries.Parser(rule).whole()
        with self.assertRaises(queries.Unsupported):
            queries.topic_files("topics:\n  a:\n    terms: [x]\n")

    def test_queries_are_in_prefix_order(self):
        tree = queries.Reducer(TOPICS).reduce(queries.Parser("(a | b) near/4 c & !b").whole())
        self.assertEqual(queries.as_query(tree), "and 2 near 4 2 a b 1 c not topic b")


class FireService(unittest.TestCase):
    def test_the_reduced_plan_compiles_and_reduces_to_itself(self):
        plan = queries.Reduced(TOCSIN, ROOT / "examples/fire-service", 7)
        self.assertEqual(sorted(plan.clauses), ["G1", "G2", "G3", "G4", "M1", "M2", "M3", "M4"])
        self.assertEqual(plan.left_out, [])
        for words in plan.topics.values():
            self.assertLessEqual(len(words), 7)
            for word in words:
                self.assertFalse([other for other in words if other != word and other in word])
        with tempfile.TemporaryDirectory() as folder:
            plan.write(folder)
            said = subprocess.run([TOCSIN, "lint", folder], capture_output=True, text=True)
            self.assertEqual(said.returncode, 0, said.stdout)
            for clause, rule in queries.rules_of(TOCSIN, folder).items():
                again = queries.Reducer(plan.topics)
                self.assertEqual(again.reduce(queries.Parser(rule).whole()), plan.clauses[clause], clause)
                self.assertEqual(dict(again.lost), {}, clause)
            written = (pathlib.Path(folder) / "queries.txt").read_text(encoding="utf-8")
            self.assertEqual(len(re.findall(r"^clause ", written, flags=re.M)), 8)


if __name__ == "__main__":
    unittest.main()
