import { describe, expect, it } from 'vitest';
import { parseWorkflowCommand } from '../../runner/workflow-commands.ts';

describe('workflow commands', () => {
  it('reads name, properties and message', () => {
    expect(parseWorkflowCommand('::error title=No VM,file=a.ts::It is gone')).toEqual({
      name: 'error',
      properties: { title: 'No VM', file: 'a.ts' },
      message: 'It is gone',
      form: 'colons',
    });
  });

  it('decodes messages and properties, the percent sign last', () => {
    const command = parseWorkflowCommand('::notice title=a%3Ab%2Cc%25::1%0A2%0D3 %250A %3A');
    expect(command?.properties).toEqual({ title: 'a:b,c%' });
    expect(command?.message).toBe('1\n2\r3 %0A %3A');
  });

  it.each(['  ::debug::x', '\t::debug::x', '\u00a0::debug::x', '\u0085::debug::x', '::DEBUG::x'])(
    'takes %j for a command',
    (line) => {
      expect(parseWorkflowCommand(line)).toMatchObject({ name: 'debug', message: 'x' });
    },
  );

  it.each([
    'x ::debug::x',
    ':debug::x',
    '::debug:x',
    '::debugging::x',
    '::::x',
    '\ufeff::debug::x',
    '[debug]x',
  ])('takes %j for text', (line) => {
    expect(parseWorkflowCommand(line)).toBeUndefined();
  });

  it('finds the legacy form anywhere in a line', () => {
    expect(parseWorkflowCommand('vCenter said: ##[error title=a%3Bb;line=3]no%5D %253B')).toEqual({
      name: 'error',
      properties: { title: 'a;b', line: '3' },
      message: 'no] %3B',
      form: 'brackets',
    });
  });

  it('looks for the legacy form where the colons name nothing', () => {
    expect(parseWorkflowCommand('::nothing:: ##[warning]x')).toMatchObject({
      name: 'warning',
      form: 'brackets',
    });
  });

  it('knows the token that ends stop-commands', () => {
    expect(parseWorkflowCommand('::token-1::')).toBeUndefined();
    expect(parseWorkflowCommand('::token-1::', ['token-1'])).toMatchObject({ name: 'token-1' });
  });
});
