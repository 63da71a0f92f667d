import { readFileSync } from "node:fs";
import { level2Rules } from "@calwebb/asn-level2";
import { level3Rules } from "@calwebb/asn-level3";
import { describe, expect, it } from "vitest";
import {
  type Association,
  type AssociationData,
  AssociationRegistry,
  addMembers,
  asnFromList,
  classifyFile,
  compareMembers,
  dump,
  generate,
  loadAsn,
  Member,
  makePool,
  parseAssociationFileName,
  pruneMemberships,
  readPool,
  readyTasks,
  removeMembers,
  removeSuffix,
  STAGE3_FILE,
  selectMembers,
  serialize,
  stageOfType,
  toGraphviz,
  toMermaid,
  updatePath,
  validateAssociation,
  workflowGraph,
} from "../src/index.js";

const rules = [level2Rules, level3Rules];
const generated = (name: string): Association[] =>
  generate(readPool(readFileSync(new URL(`./truth/${name}.csv`, import.meta.url), "utf8"), { name }), { rules })
    .associations;

const simple: AssociationData = {
  asn_type: "image3",
  products: [
    {
      name: "x",
      members: [
        { expname: "a_cal.fits", exptype: "science" },
        { expname: "b_cal.fits", exptype: "psf" },
      ],
    },
  ],
};

describe("loading", () => {
  it("gives back what was dumped, from JSON and YAML", () => {
    const [association] = generated("fgs-imaging");
    const json = dump(association);
    expect(json.name).toMatch(/_asn\.json$/);
    expect(loadAsn(json.text)).toEqual(association.data);
    const yaml = dump(association, "yaml");
    expect(yaml.name).toMatch(/_asn\.yaml$/);
    expect(loadAsn(yaml.text, { name: yaml.name })).toEqual(association.data);
    expect(() => dump(association, "xml")).toThrow(/json and yaml/);
  });

  it.each([
    ['{"products": [', /x\.json is no JSON.*\(line 1, column 15\)/],
    ['{"products": [\n {"members": [1,]}]}', /is no JSON.*\(line 2, column 17\)/],
    ['{"products": [\n {members: 1}]}', /is no JSON.*\(line 2, column 3\)/],
    ['{"products": 1}}', /is no JSON.*\(line 1, column 16\)/],
    ['{"products" 1}', /is no JSON.*\(line 1, column 13\)/],
    ['{"products": [1}', /is no JSON.*\(line 1, column 16\)/],
    ["[1, 02]", /is no JSON.*\(line 1, column [56]\)/],
    ['{"products": 1}', /products is a number, not an array/],
    ['{"asn_type": "a"}', /has no "products"/],
    ['{"products": [{"members": [{"expname": "a"}]}]}', /products\[0\]\.members\[0\] has no "exptype"/],
    ['{"products": [{"name": "x"}]}', /products\[0\] has no "members"/],
    ["[1]", /holds no mapping/],
    ["a: [", /is no JSON or YAML/],
  ])("refuses %s", (text, message) => {
    expect(() => loadAsn(text, { name: "x.json" })).toThrow(message);
    expect(() => loadAsn(text, { name: "x.json" })).toThrow(expect.objectContaining({ kind: "ValidationError" }));
  });

  it("says where members have paths, and can do without checking", () => {
    const warnings: string[] = [];
    loadAsn('{"products": [{"members": [{"expname": "d/a.fits", "exptype": "science"}]}]}', {
      warn: (m) => warnings.push(m),
    });
    expect(warnings[0]).toMatch(/d\/a\.fits has a path/);
    expect(loadAsn('{"x": 1}', { validate: false })).toEqual({ x: 1 });
    expect(validateAssociation({ ...simple, version_id: 5 }, "level3")).toEqual([
      "version_id is a number, not a string or null",
    ]);
  });
});

describe("lists of files", () => {
  it("are one product in stage 3 and one each in stage 2", () => {
    const three = asnFromList(["a_cal.fits", ["b_cal.fits", "psf"]], { productName: "out" });
    expect(three.data).toMatchObject({ asn_rule: "DMS_Level3_Base", asn_id: "a3001", target: "none" });
    expect(three.data.products).toEqual([{ ...simple.products[0], name: "out" }]);
    const two = asnFromList(["a_rate.fits", "b_rate.fits"], { rule: "DMSLevel2bBase", acid: "c1001" });
    expect(two.data.products.map((p) => p.name)).toEqual(["a", "b"]);
    expect(two.acid).toEqual({ id: "c1001", type: "background" });
    const named = asnFromList(["a_rate.fits"], {
      rule: "Asn_Lv2Image",
      registry: new AssociationRegistry({ definitions: rules }),
      productName: (_f, n) => `p${n}`,
    });
    expect(named.data).toMatchObject({ asn_type: "image2", products: [{ name: "p1" }] });
  });

  it("need a product name, a known rule, a proper candidate and some science", () => {
    expect(() => asnFromList(["a"])).toThrow(/name of its product/);
    expect(() => asnFromList(["a"], { rule: "Asn_No" })).toThrow(/no rule "Asn_No"/);
    expect(() => asnFromList(["a"], { productName: "x", acid: "z1" })).toThrow(/candidate "z1"/);
    expect(() => asnFromList([], { productName: "x" })).toThrow(/at least one/);
    expect(() => dump(asnFromList([["a", "psf"]], { productName: "x" }))).toThrow(/not valid: has_science/);
  });
});

describe("editing", () => {
  it("adds, removes, moves and selects members", () => {
    const more = addMembers(simple, ["d/c_cal.fits", "a_cal.fits"], "background");
    expect(more.products[0].members.at(-1)).toEqual({ expname: "c_cal.fits", exptype: "background" });
    expect(more.products[0].members.length).toBe(3);
    expect(simple.products[0].members.length).toBe(2);
    expect(removeMembers(simple, ["a_rate.fits"]).missing).toEqual(["a_rate.fits"]);
    expect(removeMembers(simple, ["a_rate.fits"], true).asn.products[0].members.length).toBe(1);
    expect(removeMembers(simple, ["a_cal.fits", "b_cal.fits"]).asn.products).toEqual([]);
    expect(updatePath(simple, "/data").products[0].members[0].expname).toBe("/data/a_cal.fits");
    expect(updatePath(updatePath(simple, "/data/"), "")).toEqual(simple);
    expect(selectMembers(simple, { types: ["PSF"] }).products[0].members.length).toBe(1);
    expect(() => selectMembers(simple, { exclude: ["science", "psf"] })).toThrow(/no member/);
  });
});

describe("pools from headers", () => {
  it("number the targets and know the observations", () => {
    const keywords = { PROGRAM: "01234", OBSERVTN: "5", TARGNAME: "A", EXP_TYPE: "NRC_IMAGE", IS_PSF: false, "": 1 };
    const pool = makePool(
      [
        { file: "x_uncal.fits", keywords },
        { file: "y_uncal.fits", keywords: { ...keywords, TARGNAME: "B" } },
        { file: "z_uncal.fits", keywords },
      ],
      { asnCandidate: "[('c1000', 'group')]" },
    );
    expect(pool.rows.map((r) => r.get("targetid"))).toEqual(["1", "2", "1"]);
    expect(pool.rows[0].get("asn_candidate")).toBe("[('o005', 'observation'), ('c1000', 'group')]");
    expect(pool.rows[0].valid("is_psf")).toBeUndefined();
    expect(() => makePool([{ file: "x", keywords: {} }])).toThrow(/x has no keyword OBSERVTN/);
  });
});

describe("names", () => {
  it("of associations have parts", () => {
    expect(parseAssociationFileName("jw01234-c1001_20260801t120000_image3_00002_asn.json")).toEqual({
      program: "01234",
      candidate: "c1001",
      candidateKind: "candidate",
      version: "20260801t120000",
      type: "image3",
      number: 2,
    });
    expect(parseAssociationFileName("jw01234-o001_tso-spec2_001_asn.json")?.version).toBeUndefined();
    expect(parseAssociationFileName("jw01234_asn.json")).toBeUndefined();
  });

  it("say what files are", () => {
    expect(classifyFile("jw01234005001_02101_00001_nrca1_cal.fits")).toBe("exposure");
    expect(classifyFile("jw01234-o001_t001_nircam_f200w_i2d.fits")).toBe("target");
    expect(classifyFile("jw01234-o001_image3_00001_asn.json")).toBe("association");
    expect(classifyFile("notes.txt")).toBe("other");
    expect(STAGE3_FILE.test("jw01234-a3001_t001_nircam_f200w_i2d.fits")).toBe(true);
    expect(removeSuffix("x_nrca1_rateints")).toBe("x_nrca1");
    expect(removeSuffix("x_nrca1")).toBe("x_nrca1");
    for (const rule of [...level2Rules, ...level3Rules])
      if (rule.asnType !== "user_built") expect(stageOfType(rule.asnType)).toBe(rule.level);
  });
});

describe("duplicates", () => {
  const product = (...members: [string, string][]) => ({
    name: "p",
    members: members.map(([expname, exptype]) => new Member({ expname, exptype })),
  });
  it("are compared by their members", () => {
    const one = product(["a_cal.fits", "science"], ["b_cal.fits", "science"]);
    expect(compareMembers(one, product(["b_cal.fits", "science"], ["a_cal.fits", "science"]))).toBe("equal");
    expect(compareMembers(one, product(["a_cal.fits", "science"]))).toBe("subset");
    expect(compareMembers(one, product(["a_cal.fits", "science"], ["b_cal.fits", "psf"]))).toBe("different");
    expect(compareMembers(one, product(["a_cal.fits", "science"], ["c_cal.fits", "science"]))).toBe("different");
    const rates = product(["a_rate.fits", "science"], ["b_rate.fits", "science"]);
    expect(compareMembers(one, rates)).toBe("different");
    expect(compareMembers(one, rates, false)).toBe("equal");
    expect(compareMembers(product(["a", "s"], ["a", "s"]), product(["a", "s"], ["a", "s"]))).toBe("different");
  });

  it("leave the lowest candidate", () => {
    const list = generated("fgs-imaging");
    expect(pruneMemberships([...list, ...list]).length).toBe(list.length);
  });
});

describe("workflow", () => {
  const files = new Map(generated("niriss-wfss").map((a) => [`${a.name}.json`, a.data]));
  const graph = workflowGraph(files);

  it("waits for every file that something makes", () => {
    expect(graph.external.length).toBe(18);
    expect(graph.external.every((f) => f.endsWith("_uncal.fits"))).toBe(true);
    const stages = new Map(graph.tasks.map((t) => [t.id, t.stage]));
    expect(
      graph.edges.some((e) => stages.get(e.from) === 3 && stages.get(e.to) === 2 && e.file.endsWith("_cat.ecsv")),
    ).toBe(true);
  });

  it("can be worked off to its end, and grism exposures wait for their catalog", () => {
    const done = new Set<string>();
    const order: string[] = [];
    for (let ready = readyTasks(graph, done); ready.length > 0; ready = readyTasks(graph, done))
      for (const task of ready) {
        done.add(task.id);
        order.push(task.id);
      }
    expect(done.size).toBe(graph.tasks.length);
    for (const edge of graph.edges)
      if (edge.file.endsWith("_cat.ecsv")) expect(order.indexOf(edge.from)).toBeLessThan(order.indexOf(edge.to));
    expect(readyTasks(graph, new Set(), () => false)).toEqual([]);
  });

  it("is text for Graphviz and Mermaid", () => {
    const dot = toGraphviz(graph);
    expect(dot).toMatch(/^digraph workflow \{/);
    expect(dot.match(/->/g)?.length).toBeGreaterThan(10);
    const mermaid = toMermaid(graph);
    expect(mermaid).toMatch(/^flowchart LR/);
    expect(mermaid).toMatch(/calwebb_spec2/);
  });

  it("keeps the order of keys in files", () => {
    const data = [...files.values()][0];
    expect(serialize(JSON.parse(serialize(data)))).toBe(serialize(data));
  });
});
