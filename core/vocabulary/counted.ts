/** `1 rule`, `2 rules`, `1 entry`, `2 entries`. `many` is for plurals that do not end in -s. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
