import type { SourceConfig } from '../telemetry/sources/source.ts';
import type { Rule } from './rules/rule-schema.ts';

/** The part of the config that judging depends on. */
export type DetectionConfig = { sources: Record<string, SourceConfig>; rules: Record<string, Rule> };
