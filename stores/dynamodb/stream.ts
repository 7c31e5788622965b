import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { asEffectId, type EffectId } from '../../core/vocabulary/ids.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';

/** What is read of an attribute; fits images of the SDK and of a Lambda event. */
type Attribute = Pick<AttributeValue, 'S' | 'N'>;

const effectKinds: Readonly<Record<Effect['kind'], true>> = {
  page: true,
  digest: true,
  update_message: true,
  timer: true,
  describe_deployment: true,
  rollback: true,
};

const isEffectKind = (kind: string): kind is Effect['kind'] => Object.hasOwn(effectKinds, kind);

/**
 * The effect in the NEW_IMAGE of an inserted item; undefined for anything else. Times in
 * milliseconds.
 */
export function effectFromImage(
  newImage: Record<string, Attribute> | undefined,
): { id: EffectId; kind: Effect['kind']; notBefore: number; urgent?: true; group?: string; trace?: string } | undefined {
  if (newImage?.[tableKeys.type]?.S !== tableKeys.effectType) return undefined;
  const id = newImage['id']?.S;
  const kind = newImage['kind']?.S;
  const notBefore = Number(newImage['notBefore']?.N);
  // Anything malformed is left to the sweep, which quarantines it.
  if (id === undefined || kind === undefined || !isEffectKind(kind) || Number.isNaN(notBefore)) return undefined;
  const trace = newImage['trace']?.S;
  const group = newImage['group']?.S;
  return {
    id: asEffectId(id),
    kind,
    notBefore,
    ...(kind === 'page' && newImage['priority']?.N === '0' ? { urgent: true } : {}),
    ...(group === undefined ? {} : { group }),
    ...(trace === undefined ? {} : { trace }),
  };
}
