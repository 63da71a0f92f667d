export { fft, fftfreq, fftshift, ifft, irfft, rfft } from "./functions.js";
export { type FftPlan, fftPlan } from "./plan.js";
export { type PlanePlan, planePlan } from "./plane.js";
export { type RealFftPlan, realFftPlan } from "./real.js";
