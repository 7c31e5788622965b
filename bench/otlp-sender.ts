/**
 * A process of its own that posts OTLP bodies at a rate (0: as fast as it can), made before it
 * begins. Says how many were taken, and when, in a line of JSON.
 */
import { bodyOf, pointsABody, processes } from './otlp-bodies.ts';

const [url = '', rate = '0', forMs = '0', since = '0'] = process.argv.slice(2);
const made = Array.from({ length: 600 }, (_, i) => bodyOf(i % processes, Number(since), Number(since) + 1000 + i));
const began = Date.now();
const bodies = Number(rate) / pointsABody;
let sent = 0;
let taken = 0;
const post = async (): Promise<void> => {
  const body = made[sent % made.length] as Uint8Array;
  sent += 1;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: body.slice(),
  });
  if (response.status === 200) taken += 1;
  await response.arrayBuffer();
};
const inFlight = new Set<Promise<void>>();
while (Date.now() - began < Number(forMs)) {
  while (inFlight.size < 8 && (rate === '0' || sent < ((Date.now() - began) / 1000) * bodies)) {
    const one: Promise<void> = post().finally(() => inFlight.delete(one));
    inFlight.add(one);
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await Promise.all(inFlight);
process.stdout.write(
  `${JSON.stringify({ points: taken * pointsABody, ms: Date.now() - began, began, refused: sent - taken })}\n`,
);
