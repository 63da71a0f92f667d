import type { Model } from "@calwebb/datamodels";
import { Cancelled, describeError, isCalwebbError, StepFailed } from "@calwebb/errors";
import type { StepOutcome } from "../step/types.js";
import { makeContext, savesResults } from "./context.js";
import { runHooks } from "./hooks.js";
import { notePrimaryInput, openInput, wantedModel } from "./input.js";
import { isContainer, isModel, modelsOf } from "./models.js";
import { type RunNode, rootOf } from "./node.js";
import { pipelineContext, prefetchAll } from "./pipeline.js";
import { provenance } from "./provenance.js";
import { closeReferences, type OpenReferences, openReferences } from "./references.js";
import { saveModel } from "./save.js";
import type { Session } from "./session.js";
import { recordProvenance, recordStatus, skipAttribute } from "./status.js";

/** Errors that say everything themselves and keep their exit status. */
const KEEP = ["NoDataOnDetector", "Cancelled", "UsageError", "StepFailed"] as const;

/** Wrap whatever a step threw into one error that names the step and the file. */
export function wrapError(error: unknown, node: RunNode, file: string | undefined, signal: AbortSignal): unknown {
  if (signal.aborted && !isCalwebbError(error, "Cancelled"))
    return new Cancelled(`step ${node.name} was cancelled`, { step: node.name, cause: error });
  for (const kind of KEEP) if (isCalwebbError(error, kind)) return error;
  const about = file ? ` on ${file}` : "";
  return new StepFailed(`step ${node.name} failed${about}: ${describeError(error)}`, {
    ...(isCalwebbError(error) ? error.fields : {}),
    step: node.name,
    ...(file ? { file } : {}),
    cause: error,
  });
}

function fileOf(node: RunNode, input: unknown): string | undefined {
  if (typeof input === "string") return input;
  const first = modelsOf(input)[0];
  return node.inputFile ?? first?.meta.filename;
}

/** Close whatever can be closed. */
async function closeAll(opened: Iterable<Model>): Promise<void> {
  for (const model of opened) await model.close().catch(() => undefined);
}

/** Close what the pipeline has kept for steps that did not run. */
async function closeKept(node: RunNode, session: Session): Promise<void> {
  if (node.parent !== undefined) return;
  await closeAll(session.kept.values());
  session.kept.clear();
}

interface Outcome {
  result: unknown;
  reason: string | undefined;
  /** Status in place of SKIPPED. */
  status?: "FAILED";
}

/** Gate, references, body. Gives the result or why there is none. */
async function body(
  node: RunNode,
  session: Session,
  inputs: readonly unknown[],
  input: unknown,
  open: OpenReferences,
): Promise<Outcome> {
  const { step } = node;
  const first = modelsOf(input)[0];
  if (first) {
    const reason = step.gate(first, node.params);
    if (reason !== undefined) return { result: input, reason };
    const missing = await openReferences(step.references, first, node, session, open);
    if (missing) return { result: input, reason: `no ${missing.toUpperCase()} reference file applies` };
  }
  const process = await step.load();
  session.signal.throwIfAborted();
  const context = makeContext(node, session, inputs, input, open);
  const full = step.kind === "pipeline" ? pipelineContext(context, node, session, runNode) : context;
  const outcome: StepOutcome = await process(input as Model, full);
  if (!step.takesFiles) for (const model of modelsOf(input)) session.paths.delete(model);
  if (outcome && typeof outcome === "object" && "skip" in outcome && !isModel(outcome))
    return { result: input, reason: outcome.skip, status: outcome.status };
  return { result: outcome, reason: undefined };
}

async function saveResults(node: RunNode, session: Session, result: unknown): Promise<void> {
  const models = modelsOf(result);
  const several = models.length > 1;
  const others = node.saving;
  for (const [i, model] of models.entries())
    await saveModel(
      node,
      session,
      model,
      several && node.params["output_use_index"] !== false ? { index: i } : {},
      others,
    );
}

/** Wait for all that is being written, also when some of it fails. @throws the first failure */
async function finishSaving(node: RunNode, results?: Promise<void>): Promise<void> {
  const ends = await Promise.allSettled([...(node.saving ?? []), results]);
  node.saving = undefined;
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/**
 * Run one configured step: hooks, skip, references, body, status, records, saving.
 * @param inputs - positional inputs; the first is a path, a model or a list of models
 * @param own - the step may change the first input
 */
export async function runNode(
  node: RunNode,
  session: Session,
  inputs: readonly unknown[],
  own: boolean,
): Promise<unknown> {
  const { step } = node;
  const log = session.logger(node.qualifiedName);
  const open: OpenReferences = { refs: {}, names: {}, records: [], opened: [], kept: new Map() };
  let file = fileOf(node, inputs[0]);
  session.emit({ type: "start", step: node.name, depth: node.depth });
  try {
    session.signal.throwIfAborted();
    notePrimaryInput(node, inputs[0]);
    if (node.parent === undefined && node.params["skip"] === true) {
      log.info("runs although skip is set: alone, a step is never skipped by its parameter");
      node.params["skip"] = false;
    }
    const opening = await openInput(inputs[0], node, session);
    let input = opening.input;
    const single = isModel(input) ? wantedModel(step, input) : undefined;
    if (single && isModel(input)) {
      const { convertModel } = await import("./convert.js");
      input = await convertModel(input, single);
    }
    if (!own && !opening.own) input = copyOf(input);
    file = fileOf(node, inputs[0]) ?? fileOf(node, input);
    log.info(`starts${file ? ` with ${file}` : ""}`);
    let args: unknown[] = [input, ...inputs.slice(1)];
    args = await runHooks(node, session, "pre", args);
    input = args[0];

    let result: unknown;
    let reason: string | undefined;
    let status: Outcome["status"];
    if (node.params["skip"] === true) {
      log.info("left out: skip is set");
      result = input;
      reason = "skip is set";
      recordStatus(modelsOf(result), skipAttribute(step), "SKIPPED");
    } else {
      if (step.kind === "pipeline") await prefetchAll(node, session, input);
      ({ result, reason, status } = await body(node, session, args, input, open));
      if (reason !== undefined) log.warn(`not done: ${reason}`);
      if (step.kind === "step") {
        recordStatus(modelsOf(result), step.calStep, reason === undefined ? "COMPLETE" : (status ?? "SKIPPED"));
        recordStatus([...(node.leftOut ?? [])], step.calStep, "SKIPPED");
        node.leftOut = undefined;
      }
    }
    const [after] = await runHooks(node, session, "post", [result]);
    result = after;
    if (step.kind === "step") {
      const about = await provenance(session);
      for (const model of modelsOf(result)) recordProvenance(model, open.records, about);
    }
    if (session.records)
      for (const model of modelsOf(result)) model.set(`cal_logs.${rootOf(node).step.alias}`, [...session.records]);
    const saves = node.params["skip"] !== true && node.saved !== true && savesResults(node);
    await finishSaving(node, saves ? saveResults(node, session, result) : undefined);
    await closeReferences(open, modelsOf(result), session);
    await closeKept(node, session);
    session.emit(
      reason === undefined
        ? { type: "done", step: node.name, depth: node.depth }
        : { type: "skipped", step: node.name, depth: node.depth, reason },
    );
    if (node.params["skip"] !== true) log.info("finished");
    return result;
  } catch (error) {
    await finishSaving(node).catch(() => undefined);
    await closeAll(open.opened);
    await closeKept(node, session);
    throw wrapError(error, node, file, session.signal);
  }
}

/** A copy of a model, or of every model of a list or a container; other values pass. */
function copyOf(input: unknown): unknown {
  if (isModel(input) || isContainer(input)) return input.clone();
  return Array.isArray(input) ? input.map((item) => (isModel(item) ? item.clone() : item)) : input;
}
