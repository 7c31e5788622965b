/** What an import says about one line of the file: what was not taken, or what it means here. */
export type Note = {
  /** From 1. */
  line: number;
  /**
   * `left out`: nothing of it is in the result. `differs`: it is, and means something else here.
   */
  kind: 'left out' | 'differs';
  text: string;
};

export type Notes = Note[];

/** `FILE:LINE: left out: ...`, in the order of the file. */
export const noteLines = (file: string, notes: readonly Note[]): string[] =>
  notes.toSorted((a, b) => a.line - b.line).map(({ line, kind, text }) => `${file}:${line}: ${kind}: ${text}`);
