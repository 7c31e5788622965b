import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn, storyScript } from './story-script.ts';
import { copyOfTree, type TreeCopy } from './tree-copy.ts';

/** The types of the whole tree take ten seconds to check where the machine is quiet. */
const timeout = 300_000;

let tree: TreeCopy;
beforeAll(() => {
  tree = copyOfTree();
}, timeout);
afterAll(() => tree.remove());

const type = "export type PagerContact = { kind: 'pager'; number: string };\n";

it(
  'a kind of contact of which only the type is there does not compile, and the compiler names each table',
  () => {
    tree.write('core/response/contacts/kinds/pager.ts', type);
    tree.edit(
      'core/response/contacts/contact.ts',
      'import { type SlackContact,',
      "import type { PagerContact } from './kinds/pager.ts';\nimport { type SlackContact,",
    );
    tree.edit('core/response/contacts/contact.ts', 'export type Contact =', 'export type Contact = PagerContact');
    const { ok, output } = tree.typecheck();
    expect(ok).toBe(false);
    expect(filesIn(output)).toEqual(['adapters/channels.ts', 'adapters/contact-probes.ts', 'core/response/contacts/contact.ts']);
  },
  timeout,
);

it(
  'with its descriptor and its adapter it does, in five files, and a page reaches it',
  () => {
    tree.write(
      'core/response/contacts/kinds/pager.ts',
      `import * as z from 'zod';
import type { ContactKindOf } from '../contact-kind.ts';

${type}
export const pagerContact = {
  input: z.string().describe('Number of the pager.'),
  fromInput: (number) => ({ kind: 'pager', number }),
  stored: z.object({ kind: z.literal('pager'), number: z.string() }),
  key: ({ number }) => \`pager:\${number}\`,
  receiver: () => 'pager',
  text: ({ number }) => \`pager \${number}\`,
  disturbsSame: (a, b) => a.number === b.number,
  secrets: () => [],
  permissions: () => [],
  missing: () => undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<PagerContact, z.ZodString>;
`,
    );
    tree.edit('core/response/contacts/contact.ts', 'import type { PagerContact }', 'import { type PagerContact, pagerContact }');
    tree.edit(
      'core/response/contacts/contact.ts',
      '  slack: slackContact,\n',
      '  slack: slackContact,\n  pager: pagerContact,\n',
    );
    tree.write(
      'adapters/pager/index.ts',
      `import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';

export const openChannel = ({ write }: Outside): Channel<'pager'> => ({
  async send({ number }, page) {
    write(\`pager \${number} rings: \${page.reason}, \${page.severity}, for \${page.target}\`);
    return {};
  },
});
`,
    );
    tree.edit(
      'adapters/channels.ts',
      '  terminal: async',
      "  pager: async (outside) => (await import('./pager/index.ts')).openChannel(outside),\n  terminal: async",
    );
    tree.edit('adapters/contact-probes.ts', '  terminal: async () =>', '  pager: async () => () => [],\n  terminal: async () =>');
    expect(tree.typecheck()).toEqual({ ok: true, output: '' });
    expect(tree.touched()).toHaveLength(5);
    expect(tree.run(storyScript("responders: { ana: { name: 'Ana', contacts: [{ pager: '555' }] } },"))).toBe(
      'pager 555 rings: triggered, critical, for responder/ana\n',
    );
  },
  timeout,
);
