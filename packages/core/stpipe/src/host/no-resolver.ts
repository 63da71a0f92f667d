import type { ReferenceResolver } from "@calwebb/crds";
import { ReferenceNotFound } from "@calwebb/errors";

/** Answers every look-up with an error that says how to give the reference. */
export const noResolver: ReferenceResolver = {
  find: async (_header, types, options) => {
    const needed = types.filter((type) => !options?.optional?.includes(type));
    if (needed.length > 0)
      throw new ReferenceNotFound(
        `no ${needed[0].toUpperCase()} reference was given and there is nowhere to look; give override_${needed[0]} or a reference set`,
        { where: needed[0] },
      );
    return Object.fromEntries(types.map((type) => [type, "N/A"]));
  },
  context: async () => "",
  prefetch: async () => ({}),
};
