import * as z from 'zod';
import { parseTimestamp } from '../../vocabulary/timestamp.ts';

/** What a model registry tells of, whichever it is. Times are milliseconds since the epoch. */
export type RegistryEvent = { model: string; at: number } & (
  | ({ kind: 'alias set'; alias: string; to: string } & Polled)
  | ({ kind: 'alias removed'; alias: string } & Polled)
  | { kind: 'version registered'; to: string }
  | { kind: 'model registered' }
);

/** `polled`: it was found by asking, and its time is that of the question. */
type Polled = { polled?: true };

/** `ignored`: a message that is as it should be, and of which nothing is kept. */
export type MlflowRead = { ok: true; event: RegistryEvent } | { ok: true; ignored: string } | { ok: false; error: string };

const printed = (what: string, longest: number) =>
  z
    .string({ error: `expected ${what}` })
    .min(1, { error: `expected ${what}, not empty` })
    .max(longest, { error: `expected ${what} of at most ${longest} characters` })
    .transform((text) => text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\uFFFD'));

const name = printed('the name of a model', 256);
const alias = printed('an alias', 256);
const version = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), printed('a version', 64));
const message = z.object({
  entity: z.string({ error: 'expected a text' }).max(64),
  action: z.string({ error: 'expected a text' }).max(64),
  timestamp: z.unknown().transform((value, ctx) => {
    const at = typeof value === 'string' ? parseTimestamp(value) : undefined;
    if (at !== undefined && at >= 0) return at;
    ctx.addIssue({ code: 'custom', message: 'expected a time such as 2026-01-05T09:00:00+00:00' });
    return z.NEVER;
  }),
  data: z.looseObject({}, { error: 'expected an object' }),
});

/** MLflow calls things so in the messages by which somebody tries a webhook out. */
const exampleModel = 'example_model';

/** One webhook of MLflow (3.x). Never throws. */
export function readMlflowEvent(sent: unknown): MlflowRead {
  const head = message.safeParse(sent);
  if (!head.success) return { ok: false, error: faultOf(head.error) };
  const { entity, action, timestamp: at, data } = head.data;
  const about = `${entity}.${action}`;
  const shape = Object.hasOwn(shapes, about) ? shapes[about] : undefined;
  if (shape === undefined) return { ok: true, ignored: `nothing is kept of ${about.slice(0, 100)}` };
  const read = shape.safeParse(data);
  if (!read.success) return { ok: false, error: `data.${faultOf(read.error)}` };
  const { name: model, ...others } = read.data;
  if (model === exampleModel) return { ok: true, ignored: 'it is the example by which MLflow tries a webhook out' };
  return { ok: true, event: { model, at, ...others } };
}

const shapes: Readonly<Record<string, z.ZodType<{ name: string } & Kind>>> = {
  'model_version_alias.created': z
    .object({ name, alias, version })
    .transform((data) => ({ kind: 'alias set' as const, name: data.name, alias: data.alias, to: data.version })),
  'model_version_alias.deleted': z
    .object({ name, alias })
    .transform((data) => ({ kind: 'alias removed' as const, name: data.name, alias: data.alias })),
  'model_version.created': z
    .object({ name, version })
    .transform((data) => ({ kind: 'version registered' as const, name: data.name, to: data.version })),
  'registered_model.created': z.object({ name }).transform((data) => ({ kind: 'model registered' as const, name: data.name })),
};

type Kind =
  | { kind: 'alias set'; alias: string; to: string }
  | { kind: 'alias removed'; alias: string }
  | { kind: 'version registered'; to: string }
  | { kind: 'model registered' };

function faultOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'it is no message of MLflow' : `${issue.path.join('.') || 'body'}: ${issue.message}`;
}
