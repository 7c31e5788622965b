import { MultiBar, type SingleBar } from 'cli-progress';
import { formatUtc } from '../../core/vocabulary/format.ts';

const weekMs = 7 * 86_400_000;

export type ProgressView = {
  /** A line above the bar. */
  write(line: string): void;
  start(): void;
  advance(at: number, version: string): void;
  close(): void;
};

/**
 * A bar below the lines on a terminal; elsewhere a line a week, for a log has no place for a bar.
 */
export function progressView(from: number, to: number): ProgressView {
  const tty = process.stdout.isTTY === true;
  let bars: MultiBar | undefined;
  let bar: SingleBar | undefined;
  let toldAt = from;
  const line = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    write(text) {
      if (bars === undefined) line(text);
      else bars.log(`${text}\n`);
    },
    start() {
      if (!tty) return;
      bars = new MultiBar({
        stream: process.stdout,
        hideCursor: true,
        clearOnComplete: true,
        gracefulExit: false,
        format: '{day}  {bar}  {percentage}%  {version} is live',
      });
      bar = bars.create(to - from, 0, { day: formatUtc(from).slice(0, 10), version: '' });
    },
    advance(at, version) {
      bar?.update(at - from, { day: formatUtc(at).slice(0, 10), version });
      if (bar !== undefined || at - toldAt < weekMs) return;
      toldAt = at;
      line(`${formatUtc(at)}  ${Math.round((100 * (at - from)) / (to - from))}% of the example, ${version} is live`);
    },
    close() {
      bars?.stop();
      bars = undefined;
      bar = undefined;
    },
  };
}
