"""Checks that bench/plot.py draws exactly the plots in docs/benchmarks from the figures beside them.
usage: check_plots.py [--write]"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
FOLDER = os.path.join(ROOT, "docs", "benchmarks")
PLOTS = {"real-text-terms.svg": ("terms", "real-text.csv", "real-text-million.csv"),
         "real-text-sizes.svg": ("doc_bytes", "real-text-sizes.csv")}


def main():
    kept = sorted(name for name in os.listdir(FOLDER) if name.endswith(".svg"))
    wrong = ["%s: check_plots.py does not draw it" % name for name in kept if name not in PLOTS]
    with tempfile.TemporaryDirectory() as folder:
        for name, (axis, *figures) in PLOTS.items():
            target = os.path.join(FOLDER if "--write" in sys.argv else folder, name)
            subprocess.run([sys.executable, "-B", os.path.join(ROOT, "bench", "plot.py"), "--x", axis, target,
                            *(os.path.join(FOLDER, figure) for figure in figures)], check=True)
            with open(target, "rb") as drawn, open(os.path.join(FOLDER, name), "rb") as shown:
                if drawn.read() != shown.read():
                    wrong.append("%s is not what its figures give: check_plots.py --write" % name)
    print("\n".join(wrong) or "%d plots, as their figures give them" % len(kept))
    return 1 if wrong else 0


sys.exit(main())
