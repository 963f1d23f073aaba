import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServerAddress } from '../../../src/github/server-address.ts';
import { ValueProblem } from '../../../src/text/invalid-value.ts';
import { problemOf, valueOrRefused } from '../../support/fake-core.ts';

describe('parseServerAddress', () => {
  it.each([
    ['vcenter.example.com', 'vcenter.example.com'],
    ['VCENTER.Example.com', 'vcenter.example.com'],
    ['vcenter', 'vcenter'],
    ['vcenter:8443', 'vcenter:8443'],
    ['vcenter:443', 'vcenter'],
    ['vcenter:08443', 'vcenter:8443'],
    ['https://vcenter.example.com', 'vcenter.example.com'],
    ['https://vcenter.example.com/', 'vcenter.example.com'],
    ['HTTPS://vcenter.example.com:8443/', 'vcenter.example.com:8443'],
    ['192.0.2.10', '192.0.2.10'],
    ['192.0.2.10:9443', '192.0.2.10:9443'],
    ['fe80::1', '[fe80::1]'],
    ['[::1]', '[::1]'],
    ['[::1]:8443', '[::1]:8443'],
    ['[2001:DB8::10]:443', '[2001:db8::10]'],
    ['https://[::1]:8443/', '[::1]:8443'],
    ['vcenter.münchen.example', 'vcenter.xn--mnchen-3ya.example'],
  ])('reads %s', (text, expected) => {
    expect(parseServerAddress(text)).toBe(expected);
  });

  it.each([
    ['http://vcenter', 'would send the password in the clear; use https:// or leave the scheme out'],
    ['HTTP://vcenter', 'would send the password in the clear; use https:// or leave the scheme out'],
    ['ftp://vcenter', 'has the scheme ftp://; use https:// or leave the scheme out'],
    ['https://vcenter/ui/', 'has a path; give host and port only'],
    ['vcenter/sdk', 'has a path; give host and port only'],
    ['https://vcenter//', 'has a path; give host and port only'],
    ['vcenter\\sdk', 'has a path; give host and port only'],
    ['vcenter?x=1', 'has a query; give host and port only'],
    ['vcenter#x', 'has a query; give host and port only'],
    ['vcenter example', 'holds whitespace; give one host name, such as vcenter.example.com'],
    ['vcenter:', 'has a port that is not a number from 1 to 65535'],
    ['vcenter:0', 'has a port that is not a number from 1 to 65535'],
    ['vcenter:65536', 'has a port that is not a number from 1 to 65535'],
    ['vcenter:10abc', 'has a port that is not a number from 1 to 65535'],
    ['[::1]:', 'has a port that is not a number from 1 to 65535'],
  ])('refuses %s: it %s', (text, problem) => {
    expect(problemOf(() => parseServerAddress(text))).toBe(problem);
  });

  it.each([
    '',
    'https://',
    ':8443',
    '10',
    '0x7f.1',
    '1.2.3',
    '999.1.1.1',
    '[vcenter]',
    '[::1',
    '::1]',
    '[::1]8443',
    'a,b',
    'a;b',
    'a:b:c',
    '"vcenter"',
  ])('refuses %j', (text) => {
    expect(problemOf(() => parseServerAddress(text))).toMatch(/is not a host name|has a port/);
  });

  it('refuses a zone, which only means something on one machine', () => {
    expect(problemOf(() => parseServerAddress('fe80::1%eth0'))).toContain('zone');
    expect(problemOf(() => parseServerAddress('[fe80::1%25eth0]:443'))).toContain('zone');
  });

  it.each([
    'https://svc:hunter2@vcenter',
    'http://svc:hunter2@vcenter',
    'svc@vcenter',
    'svc:hunter2@vcenter /',
    'svc:a/b@vcenter',
  ])('keeps %s out of the error, since it may hold a password', (text) => {
    let problem: unknown;
    try {
      parseServerAddress(text);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(ValueProblem);
    expect(problem).toHaveProperty('hidesValue', true);
    expect(String(problem)).not.toContain('hunter2');
  });

  it('gives what stands behind https:// and stays the same when read again, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl({ validSchemes: ['https'] }),
      fc.domain(),
      fc.ipV4(),
      fc.ipV6(),
      fc.stringMatching(/^[a-z0-9.:[\]/%@_-]{1,30}$/),
    );
    fc.assert(
      fc.property(text, (any) => {
        const server = valueOrRefused(() => parseServerAddress(any));
        if (server !== undefined) {
          const url = new URL(`https://${server}`);
          expect([url.host, url.pathname, url.username, url.search]).toEqual([server, '/', '', '']);
          expect(parseServerAddress(server)).toBe(server);
        }
      }),
    );
  });
});
