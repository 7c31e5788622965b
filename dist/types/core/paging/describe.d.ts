import type { AlertBrief } from '../incidents/incident.ts';
import type { Baseline } from '../rules/verdict.ts';
import type { Page } from './page.ts';
/** A value for a person: four significant digits, without an exponent where that is readable. */
export declare function formatValue(value: number): string;
export declare function formatPercent(fraction: number): string;
/** `2026-01-05 09:00:30 UTC`; the seconds are left out when they are 0. */
export declare function formatUtc(ms: number): string;
export declare function describeBaseline(baseline: Baseline): string;
/** The numbers of an alert in one line: value, baseline, degradation and bound; empty when it has none. */
export declare function describeNumbers(alert: AlertBrief): string;
export declare function describeLabels(labels: Record<string, string>): string;
/** What an incident is at, in two or three words: `CRITICAL`, `warn, acknowledged by responder/ana`, `resolved`. */
export declare function describeState(page: Page): string;
/** How many alerts the incident has beyond those that the page shows. */
export declare function moreAlerts(page: Page): string | undefined;
/** The page as plain text, one idea a line, for media that have no layout. */
export declare function pageLines(page: Page): string[];
