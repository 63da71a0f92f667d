import type { AssociationData } from "../association.js";
import { PIPELINE_OF_TYPE } from "../names/patterns.js";
import { baseName, exposureName, removeSuffix, stem } from "../names/suffix.js";

/** One run of a pipeline: it starts when all files it waits for exist. */
export interface WorkflowTask {
  readonly id: string;
  readonly stage: 1 | 2 | 3;
  readonly pipeline: string;
  /** What is given to the pipeline: an association, or a raw file in stage 1. */
  readonly input: string;
  /** Files that have to exist first. */
  readonly waitsFor: readonly string[];
  /** Files that appear, as far as other tasks wait for them, and the products by name. */
  readonly makes: readonly string[];
}

/** A file of one task that another waits for. */
export interface WorkflowEdge {
  readonly from: string;
  readonly to: string;
  readonly file: string;
}

/** Wait, then execute: the tasks of a set of associations and the files that tie them together. */
export interface WorkflowGraph {
  readonly tasks: readonly WorkflowTask[];
  readonly edges: readonly WorkflowEdge[];
  /** Files that are waited for and that no task makes. */
  readonly external: readonly string[];
}

const COUNTRATE = /_rate(ints)?$/;

/**
 * The workflow of associations: stage 1 for each exposure, stage 2 for each association of stage 2 when its countrates and
 * catalogs exist, stage 3 when its calibrated exposures exist. Catalogs of stage 3 images go back to stage 2 of grism
 * exposures.
 * @param associations - contents by the names of their files
 */
export function workflowGraph(associations: ReadonlyMap<string, AssociationData>): WorkflowGraph {
  const wanted = new Set<string>();
  for (const asn of associations.values())
    for (const product of asn.products) for (const member of product.members) wanted.add(baseName(member.expname));

  const sorted = [...wanted].sort();
  const byExposure = new Map<string, string[]>();
  for (const file of sorted) {
    const exposure = exposureName(file);
    const list = byExposure.get(exposure);
    if (list === undefined) byExposure.set(exposure, [file]);
    else list.push(file);
  }

  const tasks: WorkflowTask[] = [];
  const stage1 = new Map<string, string[]>();
  for (const file of wanted) {
    if (!COUNTRATE.test(stem(file))) continue;
    const exposure = exposureName(file);
    const list = stage1.get(exposure);
    if (list === undefined) stage1.set(exposure, [file]);
    else list.push(file);
  }
  for (const [exposure, files] of [...stage1].sort(byKey))
    tasks.push({
      id: `detector1 ${exposure}`,
      stage: 1,
      pipeline: "calwebb_detector1",
      input: `${exposure}_uncal.fits`,
      waitsFor: [`${exposure}_uncal.fits`],
      makes: files.sort(),
    });
  for (const [name, asn] of [...associations].sort(byKey)) {
    const pipeline = PIPELINE_OF_TYPE[asn.asn_type ?? ""] ?? "";
    const stage = pipeline.endsWith("3") ? 3 : 2;
    const makes = new Set<string>();
    for (const product of asn.products) {
      const root = product.name ?? exposureName(product.members[0]?.expname ?? "");
      if (stage === 2) {
        const exposures = new Set(
          product.members.filter((m) => m.exptype === "science").map((m) => exposureName(m.expname)),
        );
        for (const exposure of exposures)
          for (const file of byExposure.get(exposure) ?? [])
            if (/_(cal|calints|x1d|x1dints)$/.test(stem(file))) makes.add(file);
        if (makes.size === 0) makes.add(`${root}_${asn.asn_type?.includes("tso") ? "calints" : "cal"}.fits`);
      } else {
        const base = removeSuffix(root);
        for (const file of startingWith(sorted, `${base}_`)) makes.add(file);
        if (makes.size === 0) makes.add(base);
      }
    }
    const waitsFor = new Set(asn.products.flatMap((p) => p.members.map((m) => baseName(m.expname))));
    // What an association makes of its own members it does not wait for.
    for (const file of makes) waitsFor.delete(file);
    tasks.push({ id: name, stage, pipeline, input: name, waitsFor: [...waitsFor].sort(), makes: [...makes].sort() });
  }
  return connect(tasks);
}

/** The texts of a sorted list that begin with a prefix. */
function startingWith(sorted: readonly string[], prefix: string): string[] {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < prefix) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < sorted.length && sorted[end].startsWith(prefix)) end++;
  return sorted.slice(low, end);
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;

function connect(tasks: readonly WorkflowTask[]): WorkflowGraph {
  const makers = new Map<string, string[]>();
  for (const task of tasks)
    for (const file of task.makes) {
      const list = makers.get(file);
      if (list === undefined) makers.set(file, [task.id]);
      else list.push(task.id);
    }
  const edges: WorkflowEdge[] = [];
  const external = new Set<string>();
  for (const task of tasks)
    for (const file of task.waitsFor) {
      const from = makers.get(file)?.filter((id) => id !== task.id) ?? [];
      if (from.length === 0) external.add(file);
      for (const id of from) edges.push({ from: id, to: task.id, file });
    }
  return { tasks, edges, external: [...external].sort() };
}

/**
 * Tasks that can start now: those not done whose files all exist or are made by tasks that are done.
 * @param done - identifiers of finished tasks
 * @param exists - whether a file that no task makes is there
 */
export function readyTasks(
  graph: WorkflowGraph,
  done: ReadonlySet<string>,
  exists: (file: string) => boolean = () => true,
): WorkflowTask[] {
  const makers = new Map<string, string[]>();
  for (const { from, to, file } of graph.edges) {
    const key = `${to}\n${file}`;
    const list = makers.get(key);
    if (list === undefined) makers.set(key, [from]);
    else list.push(from);
  }
  return graph.tasks.filter(
    (task) =>
      !done.has(task.id) &&
      task.waitsFor.every((file) => {
        const from = makers.get(`${task.id}\n${file}`);
        return from === undefined ? exists(file) : from.some((id) => done.has(id));
      }),
  );
}
