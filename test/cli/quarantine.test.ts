import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkRecords } from '../../cli/doctor/quarantine.ts';
import { asFingerprint } from '../../core/vocabulary/ids.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { committed, exampleAlert, exampleSilence, t0 } from '../contract/store-examples.ts';
import { folderOf, tocsin } from './run.ts';

/** The three signs that were cut from the damaged document: those that end the other one. */
const endOf = (db: DatabaseSync): string => String(db.prepare('SELECT substr(doc, -3) AS end FROM alerts').get()?.['end']);

describe('tocsin quarantine', () => {
  let path: string;
  /** A store with a damaged alert, and one that is well. */
  beforeEach(async () => {
    path = join(folderOf({}), 'store.db');
    const store = sqliteStore({ path });
    const until = Date.now() + 1e9;
    await committed(store, {
      writes: [
        { kind: 'alert', value: exampleAlert({ fingerprint: asFingerprint('damaged'), reason: 'what it said' }), expected: 0 },
        { kind: 'alert', value: exampleAlert({ fingerprint: asFingerprint('well') }), expected: 0 },
        { kind: 'silence', value: exampleSilence({ until }), expected: 0 },
      ],
    });
    await store.close();
    const db = new DatabaseSync(path);
    db.exec("UPDATE alerts SET doc = substr(doc, 1, length(doc) - 3) WHERE fingerprint = 'damaged'");
    db.close();
  });

  /** What the service does at its next tick. */
  async function tick(): Promise<void> {
    const store = sqliteStore({ path });
    expect(await store.alerts()).toHaveLength(1);
    await store.close();
  }

  it('tells beforehand what the next tick will set aside, and changes nothing', async () => {
    const store = sqliteStore({ path, readOnly: true });
    expect(await checkRecords(store, path, t0)).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/^alert damaged: it is not JSON, of \d+ characters$/),
      todo: expect.stringContaining('tocsin quarantine'),
    });
    await store.close();
    const { out, code } = await tocsin(['quarantine', '--store', path, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: 'alert', id: 'damaged', urgent: false });
    const untouched = sqliteStore({ path });
    expect(await untouched.quarantined(9)).toEqual([]);
    await untouched.close();
  });

  it('lists, shows and drops a record', async () => {
    await tick();
    const listed = await tocsin(['quarantine', '--store', path]);
    expect(listed.out).toMatch(/alert\b.*damaged.*not JSON.*not yet/);
    const shown = await tocsin(['quarantine', 'show', 'alert', 'damaged', '--store', path]);
    expect(shown.out).toMatch(/^\{"fingerprint":"damaged","version":1\}\n\{"fingerprint":"damaged".*"reason":"what it said"/);
    expect(await tocsin(['quarantine', 'drop', 'alert', 'damaged', '--store', path])).toMatchObject({
      code: 0,
      err: 'Dropped the alert damaged.\n',
    });
    expect(await tocsin(['quarantine', '--store', path])).toMatchObject({
      out: '',
      err: 'Every record that was read can be read.\n',
    });
    const again = await tocsin(['quarantine', 'drop', 'alert', 'damaged', '--store', path]);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('no alert damaged is in quarantine') });
  });

  it('puts back what can be read again, and leaves what cannot', async () => {
    await tick();
    const retry = () => tocsin(['quarantine', 'retry', 'alert', 'damaged', '--store', path, '--by', 'ana']);
    expect(await retry()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/still cannot be read, and stays in quarantine: .*JSON/),
    });
    const db = new DatabaseSync(path);
    const end = endOf(db);
    db.exec(`UPDATE quarantine SET doc = doc || '${end}'`);
    db.close();
    expect(await retry()).toMatchObject({ code: 0, err: 'The alert damaged is back in its place.\n' });
    expect(await retry()).toMatchObject({ code: 1, err: expect.stringContaining('no alert damaged is in quarantine') });
    const store = sqliteStore({ path });
    expect((await store.alerts()).map(({ fingerprint }) => fingerprint).sort()).toEqual(['damaged', 'well']);
    expect(await store.auditLog(9)).toMatchObject([{ kind: 'restored', actor: 'ana', data: { kind: 'alert', id: 'damaged' } }]);
    await store.close();
  });

  it('drops nothing while a service owns the store, and says what to do', async () => {
    await tick();
    const service = sqliteStore({ path });
    const dropped = await tocsin(['quarantine', 'drop', 'alert', 'damaged', '--store', path]);
    expect(dropped).toMatchObject({
      code: 1,
      err: expect.stringContaining('stop it, drop the record or put it back, and start it again'),
    });
    expect(await service.quarantined(9)).toHaveLength(1);
    await service.close();
  });

  it('knows the kinds of records and no others', async () => {
    const { code, err } = await tocsin(['quarantine', 'show', 'alarm', 'damaged', '--store', path]);
    expect(code).toBe(1);
    expect(err).toContain('there is no kind of record alarm; expected one of incident, timeline, audit entry, alert');
  });
});
