export { MODES, type Mode, modeOf } from "./modes.js";
