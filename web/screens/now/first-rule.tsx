import { Panel } from '../../parts/panel.tsx';

/** What to do where there is no rule yet. */
export function FirstRule() {
  return (
    <Panel title="There are no rules yet">
      <div class="in stack">
        <p>A rule says what is watched and from where it is bad. Three lines make the first one:</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus, so that keys scroll it. */}
        <pre tabIndex={0}>
          {'tocsin init my-alerts\ntocsin check --config my-alerts/config\ntocsin start --config my-alerts/config'}
        </pre>
      </div>
    </Panel>
  );
}
