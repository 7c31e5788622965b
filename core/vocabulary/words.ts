/**
 * Whether a text holds each word that was typed, in upper or lower case, in any order; typing
 * nothing asks for all.
 */
export function holdsWords(typed: string): (text: string) => boolean {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}
