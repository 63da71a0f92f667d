import type { Model, Table } from "@calwebb/datamodels";
import { IoError, ReferenceNotFound } from "@calwebb/errors";
import type { FindReferenceOptions, OpenOptions, Progress, SaveOptions, StepContext } from "../step/types.js";
import { loadingAhead } from "./ahead.js";
import { asnIdOf } from "./association.js";
import { inputPath } from "./input.js";
import { modelsOf, openFile } from "./models.js";
import type { RunNode } from "./node.js";
import { type FoundReference, findReference, type OpenReferences, openReference } from "./references.js";
import { saveModel, saveTable, saveText } from "./save.js";
import type { Session } from "./session.js";

/** Reports progress as events; nothing is reported twice for the same number. */
function makeProgress(node: RunNode, session: Session): Progress {
  let total = 0;
  let done = 0;
  let label: string | undefined;
  const report = (): void =>
    session.emit({ type: "progress", step: node.name, depth: node.depth, done, total, ...(label ? { label } : {}) });
  return {
    start(n, text) {
      total = n;
      done = 0;
      label = text;
      report();
    },
    advance(n = 1) {
      done = Math.min(total, done + n);
      report();
    },
  };
}

/** Whether results of a step are saved. */
export function savesResults(node: RunNode): boolean {
  const file = node.params["output_file"];
  return node.params["save_results"] === true || (typeof file === "string" && file !== "");
}

/** What the body of a step gets beside its input. */
export function makeContext(
  node: RunNode,
  session: Session,
  inputs: readonly unknown[],
  input: unknown,
  open: OpenReferences,
): StepContext<Record<string, unknown>, Record<string, Model>> {
  const lookUp = async (type: string, record = true): Promise<{ found: FoundReference; model: Model }> => {
    const model = modelsOf(input)[0];
    if (!model) throw new ReferenceNotFound(`${node.name}: there is no input to select a ${type} reference for`);
    const found = await findReference(type, model, node, session);
    open.names[type] = found.name;
    if (record && found.record !== undefined) open.records.push([type, found.record]);
    return { found, model };
  };
  const context = {
    params: node.params as never,
    refs: open.refs,
    refNames: open.names,
    name: node.name,
    association: node.association,
    inputs,
    inPipeline: node.parent !== undefined,
    asnId: asnIdOf(node, input),
    nameByAssociation: () => {
      node.namePart = asnIdOf(node, input);
    },
    log: session.logger(node.qualifiedName),
    progress: makeProgress(node, session),
    signal: session.signal,
    executor: loadingAhead(session.executor, node),
    memoryBudget: session.memoryBudget,
    scratch: async () => {
      if (session.host.scratch === undefined)
        throw new IoError("cannot put data aside: there are no temporary files here");
      return session.host.scratch();
    },
    openModel: async (path: string, options: OpenOptions = {}) => {
      const model = await openFile(session, inputPath(path, node), options.model);
      if (options.own !== true) open.opened.push(model);
      return model;
    },
    readText: (path: string) => session.host.readText(inputPath(path, node)),
    saveModel: (model: Model, options?: SaveOptions) => saveModel(node, session, model, options),
    beginSave: (model: Model, options?: SaveOptions) => {
      const others = node.saving ?? [];
      const saving = saveModel(node, session, model, options, others);
      // Whoever waits for it hears of a failure.
      saving.catch(() => undefined);
      node.saving = [...others, saving];
    },
    saveResult: async (model: Model, options?: SaveOptions) =>
      savesResults(node) ? saveModel(node, session, model, options) : undefined,
    leaveOut: (model: Model) => {
      node.leftOut ??= new Set();
      node.leftOut.add(model);
    },
    resultsAreSaved: () => {
      node.saved = true;
    },
    readTable: async (path: string) => {
      const [{ decodeTable }, source] = await Promise.all([
        import("@calwebb/datamodels"),
        session.host.open(inputPath(path, node)),
      ]);
      try {
        return await decodeTable(source);
      } finally {
        await source.close();
      }
    },
    saveTable: (table: Table, options?: Parameters<StepContext["saveTable"]>[1]) =>
      saveTable(node, session, table, options),
    saveText: (content: string, options?: SaveOptions) => saveText(node, session, content, options),
    runCommand: async (command: string, env?: Readonly<Record<string, string>>) => {
      if (!session.host.run) throw new IoError(`cannot run "${command}": there are no commands here`);
      return session.host.run(command, env);
    },
    findReference: async (type: string, options: FindReferenceOptions = {}) => {
      const { found, model } = await lookUp(type, options.record);
      if (found.name === "N/A") return undefined;
      const fixed = node.step.references.find((r) => r.type === type)?.modelFor(model, node.params);
      const opened = await openReference(found, type, session, options.model ?? fixed, options.load !== false);
      if (!found.model) open.opened.push(opened);
      return opened;
    },
    findReferenceText: async (type: string, options: { record?: boolean } = {}) => {
      const { found } = await lookUp(type, options.record);
      if (found.name === "N/A") return undefined;
      if (found.path !== undefined) return session.host.readText(found.path);
      throw new ReferenceNotFound(`${node.name}: the ${type} reference is a text; give the name of a file`, {
        where: type,
        step: node.name,
      });
    },
  };
  return context as unknown as StepContext<Record<string, unknown>, Record<string, Model>>;
}
