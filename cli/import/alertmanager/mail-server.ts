import type { ConfigInput } from '../../../core/config/schema.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';
import { keptAs } from './secret-names.ts';

type EmailSettings = NonNullable<NonNullable<ConfigInput['settings']>['email']>;

/** How mail is sent, from the section `global`; undefined, with a note, if that does not say it. */
export function mailServerIn(globals: Written | undefined, notes: Notes): EmailSettings | undefined {
  const from = globals?.text('smtp_from');
  const server = globals?.text('smtp_smarthost');
  const user = globals?.text('smtp_auth_username');
  const tls = globals?.flag('smtp_require_tls') === false ? 'off' : 'starttls';
  const password = ['smtp_auth_password', 'smtp_auth_password_file'].find((key) => globals?.has(key));
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(server?.text ?? '') ?? [];
  if (globals === undefined || from === undefined || host === undefined || port === undefined) {
    const text = 'how mail is sent: expected smtp_from and smtp_smarthost in `global`; write settings.email';
    notes.push({ line: globals?.line ?? 1, kind: 'left out', text });
    return undefined;
  }
  const signsIn = user !== undefined && password !== undefined;
  if (password !== undefined) {
    globals.drop(password);
    notes.push({ line: globals.lineOf(password), kind: 'differs', text: keptAs(password)('SMTP_PASSWORD') });
  }
  const signIn = signsIn ? { user: user.text, password: 'SMTP_PASSWORD' } : {};
  // The port of implicit TLS, which Alertmanager speaks there by itself.
  return { from: from.text, smtp: { host, port: Number(port), tls: port === '465' ? 'implicit' : tls, ...signIn } };
}
