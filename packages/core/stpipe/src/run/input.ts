import type { Model, ModelName } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { baseName, folderOf, joinPath } from "../naming/names.js";
import type { Step } from "../step/types.js";
import { asnIdOf, isAssociationFile, openAssociation } from "./association.js";
import { modelsOf, openFile } from "./models.js";
import type { RunNode } from "./node.js";
import { inputDir } from "./save.js";
import type { Session } from "./session.js";

const GUIDER = new Set(["FGS_ID-IMAGE", "FGS_ID-STACK", "FGS_ACQ1", "FGS_ACQ2", "FGS_TRACK", "FGS_FINEGUIDE"]);

/** A path as the step sees it: one without a folder lies in the folder of inputs. */
export function inputPath(path: string, node: RunNode): string {
  return inFolder(path, inputDir(node));
}

/** Put a path that has no folder into one. */
export function inFolder(path: string, folder: string): string {
  return folderOf(path) === "" && !path.includes("://") ? joinPath(folder, path) : path;
}

/** The ramp class that an exposure is opened as: by its type and by whether it is cut into superstripes. */
function rampModel(model: Model): ModelName {
  if (GUIDER.has(String(model.meta.exposure.type).toUpperCase())) return "GuiderRawModel";
  return Number(model.get("meta.subarray.num_superstripe") ?? 0) > 0 ? "SuperstripeRampModel" : "RampModel";
}

const RAMPS: readonly string[] = ["RampModel", "SuperstripeRampModel", "GuiderRawModel"];

/**
 * The class that a step wants an input as; undefined when the one it has will do. Only ramps are opened as another class than the
 * file says, because raw exposures name no class that steps work on.
 */
export function wantedModel(step: Step, model: Model): ModelName | undefined {
  const ramps = step.inputModels.filter((name) => RAMPS.includes(name));
  if (ramps.length === 0 || step.inputModels.includes(model.modelType)) return undefined;
  const fits = rampModel(model);
  return (ramps.includes(fits) ? fits : ramps.includes("RampModel") ? "RampModel" : ramps[0]) as ModelName;
}

/** An input that is ready for a step, and whether the step may change it. */
export interface OpenInput {
  readonly input: unknown;
  /** Files opened here, to be closed when nobody needs them. */
  readonly opened: Model[];
  readonly own: boolean;
}

/** Remember where the outermost input came from; products are named after it. */
export function notePrimaryInput(node: RunNode, input: unknown): void {
  for (let at = node.parent; at; at = at.parent) if (at.inputFile) return;
  if (typeof input === "string") {
    node.inputFile ??= baseName(input);
    node.inputDir ??= folderOf(input) || undefined;
  } else node.inputFile ??= modelsOf(input)[0]?.meta.filename ?? undefined;
}

/** Open a path as the class that the step wants; models and other values pass. */
export async function openInput(given: unknown, node: RunNode, session: Session): Promise<OpenInput> {
  const { step } = node;
  if (typeof given === "string") {
    if (step.takesFiles) return { input: given, opened: [], own: true };
    if (step.associations === "level2" && isAssociationFile(given)) return openScience(given, node, session);
    const path = inputPath(given, node);
    if (isAssociationFile(path)) {
      if (!step.inputModels.includes("ModelContainer"))
        throw new ValidationError(`${step.alias} takes one exposure, not an association`, { file: path });
      const container = await openAssociation(path, session);
      node.asnId = asnIdOf(node, container);
      return { input: container, opened: [...container], own: true };
    }
    const model = await openFile(session, path, (found) => wantedModel(step, found));
    session.paths.set(model, path);
    return { input: model, opened: [model], own: true };
  }
  return { input: given, opened: [], own: false };
}

/** Open the science exposure of the first product of a level-2 association, and keep the association for the step. */
async function openScience(given: string, node: RunNode, session: Session): Promise<OpenInput> {
  const { loadLevel2, scienceOf } = await import("./level2.js");
  const association = await loadLevel2(given, node, session);
  const log = session.logger(node.qualifiedName);
  const [product] = association.products;
  if (association.products.length > 1)
    log.warn(`${given} has ${association.products.length} products; only the first, ${product.name}, is used`);
  const path = inputPath(scienceOf(product, (m) => log.warn(m)) as string, node);
  const model = await openFile(session, path, (found) => wantedModel(node.step, found));
  node.association = association;
  return { input: model, opened: [model], own: true };
}
