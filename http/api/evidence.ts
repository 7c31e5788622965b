import { Hono } from 'hono';
import { readUndecided } from '../../app/evaluate/undecided.ts';
import { evidenceSeen } from '../../app/sources/evidence-seen.ts';
import type { HttpOptions } from '../options.ts';

/** `/evidence`: what the store holds of the series of each rule; `/insufficient-evidence`: rules for which that is too little. */
export function evidenceRoutes({ ports, now }: HttpOptions): Hono {
  const app = new Hono();
  app.get('/evidence', async (c) => c.json({ at: now(), rules: await evidenceSeen(ports.store, ports.config, now()) }));
  app.get('/insufficient-evidence', async (c) => c.json({ at: now(), rules: await readUndecided(ports) }));
  return app;
}
