import type { Rule } from '../../../detection/rules/rule-schema.ts';
import type { Alert } from '../alert.ts';
import type { AlertParts } from '../alert-parts.ts';

/** What an alert is about: a rule on a series, the source of a rule, or what its part names. */
export type AlertKind = 'series' | 'source' | keyof AlertParts;

/** An alert with the part that makes it one of this kind. */
export type AlertOf<K extends AlertKind> = K extends keyof AlertParts ? Alert & Pick<AlertParts, K> : Alert;

/**
 * What an incident shows of an alert besides what was found. `runbook` is a name, a URL, or empty.
 */
export type Shown = {
  title: string;
  runbook: string;
  owner: string | undefined;
  /** Its rollback in the config. */
  rollback: string | undefined;
  /** It in the system that judges it. */
  link: string | undefined;
};

/** One kind of alert. */
export type AlertKindOf<K extends AlertKind> = {
  /**
   * `rule`: its rule, if the config has it. `known`: what its incident shows so far, which outlives
   * the config.
   */
  shown(alert: AlertOf<K>, told: { rule: Rule | undefined; known: Partial<Shown> | undefined }): Shown;
  /** What was found last: in the alert itself, or in what its rule has judged. */
  foundIn: 'alert' | 'judgement';
  /** Whether it ends when the config has no rule of its name. Otherwise something else ends it. */
  endsWithRule: boolean;
  /** Whether it is kept although it is resolved. */
  isRemembered(alert: AlertOf<K>): boolean;
  /** For `tocsin why`, where its name is no rule of the config: what pages, and about what. */
  saysWhat(alert: AlertOf<K>): string;
  /**
   * For `tocsin why`, while it does not fire: why; undefined if there is nothing to say but that.
   */
  saysWhyQuiet(alert: AlertOf<K>): string | undefined;
};
