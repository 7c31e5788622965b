import { type Context, Hono } from 'hono';
import { latestOf } from '../app/latest-incident.ts';
import { StoreUnavailableError } from '../app/ports/store-errors.ts';
import { effectiveConfig } from '../app/respond/effective-config.ts';
import { endEarly } from '../app/respond/end-early.ts';
import { addOverride } from '../app/respond/override.ts';
import { type RespondResult, respond } from '../app/respond/respond.ts';
import { addSilence } from '../app/respond/silence.ts';
import type { Person } from '../core/access/permission.ts';
import { onCallNow, turnText } from '../core/response/oncall/in-force.ts';
import { type Command, commandHelp } from '../core/response/slack/command.ts';
import { resolveQuestion } from '../core/response/slack/confirm.ts';
import { parseCommand, parseInteraction } from '../core/response/slack/interaction.ts';
import { verifySlackSignature } from '../core/response/slack/signature.ts';
import { slackPerson } from '../core/response/slack/slack-person.ts';
import { formatUtc } from '../core/vocabulary/format.ts';
import type { IncidentId } from '../core/vocabulary/ids.ts';
import { bodySize } from './body-size.ts';
import type { HttpOptions } from './options.ts';
import { replayGuard } from './replay-guard.ts';
import { notDone } from './unavailable.ts';

export const maxSlackBytes = 512 * 1024;
/** The most incidents in one Slack response. */
const maxListed = 20;

/**
 * Slack's buttons (`/slack/interactions`) and slash command (`/slack/commands`). Answers well
 * within Slack's 3 s.
 */
export function slackRoutes({ ports, now, reply }: HttpOptions): Hono {
  const app = new Hono();
  const isFirst = replayGuard();
  app.use(bodySize({ maxSize: maxSlackBytes, onError: (c) => c.json({ error: 'larger than any request from Slack' }, 413) }));

  app.post('/interactions', async (c) => {
    const body = await signedBody(c);
    if (body instanceof Response) return body;
    const interaction = parseInteraction(body);
    if (!interaction.ok) return c.json({ error: interaction.reason }, 400);
    const { user, action, incidentId, seen, responseUrl } = interaction;
    const confirmed = seen === undefined ? undefined : { seen };
    const person = slackPerson(ports.config, user);
    const result = await respond(ports, { incidentId, response: action, confirmed, ...person }, now()).catch(
      (error: unknown) => ({ ok: false, message: wordsOf(error), firing: undefined }),
    );
    // The message itself shows what was done; refusals and questions go only to whoever pressed.
    if (responseUrl !== undefined && (!result.ok || seen !== undefined)) {
      const { text, ...more } = answerTo(incidentId, result);
      await reply?.(responseUrl, text, { ...more, replaces: seen !== undefined }).catch((error: unknown) =>
        ports.log('warn', 'Slack did not accept the response to a button', { error: String(error) }),
      );
    }
    return c.body(null, 200);
  });

  app.post('/commands', async (c) => {
    const body = await signedBody(c);
    if (body instanceof Response) return body;
    const command = parseCommand(body);
    const answer = command.ok
      ? await carryOut(command.command, slackPerson(ports.config, command.user)).catch((error: unknown) => ({
          text: escaped(wordsOf(error)),
        }))
      : { text: escaped(command.reason) };
    return c.json({ response_type: 'ephemeral', ...answer });
  });
  return app;

  async function signedBody(c: Context): Promise<string | Response> {
    const name = ports.config.settings.slack?.signingSecret;
    const secret = name === undefined ? undefined : await ports.secrets.get(name);
    if (secret === undefined || secret === '') {
      ports.log('error', 'a Slack request cannot be verified: there is no signing secret', {
        secret: name ?? 'settings.slack is missing',
      });
      c.header('Retry-After', '60');
      return c.json({ error: 'Slack is not set up here' }, 503);
    }
    const rawBody = await c.req.text();
    const check = verifySlackSignature({
      secret,
      timestamp: c.req.header('x-slack-request-timestamp'),
      signature: c.req.header('x-slack-signature'),
      rawBody,
      // Request ages use the real clock, even if the service runs on a virtual one.
      nowSeconds: Date.now() / 1000,
    });
    if (!check.ok) return c.json({ error: check.reason }, 401);
    if (!isFirst(c.req.header('x-slack-signature') ?? '', Date.now()))
      return c.json({ error: 'this request was received before' }, 401);
    return rawBody;
  }

  async function carryOut(command: Command, person: Person): Promise<Answer> {
    if (command.kind !== 'respond') return { text: await textOf(command, person) };
    const { incidentId, response } = command;
    return answerTo(incidentId, await respond(ports, { incidentId, response, ...person }, now()));
  }

  async function textOf(command: Exclude<Command, { kind: 'respond' }>, person: Person): Promise<string> {
    switch (command.kind) {
      case 'silence':
        return escaped((await addSilence(ports, { ...command, ...person }, now())).message);
      case 'override':
        return escaped((await addOverride(ports, { ...command, ...person }, now())).message);
      case 'end':
        return escaped((await endEarly(ports, { ...command.what, ...person }, now())).message);
      case 'oncall': {
        const turns = onCallNow(await effectiveConfig(ports, now()), now());
        return turns.length === 0 ? 'The config has no schedule.' : turns.map((turn) => escaped(turnText(turn))).join('\n');
      }
      case 'list': {
        const open = await latestOf(ports, await ports.store.incidents({ status: 'open', limit: maxListed }));
        if (open.length === 0) return 'No incident is open.';
        return open
          .map(
            ({ id, severity, status, title, since }) =>
              `\`${id}\` ${severity}, ${status}: ${escaped(title)}, since ${formatUtc(since)}`,
          )
          .join('\n');
      }
      case 'help':
        return commandHelp;
    }
  }
}

type Answer = { text: string; blocks?: object[] };

/** The text for the person, or the resolve question if alerts still fire. */
function answerTo(incidentId: IncidentId, { message, firing }: Pick<RespondResult, 'message' | 'firing'>): Answer {
  if (firing === undefined) return { text: escaped(message) };
  const { text, blocks } = resolveQuestion(incidentId, message, firing);
  return { text: escaped(text), blocks };
}

/**
 * Slack shows text only with status 200, so "could not be stored" is returned as text. Rethrows any
 * other error.
 */
function wordsOf(error: unknown): string {
  if (error instanceof StoreUnavailableError) return notDone(error);
  throw error;
}

/** Escapes the three special characters of Slack texts, as in `<!channel>`. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
