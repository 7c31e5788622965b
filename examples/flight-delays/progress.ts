import { z } from 'zod';
import type { Store } from '../../app/ports/store.ts';

/**
 * How far the example got, so that a second start goes on from there instead of beginning again.
 */
const progress = z.object({
  at: z.number(),
  finished: z.boolean(),
  deployments: z.array(
    z.object({ version: z.string(), at: z.number(), by: z.enum(['deploy', 'rollback']), requestId: z.string().optional() }),
  ),
});
export type Progress = z.output<typeof progress>;

const key = 'example flight-delays';

export async function readProgress(store: Store): Promise<Progress | undefined> {
  const text = await store.meta(key);
  return text === undefined ? undefined : progress.parse(JSON.parse(text));
}

export async function saveProgress(
  store: Store,
  value: Omit<Progress, 'deployments'> & { deployments: readonly Progress['deployments'][number][] },
): Promise<void> {
  await store.setMeta(key, JSON.stringify(value));
}
