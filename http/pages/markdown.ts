import { Marked } from 'marked';

/** URLs a link may have; `javascript:` and the like become plain text. */
const safeAddress = /^(https?:|mailto:|#|\/|\.{0,2}\/|[\w.-]+(?:[?#]|$))/i;
/** A link to another runbook in the same folder. */
const otherRunbook = /^(?:\.\/)?([A-Za-z0-9][\w.-]*)\.md(#.*)?$/;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const marked = new Marked({
  renderer: {
    // Raw HTML is shown as text; comments are for editors of the file and dropped.
    html: ({ text }) => escaped(text.replace(/<!--[\s\S]*?-->/g, '')),
    link({ href, title, tokens }) {
      const text = this.parser.parseInline(tokens);
      const address = href.replace(otherRunbook, '/runbooks/$1$2');
      if (!safeAddress.test(address)) return text;
      return `<a href="${escaped(address)}"${title ? ` title="${escaped(title)}"` : ''}>${text}</a>`;
    },
    image: ({ text }) => escaped(text),
  },
});

/**
 * Renders untrusted Markdown as HTML without active content. Pages may not load images, so these
 * become their text.
 */
export const renderMarkdown = (markdown: string): string => marked.parse(markdown, { async: false });
