import { Hono } from 'hono';
import { readInsufficientEvidence } from '../../app/evaluate/undecided.ts';
import { evidenceSeen } from '../../app/sources/evidence-seen.ts';
import type { HttpOptions } from '../options.ts';
import { evidenceDto } from './dto/evidence.ts';
import { insufficientEvidenceDto } from './dto/insufficient-evidence.ts';
import { timeOf } from './dto/time.ts';

/**
 * `/evidence`: what is stored about each rule's series; `/insufficient-evidence`: rules with too
 * little.
 */
export function evidenceRoutes({ ports, now }: HttpOptions): Hono {
  const app = new Hono();
  app.get('/evidence', async (c) => {
    const at = now();
    return c.json({ at: timeOf(at), rules: evidenceDto(await evidenceSeen(ports.store, ports.config, at)) });
  });
  app.get('/insufficient-evidence', async (c) => {
    return c.json({ at: timeOf(now()), rules: (await readInsufficientEvidence(ports)).map(insufficientEvidenceDto) });
  });
  return app;
}
