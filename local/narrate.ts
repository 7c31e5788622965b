import picocolors from 'picocolors';
import type { Log, Observer } from '../app/ports.ts';
import type { TimelineEntry } from '../core/incidents/timeline.ts';

/** What another line says as well. */
function isSaid(entry: TimelineEntry, pagesPrinted: boolean | undefined): boolean {
  if (entry.kind === 'page') return true;
  return pagesPrinted === true && entry.kind === 'page delivered' && entry.data?.['contact'] === 'terminal';
}

/** Tells what is decided as lines: time, severity, what, why and who. */
export function narrator(options: {
  write: (line: string) => void;
  colors: boolean;
  /** Pages to the terminal are printed beside these lines, so that they were delivered goes without saying. */
  pagesPrinted?: boolean;
  /** Also the intent to page, which its delivery says again. */
  everything?: boolean;
}): Observer {
  const paint = picocolors.createColors(options.colors);
  return (entries, _effects, synthetic) => {
    if (synthetic && options.everything !== true) return;
    for (const entry of entries) {
      if (options.everything !== true && isSaid(entry, options.pagesPrinted)) continue;
      const severity = entry.severity === 'critical' ? paint.red('critical') : paint.yellow('warn    ');
      const who = entry.actor === 'tocsin' ? '' : paint.dim(` (${oneLine(entry.actor)})`);
      options.write(
        `${paint.dim(timeOf(entry.at))}  ${severity}  ${paint.bold(entry.kind.padEnd(15))}  ${oneLine(entry.text)}${who}`,
      );
    }
  };
}

/** The log of the service itself, one line an entry. */
export function lineLog(write: (line: string) => void, now: () => number, least: 'debug' | 'info' | 'warn' = 'warn'): Log {
  const order = ['debug', 'info', 'warn', 'error'];
  return (level, message, fields = {}) => {
    if (order.indexOf(level) < order.indexOf(least)) return;
    const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    write(`${timeOf(now())}  ${level}: ${message}${rest.join('')}`);
  };
}

export const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;

/** Labels come from outside; none of them may break a line or move the cursor. */
export const oneLine = (text: string): string => text.toWellFormed().replace(/\p{Cc}+/gu, ' ');
