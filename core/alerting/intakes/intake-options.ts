/** What a sender says beside a document that lacks it: what was checked. */
export type IntakeOptions = { dataset?: string | undefined; model?: string | undefined };
