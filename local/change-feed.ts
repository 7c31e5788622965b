import { randomUUID } from 'node:crypto';
import { changesIn } from '../app/follow/change.ts';
import { aliveMs, type Feed, feedOf } from '../app/follow/feed.ts';
import type { Commit } from '../app/ports/commit.ts';
import type { JudgedObserver } from '../app/ports/observers.ts';

/** What changes in this process, for clients that follow it. Holds up no exit. */
export type ChangeFeed = {
  feed: Feed;
  committed(commit: Commit): void;
  judged: JudgedObserver;
  close(): void;
};

export function changeFeed(): ChangeFeed {
  const feed = feedOf({
    epoch: randomUUID().slice(0, 8),
    later: (ms, work) => void setTimeout(work, ms).unref(),
  });
  const beats = setInterval(feed.beat, aliveMs).unref();
  return {
    feed,
    committed: (commit) => feed.note(changesIn(commit)),
    judged: (rules, at) => feed.note(rules.map((id) => ({ kind: 'rule', id, at }))),
    close() {
      clearInterval(beats);
      feed.close();
    },
  };
}
