import type { Path } from '../vocabulary/report.ts';
import { credentialIn } from '../vocabulary/shown.ts';

/** A position in a file. Line and column count from 1, columns in UTF-16 units as in editors. */
export type Place = { file: string; line: number; column: number };

/** One error in the config: where, what, what was received, and what to do. */
export type ConfigError = Place & {
  /** The key, such as `rules.flight-accuracy.step`; empty if it is about a whole file. */
  path: string;
  message: string;
  /** The nearest valid name, if any. */
  suggestion?: string;
};

/**
 * `file:line:column: message (did you mean "x"?)`, which editors and terminals turn into a link.
 */
export function formatConfigError(error: ConfigError): string {
  const suggestion = error.suggestion === undefined ? '' : ` (did you mean "${error.suggestion}"?)`;
  return `${error.file}:${error.line}:${error.column}: ${error.message}${suggestion}`;
}

/**
 * `rules.flight-accuracy.for`, `inhibitions[0].name`. Keys with other characters are quoted,
 * control characters escaped, and credentials left out.
 */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += `${text === '' ? '' : '.'}${stepText(step)}`;
  }
  return text;
}

function stepText(step: string): string {
  if (credentialIn(step) !== undefined) return '(a key that is not shown here)';
  return /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
}
