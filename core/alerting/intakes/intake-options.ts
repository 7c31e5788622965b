/** What a sender says beside a document that lacks it: what was checked. */
export type IntakeOptions = { dataset?: string | undefined; model?: string | undefined };

/** The most characters of one of them: each result of the document repeats it. */
export const longestOption = 256;
