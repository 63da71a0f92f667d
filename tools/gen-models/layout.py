#!/usr/bin/env python3
"""Writes tools/facts/layout.json: the order in which the reference implementation walks every model schema.

Facts only: attribute names, keywords, HDU names, types, enumerations, numbers and their order. Equal sub-trees are
stored once. Run with a Python that has stdatamodels installed.
"""

import importlib
import json
import pkgutil
import sys
import warnings
from pathlib import Path

import stdatamodels
import stdatamodels.jwst.datamodels as dm
from stdatamodels import DataModel

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[2]

nodes, index = [], {}


def intern(node):
    key = json.dumps(node)
    if key not in index:
        index[key] = len(nodes)
        nodes.append(node)
    return index[key]


def type_name(value):
    return "any" if value is None else value if isinstance(value, str) else "|".join(value)


def datatype(value):
    return f"{value[0]}:{value[1]}" if isinstance(value, list) else value


def table_columns(columns):
    out = []
    for c in columns:
        col = {"name": c.get("name"), "datatype": datatype(c["datatype"])}
        for k in ("shape", "ndim", "max_ndim", "unit"):
            if k in c:
                col[k] = c[k]
        out.append(col)
    return out


def leaf(schema):
    node = {"type": type_name(schema.get("type"))}
    if "fits_keyword" in schema:
        node["keyword"] = schema["fits_keyword"]
        node["hdu"] = str(schema.get("fits_hdu") or "PRIMARY")
    enums = list(schema.get("enum", []))
    for sub in schema.get("anyOf", []):
        enums += [v for v in sub.get("enum", []) if v not in enums]
    if enums:
        node["enum"] = enums
    for k in ("pattern", "minimum", "maximum", "default", "blend_table", "blend_rule", "tag"):
        if k in schema:
            node[k] = schema[k]
    items = schema.get("items")
    if isinstance(items, dict) and "type" in items:
        node["items"] = type_name(items["type"])
    return node


def visit(schema):
    alternatives = [s for s in schema.get("anyOf", []) if "datatype" in s]
    if alternatives:
        merged = {k: v for k, v in schema.items() if k != "anyOf"}
        schema = {**alternatives[0], **merged}
    if "datatype" in schema or "ndim" in schema or "max_ndim" in schema:
        kind = schema.get("datatype")
        node = {"hdu": schema.get("fits_hdu")}
        if isinstance(kind, list) and any(isinstance(c, dict) for c in kind):
            node["columns"] = table_columns(kind)
            if schema.get("allow_extra_columns"):
                node["allow_extra_columns"] = True
            if len(alternatives) > 1:
                node["alternatives"] = [table_columns(s["datatype"]) for s in alternatives[1:]]
        else:
            node["datatype"] = datatype(kind)
        for k in ("ndim", "max_ndim", "default"):
            if k in schema:
                node[k] = schema[k]
        return intern({"array": node})
    # Sub-trees that only describe ASDF transforms are opaque values of the model.
    if "/asdf/" in str(schema.get("id", "")):
        return intern({"leaf": {"type": "any"}})
    if "properties" in schema:
        children = [[name, visit(sub)] for name, sub in schema["properties"].items() if name != "extra_fits"]
        node = {"object": children}
        if "title" in schema:
            node["titled"] = True
        if schema.get("required"):
            node["required"] = schema["required"]
        return intern(node)
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, dict) and "properties" in items and "/asdf/" not in str(items.get("id", "")):
        return intern({"list": visit(items)})
    return intern({"leaf": leaf(schema)})


def classes():
    found = {}
    for info in pkgutil.iter_modules(dm.__path__):
        module = importlib.import_module(f"stdatamodels.jwst.datamodels.{info.name}")
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, DataModel):
                found[name] = value
    return found


def main():
    facts = json.loads((ROOT / "tools/facts/models.json").read_text())
    found, models = classes(), {}
    for record in facts["models"]:
        name = record["name"]
        cls = found.get(name)
        if cls is None:
            print("no class", name, file=sys.stderr)
            continue
        schema = cls().schema
        bases = [k.__name__ for k in cls.__mro__[1:] if k.__name__ not in ("object", "Node", "ObjectNode")]
        models[name] = {"node": visit(schema), "bases": bases}
    lines = [json.dumps(n) for n in nodes]
    body = ",\n  ".join(lines)
    listing = ",\n  ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(models.items()))
    version = stdatamodels.__version__
    (ROOT / "tools/facts/layout.json").write_text(
        f'{{\n "_provenance": {{"stdatamodels": {json.dumps(version)}}},\n "nodes": [\n  {body}\n ],\n "models": {{\n  {listing}\n }}\n}}\n'
    )
    print(len(nodes), "nodes", len(models), "models")


main()
