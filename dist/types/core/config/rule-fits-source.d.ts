import type { Path, Report } from './config-error.ts';
import type { Rule, SourceConfig } from './schema.ts';
/** Whether the source of a rule can answer it: the kind of its query, its times, and how far back it looks. */
export declare function checkRule(path: Path, rule: Rule, source: SourceConfig, report: Report): void;
