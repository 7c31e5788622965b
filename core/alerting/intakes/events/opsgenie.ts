import { digest, type Sha256 } from '../../../vocabulary/fingerprint.ts';
import { type AlertEvent, detailsOf, eventEndsAfter, isObject, jsonOf, textIn, withoutEmpty } from './alert-event.ts';

export const longestAlias = 512;

export type OpsgenieRead = { ok: true; alias: string; event: AlertEvent } | { ok: false; error: string };

const mostTags = 20;

/** By what an alert of Opsgenie's API is known. */
export const aliasIdentity = (alias: string) => ({ alias });

/**
 * The body of `POST /v2/alerts`. Without an alias it gets one from what it says, so one that is
 * sent again is the same alert. Responders, visibility and actions are not read: the routes of the
 * config say who is paged.
 */
export function readOpsgenieAlert(sent: unknown, hash?: Sha256): OpsgenieRead {
  if (!isObject(sent)) return { ok: false, error: 'expected an object with a message' };
  const message = textIn(sent, 'message');
  if (message === undefined) return { ok: false, error: 'message: expected a text that is not empty' };
  const [entity, source, known] = [textIn(sent, 'entity'), textIn(sent, 'source'), textIn(sent, 'alias')];
  if (known !== undefined && known.length > longestAlias)
    return { ok: false, error: `alias: expected at most ${longestAlias} characters; received ${known.length}` };
  const alias = known ?? `tocsin-${digest(jsonOf([message, entity, source]), 16, hash)}`;
  const details = detailsOf(sent['details']);
  const tags = tagsIn(sent['tags']);
  const description = [textIn(sent, 'description'), details.text].filter((text) => text !== undefined && text !== '').join('; ');
  return {
    ok: true,
    alias,
    event: {
      kind: 'fire',
      alert: {
        identity: aliasIdentity(alias),
        labels: {
          ...details.labels,
          ...withoutEmpty({ entity, source, tags, severity: textIn(sent, 'priority') ?? 'P3' }),
          alertname: entity ?? source ?? 'Opsgenie',
          alias,
        },
        annotations: { summary: message, ...(description === '' ? {} : { description }) },
        startsAt: undefined,
        endsAt: undefined,
        endsAfter: eventEndsAfter,
        generatorURL: undefined,
      },
    },
  };
}

/** What a call about an alert says besides: who, and a note. */
export function readOpsgenieNote(sent: unknown): string | undefined {
  if (!isObject(sent)) return undefined;
  const [note, user] = [textIn(sent, 'note'), textIn(sent, 'user')];
  if (note === undefined) return undefined;
  return user === undefined ? note : `${user}: ${note}`;
}

/** In one label, as `,ml,churn,`, which a matcher finds by `.*,ml,.*`. */
function tagsIn(sent: unknown): string | undefined {
  if (!Array.isArray(sent)) return undefined;
  const tags = sent.filter((tag): tag is string => typeof tag === 'string' && tag !== '').slice(0, mostTags);
  return tags.length === 0 ? undefined : `,${tags.join(',')},`;
}
