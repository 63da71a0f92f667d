#!/usr/bin/env python
"""What the reference implementation makes of association pools.

    node packages/apps/simulator/bin/simulate.js program --all --out packages/core/associations/test/truth
    python tools/truth/asn_pools.py packages/core/associations/test/truth/*.csv

Writes <pool>.json beside each pool: one association a line, without constraints and versions.
Release 3.0.0 names `cal` files of grism exposures in stage 3; later ones name the spectra, `x1d`. The results have `x1d`.
"""
import argparse
import json
from pathlib import Path

KEPT = ("asn_type", "asn_rule", "asn_id", "program", "target", "asn_pool", "degraded_status")


def answer(path, options=()):
    from jwst.associations.main import Main

    out = []
    for asn in Main.cli([str(path), "--dry-run", *options]).associations:
        data = asn.data
        products = []
        for product in data["products"]:
            members = [dict(m.data) for m in product["members"]]
            if "Lv3WFSS" in data["asn_rule"]:
                for m in (m for m in members if m["exptype"] == "science"):
                    m["expname"] = m["expname"].replace("_cal.fits", "_x1d.fits")
            products.append({"name": product["name"], "members": members})
        out.append({"_file": asn.asn_name + ".json", **{k: data.get(k) for k in KEPT}, "products": products})
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pools", nargs="+", type=Path)
    for path in parser.parse_args().pools:
        found = answer(path)
        text = "[\n" + ",\n".join(json.dumps(a, sort_keys=True) for a in found) + "\n]\n"
        path.with_suffix(".json").write_text(text)
        print(path.name, len(found), "associations", flush=True)


if __name__ == "__main__":
    main()
