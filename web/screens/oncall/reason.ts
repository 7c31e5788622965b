import type { OnCallSpanDto } from '../../../http/api/dto/calendar.ts';

/** Why it is not the person from the rotation; empty if it is. */
export const reasonText = ({ namedBy, override }: OnCallSpanDto): string =>
  override !== undefined
    ? `override of ${override.by}: ${override.comment}`
    : namedBy === 'config override'
      ? 'an override of the config'
      : '';
