/** A sender's token bucket: it holds one minute's requests and refills steadily. */
export type Allowance = { tokens: number; at: number };

export type Rate = {
  ok: boolean;
  next: Allowance;
  /** Requests that would be accepted now. */
  remaining: number;
  /** Seconds until the bucket is full; for a refusal, until the next request is accepted. */
  seconds: number;
};

/** Takes one request from a bucket of `perMinute`. A clock that steps back changes nothing. */
export function takeOne(known: Allowance | undefined, perMinute: number, now: number): Rate {
  const perMs = perMinute / 60_000;
  const passed = known === undefined ? 0 : Math.max(0, now - known.at);
  const tokens = known === undefined ? perMinute : Math.min(perMinute, known.tokens + passed * perMs);
  const at = known === undefined ? now : Math.max(now, known.at);
  if (tokens < 1) return { ok: false, next: { tokens, at }, remaining: 0, seconds: Math.max(1, secondsFor(1 - tokens, perMs)) };
  const left = tokens - 1;
  return { ok: true, next: { tokens: left, at }, remaining: Math.floor(left), seconds: secondsFor(perMinute - left, perMs) };
}

const secondsFor = (tokens: number, perMs: number): number => Math.ceil(tokens / perMs / 1000);

/** The `RateLimit-Policy` and `RateLimit` headers of draft-ietf-httpapi-ratelimit-headers-10. */
export function rateHeaders(name: string, perMinute: number, { remaining, seconds }: Rate): Record<string, string> {
  return {
    'RateLimit-Policy': `"${name}";q=${perMinute};w=60`,
    RateLimit: `"${name}";r=${remaining};t=${seconds}`,
  };
}
