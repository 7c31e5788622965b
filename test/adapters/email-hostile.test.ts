import { afterEach, describe, expect, it } from 'vitest';
import { emailChannel } from '../../adapters/email/index.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import { examplePage } from '../contract/example-page.ts';
import { mailSecrets, password, rawServer, smtpSettings, user } from './mail-server.ts';

const noSes = (): never => {
  throw new Error('expected no call of SES');
};
const ana = { kind: 'email' as const, to: ['ana@example.com'] };

const toClose: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});
async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const one = await opening;
  toClose.push(one);
  return one;
}

async function failure(sending: Promise<unknown>): Promise<DeliveryError> {
  const error = await sending.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof DeliveryError)) throw new Error('expected a DeliveryError', { cause: error });
  return error;
}

/** Without TLS, so that the server need not speak it. */
const plain = { tls: 'off', user: undefined, password: undefined, ca: undefined } as const;

describe('a hostile mail server', () => {
  const attempt = async (port: number, timeoutMs = 5000): Promise<DeliveryError> =>
    failure(
      emailChannel({ settings: smtpSettings(port, plain), secrets: mailSecrets(), sesClient: noSes, timeoutMs }).send(
        ana,
        examplePage(),
        'k',
      ),
    );

  it.each([
    ['never greets', undefined, () => undefined],
    ['greets and never answers', '220 hi\r\n', () => undefined],
    ['says one letter of an answer at a time', '220 hi\r\n', (_line: string) => '2'],
  ] as const)('that %s holds a page for no longer than its time', async (_what, greeting, answer) => {
    const server = await opened(rawServer(greeting, answer));
    expect(await attempt(server.port, 100)).toMatchObject({ retryable: true, timedOut: true });
  });

  it('that drips for ever is left at the end of the time, too', async () => {
    const server = await opened(
      rawServer('220 hi\r\n', (_line, socket) => {
        const drip = setInterval(() => socket.write('250-more\r\n'), 5);
        socket.on('close', () => clearInterval(drip));
        return undefined;
      }),
    );
    expect(await attempt(server.port, 150)).toMatchObject({ retryable: true, timedOut: true });
  });

  it('that answers without end is cut off, and its words are not repeated at length', async () => {
    const server = await opened(rawServer('220 hi\r\n', () => '2'.repeat(200_000)));
    const error = await attempt(server.port);
    expect(error.retryable).toBe(true);
    expect(error.message.length).toBeLessThan(400);
  });

  it.each([
    ['cuts after the greeting', (_line: string, socket: { destroy(): void }) => void socket.destroy()],
    ['speaks another protocol', () => 'HTTP/1.1 400 Bad Request\r\n'],
  ] as const)('that %s may be tried again', async (_what, answer) => {
    const server = await opened(rawServer('220 hi\r\n', (line, socket) => answer(line, socket) ?? undefined));
    expect((await attempt(server.port)).retryable).toBe(true);
  });

  it('that has no service here is refused for good, in words that cannot act on a terminal', async () => {
    const server = await opened(rawServer('554 \u001b[31mgo away\u202e\r\n'));
    const error = await attempt(server.port);
    expect(error.retryable).toBe(false);
    for (const sign of ['\u001b', '\u202e']) expect(error.message).not.toContain(sign);
  });

  it.each([
    ['as it was sent', (line: string) => line],
    ['in plain text', () => password],
    ['without the user', () => Buffer.from(password).toString('base64')],
  ] as const)('that repeats the password %s does not bring it into an error', async (_what, repeated) => {
    const server = await opened(
      rawServer('220 hi\r\n', (line) =>
        line.startsWith('EHLO') ? '250-hi\r\n250 AUTH PLAIN\r\n' : `535 no: ${repeated(line)}\r\n`,
      ),
    );
    const settings = smtpSettings(server.port, { tls: 'off', ca: undefined });
    const channel = emailChannel({ settings, secrets: mailSecrets(), sesClient: noSes, timeoutMs: 5000 });
    const { message } = await failure(channel.send(ana, examplePage(), 'k'));
    expect(message).toMatch(/535 no: .*\(the password\)/);
    for (const form of [
      password,
      Buffer.from(`\0${user}\0${password}`).toString('base64'),
      Buffer.from(password).toString('base64'),
    ])
      expect(message).not.toContain(form);
  });

  it('that hangs up after it took the message counts as having it', async () => {
    const answers: [RegExp, string][] = [
      [/^EHLO/, '250 hi\r\n'],
      [/^(MAIL|RCPT)/, '250 ok\r\n'],
      [/^DATA/, '354 go\r\n'],
      [/^\.$/, '250 taken\r\n'],
    ];
    const server = await opened(
      rawServer('220 hi\r\n', (line, socket) => {
        if (line === 'QUIT') socket.destroy();
        return answers.find(([asked]) => asked.test(line))?.[1];
      }),
    );
    const settings = smtpSettings(server.port, plain);
    const channel = emailChannel({ settings, secrets: mailSecrets(), sesClient: noSes, timeoutMs: 5000 });
    expect(await channel.send(ana, examplePage(), 'k')).toEqual({});
  });
});
