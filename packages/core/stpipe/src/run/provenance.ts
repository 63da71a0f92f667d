import { VERSION } from "../generated/version.js";
import type { Session } from "./session.js";
import type { Provenance } from "./status.js";

/** What the results of this run say about software and context. The context is asked for only when references were used. */
export async function provenance(session: Session, used: boolean): Promise<Provenance> {
  let crdsContext = "";
  if (used) {
    try {
      crdsContext = await (await session.resolver()).context();
    } catch {
      // With every reference given by hand there may be no context at all; that is no reason to fail.
    }
  }
  return { softwareVersion: VERSION, softwareRevision: "RELEASE", crdsVersion: VERSION, crdsContext };
}
