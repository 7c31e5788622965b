import { withoutAccents } from '../../core/vocabulary/text.ts';

/** Gives each thing of the result a name of its own, made from how the file calls it. */
export function namesOf(): (text: string) => string {
  const used = new Set<string>();
  return (text) => {
    const plain = plainName(text);
    let name = plain;
    for (let count = 2; used.has(name); count += 1) name = `${plain}-${count}`;
    used.add(name);
    return name;
  };
}

/**
 * Letters, digits, dots, dashes and underscores, with a letter or digit first, and room for a
 * number.
 */
function plainName(text: string): string {
  const plain = withoutAccents(text)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return plain === '' ? 'imported' : plain;
}
