import type { SourceConfig } from '../telemetry/sources/source.ts';
import type { Rule } from './rules/rule-schema.ts';

/** What judging knows of a config. */
export type DetectionConfig = { sources: Record<string, SourceConfig>; rules: Record<string, Rule> };
