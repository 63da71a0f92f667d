#!/usr/bin/env python
"""Pools that are not as they should be, and what the reference implementation makes of them.

    python tools/truth/asn_mutations.py FOLDER --out CASES [--count 100] [--seed 1]
    node tools/truth/asn_compare.mjs CASES

Takes some rows of a pool in FOLDER and drops columns, blanks and exchanges values, changes kinds of exposures, flags, candidates, case
and order, doubles rows, mixes programs; and chooses options of the generator. Writes m<seed>.csv and m<seed>.json (options, what was
done, associations or the error). A case takes the reference implementation some seconds.
"""
import argparse
import json
import random
import re
from pathlib import Path

from asn_pools import answer

OPTIONS = [[]] * 10 + [
    ["--merge"], ["--discover"], ["--all-candidates"], ["level2"], ["level3"], ["-i"], ["-i", "--DMS"], ["--DMS"],
    ["--version-id", "x1"], ["-i", "--merge"], ["--discover", "level3"], ["--all-candidates", "level2"],
]
FIXED = ("filename", "program", "exp_type", "instrume", "asn_candidate")
BLANKS = ["NULL", "null", "", "--", "n/a"]
FLAGS = {column: ["t", "f", "NULL", "T"] for column in ("bkgdtarg", "is_psf", "is_imprt", "tsovisit")} | {
    "targetid": ["NULL", "1", "2", "1000", "abc", "0", "007"],
    "pntgtype": ["science", "target_acquisition", "null"],
    "patt_num": ["1", "2", "3", "5", "null", "x"],
    "patttype": ["none", "2-point-nod", "4-point-nod", "along-slit-nod", "null", "wfsc"],
    "visitype": ["prime_wfsc_sensing_only", "prime_wfsc_routine", "parallel_pure", "prime_targeted_fixed", "null"],
    "expspcin": ["1", "2", "3", "null"],
}
CANDIDATES = [("c1000", "group"), ("c1001", "background"), ("c1002", "mosaic"), ("c1003", "direct_image"), ("o002", "observation")]


def read(path):
    lines = [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    columns = [c.strip().lower() for c in lines[0].split("|")]
    return columns, [dict(zip(columns, (v.strip() for v in line.split("|")))) for line in lines[1:]]


class Mutation:
    def __init__(self, pools, seed):
        self.rng = random.Random(seed)
        self.pools = pools
        name = self.rng.choice(sorted(pools))
        self.columns, rows = pools[name]
        self.columns = list(self.columns)
        size = self.rng.choice([6, 10, 15, 20, 30])
        start = self.rng.randrange(max(1, len(rows) - size + 1))
        self.rows = [dict(r) for r in rows[start : start + size]]
        self.log = [name]
        kinds = [self.drop, self.blank, self.exchange, self.flags, self.types, self.candidates, self.case, self.shuffle, self.double,
                 self.programs, self.mix]
        for kind in self.rng.sample(kinds, self.rng.choice([1, 2, 3, 4])):
            self.log.append(kind.__name__)
            kind()

    def values(self, column):
        return sorted({r[column] for _, rows in self.pools.values() for r in rows if column in r})

    def drop(self):
        for column in self.rng.sample([c for c in self.columns if c not in FIXED], 2):
            self.columns.remove(column)

    def blank(self):
        self.each(0.04, lambda c: c not in FIXED, lambda c: self.rng.choice(BLANKS))

    def exchange(self):
        self.each(0.06, lambda c: c not in FIXED, lambda c: self.rng.choice(self.values(c)))

    def flags(self):
        chosen = self.rng.sample(sorted(FLAGS), 4)
        self.each(self.rng.choice([0.1, 0.3, 0.6]), lambda c: c in chosen, lambda c: self.rng.choice(FLAGS[c]))

    def types(self):
        chosen = self.rng.sample(self.values("exp_type"), 3)
        self.each(0.4, lambda c: c == "exp_type", lambda c: self.rng.choice(chosen))

    def candidates(self):
        def some(_column):
            return str([("o001", "observation"), *self.rng.sample(CANDIDATES, self.rng.choice([0, 1, 2]))])

        self.each(0.6, lambda c: c == "asn_candidate", some)

    def case(self):
        for row in self.rows:
            for column in self.columns:
                if column != "filename" and self.rng.random() < 0.2:
                    row[column] = row.get(column, "NULL").upper()

    def shuffle(self):
        self.rng.shuffle(self.rows)

    def double(self):
        self.rows += [dict(r) for r in self.rng.sample(self.rows, min(3, len(self.rows)))]

    def programs(self):
        self.each(0.5, lambda c: c == "program", lambda c: self.rng.choice(["99", "12345", "7"]))

    def mix(self):
        _, rows = self.pools[self.rng.choice(sorted(self.pools))]
        self.rows += [{c: r.get(c, "NULL") for c in self.columns} for r in self.rng.sample(rows, min(6, len(rows)))]

    def each(self, rate, wanted, value):
        for row in self.rows:
            for column in self.columns:
                if wanted(column) and self.rng.random() < rate:
                    row[column] = value(column)

    def options(self):
        out = list(self.rng.choice(OPTIONS))
        if "-i" in out:
            ids = sorted({i.lower() for r in self.rows for i in re.findall(r"'([oc]\d+)'", r.get("asn_candidate", ""), re.I)})
            at = out.index("-i")
            out[at : at + 1] = ["-i", *self.rng.sample(ids, min(2, len(ids)))] if ids else []
        return out

    def text(self):
        lines = ["|".join(self.columns), *("|".join(r.get(c, "NULL") for c in self.columns) for r in self.rows)]
        return "\n".join(lines) + "\n"


def peer_options(options):
    from jwst.associations import lib

    folder = Path(lib.__file__).parent
    rules = {"level2": "rules_level2b.py", "level3": "rules_level3.py"}
    return [o for option in options for o in (["--ignore-default", "-r", str(folder / rules[option])] if option in rules else [option])]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pools", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    pools = {p.stem: read(p) for p in sorted(args.pools.glob("*.csv"))}
    for seed in range(args.seed, args.seed + args.count):
        mutation = Mutation(pools, seed)
        case = {"options": mutation.options(), "log": mutation.log}
        path = args.out / f"m{seed:05d}.csv"
        path.write_text(mutation.text())
        try:
            case["associations"] = answer(path, peer_options(case["options"]))
        except Exception as error:  # a pool may be more than the reference implementation can take
            case["error"] = repr(error)
        path.with_suffix(".json").write_text(json.dumps(case))
        print(path.name, *case["log"], *case["options"], case.get("error", len(case.get("associations", []))), flush=True)


if __name__ == "__main__":
    main()
