import { useEffect, useState } from 'preact/hooks';
import type { DevicesDto } from '../../../http/api/dto/devices.ts';
import { deviceIdOf, deviceName } from '../../data/ability.ts';
import { askAgain, useAnswer } from '../../data/answer.ts';
import { type Deed, useDeed } from '../../data/deed.ts';
import { ability, sameKey, subscribe, subscriptionHere } from '../../data/push.ts';
import { useSession } from '../../data/session.ts';
import { sayNow } from '../../frame/announce.tsx';
import { DeedButton, DeedOutcome } from '../../parts/deed-button.tsx';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { whyNot } from './why-not.ts';

/**
 * Pages to this browser and to the viewer's others: switch on, see the last one that was taken,
 * try, remove.
 */
export function Devices() {
  const session = useSession();
  const me = session?.person.responder;
  const [typed, setTyped] = useState('');
  if (session === undefined) return null;
  const isOwner = session.may.includes('devices of another');
  const who = me ?? (isOwner && typed !== '' ? typed : undefined);
  return (
    <Panel title="Pages on this device">
      <div class="in stack tight">
        {me !== undefined ? null : isOwner ? (
          <Whose typed={typed} choose={setTyped} />
        ) : (
          <p class="dim">
            Pages go to responders of the config, and {session.person.name} is none of them. Sign in under the name of one, or ask
            an admin to add you.
          </p>
        )}
        {who === undefined ? null : (
          <DevicesOf key={who} who={who} may={who === me ? session.may.includes('devices of oneself') : isOwner} />
        )}
      </div>
    </Panel>
  );
}

/** Where nobody signs in, whoever has the machine says whose pages come here. */
function Whose({ typed, choose }: { typed: string; choose(name: string): void }) {
  const [text, setText] = useState(typed);
  return (
    <form
      class="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        choose(text.trim());
      }}
    >
      <label for="whose-pages">Whose pages come to this device?</label>
      <div class="row">
        <input
          id="whose-pages"
          value={text}
          autocomplete="off"
          placeholder="a responder of the config"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" class="button">
          Show devices
        </button>
      </div>
    </form>
  );
}

/** `may`: whether the viewer's role allows changing them. */
function DevicesOf({ who, may }: { who: string; may: boolean }) {
  const address = `/api/contacts/${encodeURIComponent(who)}/devices`;
  const answer = useAnswer<DevicesDto>(address, ({ kind }) => kind === 'devices' || kind === 'config');
  const [here, setHere] = useState<{ id: string; key: boolean } | undefined>();
  const [can, setCan] = useState(ability());
  const [turn, setTurn] = useState(0);
  const { value } = answer;
  const publicKey = value?.publicKey;
  // Each turn looks again.
  useEffect(() => {
    let isOver = false;
    void subscriptionHere().then(async (found) => {
      const id = found === undefined ? undefined : await deviceIdOf(found.endpoint);
      if (!isOver) setHere(found && id ? { id, key: publicKey === undefined || sameKey(found, publicKey) } : undefined);
    });
    return () => {
      isOver = true;
    };
  }, [publicKey, turn]);
  if (value === undefined)
    return <p class="dim">{answer.fault === undefined ? 'Loading devices…' : `Devices are not known: ${answer.fault.text}`}</p>;
  const own = value.devices.find(({ id }) => id === here?.id && here.key);
  const why = whyNot(can, value.fault);
  const again = (): void => {
    setCan(ability());
    setTurn((before) => before + 1);
    void askAgain(address);
  };
  return (
    <>
      {!may ? (
        <p class="dim">To take pages on a device takes the role responder. The config gives people theirs: ask an admin.</p>
      ) : why !== undefined && own === undefined ? (
        <p class="t-warn">{why}</p>
      ) : (
        <Switch address={address} publicKey={publicKey ?? ''} own={own} again={again} />
      )}
      {value.paged ? null : (
        <p class="small t-warn">
          No page comes here yet: the contacts of {who} in the config lack <code>webPush: {who}</code>.
        </p>
      )}
      {value.devices.length === 0 ? null : (
        <ul class="plain stack tight" aria-label={`Devices that take pages to ${who}`}>
          {value.devices.map((device) => (
            <DeviceRow key={device.id} device={device} address={address} isHere={device.id === own?.id} may={may} again={again} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Pages here: on or off. */
function Switch(props: { address: string; publicKey: string; own: DevicesDto['devices'][number] | undefined; again(): void }) {
  const { address, publicKey, own, again } = props;
  const doing = useDeed([address]);
  const [trouble, setTrouble] = useState<string | undefined>();
  const [isAsking, setAsking] = useState(false);
  const deed: Deed = isAsking ? { state: 'sending' } : doing.deed;
  const on = async (): Promise<void> => {
    setTrouble(undefined);
    setAsking(true);
    try {
      const { endpoint, keys } = (await subscribe(publicKey)).toJSON();
      await doing.run(address, { endpoint, keys, name: deviceName(navigator.userAgent) });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      setTrouble(text);
      sayNow(text);
    } finally {
      setAsking(false);
      again();
    }
  };
  const off = async (): Promise<void> => {
    if (own === undefined) return;
    const done = await doing.run(`${address}/${encodeURIComponent(own.id)}/remove`);
    if (done.state === 'committed') await (await subscriptionHere())?.unsubscribe();
    again();
  };
  return (
    <>
      <div class="row">
        <DeedButton name="pages" deed={deed} look={own === undefined ? 'first' : ''} run={() => void (own ? off() : on())}>
          {own === undefined ? 'Receive pages on this device' : 'No more pages on this device'}
        </DeedButton>
        {own === undefined ? <Tag kind="none">off</Tag> : <Tag kind="good">on</Tag>}
      </div>
      {trouble === undefined ? null : <p class="small t-critical">Not switched on: {trouble}.</p>}
      <DeedOutcome name="pages" deed={doing.deed} />
      {own === undefined ? (
        <p class="small dim">
          The browser asks whether Tocsin may show notifications. Keep another contact after it: a phone can be off.
        </p>
      ) : null}
    </>
  );
}

function DeviceRow(props: {
  device: DevicesDto['devices'][number];
  address: string;
  isHere: boolean;
  may: boolean;
  again(): void;
}) {
  const { device, address, isHere, may, again } = props;
  const { id, name, addedAt, takenAt } = device;
  const [testing, removing] = [useDeed([address]), useDeed([address])];
  const one = `${address}/${encodeURIComponent(id)}`;
  return (
    <li class="stack tight">
      <div>
        <span class="strong">{name}</span>
        {isHere ? <span class="dim"> (this one)</span> : null}
        <div class="small dim">
          since <Time at={addedAt} />,{' '}
          {takenAt === undefined ? (
            'nothing sent yet'
          ) : (
            <>
              last taken <Time at={takenAt} />
            </>
          )}
        </div>
      </div>
      {may ? (
        <div class="row">
          <DeedButton name={`test to ${name}`} deed={testing.deed} run={() => void testing.run(`${one}/test`)}>
            Test<span class="vh"> {name}</span>
          </DeedButton>
          {isHere ? null : (
            <DeedButton name={`removing ${name}`} deed={removing.deed} run={() => void removing.run(`${one}/remove`).then(again)}>
              Remove<span class="vh"> {name}</span>
            </DeedButton>
          )}
        </div>
      ) : null}
      <DeedOutcome name="test" deed={testing.deed} />
      <DeedOutcome name="remove" deed={removing.deed} />
    </li>
  );
}
