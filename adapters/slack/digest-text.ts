import type { DigestMessage } from '../../app/ports/channel.ts';
import { link, mrkdwn } from './mrkdwn.ts';

const maxTitle = 150;

/** A digest as mrkdwn, whose lines have at most `max` characters together. */
export const digestText = ({ title, lines, url }: DigestMessage, max: number): string =>
  `*${mrkdwn(title, maxTitle)}* ${link(url, 'Tocsin')}\n${mrkdwn(lines.join('\n'), max)}`;
