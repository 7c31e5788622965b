import type { Context } from 'hono';
import type * as z from 'zod';
import { endSilence, putSilence } from '../../../app/respond/silence.ts';
import { actorName } from '../../../core/access/actor-name.ts';
import type { Person } from '../../../core/access/permission.ts';
import type { Silence } from '../../../core/alerting/silences/silence.ts';
import { matcherFault } from '../../../core/vocabulary/matchers/parse-matchers.ts';
import { shown } from '../../../core/vocabulary/shown.ts';
import { bodyText } from '../../body-text.ts';
import type { HttpOptions } from '../../options.ts';
import { signedInAs } from '../../sign-in/signed-in.ts';
import { codes, invalid, refusedStatus, refusedText } from './answers.ts';
import { isAsked, readFilters } from './filters.ts';
import { gettableSilence, postableSilence, stateOf } from './silence-shape.ts';

/** As long as Alertmanager shows silences that have ended. */
const shownAfterEndMs = 120 * 3_600_000;

const states = ['active', 'pending', 'expired'] as const;

/**
 * `GET /api/v2/silences`: the active ones first, then those to come, then those that have ended.
 */
export async function listSilences(c: Context, options: HttpOptions): Promise<Response> {
  const filters = readFilters(c);
  if (!filters.ok) return filters.refused;
  const at = options.now();
  const silences = (await knownSilences(options)).filter(({ match }) => isAsked(filters.value, match));
  const place = (silence: Silence): number => states.indexOf(stateOf(silence, at));
  silences.sort((a, b) => place(a) - place(b) || a.until - b.until);
  return c.json(silences.map((silence) => gettableSilence(silence, at)));
}

/** `GET /api/v2/silence/{id}` */
export async function showSilence(c: Context, options: HttpOptions): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const silence = (await knownSilences(options)).find((one) => one.id === id);
  if (silence === undefined) return refusedText(c, 404, notFound(id));
  return c.json(gettableSilence(silence, options.now()));
}

/** `DELETE /api/v2/silence/{id}`: it ends now. */
export async function expireSilence(c: Context, options: HttpOptions): Promise<Response> {
  const id = c.req.param('id') ?? '';
  const result = await endSilence(options.ports, { id, ...personNamed(c, '') }, options.now());
  if (result.ok) return c.body(null, 200);
  return refusedText(c, refusedStatus[result.kind], result.kind === 'not found' ? notFound(id) : result.message);
}

/** `POST /api/v2/silences`: makes one, or changes the one with `id`. */
export async function postSilence(c: Context, options: HttpOptions): Promise<Response> {
  const { text, isUtf8 } = await bodyText(c);
  let sent: unknown;
  try {
    sent = JSON.parse(isUtf8 ? text : '');
  } catch {
    const received = isUtf8 ? `${text.length} characters that are no JSON` : 'bytes that are no UTF-8';
    const message = `parsing silence body from "" failed: expected JSON in UTF-8; received ${received}`;
    return invalid(c, 400, codes.malformed, message);
  }
  const read = postableSilence.safeParse(sent);
  if (!read.success) return invalidSilence(c, read.error);
  const { id, matchers, startsAt, endsAt, createdBy, comment } = read.data;
  const fault = matchers.map(matcherFault).find((one) => one !== undefined);
  if (fault !== undefined) return refusedText(c, 400, `invalid silence: ${fault}`);
  const request = { id, match: matchers, from: startsAt, until: endsAt, comment };
  const result = await putSilence(options.ports, { ...request, ...personNamed(c, createdBy) }, options.now());
  if (result.ok) return c.json({ silenceID: result.silence.id });
  const why = result.kind === 'not found' ? notFound(id ?? '') : result.message;
  return refusedText(c, refusedStatus[result.kind], result.kind === 'invalid' ? `invalid silence: ${why}` : why);
}

function invalidSilence(c: Context, { issues }: z.ZodError): Response {
  const [first] = issues;
  const field = ['silence', ...(first?.path ?? [])].map(String).join('.');
  const isMissing = first?.code === 'invalid_type' && first.input === undefined;
  const message = isMissing ? `${field} in body is required` : `${field} in body: ${first?.message ?? 'is wrong'}`;
  return invalid(c, 422, isMissing ? codes.required : codes.type, message);
}

/** Those of all senders, with those that ended lately. */
const knownSilences = ({ ports, now }: HttpOptions): Promise<Silence[]> => ports.store.silences(now() - shownAfterEndMs);

/** Clients of Alertmanager look for "not found" in an answer. */
const notFound = (id: string): string => `silence ${shown(id)} not found`;

/**
 * A program may say for whom it acts, as everywhere in the API; a browser acts for who signed in.
 * A name that nobody may claim is left out.
 */
function personNamed(c: Context, createdBy: string): Person {
  const { person, inBrowser } = signedInAs(c);
  const claimed = inBrowser || createdBy === '' ? undefined : actorName(createdBy);
  return claimed === undefined ? person : { ...person, actor: claimed };
}
