import type { Report } from './config-error.ts';
import { type Config } from './schema.ts';
/**
 * Inhibitions by which alerts could silence one another, so that nobody is paged about any of them: one whose source and
 * target can be the same alert, and chains whose last target can be the first source. Two matchers are taken to overlap
 * when some alert of some rule, or about some rule, may satisfy both; `equal` is left aside, for equal labels do not help.
 */
export declare function checkInhibitions(config: Config, report: Report): void;
