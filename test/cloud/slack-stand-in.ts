import { type Answer, type Received, standIn } from '../contract/stand-in.ts';

type Block = { type: string; text?: { text: string }; elements?: { type: string; action_id?: string; value?: string }[] };
/** A message as it stands now; `channel` is the channel or user it was posted to. */
export type SlackMessage = { ts: string; channel: string; text: string; blocks: Block[]; updates: number };
export type SlackStandIn = {
  /** Its Web API, as `slackApiUrl` wants it. */
  apiUrl: string;
  messages: SlackMessage[];
  /** Calls that were refused, and why. */
  refused: string[];
  close(): Promise<void>;
};

/**
 * The two methods of Slack's Web API that Tocsin calls; as Slack does, it says `ok: false` to a
 * wrong token.
 */
export async function slackStandIn(token: string): Promise<SlackStandIn> {
  const messages: SlackMessage[] = [];
  const refused: string[] = [];

  const answer = (request: Received): Answer => {
    const said = call(request);
    if (said['ok'] === false) refused.push(`${request.path}: ${said['error']}`);
    return {
      headers: { 'content-type': 'application/json', 'x-oauth-scopes': 'chat:write,commands' },
      body: JSON.stringify(said),
    };
  };

  function call({ path, headers, body }: Received): Record<string, unknown> {
    if (headers.authorization !== `Bearer ${token}`) return { ok: false, error: 'invalid_auth' };
    if (path === '/api/auth.test') return { ok: true, team: 'Stand-in', user: 'tocsin' };
    const given = fieldsOf(headers['content-type'] ?? '', body);
    const content = { text: String(given['text']), blocks: given['blocks'] as Block[] };
    if (path === '/api/chat.postMessage') {
      const message = {
        ts: `${Math.floor(Date.now() / 1000)}.${String(messages.length).padStart(6, '0')}`,
        channel: String(given['channel']),
        updates: 0,
        ...content,
      };
      messages.push(message);
      return { ok: true, ts: message.ts, channel: message.channel };
    }
    if (path === '/api/chat.update') {
      const message = messages.find(({ ts, channel }) => ts === given['ts'] && channel === given['channel']);
      if (message === undefined) return { ok: false, error: 'message_not_found' };
      Object.assign(message, content, { updates: message.updates + 1 });
      return { ok: true, ts: message.ts, channel: message.channel };
    }
    return { ok: false, error: 'unknown_method' };
  }

  const server = await standIn(answer);
  return { apiUrl: `${server.url}/api/`, messages, refused, close: server.close };
}

/** The client sends forms, whose values are JSON where they are no plain text. */
function fieldsOf(type: string, body: string): Record<string, unknown> {
  if (type.includes('json')) return JSON.parse(body);
  const form = Object.fromEntries(new URLSearchParams(body));
  return { ...form, blocks: JSON.parse(form['blocks'] ?? '[]') };
}

/**
 * The value of the button with this action, such as the id of the incident; undefined when the
 * message has none.
 */
export function buttonOf({ blocks }: SlackMessage, actionId: string): string | undefined {
  return blocks.flatMap(({ elements = [] }) => elements).find(({ action_id }) => action_id === actionId)?.value;
}

/** Everything a person reads in a message. */
export const wordsOf = ({ text, blocks }: SlackMessage): string => [text, JSON.stringify(blocks)].join('\n');
