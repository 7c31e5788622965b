/** An address as a client recognises it in text; it ends before what could begin Markdown. */
const address = /(https?:\/\/[\w~:/?#@!$&;=%+.,-]+)/;
const signs = /[\\`*_{}[\]()<>#+\-!|~=:]/g;

/**
 * Text that Markdown shows as it is: no label makes a link, a heading or a list, and none mentions
 * anybody. A space without width follows each `@`, as clients mention before they read escapes.
 * Addresses stay as they are: an escape would become part of them.
 */
export const plainMarkdown = (text: string): string =>
  text
    .split(address)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(signs, '\\$&')).replaceAll('@', '@\u200b'))
    .join('');

/** A link whose address cannot end early. */
export const markdownLink = (text: string, url: string): string =>
  `[${plainMarkdown(text)}](${url.replace(/[()<>\s\\]/g, (sign) => (sign === '(' ? '%28' : sign === ')' ? '%29' : encodeURIComponent(sign)))})`;
