import type { ConfigInput } from '../../../core/config/schema.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';

export type Contact = NonNullable<ConfigInput['channels']>[string];

/** What else a contact is made from. `globals`: the section `global` of the file. */
export type Surroundings = { globals: Written | undefined; receiver: string; notes: Notes };

type Reader = (integration: Written, surroundings: Surroundings) => Contact | undefined;

/** By key of a receiver: the contact that one of its integrations becomes. */
export const contactReaders: Readonly<Record<string, Reader>> = {
  slack_configs(integration, { notes }) {
    const channel = integration.text('channel');
    if (channel !== undefined) return { slack: channel.text.replace(/^#/, '') };
    notes.push({ line: integration.line, kind: 'left out', text: 'slack_configs: expected a channel' });
    return undefined;
  },
  sns_configs(integration, { notes }) {
    const topic = integration.text('topic_arn');
    if (topic !== undefined) return { sns: topic.text };
    notes.push({
      line: integration.line,
      kind: 'left out',
      text: 'sns_configs: expected a topic_arn; a phone number alone has no contact here',
    });
    return undefined;
  },
};
