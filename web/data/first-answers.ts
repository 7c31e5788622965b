/** Answers of the API that came with the page. */
const given = new Map<string, HTMLScriptElement>();
for (const one of document.querySelectorAll<HTMLScriptElement>('script[data-answer]'))
  if (one.dataset['answer'] !== undefined) given.set(one.dataset['answer'], one);

/** The answer that came with the page, once: after that it may be old. */
export function firstAnswer(address: string): { body: { at?: string }; tag: string | undefined } | undefined {
  const script = given.get(address);
  if (script === undefined) return undefined;
  given.delete(address);
  script.remove();
  return { body: JSON.parse(script.text) as { at?: string }, tag: script.dataset['tag'] };
}
