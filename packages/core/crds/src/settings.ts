/** Variables that steer the client, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  observatory: string;
  server: string;
  /** Whether the server may be asked. */
  online: boolean;
  /** Context that the user asked for, or undefined. */
  context: string | undefined;
  mode: "auto" | "local" | "remote";
  mappingUri: string | undefined;
  referenceUri: string | undefined;
  allowBadReferences: boolean;
  allowBadRules: boolean;
  /** Check the `sha1sum` of mappings. */
  verifyMappings: boolean;
  /** What to check of downloads. */
  verify: { lengths: boolean; checksums: boolean };
  /** Tries, and seconds between them, for a download and for the answer to a question. */
  network: { tries: number; delay: number; timeout: number; answerTimeout: number };
}

export const DEFAULT_SERVER = "https://jwst-crds.stsci.edu";

function flag(text: string | undefined, otherwise: boolean): boolean {
  if (text === undefined || text === "") return otherwise;
  return !/^(?:0|f|false|n|no|off|none)$/i.test(text);
}

function number(text: string | undefined, otherwise: number): number {
  const value = text ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : otherwise;
}

const given = (text: string | undefined): string | undefined =>
  text === undefined || text === "" || text.toLowerCase() === "none" ? undefined : text;

/** Read the variables that the reference client knows. */
export function readSettings(env: Environment, overrides: { server?: string; offline?: boolean }): Settings {
  const server = (overrides.server ?? given(env.CRDS_SERVER_URL) ?? DEFAULT_SERVER).replace(/\/+$/, "");
  const mode = given(env.CRDS_MODE)?.toLowerCase();
  return {
    observatory: given(env.CRDS_OBSERVATORY)?.toLowerCase() ?? "jwst",
    server,
    online: !overrides.offline && !/server-?less/.test(server),
    context: given(env.CRDS_CONTEXT),
    mode: mode === "local" || mode === "remote" ? mode : "auto",
    mappingUri: given(env.CRDS_MAPPING_URI),
    referenceUri: given(env.CRDS_REFERENCE_URI),
    allowBadReferences: flag(env.CRDS_ALLOW_BAD_REFERENCES, false),
    allowBadRules: flag(env.CRDS_ALLOW_BAD_RULES, false),
    verifyMappings: !flag(env.CRDS_IGNORE_MAPPING_CHECKSUM, false),
    verify: {
      lengths: flag(env.CRDS_DOWNLOAD_LENGTHS, true),
      checksums: flag(env.CRDS_DOWNLOAD_CHECKSUMS, true),
    },
    network: {
      tries: Math.max(1, number(env.CRDS_CLIENT_RETRY_COUNT, 1)),
      delay: number(env.CRDS_CLIENT_RETRY_DELAY_SECONDS, 0),
      timeout: number(env.CRDS_CLIENT_TIMEOUT_SECONDS, 3600),
      answerTimeout: number(env.CRDS_CLIENT_TIMEOUT_SECONDS, 60),
    },
  };
}
