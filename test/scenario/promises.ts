import {
  calledHearTheEnd,
  callsAreTrue,
  endsAreTrue,
  keepsItsTimes,
  onlyRoutesTell,
  phonesStayCalm,
  respectsAcknowledge,
  warningsWait,
} from './promises/calm.ts';
import { flapsEscalate, flapsPageOnce } from './promises/flaps.ts';
import { criticalIsTold, hasNextStep, isInAnIncident, reachesSomebody, silencesLoseNothing } from './promises/reached.ts';
import type { StoryRecord } from './promises/record.ts';
import {
  deliveredHasRung,
  onlyThePolicyIsCalled,
  pagesHaveOutcomes,
  timelinesAreInOrder,
  unreachedAreUnreached,
} from './promises/said.ts';
import { type Truth, truthOf } from './promises/truth.ts';

/**
 * What somebody on call may rely on, each as a sentence, and how it is seen in the record of a
 * story.
 */
export const promises: Readonly<Record<string, (truth: Truth) => string[]>> = {
  'every unsilenced alert reaches somebody who can be reached': reachesSomebody,
  'nobody is called after an acknowledge before its timeout': respectsAcknowledge,
  'every open incident has a next step': hasNextStep,
  'every alert that fires is in an incident': isInAnIncident,
  'what was critical is told, if late': criticalIsTold,
  'silences delay and never lose': silencesLoseNothing,
  'the news of an end is true, and heard once': endsAreTrue,
  'whoever was called hears of the end': calledHearTheEnd,
  'escalation keeps its times': keepsItsTimes,
  'a call is true when it is sent': callsAreTrue,
  'a phone rings once in pageInterval': phonesStayCalm,
  'a warning waits groupWait': warningsWait,
  'who could not be reached had failed for good': unreachedAreUnreached,
  'every page has an outcome on the timeline': pagesHaveOutcomes,
  'what is said to be delivered has rung': deliveredHasRung,
  'only people of the policy are called': onlyThePolicyIsCalled,
  'only those whom a route names are told': onlyRoutesTell,
  'flapping is said once': flapsPageOnce,
  'what flaps goes on escalating': flapsEscalate,
  'timelines are in order': timelinesAreInOrder,
};

/** Which promises a finished story breaks, and where. */
export function brokenPromises(record: StoryRecord, which = Object.keys(promises)): string[] {
  const truth = truthOf(record);
  return which.flatMap((name) => (promises[name]?.(truth) ?? [`no such promise`]).map((where) => `${name}: ${where}`));
}
