import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';

/** What of an attribute is looked at; fits the images of the SDK and those of a Lambda event alike. */
type Attribute = Pick<AttributeValue, 'S' | 'N'>;

const effectKinds: Readonly<Record<Effect['kind'], true>> = {
  page: true,
  refresh: true,
  wake: true,
  inspect: true,
  rollback: true,
};

const isEffectKind = (kind: string): kind is Effect['kind'] => Object.hasOwn(effectKinds, kind);

/** Which effect the NEW_IMAGE of an inserted item is; undefined when it is something else. Times in milliseconds. */
export function effectFromImage(
  newImage: Record<string, Attribute> | undefined,
): { id: string; kind: Effect['kind']; notBefore: number; urgent?: true; group?: string; trace?: string } | undefined {
  if (newImage?.[tableKeys.type]?.S !== tableKeys.effectType) return undefined;
  const id = newImage['id']?.S;
  const kind = newImage['kind']?.S;
  const notBefore = Number(newImage['notBefore']?.N);
  // What is none is left to the sweep, which sets it aside.
  if (id === undefined || kind === undefined || !isEffectKind(kind) || Number.isNaN(notBefore)) return undefined;
  const trace = newImage['trace']?.S;
  const group = newImage['group']?.S;
  return {
    id,
    kind,
    notBefore,
    ...(kind === 'page' && newImage['priority']?.N === '0' ? { urgent: true } : {}),
    ...(group === undefined ? {} : { group }),
    ...(trace === undefined ? {} : { trace }),
  };
}
