import { counted } from '../../../core/vocabulary/counted.ts';
import type { DigestDto } from '../../../http/api/dto/digest.ts';

/** How bad the time was: what began, and what that cost in nights. */
export function digestSentence(
  { incidents: { began, open }, people }: Pick<DigestDto, 'incidents' | 'people'>,
  period: string,
): string {
  const what = began === 0 ? `No incident began in ${period}` : `${counted(began, 'incident')} began in ${period}`;
  const still = open === 0 ? '' : `; ${open} ${open === 1 ? 'is' : 'are'} open`;
  const nights = people.reduce((sum, one) => sum + one.nights, 0);
  const pages = people.reduce((sum, one) => sum + one.pages, 0);
  const cost =
    pages === 0
      ? 'Nobody was paged.'
      : `${counted(pages, 'page')} went out${nights === 0 ? ', none at night' : ` and broke ${counted(nights, 'night')}`}.`;
  return `${what}${still}. ${cost}`;
}

/** What a policy may page in so many days, of its budget for a week. */
export const budgetOf = (pagesAWeek: number, days: number): number => (pagesAWeek * days) / 7;
