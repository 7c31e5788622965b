import type { Channel } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { RollbackHook, RollbackRequest } from '../../app/ports/rollback-hook.ts';
import type { DeploymentView } from '../../core/remediation/deployments/deployment.ts';
import { contactKey } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import type { MessageRef } from '../../core/response/paging/posted.ts';
import type { Clock } from '../../local/clock.ts';

/**
 * How a phone takes pages: it rings, refuses for good, fails for now, keeps whoever calls waiting
 * until they give up, or asks to be tried later (429).
 */
export type Manner = 'rings' | 'dead' | 'hangs' | 'times out' | { busyForMs: number };

export type Rung = { at: number; contact: string; page: Page; key: string };

export type Phones = {
  channel: Channel;
  /** Every page that a phone took, in order. */
  rung: Rung[];
  /** Every try, also of phones that took nothing. */
  tries: { at: number; contact: string; key: string }[];
  /** Messages on a board as they now read, by their reference, and how often each was edited. */
  boards: Map<string, { page: Page; edits: number }>;
  behave(contact: string, manner: Manner): void;
};

/**
 * Everything that can be paged. Contacts on Slack are boards, whose messages can be edited; all
 * others only ring.
 */
export function fakePhones(clock: Clock): Phones {
  const manners = new Map<string, Manner>();
  const phones: Omit<Phones, 'channel'> = {
    rung: [],
    tries: [],
    boards: new Map(),
    behave: (contact, how) => void manners.set(contact, how),
  };
  const answerOf = (contact: string): void => {
    const manner = manners.get(contact) ?? 'rings';
    if (manner === 'rings') return;
    if (manner === 'dead') throw new DeliveryError(`${contact} does not exist`, { retryable: false });
    if (manner === 'hangs') throw new DeliveryError(`${contact} did not answer`, { retryable: true });
    if (manner === 'times out') throw new DeliveryError(`${contact}: none within 5000 ms`, { retryable: true, timedOut: true });
    throw new DeliveryError(`${contact} is busy`, { retryable: true, retryAfterMs: manner.busyForMs });
  };
  const boardOf = (ref: MessageRef): string => `${ref.place}/${ref.id}`;
  const channel: Channel = {
    async send(to, page, key) {
      const contact = contactKey(to);
      phones.tries.push({ at: clock.now(), contact, key });
      answerOf(contact);
      phones.rung.push({ at: clock.now(), contact, page, key });
      if (to.kind !== 'slack') return { providerId: `receipt ${phones.rung.length}` };
      const ref: MessageRef = { kind: 'slack', place: to.channel, id: String(phones.rung.length) };
      phones.boards.set(boardOf(ref), { page, edits: 0 });
      return { ref };
    },
    async update(ref, page) {
      answerOf(`slack:${ref.place}`);
      const board = phones.boards.get(boardOf(ref));
      if (board === undefined) throw new DeliveryError('message_not_found', { retryable: false });
      board.page = page;
      board.edits += 1;
    },
  };
  return { ...phones, channel };
}

export type HookManner = 'works' | 'down' | 'refuses' | 'lies' | 'mute' | 'lost' | 'stuck';

export type FakeHook = RollbackHook & {
  view: DeploymentView;
  /** Requests that changed what is served. */
  carriedOut: RollbackRequest[];
  asked: number;
  /**
   * Down: does not answer. Refusing: answers that it will not. Lying: says that it has rolled back,
   * and has not. Mute: says nothing of what it serves, and rolls back. Lost: rolls back, and its
   * answer does not arrive. Stuck: says what it serves, and hangs when it is to roll back.
   */
  manner: HookManner;
};

/**
 * What serves one model: it knows its versions, returns to an earlier one, and does the same
 * request only once.
 */
export function fakeHook(view: Partial<DeploymentView> = {}): FakeHook {
  const day = 86_400_000;
  const answer = (): void => {
    if (hook.manner === 'down') throw new DeliveryError('the hook did not answer', { retryable: true });
    if (hook.manner === 'refuses') throw new DeliveryError('the hook refuses', { retryable: false });
  };
  const hook: FakeHook = {
    view: { current: 'v2', revision: '1', candidates: [{ version: 'v1', servedMs: 30 * day, compatible: true }], ...view },
    carriedOut: [],
    asked: 0,
    manner: 'works',
    async describe() {
      hook.asked += 1;
      answer();
      if (hook.manner === 'mute') throw new DeliveryError('the hook does not say', { retryable: true });
      return structuredClone(hook.view);
    },
    async rollback(_name, _deployment, request) {
      answer();
      if (hook.manner === 'stuck') throw new DeliveryError('the hook did not answer', { retryable: true });
      const already = hook.carriedOut.some(({ requestId }) => requestId === request.requestId);
      if (already) return { providerId: `change ${request.requestId}`, already };
      if (request.revision !== hook.view.revision) throw new DeliveryError('the revision has changed', { retryable: false });
      hook.carriedOut.push(request);
      const { split: _, ...view } = hook.view;
      if (hook.manner !== 'lies') hook.view = { ...view, current: request.to, revision: String(Number(view.revision) + 1) };
      if (hook.manner === 'lost') throw new DeliveryError('the hook did not answer', { retryable: true });
      return { providerId: `change ${request.requestId}`, already };
    },
  };
  return hook;
}
