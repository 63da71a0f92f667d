import { createLogging, formatRecord, globToRegExp, parseLevel, parseLogConfig } from "@calwebb/stpipe";
import { expect, test } from "vitest";

const time = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
const record = { name: "stpipe.pipe.jump", level: 30, message: "hello", time };

test.each([
  [
    "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
    "2026-01-02 03:04:05,006 - stpipe.pipe.jump - WARNING - hello",
  ],
  ["%(levelname)-8s|%(levelno)03d|%(message)8s|", "WARNING |030|   hello|"],
  ["%(message).3s %(module)s 100%%", "hel jump 100%"],
  ["%(msecs)d %(created).0f", `6 ${Math.round(time / 1000)}`],
  ["%(nothing)s", "%(nothing)s"],
])("formats %s", (format, text) => {
  expect(formatRecord(format, record)).toBe(text);
});

test.each([
  ["*", "stpipe.jump", true],
  ["*.jump", "stpipe.pipe.jump", true],
  ["*.jump", "stpipe.jumper", false],
  ["*.pipe.*", "stpipe.pipe.jump", true],
  ["stpipe.?", "stpipe.a", true],
  ["*.[ab]", "x.c", false],
  ["*.[!ab]", "x.c", true],
])("pattern %s on %s", (glob, name, matches) => {
  expect(globToRegExp(glob).test(name)).toBe(matches);
});

const CONFIG = `
[*]
level = CRITICAL
handler = "stdout, file:run.log"
format = %(message)s
[*.jump]
level = INFO
break_level = ERROR
`;

test("rules choose level, handlers and format by the logger's name", () => {
  const lines: string[] = [];
  const logger = createLogging({
    rules: parseLogConfig(CONFIG),
    open: (handler) => (line) => lines.push(`${handler}: ${line}`),
  });
  logger("stpipe.ramp_fit").error("not shown");
  logger("stpipe.jump").debug("not shown");
  logger("stpipe.jump").info("shown");
  expect(lines).toEqual(["stdout: shown", "file:run.log: shown"]);
  expect(() => logger("stpipe.jump").error("too bad")).toThrow("stopped by a message of level ERROR: too bad");
});

test("without rules, INFO and above go to the error stream", () => {
  const lines: string[] = [];
  const logger = createLogging({ open: (handler) => (line) => lines.push(`${handler} ${line}`), now: () => time });
  logger("stpipe.a").info("x");
  logger("stpipe.a").debug("y");
  expect(lines).toEqual(["stderr 2026-01-02 03:04:05,006 - stpipe.a - INFO - x"]);
});

test.each([
  ["level = INFO", "level must be inside a section such as [*]"],
  ["[*]\nlevel = LOUD", 'log level "LOUD"'],
  ["[*]\nhandler = printer", 'handler "printer": wanted stdout'],
  ["[*]\nlevle = INFO", 'has no setting "levle"; did you mean level?'],
])("refuses %j", (text, message) => {
  expect(() => parseLogConfig(text)).toThrow(message);
});

test("levels are names or numbers", () => {
  expect([parseLevel("warning"), parseLevel("15"), parseLevel("WARN")]).toEqual([30, 15, 30]);
});
