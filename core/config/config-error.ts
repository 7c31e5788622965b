import type { Path } from '../vocabulary/report.ts';
import { credentialIn } from '../vocabulary/shown.ts';

/** Where something is written; line and column count from 1, columns in UTF-16 units as editors do. */
export type Place = { file: string; line: number; column: number };

/** One thing that is wrong in the config: where, what, what was received, and what to do. */
export type ConfigError = Place & {
  /** The key that it is about, such as `rules.flight-accuracy.step`; empty when it is about a whole file. */
  path: string;
  message: string;
  /** The nearest valid name, when one is near. */
  suggestion?: string;
};

/** `file:line:column: message (did you mean "x"?)`, as editors and terminals make links of it. */
export function formatConfigError(error: ConfigError): string {
  const suggestion = error.suggestion === undefined ? '' : ` (did you mean "${error.suggestion}"?)`;
  return `${error.file}:${error.line}:${error.column}: ${error.message}${suggestion}`;
}

/**
 * `rules.flight-accuracy.for`, `inhibitions[0].name`; keys with other characters are quoted, and control characters
 * escaped. A key that is a credential is left out.
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
