import { useSession } from '../../data/session.ts';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

/** Who the viewer is here, and what they may do. */
export function Me() {
  const session = useSession();
  if (session === undefined) return null;
  const { person, role, how, until, version } = session;
  return (
    <Panel title="Who am I">
      <dl class="in facts">
        <dt>Name</dt>
        <dd>{person.name}</dd>
        <dt>On timelines</dt>
        <dd>{person.actor}</dd>
        <dt>Responder</dt>
        <dd>{person.responder ?? 'none of the config; pages do not go to you'}</dd>
        <dt>Role</dt>
        <dd>{role}</dd>
        <dt>Signed in</dt>
        <dd>
          {how === 'open' ? 'not needed here' : 'yes'}
          {until === undefined ? '' : ', until '}
          {until === undefined ? null : <Time at={until} />}
        </dd>
        <dt>Tocsin</dt>
        <dd>{version}</dd>
      </dl>
      {how === 'password' || how === 'oidc' ? (
        <form class="in" method="post" action="/signout">
          <button type="submit" class="button">
            Sign out
          </button>
        </form>
      ) : null}
    </Panel>
  );
}
