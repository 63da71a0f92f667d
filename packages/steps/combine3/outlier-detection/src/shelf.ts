import { encodeModel, keepWritten, type Model, openModel } from "@calwebb/datamodels";
import type { StepContext } from "@calwebb/stpipe";

/**
 * Put a changed model aside into a temporary file and give one that reads from it, so that its arrays need no memory.
 * @param scratch - makes the file; it goes when the program ends
 */
export async function shelve(model: Model, scratch: StepContext["scratch"]): Promise<Model> {
  const file = await scratch();
  let size = 0;
  const name = model.meta.filename ?? "exposure.fits";
  await encodeModel(model, {
    name,
    write: async (bytes, position) => {
      size = Math.max(size, position + bytes.length);
      await file.write(bytes, position);
    },
    commit: async () => {},
    abort: async () => {
      await file.close();
    },
  });
  const out = await openModel({
    name,
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      await file.readInto(bytes, offset);
      return bytes;
    },
    readInto: (target, offset) => file.readInto(target, offset),
    close: () => file.close(),
  });
  keepWritten(out, model);
  if (model.meta.filename !== undefined) out.meta.filename = model.meta.filename;
  return out;
}
