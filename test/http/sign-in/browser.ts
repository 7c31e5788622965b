import type { Site } from '../site.ts';

/** What a browser keeps and sends by itself: its cookies, and where a post comes from. */
export type Browser = {
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** A form that a page of the service sends. */
  send(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  json(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  cookies: Map<string, string>;
};

const host = 'tocsin.example.com';
const origin = `https://${host}`;

export function browserOn(site: Pick<Site, 'app'>): Browser {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { Host: host, ...(cookie !== '' && { Cookie: cookie }), ...init.headers };
    const answer = await site.app.request(`${origin}${path}`, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const own = { Origin: origin, 'Sec-Fetch-Site': 'same-origin' };
  return {
    cookies,
    get: (path, headers = {}) => ask(path, { headers: { Accept: 'text/html', ...headers } }),
    send: (path, fields = {}, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded', ...own, ...headers },
        body: new URLSearchParams(fields).toString(),
      }),
    json: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...own, ...headers },
        body: JSON.stringify(body),
      }),
  };
}
