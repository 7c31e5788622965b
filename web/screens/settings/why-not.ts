import type { Ability } from '../../data/ability.ts';

/**
 * Why no page can come to this browser, and what to do; undefined if one can. `fault`: what the
 * server lacks.
 */
export function whyNot(can: Ability, fault: string | undefined): string | undefined {
  switch (can) {
    case 'insecure':
      return 'Browsers take pages over https:// only. Open the console at its https address, or at 127.0.0.1 on the machine itself.';
    case 'to be installed':
      return 'On an iPhone or iPad, first tap Share, then Add to Home Screen, and open Tocsin from there. iOS takes pages for nothing else.';
    case 'no worker':
      return 'This browser cannot take pages: it has no Web Push, or this is a private window. Chrome, Edge, Firefox and Safari have it.';
    case 'denied':
      return 'Notifications of this site are blocked in this browser. Allow them in its site settings, then reload this page.';
    case 'able':
      return fault === undefined ? undefined : `The server cannot send to browsers: ${fault}.`;
    default:
      return can satisfies never;
  }
}
