"""Grade documents by a plan of keyword topics and rules, with the words that decided.

>>> import tocsin
>>> plan = tocsin.Plan.load("examples/fire-service")
>>> verdict = plan.scanner().classify("着火四十分钟消防车才到，消防队还互相推諉", venue="hot_forum")

Offsets count the characters of the str that was graded. The library's lock is not held while documents are graded:
threads with a scanner each run side by side.
"""

from tocsin._library import LIBRARY_VERSION as __version__
from tocsin._library import Error
from tocsin._classes import Document, Evidence, Plan, Scanner, Slot, Stream, Verdict, fold
from tocsin._builder import Builder
from tocsin._tracker import Incident, Tracked, Tracker

__all__ = ["Builder", "Document", "Error", "Evidence", "Incident", "Plan", "Scanner", "Slot", "Stream", "Tracked", "Tracker",
           "Verdict", "fold", "__version__"]
