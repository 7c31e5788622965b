import { Marked } from 'marked';
import { markupText } from '../../core/vocabulary/markup.ts';

/** URLs a link may have; `javascript:` and the like become plain text. */
const safeAddress = /^(https?:|mailto:|#|\/|\.{0,2}\/|[\w.-]+(?:[?#]|$))/i;
/** A link to another runbook in the same folder. */
const otherRunbook = /^(?:\.\/)?([A-Za-z0-9][\w.-]*)\.md(#.*)?$/;

const marked = new Marked({
  renderer: {
    // Raw HTML is shown as text; comments are for editors of the file and dropped.
    html: ({ text }) => markupText(text.replace(/<!--[\s\S]*?-->/g, '')),
    link({ href, title, tokens }) {
      const text = this.parser.parseInline(tokens);
      const address = href.replace(otherRunbook, '/runbooks/$1$2');
      if (!safeAddress.test(address)) return text;
      return `<a href="${markupText(address)}"${title ? ` title="${markupText(title)}"` : ''}>${text}</a>`;
    },
    image: ({ text }) => markupText(text),
  },
});

/**
 * Renders untrusted Markdown as HTML without active content. Pages may not load images, so these
 * become their text.
 */
export const renderMarkdown = (markdown: string): string => marked.parse(markdown, { async: false });
