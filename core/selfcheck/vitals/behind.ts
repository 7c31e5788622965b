/** Ticks and sweeps run each minute. Three missing in a row are a fault. Milliseconds. */
export const behindAfterMs = 180_000;
