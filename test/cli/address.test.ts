import { describe, expect, it } from 'vitest';
import { addressFrom } from '../../cli/client/address.ts';
import { onPort } from '../../local/on-port.ts';
import { StartError } from '../../local/start-error.ts';

describe('the address of a service', () => {
  it.for([
    ['http://127.0.0.1:4319', 'http://127.0.0.1:4319'],
    ['localhost:4319', 'http://localhost:4319'],
    ['127.0.0.1:4319', 'http://127.0.0.1:4319'],
    ['[::1]:4319', 'http://[::1]:4319'],
    ['tocsin.example.com', 'https://tocsin.example.com'],
    ['tocsin.example.com:8443/on-call', 'https://tocsin.example.com:8443/on-call'],
    [' HTTPS://tocsin.example.com ', 'https://tocsin.example.com'],
  ] as const)('is understood without a scheme: %s', ([written, url]) => expect(addressFrom(written)).toBe(url));

  it.for(['ftp://example.com', 'http://', '', 'two words', 'file:///etc/passwd'])('is refused in words: %j', (written) =>
    expect(() => addressFrom(written)).toThrow(StartError),
  );

  it('moves with the port, on this machine only', () => {
    expect(onPort('http://127.0.0.1:4319', '5000')).toBe('http://127.0.0.1:5000');
    expect(onPort('http://localhost:4319', 5000)).toBe('http://localhost:5000');
    expect(onPort('https://tocsin.example.com/x', 5000)).toBe('https://tocsin.example.com/x');
    expect(onPort('http://127.0.0.1:4319', undefined)).toBe('http://127.0.0.1:4319');
  });
});
