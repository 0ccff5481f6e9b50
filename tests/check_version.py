"""Checks that the header, the changelogs, the packages and the documents name the same version. docs/RELEASING.md
names what there is.
usage: check_version.py TOCSIN"""
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return file.read()


def main():
    header = read("include/tocsin/version.h")
    version = re.search(r'TOCSIN_VERSION_STRING "([^"]+)"', header)[1]
    parts = ".".join(re.search(r"TOCSIN_VERSION_%s (\d+)" % part, header)[1] for part in ("MAJOR", "MINOR", "PATCH"))
    minor = version.rsplit(".", 1)[0]
    found = {
        "include/tocsin/version.h, the numbers": parts,
        "CHANGELOG.md": re.search(r"^## (\S+?),", read("CHANGELOG.md"), re.M)[1],
        "tools/packaging/debian/changelog": re.match(r"tocsin \(([^)]+)\)", read("tools/packaging/debian/changelog"))[1],
        "bindings/java/pom.xml": re.search(r"<version>([^<]+)</version>", read("bindings/java/pom.xml"))[1],
        "bindings/java/README.md": re.search(r"tocsin:tocsin:([0-9.]+)`", read("bindings/java/README.md"))[1],
        "tocsin --version": subprocess.run([sys.argv[1], "--version"], capture_output=True, text=True,
                                           check=True).stdout.split()[1],
        "docs/RELEASING.md, the tag": re.search(r"git tag -s v(\S+) ", read("docs/RELEASING.md"))[1],
    }
    for name in ("README.md", "README.zh-CN.md"):
        found[name + ", find_package"] = re.search(r"find_package\(tocsin ([0-9.]+) ", read(name))[1] + version[len(minor):]
        found[name + ", the status"] = re.search(r"^(?:Status: |现状：)v?([0-9.]+\d)", read(name), re.M)[1]
    wrong = ["%s: %s, not %s" % (name, said, version) for name, said in found.items() if said != version]
    text = read("docs/RELEASING.md")
    verbs = re.findall(r"^    (?:.* && )?\./run ([a-z]+)", text, re.M)
    known = re.findall(r"^  ([a-z]+) ", subprocess.run([os.path.join(ROOT, "run"), "help"], capture_output=True, text=True,
                                                      check=True).stdout, re.M)
    wrong += ["docs/RELEASING.md: ./run has no %s" % verb for verb in verbs if verb not in known]
    scripts = re.findall(r"^    (?:python3 (?:-B )?)?((?:tests|tools|bindings)/\S+)", text, re.M)
    wrong += ["docs/RELEASING.md: there is no %s" % name for name in scripts if not os.path.exists(os.path.join(ROOT, name))]
    assert len(verbs) > 6 and len(scripts) > 5, (verbs, scripts)
    print("\n".join(wrong) or "%s in %d places" % (version, len(found)))
    return 1 if wrong else 0


sys.exit(main())
