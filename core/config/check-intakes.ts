import { intakeNames } from '../alerting/intakes/intake.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import type { Config } from './schema.ts';

/**
 * Reports mappings that have the name of a format that is built in, and sources that take no
 * alerts.
 */
export function checkIntakes({ intakes, sources }: Config, report: Report): void {
  const takers = Object.keys(sources).filter((source) => sources[source]?.kind === 'alerts');
  for (const [name, { source }] of Object.entries(intakes)) {
    if (intakeNames.includes(name))
      report(['intakes', name], 'key', `expected another name; the format ${name} is built in, at /v1/alerts/${name}`);
    if (source === undefined || takers.includes(source)) continue;
    const message = `expected the name of a source of kind alerts; received ${shown(source)}${source in sources ? ', of another kind' : ', which does not exist'}`;
    report(['intakes', name, 'source'], 'value', message, nearest(source, takers));
  }
}
