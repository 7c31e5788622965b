/** A link to another runbook in the same folder. */
const otherRunbook = /^(?:\.\/)?([A-Za-z0-9][\w.-]*)\.md(#.*)?$/;
const safe = /^(?:https?:|mailto:)/i;

/**
 * The address of a link as it may be followed: http, https, mail, a place on the page, or an
 * address of ours; undefined for any other, such as `javascript:`.
 */
export function safeAddress(href: string): string | undefined {
  const address = href.trim().replace(otherRunbook, '/runbooks/$1$2');
  if (/^[#/](?!\/)/.test(address)) return address;
  return safe.test(address) ? address : undefined;
}
