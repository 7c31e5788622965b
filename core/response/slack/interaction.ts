import * as z from 'zod';
import { asIncidentId, type IncidentId } from '../../vocabulary/ids.ts';
import type { Response } from '../incidents/respond.ts';
import { type Command, incidentIdPattern, readCommand } from './command.ts';

/** The Slack `action_id` of each button on a page; its `value` is the incident id. */
export const actionIds: Record<Response, string> = {
  acknowledge: 'tocsin.acknowledge',
  resolve: 'tocsin.resolve',
  escalate: 'tocsin.escalate',
  rollback: 'tocsin.rollback',
};
const responses = Object.keys(actionIds) as Response[];
/**
 * The button that confirms resolving while alerts fire; its `value` is the incident and what was
 * shown.
 */
export const confirmResolveId = 'tocsin.resolve_confirmed';

export type SlackUser = { id: string; name: string };

export type Interaction =
  | {
      ok: true;
      action: Response;
      incidentId: IncidentId;
      /** What the person was shown before confirming. */
      seen?: string;
      user: SlackUser;
      responseUrl?: string;
    }
  | { ok: false; reason: string };

const incidentId = z.string().regex(incidentIdPattern, { error: 'expected the id of an incident' });

const user = z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() });

/** Slack adds fields without notice, so unknown ones are ignored. */
const payloadSchema = z.object({
  type: z.string(),
  user,
  response_url: z.url({ protocol: /^https?$/ }).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).optional(),
});

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);

function issueText(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'not valid' : `${issue.path.join('.') || 'payload'}: ${issue.message}`;
}

/**
 * Reads the form body Slack posts when a button is pressed. Check the signature first. Refuses
 * anything but one press of our own buttons, with a reason that may be shown to the person.
 */
export function parseInteraction(rawBody: string): Interaction {
  const text = new URLSearchParams(rawBody).get('payload');
  if (text === null) return { ok: false, reason: 'expected a form with the field payload; received none' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: `expected JSON in the field payload; received ${shown(text)}` };
  }
  const parsed = payloadSchema.safeParse(json);
  if (!parsed.success) return { ok: false, reason: `the payload is not one of Slack's: ${issueText(parsed.error)}` };
  const payload = parsed.data;
  if (payload.type !== 'block_actions') {
    return { ok: false, reason: `expected the press of a button (block_actions); received ${shown(payload.type)}` };
  }
  const [pressed, ...others] = payload.actions ?? [];
  if (pressed === undefined || others.length > 0) {
    return { ok: false, reason: `expected exactly one action; received ${payload.actions?.length ?? 0}` };
  }
  const confirms = pressed.action_id === confirmResolveId;
  const action = confirms ? 'resolve' : responses.find((response) => actionIds[response] === pressed.action_id);
  if (action === undefined) {
    return { ok: false, reason: `unknown action ${shown(pressed.action_id)}; known are ${Object.values(actionIds).join(', ')}` };
  }
  const [named, seen = ''] = confirms ? (pressed.value ?? '').split(' ') : [pressed.value];
  const id = incidentId.safeParse(named);
  if (!id.success) return { ok: false, reason: `the button names no incident; received ${shown(pressed.value ?? '')}` };
  const { user: who, response_url } = payload;
  return {
    ok: true,
    action,
    incidentId: asIncidentId(id.data),
    ...(confirms ? { seen } : {}),
    user: { id: who.id, name: who.username ?? who.name ?? who.id },
    responseUrl: response_url,
  };
}

export type ParsedCommand = { ok: true; command: Command; user: SlackUser; responseUrl?: string } | { ok: false; reason: string };

const formSchema = z.object({
  text: z.string().prefault(''),
  user_id: z.string().min(1),
  user_name: z.string().optional(),
  response_url: z.url({ protocol: /^https?$/ }).optional(),
});

/** Slack escapes these three characters in commands. */
const unescaped = (text: string): string => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** Reads the form body of the slash command. Check the signature first. */
export function parseCommand(rawBody: string): ParsedCommand {
  const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(rawBody)));
  if (!form.success) {
    const fields = form.error.issues.map((issue) => issue.path.join('.')).join(', ');
    return { ok: false, reason: `the form is not that of a Slack command: missing or wrong ${fields}` };
  }
  const { text, user_id, user_name, response_url } = form.data;
  const read = readCommand(unescaped(text).trim());
  if (!read.ok) return read;
  return { ok: true, command: read.command, user: { id: user_id, name: user_name ?? user_id }, responseUrl: response_url };
}
