// Loaded into a program under test: notes the largest memory it had resident [MB].
const { writeFileSync } = require("node:fs");

const file = process.env.CALWEBB_PEAK_FILE;
if (file)
  process.on("exit", () => {
    try {
      writeFileSync(file, String(process.resourceUsage().maxRSS / 1024));
    } catch {
      // The disk of the test is full on purpose.
    }
  });
