import * as z from 'zod';
declare const frontMatter: z.ZodObject<{
    title: z.ZodString;
    summary: z.ZodOptional<z.ZodString>;
    categories: z.ZodOptional<z.ZodArray<z.ZodEnum<{
        availability: "availability";
        "data-quality": "data-quality";
        drift: "drift";
        latency: "latency";
        performance: "performance";
        pipeline: "pipeline";
        resource: "resource";
    }>>>;
}, z.core.$strict>;
/** What to do about a kind of failure. Linked from every page of the rules that name it. */
export type Runbook = z.output<typeof frontMatter> & {
    /** The file name without `.md`; letters, digits, `.`, `_` and `-`. */
    name: string;
    /** The text below the front matter. */
    markdown: string;
};
export type ParsedRunbook = {
    ok: true;
    runbook: Runbook;
} | {
    ok: false;
    error: string;
};
/**
 * Reads a runbook: YAML between two lines of `---`, then Markdown. `error` says what is wrong and, where it can, on which
 * line of the file.
 */
export declare function parseRunbook(name: string, text: string): ParsedRunbook;
export {};
