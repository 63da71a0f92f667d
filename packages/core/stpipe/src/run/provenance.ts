import { VERSION } from "../generated/version.js";
import type { Session } from "./session.js";
import type { Provenance } from "./status.js";

/**
 * What the results of this run say about software and context. The context is asked for only after a look-up: with every reference
 * given by hand nothing goes over the network.
 */
export async function provenance(session: Session): Promise<Provenance> {
  const crdsContext = session.lookedUp ? await (await session.resolver()).context() : "";
  return { softwareVersion: VERSION, softwareRevision: `calwebb-${VERSION}`, crdsVersion: VERSION, crdsContext };
}
