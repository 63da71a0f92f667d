"""Truth of the stack_refs step. The members are typed science: run alone, the reference implementation takes no others."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from coron import association, cube  # noqa: E402
from lib import case  # noqa: E402

ASN = "jw01234-o001_coron3_00001_asn.json"


def run(name, models, doc=""):
    extras = {m.meta.filename: m for m in models[1:]}
    extras[ASN] = association([(m, "science") for m in models])
    case("stack_refs", name, models[0], {"suffix": "stack_refs"}, input_name=models[0].meta.filename, extras=extras, arguments=[ASN], doc=doc)


run("three", [cube(1, 1, 2), cube(2, 2, 3), cube(3, 3, 1)], "exposures of 2, 3 and 1 integrations, with NaN and flags")
run("one", [cube(1, 4, 2)])
