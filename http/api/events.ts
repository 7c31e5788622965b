import { type Context, Hono } from 'hono';
import type { Feed, Follower, Portion } from '../../app/follow/feed.ts';
import type { HttpOptions } from '../options.ts';
import { identify } from '../sign-in/identify.ts';
import { retryAfterSeconds } from '../unavailable.ts';
import { aliveDto, type EventDto, eventDto } from './dto/event.ts';

/** How long a browser waits before it connects again. */
const reconnectMs = 2000;

/** The node:http response; absent in tests without a server. */
type NodeAnswer = { outgoing?: { destroy(): unknown } };

/** `/events`: what changes, as server-sent events, where one process sees all changes. */
export function eventRoutes(options: HttpOptions): Hono {
  const { feed, now } = options;
  return new Hono().get('/', (c) => {
    if (feed === undefined)
      return c.json({ error: 'there are no events here; ask again for what you show, with If-None-Match and its ETag' }, 404);
    if (c.req.method === 'HEAD') return c.body(null);
    const follower = feed.follow(c.req.header('Last-Event-ID') ?? c.req.query('after'), () => cutOff(c));
    if (typeof follower === 'string') {
      c.header('Retry-After', String(retryAfterSeconds));
      return c.json({ error: refusals[follower] }, 503);
    }
    c.header('Content-Type', 'text/event-stream; charset=utf-8');
    // nginx would hold events back until there are many.
    c.header('X-Accel-Buffering', 'no');
    // Whose session is over, or void by a change of the key, hears nothing more.
    const isIn = async (): Promise<boolean> => (await identify(c, options)).ok;
    return c.body(streamOf(follower, (portion) => textOf(portion, feed, now()), isIn));
  });
}

const refusals = {
  full: 'as many clients follow the events as may; ask again for what you show, with If-None-Match and its ETag',
  closed: 'the service stops; connect again when it is back',
} as const;

/** What it has not read is dropped; it may connect again, and go on. */
const cutOff = (c: Context): unknown => (c.env as NodeAnswer | undefined)?.outgoing?.destroy();

/** Asks for a portion only when the one before is on its way. */
function streamOf(
  follower: Follower,
  write: (portion: Portion) => string,
  isIn: () => Promise<boolean>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`retry: ${reconnectMs}\n\n`)),
    async pull(controller) {
      const portion = await follower.next();
      if (portion === undefined || !(await isIn())) {
        follower.leave();
        controller.close();
      } else controller.enqueue(encoder.encode(write(portion)));
    },
    cancel: () => follower.leave(),
  });
}

/** An `alive` event has the id as well: it moves a client on that has nothing else to hear. */
function textOf({ reset, tellings, place, beat }: Portion, feed: Feed, now: number): string {
  const events = tellings.map((telling) => eventText(feed.idOf(telling.place), eventDto(telling.told)));
  if (reset !== undefined) events.unshift(eventText(feed.idOf(place), { kind: 'reset', reason: reset }));
  if (beat) events.push(eventText(feed.idOf(place), aliveDto(now, feed.judgedAt())));
  return events.join('');
}

/** Without a name of its own, so that a browser hands all of them to `onmessage`. */
const eventText = (id: string, event: EventDto): string => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
