import type { Share } from '../asked-in-time.ts';

/** No more text is kept of a result. */
const maxCharacters = 16 * 1024 * 1024;

/**
 * Counts the texts of one result. Throws if they are too long, or if the call has no room for them.
 */
export function keptText(share: Share): (text: string) => string {
  let characters = 0;
  return (text) => {
    characters += text.length;
    if (characters > maxCharacters)
      throw new Error(
        `the result is longer than ${maxCharacters / 1024 ** 2} million characters; select fewer or shorter columns`,
      );
    share.take(text.length);
    return text;
  };
}
