import { Marked } from 'marked';

/** Addresses that a click may lead to; `javascript:` and the like become plain text. */
const safeAddress = /^(https?:|mailto:|#|\/|\.{0,2}\/|[\w.-]+(?:[?#]|$))/i;
/** Another runbook, as a link between the files of one folder names it. */
const otherRunbook = /^(?:\.\/)?([A-Za-z0-9][\w.-]*)\.md(#.*)?$/;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const marked = new Marked({
  renderer: {
    // Raw HTML is shown, not obeyed; comments are for those who edit the file.
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

/** Markdown as HTML in which nothing runs, whoever wrote it. Images, which no page may load, become their text. */
export const renderMarkdown = (markdown: string): string => marked.parse(markdown, { async: false });
