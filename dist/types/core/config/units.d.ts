import * as z from 'zod';
/** Parses `90s`, `5m`, `1h30m`, `7d` into milliseconds. Returns undefined when the text is not a duration. */
export declare function parseDuration(text: string): number | undefined;
/** The shortest exact spelling of a number of milliseconds: 5400000 -> `1h30m`. */
export declare function formatDuration(ms: number): string;
/** A span of time in config, such as `5m`; milliseconds once parsed. */
export declare const duration: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
/** A duration that must be longer than nothing. */
export declare const positiveDuration: z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>;
/** `5%` or the fraction 0.05; a fraction once parsed. */
export declare const percent: z.ZodPipe<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>, z.ZodTransform<number, string | number>>;
export type Duration = z.infer<typeof duration>;
