import type { EventDto } from '../../http/api/dto/event.ts';

const address = '/api/events';
const shared = 'tocsin-events';
/** Where there is no stream, or none free, it is looked for again after this long. */
const lookAgainMs = 60_000;

export type StreamListener = {
  event(event: EventDto): void;
  /** The connection is lost, and is being made again. */
  broken(): void;
  /** There is no stream for now. */
  absent(): void;
};

/**
 * Follows the server's events. All tabs of this browser share one connection, because a browser has
 * only six to a host: the tab that holds the lock passes on what it hears, and the next holder goes
 * on from there.
 */
export function followStream(listener: StreamListener): void {
  // Only in secure contexts; without them each tab has a connection of its own.
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) {
    connect(undefined, { ...listener, id: () => {} });
    return;
  }
  const channel = new BroadcastChannel(shared);
  let last: string | undefined;
  channel.addEventListener('message', ({ data }: MessageEvent<Passed>) => {
    if (data.id !== undefined) last = data.id;
    if (data.event !== undefined) listener.event(data.event);
    else listener[data.state]();
  });
  void locks.request(shared, () => {
    const pass = (passed: Passed): void => channel.postMessage(passed);
    connect(last, {
      id(id) {
        last = id;
      },
      event(event) {
        pass({ event, id: last });
        listener.event(event);
      },
      broken() {
        pass({ state: 'broken' });
        listener.broken();
      },
      absent() {
        pass({ state: 'absent' });
        listener.absent();
      },
    });
    // Held for as long as this tab is there.
    return new Promise<never>(() => {});
  });
}

/** What the tab with the connection tells the others. */
type Passed = { event: EventDto; id: string | undefined } | { event?: undefined; id?: undefined; state: 'broken' | 'absent' };

function connect(after: string | undefined, to: StreamListener & { id(id: string): void }): void {
  let last = after;
  const stream = new EventSource(last === undefined ? address : `${address}?after=${encodeURIComponent(last)}`);
  stream.addEventListener('message', ({ data, lastEventId }: MessageEvent<string>) => {
    last = lastEventId;
    to.id(lastEventId);
    to.event(JSON.parse(data) as EventDto);
  });
  stream.addEventListener('error', () => {
    // The browser connects again by itself, unless it was refused.
    if (stream.readyState === EventSource.CLOSED) {
      to.absent();
      setTimeout(() => connect(last, to), lookAgainMs);
    } else to.broken();
  });
}
