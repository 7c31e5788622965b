import type { Point } from './verdict.ts';
/**
 * Points that can be judged: finite, oldest first, one a time, where the last one given of a time wins. What is in order
 * already, as it nearly always is, is returned as it came.
 */
export declare function cleanPoints(points: readonly Point[]): readonly Point[];
