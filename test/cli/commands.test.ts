import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { config, folderOf, project, root, tocsin, tocsinProcess, understood } from './run.ts';

const commands = [
  'check',
  'replay',
  'backtest',
  'test',
  'route',
  'map',
  'incidents',
  'show',
  'ack',
  'resolve',
  'escalate',
  'silence',
  'silences',
  'audit-log',
  'labels',
  'heartbeats',
  'digest',
  'schema',
];

describe('the command line', () => {
  it.for([...commands, undefined])('tells what it is for: %s --help', async (command, { expect }) => {
    const { code, out, err } = await understood([...(command === undefined ? [] : [command]), '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(command === undefined ? /Commands:[\s\S]*Exit codes/ : new RegExp(`Usage: tocsin ${command} `));
  });

  it('has `help` list every command', async ({ expect }) => {
    const { code, out } = await understood(['help']);
    expect(code).toBe(0);
    for (const command of commands) expect.soft(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  it.for([
    [['chekc'], /unknown command 'chekc'\n\(Did you mean check\?\)/],
    [[], /Usage: tocsin/],
    [['check', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    [['show'], /missing required argument 'id'/],
    [['ack', 'inc-1', 'inc-2'], /too many arguments/],
    [['replay'], /missing required argument 'file'/],
    [['route'], /required option '--labels <labels>' not specified/],
    [['incidents', '--status', 'new'], /Allowed choices are open, resolved, all/],
    [['incidents', '--limit', '0'], /expected a number from 1 to 1000/],
    [['silence', 'model=m', 'soon'], /error: expected tocsin silence .* received "soon" where a duration/],
    [['silence', 'everything', '2h'], /received no label/],
    [['silence', 'model=m'], /missing required argument 'duration'/],
  ] as const)('ends with 2 for what it does not understand: %j', async ([args, message], { expect }) => {
    const { code, out, err } = await understood(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });

  it('does so as a process, too, and one that checks fails with 1', async () => {
    const [help, unknown, failed] = await Promise.all([
      tocsinProcess(['--help']),
      tocsinProcess(['chekc']),
      tocsinProcess(['check', '--config', 'nowhere']),
    ]);
    expect(help).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Usage: tocsin/) });
    expect(unknown).toEqual({
      code: 2,
      out: '',
      err: "error: unknown command 'chekc'\n(Did you mean check?)\n(--help says more)\n",
    });
    expect(failed).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^tocsin: there is no config at nowhere/) });
  });

  it('prints its version', async ({ expect }) => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await understood(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('prints the schema that the project carries', async ({ expect }) => {
    const { code, out } = await tocsin(['schema']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(join(root, 'config/tocsin.schema.json'), 'utf8')));
  });
});

describe.concurrent('tocsin check', () => {
  it('warns where a rollback is watched for less than its rule can show recovery in', async ({ expect }) => {
    const more = `
deployments: { scorer: { hook: { lambdaAlias: { functionName: scorer, alias: live } } } }
rollbacks: { scorer: { deployment: scorer, verify: 90m } }
`;
    const all = config.replace('threshold: { below: { warn: 0.8, critical: 0.5 } }', '$&\n    rollback: scorer') + more;
    const { code, err } = await tocsin(['check'], { cwd: project({ 'config/all.yaml': all }) });
    expect(code).toBe(0);
    expect(err).toMatch(
      /^warning: rules\.accuracy: .* for 3h although all is well \(1h for .*verify is 1h30m; .*at least that\.$/m,
    );
  });

  it('finds the example right', async ({ expect }) => {
    const { code, out, err } = await tocsin(['check']);
    expect(code).toBe(0);
    expect(out).toMatch(/^┌[\s\S]*flight-accuracy[\s\S]*assumed[\s\S]*Not counted: /);
    expect(err).toMatch(/^The config is valid: \d+ rules?, \d+ sources?, \d+ policies, \d+ runbooks(, \d+ \w+)*\.\n$/);
  });

  it('counts what a config may have beside rules', async ({ expect }) => {
    const jobs = 'heartbeats:\n  nightly: { every: 1h, runbook: latency }\n  weekly: { every: 7d, runbook: latency }\n';
    const { err } = await tocsin(['check'], { cwd: project({ 'config/jobs.yaml': jobs }) });
    expect(err).toMatch(/^The config is valid: 2 rules, .*, 2 heartbeats\.$/m);
  });

  it('wonders about a file that holds nothing', async ({ expect }) => {
    const cwd = project({ 'config/rules.yaml': '', 'config/later.yaml': '# to come\n' });
    expect(await tocsin(['check'], { cwd })).toMatchObject({
      code: 0,
      err: expect.stringMatching(
        /^config\/later.yaml holds nothing; was something lost\?\nconfig\/rules.yaml holds nothing; .*\nThe config is valid/,
      ),
    });
  });

  const wrong = config
    .replace('category: latency', 'category: latancy')
    .replace('policy: duty, ackTarget: 1h', 'policy: duty, ackTarget: soon');

  it('tells every error with its place, and ends with 1', async ({ expect }) => {
    const cwd = project({ 'config/all.yaml': wrong });
    const { code, out, err } = await tocsin(['check'], { cwd });
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^config\/all\.yaml:11:15: .*latancy.*"latency"/),
      expect.stringMatching(/^config\/all\.yaml:31:38: .*expected a duration such as 30s.*"soon"/),
    ]);
    expect(err).toBe('2 errors\n');
  });

  it('tells the same as JSON lines', async ({ expect }) => {
    const { code, out } = await tocsin(['check', '--json'], { cwd: project({ 'config/all.yaml': wrong }) });
    expect(code).toBe(1);
    const errors = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(errors).toMatchObject([
      { file: 'config/all.yaml', line: 11, column: 15 },
      { line: 31, column: 38 },
    ]);
  });

  it('finds a rule whose runbook is missing', async ({ expect }) => {
    const { code, out } = await tocsin(['check'], {
      cwd: project({ 'config/all.yaml': config.replace('runbook: latency', 'runbook: latencies') }),
    });
    expect(code).toBe(1);
    expect(out).toMatch(/:13:14: .*latencies.*"latency"/);
  });
});

describe.concurrent('tocsin route', () => {
  const at = '2026-01-05T09:00Z';

  it('shows who would be paged when, for each severity that may come', async ({ expect }) => {
    const { code, out, err } = await tocsin(['route', '--labels', 'rule=slow', '--at', at], { cwd: project() });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(
      out
        .replace(/[│┌┐└┘├┤┬┴┼─]+/g, ' ')
        .replace(/ +/g, ' ')
        .replace(/\n( \n)*/g, '\n'),
    ).toBe(
      [
        'latency, warn: policy duty; to be acknowledged within 1h',
        ' after at step target contacts ',
        ' 30s 2026-01-05 09:00:30 UTC tier 1 responder/ana terminal ',
        ' 15m30s 2026-01-05 09:15:30 UTC fallback channel/room terminal ',
        '',
        'latency, critical: policy duty',
        ' after at step target contacts ',
        ' at once 2026-01-05 09:00 UTC tier 1 responder/ana terminal ',
        ' 15m 2026-01-05 09:15 UTC fallback channel/room terminal ',
        '',
      ].join('\n'),
    );
  });

  it('gives the same as JSON lines', async ({ expect }) => {
    const { out } = await tocsin(['route', '--labels', 'category=drift,severity=critical', '--at', at, '--json'], {
      cwd: project(),
    });
    expect(JSON.parse(out)).toMatchObject({
      at: Date.parse(at),
      category: 'drift',
      severity: 'critical',
      policy: 'duty',
      steps: [
        { afterMs: 0, step: 'tier 1', targets: [{ ok: true, target: 'responder/ana', contacts: [{ kind: 'terminal' }] }] },
        { afterMs: 900_000, step: 'fallback' },
      ],
    });
  });

  it('says when pages are muted', async ({ expect }) => {
    const muted = `${config}\nmuteTimings:\n  nights: { timezone: UTC, match: { severity: warn, team: "a, b" }, windows: [{ from: '22:00', to: '07:00' }] }\n`;
    const args = ['route', '--labels', 'rule=slow,severity=warn,team="a, b"', '--at', '2026-01-05T23:00Z'];
    const { out } = await tocsin(args, { cwd: project({ 'config/all.yaml': muted }) });
    expect(out).toMatch(/muted by nights until 2026-01-06 07:00 UTC\n[\s\S]*8h30s/);
  });

  it.for([
    ['rule', /expected name=value,name=value,\.\.\.; received "rule"/],
    ['rule=slow,,a=b', /received ",a=b"/],
    ['rule=slow,team="a', /received "team=\\"a"/],
    ['rule=', /received "rule="/],
    ['rule=slow,rule=accuracy', /expected each label once.*received rule twice/],
    ['', /received nothing/],
  ] as const)('does not understand --labels %j', async ([labels, message]) => {
    const { code, err } = await understood(['route', '--labels', labels]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it.for([
    ['rule=slwo', /^rule: there is no rule "slwo"; did you mean "slow"\?$/],
    ['severity=bad,rule=slow', /^severity: there is no severity "bad"; expected one of warn, critical$/],
    ['team=a', /^expected the label rule or category .* received neither$/],
  ] as const)('finds nobody for --labels %j', async ([labels, message]) => {
    const folder = project();
    const where = ['--config', join(folder, 'config'), '--runbooks', join(folder, 'runbooks')];
    await expect(understood(['route', '--labels', labels, ...where])).rejects.toThrow(message);
  });

  it('refuses a time that is none', async () => {
    const { code, err } = await understood(['route', '--labels', 'rule=slow', '--at', 'noon']);
    expect(code).toBe(2);
    expect(err).toMatch(/expected a time such as 2026-01-05T09:00Z/);
  });

  it('says in one line that the config is not there', async ({ expect }) => {
    const { code, err } = await tocsin(['route', '--labels', 'rule=slow'], { cwd: folderOf({ 'runbooks/x': '' }) });
    expect(code).toBe(1);
    expect(err).toBe('tocsin: there is no config at config; name a folder of YAML files, or one, with --config\n');
  });
});
