import { defineConfig } from "vitest/config";

// Tests run the TypeScript sources directly, and under the flag that a strict content security policy corresponds to.
export default defineConfig({
  resolve: { conditions: ["@calwebb/source"] },
  ssr: { resolve: { conditions: ["@calwebb/source"] } },
  test: {
    include: ["packages/**/test/**/*.test.ts", "tools/**/test/**/*.test.ts", "tests/regression/**/*.test.ts"],
    pool: "forks",
    execArgv: ["--disallow-code-generation-from-strings"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
