import type { FitsFile } from "@calwebb/fits";
import { modelInfo } from "../schema/decode.js";

/** The class that a file is of, and whether it says so itself. */
export interface Guess {
  readonly name: string;
  readonly stated: boolean;
}

/** The class that DATAMODL names; for files without (or with one unknown here), the class that the content suggests. */
export function guessModel(file: FitsFile): Guess {
  const stated = file.hdus[0].header.getString("DATAMODL")?.trim();
  if (stated !== undefined && modelInfo(stated) !== undefined) return { name: stated, stated: true };
  const sci = file.find("SCI", 1);
  const ndim = sci !== undefined && (sci.kind === "image" || sci.kind === "primary") ? sci.shape.length : 0;
  if (ndim === 4 && file.find("DQ") === undefined) return { name: "RampModel", stated: false };
  const byShape = (names: Record<number, string>): string => names[ndim] ?? names[0];
  const name = file.hdus[0].header.has("REFTYPE")
    ? byShape({
        0: "ReferenceFileModel",
        2: "ReferenceImageModel",
        3: "ReferenceCubeModel",
        4: "ReferenceQuadModel",
      })
    : byShape({
        0: "JwstDataModel",
        2: file.find("SCI", 2) === undefined ? "ImageModel" : "MultiSlitModel",
        3: "CubeModel",
        4: "QuadModel",
      });
  return { name, stated: false };
}
