import type { IntegrationsDto } from '../../../http/api/dto/integrations.ts';

type Contact = IntegrationsDto['contacts'][number];

/** What state a contact is in, by its last pages. */
export type ContactWord = 'set aside' | 'pages wait' | 'failed last' | 'works' | 'not used lately';

export function contactWord({ setAside, waiting, held, lastError, failure, deliveredAt }: Contact): ContactWord {
  if (setAside !== undefined) return 'set aside';
  if (waiting + held > 0 && lastError !== undefined) return 'pages wait';
  if (failure !== undefined && (deliveredAt === undefined || Date.parse(failure.at) > Date.parse(deliveredAt)))
    return 'failed last';
  return deliveredAt === undefined ? 'not used lately' : 'works';
}

export const isIll = (word: ContactWord): boolean => word === 'set aside' || word === 'pages wait' || word === 'failed last';

function sourceText({ name, rules, troubled, troubles, watchdog }: IntegrationsDto['sources'][number]): string {
  if (troubled === 0) return `${name} does not send its watchdog alert${watchdog?.seenAt === undefined ? '' : ' any more'}.`;
  const [first] = troubles;
  if (troubled === 1 && first !== undefined) return `${first.rule} is not judged by what ${name} has: ${first.kind}.`;
  return `${troubled === rules ? `All ${rules}` : `${troubled} of the ${rules}`} rules on ${name} are not judged.`;
}

/** Whether everything works that pages depend on; the worst first. */
export function integrationsSentence({ status, reasons, sources, contacts, hooks }: Omit<IntegrationsDto, 'at'>): string {
  const ill = contacts.filter((one) => isIll(contactWord(one)));
  const [contact] = ill;
  if (status === 'failing') return `Tocsin is not judging: ${reasons[0]?.text ?? 'the reason is not known'}.`;
  if (contact !== undefined)
    return ill.length === 1
      ? `${contact.key} does not take pages.`
      : `${ill.length} of ${contacts.length} contacts do not take pages.`;
  const troubled = sources.filter(({ troubled: rules, watchdog }) => rules > 0 || watchdog?.missing === true);
  const [source] = troubled;
  if (source !== undefined)
    return troubled.length === 1
      ? sourceText(source)
      : `${troubled.length} of ${sources.length} sources do not serve all of their rules.`;
  const silent = hooks.filter(({ unanswered }) => unanswered);
  if (silent.length > 0) return `The hook of ${silent.map(({ deployment }) => deployment).join(', ')} does not answer.`;
  return reasons[0] === undefined ? 'Everything that pages depend on works, as far as was seen.' : `${reasons[0].text}.`;
}
