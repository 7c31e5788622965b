import picocolors from 'picocolors';
import type { Log } from '../app/ports/log.ts';
import type { AuditObserver, Observer } from '../app/ports/observers.ts';
import type { AuditEntry } from '../core/access/audit-log.ts';
import type { TimelineEntry } from '../core/response/incidents/timeline.ts';
import { oneLine } from '../core/vocabulary/printable.ts';

/** The most similar entries of an incident printed individually at once. */
const maxAlike = 10;

/** Whether another line says the same. */
function isSaid(entry: TimelineEntry, pagesPrinted: boolean | undefined): boolean {
  if (entry.kind === 'page') return true;
  return pagesPrinted === true && entry.kind === 'page delivered' && entry.data?.contact === 'terminal';
}

/** Prints decisions as lines: time, severity, what, why and who. */
export function narrator(options: {
  write: (line: string) => void;
  colors: boolean;
  /** Terminal pages are printed beside these lines, so their delivery needs no line. */
  pagesPrinted?: boolean;
  /** Includes intents to page, which the delivery line repeats. */
  everything?: boolean;
}): Observer {
  const tell = entryLine(options.colors);
  return (entries, _effects, ofTenant) => {
    if (ofTenant && options.everything !== true) return;
    const alike = new Map<string, TimelineEntry[]>();
    for (const entry of entries) {
      if (options.everything !== true && isSaid(entry, options.pagesPrinted)) continue;
      const same = alike.get(`${entry.incidentId} ${entry.kind}`) ?? [];
      alike.set(`${entry.incidentId} ${entry.kind}`, same);
      same.push(entry);
      if (options.everything !== true && same.length > maxAlike) continue;
      options.write(tell(entry));
    }
    if (options.everything === true) return;
    for (const same of alike.values()) {
      const [first] = same;
      const more = same.length - maxAlike;
      if (first !== undefined && more > 0)
        options.write(tell({ ...first, text: `and ${more} more, on the timeline of ${first.incidentId}`, actor: 'tocsin' }));
    }
  };
}

/** Prints entries of the audit log as lines: time, what, why and who. */
export function auditNarrator({ write, colors }: { write: (line: string) => void; colors: boolean }): AuditObserver {
  const paint = picocolors.createColors(colors);
  return (entries) => {
    for (const { at, kind, text, actor } of entries) write(restOf({ at, kind, text, actor }, paint.cyan('audit   '), paint));
  };
}

/** What a line needs of an entry; `at` in milliseconds since the epoch. */
type ToldEntry = Pick<TimelineEntry, 'severity' | 'at' | 'text' | 'actor'> & { kind: string };

/** A timeline entry as one line. */
export function entryLine(colors: boolean): (entry: ToldEntry) => string {
  const paint = picocolors.createColors(colors);
  return ({ severity, at, kind, text, actor }) => {
    const painted = { critical: paint.red('critical'), warn: paint.yellow('warn    '), info: paint.dim('info    ') }[severity];
    return restOf({ at, kind, text, actor }, painted, paint);
  };
}

type Paint = ReturnType<typeof picocolors.createColors>;

function restOf(
  { at, kind, text, actor }: Pick<AuditEntry, 'at' | 'text' | 'actor'> & { kind: string },
  first: string,
  paint: Paint,
) {
  const who = actor === 'tocsin' ? '' : paint.dim(` (${oneLine(actor)})`);
  return `${paint.dim(timeOf(at))}  ${first}  ${paint.bold(kind.padEnd(15))}  ${oneLine(text)}${who}`;
}

/** The log of the service itself, one line per entry. */
export function lineLog(write: (line: string) => void, now: () => number, least: 'debug' | 'info' | 'warn' = 'warn'): Log {
  const order = ['debug', 'info', 'warn', 'error'];
  return (level, message, fields = {}) => {
    if (order.indexOf(level) < order.indexOf(least)) return;
    const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    write(`${timeOf(now())}  ${level}: ${message}${rest.join('')}`);
  };
}

export const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
