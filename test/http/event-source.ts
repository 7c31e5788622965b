import type { EventDto } from '../../http/api/dto/event.ts';

export type Heard = { id: string; event: EventDto };

/** A client of `GET /api/events`, which hears one event after another. */
export type EventSource = {
  status: number;
  headers: Headers;
  /**
   * The next event but `alive`; undefined: the service ended it. Rejects if the connection broke.
   */
  next(): Promise<Heard | undefined>;
  close(): void;
};

/** The events in what was received so far, and what is not whole yet. */
export function eventsIn(text: string): { events: Heard[]; rest: string } {
  const parts = text.split('\n\n');
  const rest = parts.pop() ?? '';
  const events = parts.flatMap((part) => {
    const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(part) ?? [];
    return id === undefined || data === undefined ? [] : { id, event: JSON.parse(data) as EventDto };
  });
  return { events, rest };
}

export async function follow(url: string, headers: Record<string, string> = {}): Promise<EventSource> {
  const ended = new AbortController();
  const response = await fetch(`${url}/api/events`, { headers, signal: ended.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const heard: Heard[] = [];
  let text = '';
  return {
    status: response.status,
    headers: response.headers,
    async next() {
      for (;;) {
        const event = heard.shift();
        if (event !== undefined && event.event.kind !== 'alive') return event;
        if (event !== undefined) continue;
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) return undefined;
        const { events, rest } = eventsIn(text + chunk.value);
        heard.push(...events);
        text = rest;
      }
    },
    close: () => ended.abort(),
  };
}
