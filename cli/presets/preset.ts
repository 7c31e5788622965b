import type { ConfigInput } from '../../core/config/schema.ts';

export type RuleInput = NonNullable<ConfigInput['rules']>[string];

/** A rule as a preset has it: which source and whose runbook is said when it is printed. */
export type PresetRule = Omit<RuleInput, 'source'>;

/** By kind of source that presets ask: its usual name in docs and examples. */
export const usualSource = { prometheus: 'prom', cloudwatch: 'cloudwatch' } as const;

/** Ready rules for what a model server measures, by its own metric names. */
export type Preset = {
  /** The model server, as people write it. */
  server: string;
  /** The kind of source that the rules ask. */
  asks: keyof typeof usualSource;
  /** Where its metrics are documented. */
  documentation: string;
  /** What to know before pasting, a line each. */
  notes: readonly string[];
  rules: Readonly<Record<string, PresetRule>>;
};
