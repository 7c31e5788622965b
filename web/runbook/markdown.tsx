import { Lexer, type Token, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';
import { safeAddress } from './safe-address.ts';

/**
 * What a step looks like: its text, and whether it was done. `step`: its number in the runbook,
 * from 0.
 */
export type StepView = (props: { step: number; children: ComponentChildren }) => ComponentChildren;

/**
 * Markdown as elements. Only the kinds of tokens below become elements; HTML and whatever else is
 * shown as text, so nothing that a runbook holds can run.
 */
export function Markdown({ source, Step }: { source: string; Step?: StepView }) {
  let next = 0;
  const stepOf = (): number => {
    next += 1;
    return next - 1;
  };
  return <div class="markdown">{blocks(Lexer.lex(source), { Step, stepOf, depth: 0 })}</div>;
}

type Context = { Step: StepView | undefined; stepOf: () => number; depth: number };

const blocks = (tokens: readonly Token[], context: Context): ComponentChildren => tokens.map((token) => block(token, context));

function block(token: Token, context: Context): ComponentChildren {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      // The screen has the h1 and its panel the h2.
      return token['depth'] <= 2 ? <h3>{inline(token.tokens)}</h3> : <h4>{inline(token.tokens)}</h4>;
    case 'paragraph':
      return <p>{inline(token.tokens)}</p>;
    case 'text':
      return token.tokens === undefined ? token['text'] : inline(token.tokens);
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <pre tabIndex={0}>
          <code>{token['text']}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [], context)}</blockquote>;
    case 'hr':
      return <hr />;
    case 'list':
      return list(token as Tokens.List, context);
    case 'table':
      return table(token as Tokens.Table);
    case 'html':
      return withoutComments(token['text']);
    default:
      return token.raw;
  }
}

function list({ ordered, items }: Tokens.List, context: Context): ComponentChildren {
  const { Step, depth, stepOf } = context;
  const rows = items.map((item) => {
    const isStep = Step !== undefined && depth === 0 && (ordered || item.task);
    const content = blocks(item.tokens, { ...context, depth: depth + 1 });
    return isStep ? <Step step={stepOf()}>{content}</Step> : <li>{content}</li>;
  });
  if (ordered) return <ol>{rows}</ol>;
  return <ul>{rows}</ul>;
}

function table({ header, rows }: Tokens.Table): ComponentChildren {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <div class="scroll" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {header.map((cell) => (
              <th scope="col">{inline(cell.tokens)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td>{inline(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const inline = (tokens: readonly Token[] | undefined): ComponentChildren => (tokens ?? []).map(part);

function part(token: Token): ComponentChildren {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? unescaped(token['text']) : inline(token.tokens);
    case 'escape':
      return token['text'];
    case 'strong':
      return <b>{inline(token.tokens)}</b>;
    case 'em':
      return <em>{inline(token.tokens)}</em>;
    case 'del':
      return <del>{inline(token.tokens)}</del>;
    case 'codespan':
      return <code>{unescaped(token['text'])}</code>;
    case 'br':
      return <br />;
    case 'link': {
      const address = safeAddress(token['href']);
      return address === undefined ? inline(token.tokens) : <a href={address}>{inline(token.tokens)}</a>;
    }
    // The page's policy loads no images of others.
    case 'image':
      return token['text'];
    case 'html':
      return withoutComments(token['text']);
    default:
      return token.raw;
  }
}

/** Comments are for editors of the file. */
const withoutComments = (text: string): string => text.replace(/<!--[\s\S]*?-->/g, '');

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
/** An entity in a text is what it stands for. It becomes text, and never an element. */
const unescaped = (text: string): string => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (one) => entities[one] ?? one);
