/** A tick, or a sweep, comes every minute: three that are missing are no hiccup. Milliseconds. */
export const behindAfterMs = 180_000;
