import type { Path, Report } from './config-error.ts';
import type { AskingRule, SourceConfig } from './schema.ts';
/** Whether the source of a rule can answer it: the kind of its query, its times, and how far back it looks. */
export declare function checkRule(path: Path, rule: AskingRule, source: SourceConfig, report: Report): void;
