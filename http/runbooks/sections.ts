import { Lexer, type Token, type Tokens } from 'marked';

export type RunbookSection = { title: string; steps: string[] };

/**
 * The sections of a runbook with their steps: the points of its numbered lists, and what can be
 * ticked. In the order of the text, so a step's place is its number.
 */
export function sectionsOf(markdown: string, title: string): RunbookSection[] {
  const sections: RunbookSection[] = [{ title, steps: [] }];
  for (const token of Lexer.lex(markdown) as Token[]) {
    if (token.type === 'heading') sections.push({ title: plainText(token as Tokens.Heading), steps: [] });
    if (token.type !== 'list') continue;
    const { ordered, items } = token as Tokens.List;
    for (const item of items) if (ordered || item.task) sections.at(-1)?.steps.push(plainText(item));
  }
  return sections.filter(({ steps }) => steps.length > 0);
}

/** The text of a token without its marks; lists within a step are not part of its name. */
function plainText(token: { text?: string; tokens?: Token[] | undefined }): string {
  const inner = token.tokens?.filter(({ type }) => type !== 'list' && type !== 'code');
  const text =
    inner === undefined || inner.length === 0 ? (token.text ?? '') : inner.map((one) => plainText(one as typeof token)).join('');
  return text.replace(/\s+/g, ' ').trim() === '' ? '' : text.replace(/\s+/g, ' ');
}
