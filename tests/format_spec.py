#!/usr/bin/env python3
"""Decodes an image by docs/FORMAT.md alone and compares the result with the library's.

The tables of the document give offsets and sizes; this script repeats only those parts of the format that the
document gives as prose. The hex dump in the document equals the image.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def tables(document):
    """Title → fields with an offset, as (offset, bytes or None, name)."""
    result = {}
    for part in re.split(r"^## ", document, flags=re.M)[1:]:
        title, body = part.split("\n", 1)
        rows = re.findall(r"^\| (\d*) \| (\d*) \| (\w+) \|", body, flags=re.M)
        result[title.replace("`", "")] = [(int(o), int(n) if n else None, name) for o, n, name in rows if o]
    return result


def take(table, data, at=0):
    """The fields of a table as numbers or bytes; they follow each other without gaps."""
    fields, end = {}, 0
    for offset, size, name in table:
        assert offset == end, f"{name} stands at {offset}, the field before it ends at {end}"
        if size is None:
            break
        raw = data[at + offset:at + offset + size]
        assert len(raw) == size, f"{name} is cut short"
        fields[name] = raw if name in ("magic", "writer", "name", "reserved") else int.from_bytes(raw, "little")
        end = offset + size
    return fields, end


def text(data, at):
    length = int.from_bytes(data[at:at + 4], "little")
    return data[at + 4:at + 4 + length].decode(), at + 4 + length


def unpack(codec, stored):
    if codec == 0:
        return stored
    return subprocess.run(["zstd", "-dcq"], input=stored, capture_output=True, check=True).stdout


def read_image(spec, data):
    header, table_at = take(spec["Header"], data)
    assert header["magic"] == bytes.fromhex("89544F4353494E0A") and header["version"] == 1
    assert header["size"] == len(data) and not any(header["reserved"])
    sections, listed = {}, []
    end = table_at + header["sections"] * sum(size for _, size, _ in spec["Entry"])
    for i in range(header["sections"]):
        entry, size = take(spec["Entry"], data, table_at + i * sum(size for _, size, _ in spec["Entry"]))
        name = entry["name"].rstrip(b"\0").decode()
        assert entry["offset"] == (end + 7) // 8 * 8 and not any(data[end:entry["offset"]]), f"{name} lies elsewhere"
        end = entry["offset"] + entry["stored"]
        sections[name] = unpack(entry["codec"], data[entry["offset"]:end])
        assert len(sections[name]) == entry["length"], f"{name} has another length"
        listed.append({"name": name, "offset": entry["offset"], "stored": entry["stored"], "bytes": entry["length"],
                       "checksum": f"{entry['checksum']:016x}"})
    assert end == len(data)
    return header, sections, listed


def read_sources(spec, data):
    at, result = 0, []
    while at < len(data):
        record, size = take(spec["Section sources"], data, at)
        name_end = at + size + record["name_length"]
        result.append((data[at + size:name_end].decode(), data[name_end:name_end + record["length"]]))
        at = name_end + record["length"]
    assert at == len(data)
    return result


def hex_dump(data):
    lines = []
    for at in range(0, len(data), 16):
        row = data[at:at + 16]
        shown = "".join(chr(b) if 32 <= b < 127 else "." for b in row)
        lines.append(f"{at:04x}  {row.hex(' '):<47}  {shown}".rstrip())
    return "\n".join(lines)


def check_image(tocsin, spec, path):
    """Decodes the image, asks the program for its contents, and compares."""
    data = path.read_bytes()
    header, sections, listed = read_image(spec, data)
    facts, end = take(spec["Section facts"], sections["facts"])
    name, end = text(sections["facts"], end)
    version, end = text(sections["facts"], end)
    sources = read_sources(spec, sections["sources"])
    assert end == len(sections["facts"]) and len(sources) == facts["sources"]
    said = json.loads(subprocess.run([tocsin, "compile", "--info", str(path), "--json"], check=True,
                                     capture_output=True).stdout)
    mine = {"format": header["version"], "bytes": header["size"], "content": f"{header['content']:016x}",
            "writer": header["writer"].rstrip(b"\0").decode(), "tables": f"{header['tables']:016x}", "name": name,
            "version": version, "sources": [{"name": n, "bytes": len(b)} for n, b in sources], "sections": listed}
    mine.update({key: facts[key] for key in ("tiers", "clauses", "routes", "topics", "terms", "patterns", "regexes",
                                             "venues")})
    said.pop("same_tables")
    assert said == mine, f"the library says {said}, the document {mine}"
    print(f"{path.name}: {len(data)} bytes, {len(listed)} sections, {len(sources)} sources: as docs/FORMAT.md says")
    return data, listed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tocsin", required=True)
    parser.add_argument("--write", action="store_true", help="write the hex dump into the document")
    arguments = parser.parse_args()
    document_path = ROOT / "docs/FORMAT.md"
    document = document_path.read_text(encoding="utf-8")
    check_image(arguments.tocsin, tables(document), ROOT / "tests/images/small.2.tocsin")
    data, listed = check_image(arguments.tocsin, tables(document), ROOT / "tests/images/small.1.tocsin")
    dump = hex_dump(data[:listed[1]["offset"]])
    shown = re.search(r"```\n(0000  .*?)\n```\n", document, flags=re.S)
    if arguments.write:
        document_path.write_text(document[:shown.start(1)] + dump + document[shown.end(1):], encoding="utf-8")
    elif shown.group(1) != dump:
        sys.exit("docs/FORMAT.md: the hex dump is not that of tests/images/small.1.tocsin")


if __name__ == "__main__":
    main()
