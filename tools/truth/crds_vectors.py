"""Random CRDS rules and headers, with the answers of the crds client: packages/core/crds/test/fixtures/random.json.gz.

Run: python tools/truth/crds_vectors.py packages/core/crds/test/fixtures/random.json.gz [number of rule files] [seed]
"""

import gzip
import json
import random
import sys
from importlib.metadata import version

from crds.core import log, rmap, timestamp, utils

log.set_verbose(-3)
out, count, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60, int(sys.argv[3]) if len(sys.argv) > 3 else 7
rng = random.Random(seed)

WORDS = ["A", "B1", "B2", "C*", "FULL", "SUB64", "GENERIC", "N/A", "ANY", "1", "2.0", "10", "1e3", "TRUE", "F", "x y"]
ELEMENTS = WORDS + ["A|B1", "B*|C", "B?", "B[12]*", "[!AB]*", ">5", "<=2", "<2", ">=10", "between 1 5", "BETWEEN 2 20",
                    "# >1 AND <5 #", "#A OR B1#", "#B1#", "NOT A", "NOT B*", "NOT >3", "not 2.0", "(B.)", "(B\\d|A$)", "{A}", "{B|1}",
                    "{*}", "SUB64|FULL|N/A", "A| B2 |", "1|2|10", "UNDEFINED", "*"]
VALUES = WORDS + ["B|1", "C", "CX", "B3", "5", "3", "4.5", "0", "-1", "1000", "b1", " a ", "n/a", "*", "", "UNDEFINED", "NOT A", "xyz", "20"]
DATES = ["2014-01-01 00:00:00", "2020-06-15 12:30:00", "2022-07-12 12:00:00", "2022-07-12 12:00:01", "2023-01-01 00:00:00"]
DAYS = ["2013-12-31", "2014-01-01", "2020-06-15", "2022-07-12", "2022/07/13", "07/12/2022", "2025-01-01", "UNDEFINED", "junk", "Jul 12 2022"]
TIMES = ["00:00:00", "12:30", "12:00:00", "12:00:00.5", "12:00:01", "11:59:59.999", "UNDEFINED", "1:2", "01:00PM"]
EXPRESSIONS = ["always", '(META.P1 == "A")', '(META.P1 != "A" and META.P2 in ("B1", "FULL", "N/A"))', '(META_P2 not in ["1.0", "A"])',
               '(META.P1 < "C" or not META.P2)', '("B" in META.P1)', "(1 < 2)", '("yes" if META.P1 == "A" else "")', "(META.P9)", '(NOSUCH == "A")']
FILES = iter(range(10**6))


def name():
    return rng.choices([f"jwst_x_{next(FILES):04d}.fits", "N/A", "OMIT"], [12, 1, 1])[0]


def element():
    return rng.choice(ELEMENTS) if rng.random() < 0.6 else rng.choice(WORDS)


def nested(classes):
    if not classes:
        return repr(name())
    kind, n = classes[0], rng.randint(1, 4)
    if kind == "UseAfter":
        keys = rng.sample(DATES, n)
    elif kind == "ClosestTime":
        keys = rng.sample(DATES, n)
    elif kind in ("GeometricallyNearest", "Bracket"):
        keys = rng.sample([0.5, 1.0, 2.0, 5.6, 10.0, 21.0, 3], n)
    elif kind == "SelectVersion":
        keys = rng.sample(["<3.1", "<5", "=4", "==4.5", "default", "< 7"], n)
    else:
        keys = rng.sample(["1.8.0", "1.12.5", "0.9", "2", "1.8.1"], n)
    return f"{kind}({{" + ", ".join(f"{k!r} : {nested(classes[1:])}" for k in keys) + "})"


def rules(number):
    npar = rng.randint(1, 3)
    second = rng.choices(["UseAfter", None, "ClosestTime", "GeometricallyNearest", "SelectVersion", "VersionAfter"], [9, 2, 1, 1, 1, 1])[0]
    parkey = tuple(f"META.P{i + 1}" for i in range(npar))
    if rng.random() < 0.3:
        parkey = ("META.SUBARRAY.NAME",) + parkey[1:]
    levels, classes = [parkey], ["Match"]
    if second:
        classes.append(second)
        levels.append({"UseAfter": ("META.DATE", "META.TIME"), "ClosestTime": ("META.DATE", "META.TIME"),
                       "VersionAfter": ("META.VERSION",), "SelectVersion": ("META.SW",)}.get(second, ("META.WAVE",)))
    keys = {}
    for _ in range(rng.randint(1, 7)):
        key = tuple(element() for _ in range(npar))
        keys[key if npar > 1 or rng.random() < 0.5 else key[0]] = nested(classes[1:])
    header = {"derived_from": "random", "filekind": "DARK", "instrument": "MIRI", "mapping": "REFERENCE", "observatory": "JWST",
              "name": f"r{number}.rmap", "parkey": tuple(levels), "classes": tuple(classes), "filetype": "DARK", "sha1sum": "x",
              "extra_keys": ("META.P1", "META.P2", "META.P9")}
    if rng.random() < 0.25:
        header["rmap_relevance"] = rng.choice(EXPRESSIONS)
    if rng.random() < 0.15:
        header["rmap_omit"] = rng.choice(EXPRESSIONS[1:])
    if rng.random() < 0.25:
        header["parkey_relevance"] = {rng.choice(parkey).lower(): rng.choice(EXPRESSIONS[1:])}
    if rng.random() < 0.2:
        header["substitutions"] = {parkey[0]: {"A": "B1", "B1": "N/A"}}
    if rng.random() < 0.15:
        header["merge_overlaps"] = rng.choice(["false", "True"])
    if rng.random() < 0.15:
        header["comment_parkeys"] = (parkey[-1],)
    if rng.random() < 0.15:
        header["reffile_required"] = rng.choice(["yes", "no", "NONE"])
    lines = ",\n".join(f"    {k!r} : {v}" for k, v in keys.items())
    return f"header = {header!r}\n\nselector = Match({{\n{lines},\n}})\n", parkey


files, cases = {}, []
for number in range(count):
    text, parkey = rules(number)
    try:
        mapping = rmap.ReferenceMapping.from_string(text, f"r{number}.rmap", ignore_checksum=True)
    except Exception as exc:  # rules that cannot be loaded have to be refused by others, too
        files[f"r{number}.rmap"] = text
        cases.append({"rules": f"r{number}.rmap", "refused": str(exc)})
        continue
    files[f"r{number}.rmap"] = text
    for _ in range(12):
        header = {p: rng.choice(VALUES) for p in parkey if rng.random() < 0.95}
        for p, choices in (("META.DATE", DAYS), ("META.TIME", TIMES), ("META.WAVE", ["0.1", "1.5", "7.8", "100", "x"]),
                           ("META.SW", ["1", "3.1", "4", "4.5", "6", "99"]), ("META.VERSION", ["0.1", "1.8.0", "1.9.3.dev1", "3"]),
                           ("META.P1", VALUES), ("META.P2", VALUES)):
            if p not in header and rng.random() < 0.9:
                header[p] = rng.choice(choices)
        conditioned = utils.condition_header(mapping.minimize_header(header))
        try:
            result = mapping.get_best_ref(conditioned)
        except Exception as exc:
            result = "NOT FOUND " + str(exc)
        cases.append({"rules": f"r{number}.rmap", "header": header, "result": result})

dates = sorted({f"{d} {t}" for d in DAYS for t in TIMES})
for date in dates:
    try:
        cases.append({"date": date, "result": timestamp.reformat_date(date)})
    except Exception:
        cases.append({"date": date, "result": None})

text = json.dumps({"provenance": f"crds {version('crds')}, seed {seed}", "files": files, "cases": cases}, separators=(",", ":"))
with open(out, "wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
    packed.write(text.encode())
found = sum(1 for c in cases if str(c.get("result", "")).startswith("jwst"))
print(len(files), "files", len(cases), "cases", found, "found", sum("refused" in c for c in cases), "refused")
