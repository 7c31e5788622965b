import { describe, expect, it } from 'vitest';
import { endpointFault } from '../../../core/response/devices/push-service.ts';

describe('where messages to browsers may go', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/QAbc',
    'https://wns2-par02p.notify.windows.com/w/?token=abc',
  ])('to %s', (endpoint) => expect(endpointFault(endpoint)).toBeUndefined());

  it.each([
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com:8443/abc',
    'https://user@fcm.googleapis.com/abc',
    'https://fcm.googleapis.com.example.com/abc',
    'https://example.com/fcm.googleapis.com',
    'https://push.apple.com.evil.example/abc',
    'https://evilpush.apple.com/',
    'https://169.254.169.254/latest/meta-data',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://10.0.0.1/',
    'https://localhost/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
    `https://fcm.googleapis.com/${'a'.repeat(1000)}`,
  ])('not to %s', (endpoint) => expect(endpointFault(endpoint)).toBeDefined());

  it('to another that the config names, and to its neighbours not', () => {
    const services = ['https://push.example.com', 'http://127.0.0.1:8080'];
    expect(endpointFault('https://push.example.com/a', services)).toBeUndefined();
    expect(endpointFault('http://127.0.0.1:8080/a', services)).toBeUndefined();
    for (const other of [
      'http://push.example.com/a',
      'https://push.example.com:444/a',
      'http://127.0.0.1:8081/a',
      'http://127.0.0.1/',
    ])
      expect(endpointFault(other, services), other).toBeDefined();
  });
});
