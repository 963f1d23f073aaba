import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CloneSummary,
  cleanUpSummary,
  cloneSummary,
  failureSummary,
  teardownSummary,
  validationSummary,
} from '../../../src/github/summary.ts';
import { hostileText } from './hostile-text.ts';

const clone: CloneSummary = {
  name: 'shop-pr12-e2e-9912345678-1-4f09ac',
  id: 'vm-1067',
  source: 'vm-42',
  created: true,
  placement: { folder: 'group-v23', resource_pool: 'resgroup-31', datastore: 'datastore-15' },
  powerState: 'POWERED_ON',
  addresses: ['10.20.4.43', '2001:db8::5'],
  timings: { connect: 312, resolve: 90, request: 50, clone: 42_123, ip: 3_021, total: 45_600 },
  teardown: 'on-failure',
};

describe('cloneSummary', () => {
  it('shows the VM, what becomes of it, and where the time went', () => {
    expect(cloneSummary(clone)).toBe(`### Cloned \`shop-pr12-e2e-9912345678-1-4f09ac\`

| VM | \`shop-pr12-e2e-9912345678-1-4f09ac\`, \`vm-1067\` |
| --- | --- |
| Source | \`vm-42\` |
| Placement | folder \`group-v23\`, resource pool \`resgroup-31\`, datastore \`datastore-15\`; otherwise the source's |
| Power | \`POWERED_ON\` |
| Address | \`10.20.4.43\`, \`2001:db8::5\` |
| What becomes of it | It is deleted at the end of the job unless the job succeeds (\`teardown: on-failure\`). |

| Phase | Time | Share |
| --- | --- | --- |
| Log in | 312 ms | \`█░░░░░░░░░░░░░░░░░░░\` |
| Look up and check | 90 ms | \`█░░░░░░░░░░░░░░░░░░░\` |
| Ask for the clone | 50 ms | \`█░░░░░░░░░░░░░░░░░░░\` |
| Clone | 42.1 s | \`██████████████████░░\` |
| Wait for the address | 3 s | \`█░░░░░░░░░░░░░░░░░░░\` |
| **Total** | **45.6 s** |  |
`);
  });

  it('leaves out what there is not', () => {
    const text = cloneSummary({ ...clone, placement: {}, addresses: [], timings: {} });
    expect(text).toContain("| Placement | the source's |");
    expect(text).not.toContain('Address');
    expect(text).not.toContain('Phase');
  });

  it.each([
    [
      'never',
      'It stays until it is deleted (`teardown: never`); the teardown action does that with the output `vm-id`.',
    ],
    ['always', 'It is deleted at the end of the job (`teardown: always`).'],
  ] as const)('says what teardown: %s means', (teardown, fate) => {
    expect(cloneSummary({ ...clone, teardown })).toContain(`| What becomes of it | ${fate} |`);
  });

  it('says that a VM that was there before is not deleted, whatever teardown says', () => {
    const text = cloneSummary({ ...clone, created: false, teardown: 'always' });
    expect(text).toContain('### Reused `shop-pr12');
    expect(text).toContain('It was there before this run, which does not delete it.');
    expect(text).not.toContain('Source');
  });

  it('names no more addresses than fit', () => {
    const addresses = Array.from({ length: 30 }, (_, index) => `10.0.0.${index}`);
    expect(cloneSummary({ ...clone, addresses })).toContain('`10.0.0.7`, 22 more |');
  });

  it('draws bars of one length for any times', () => {
    const ms = fc.option(fc.oneof(fc.constant(0), fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true })), {
      nil: undefined,
    });
    const timings = fc.record({ connect: ms, resolve: ms, request: ms, clone: ms, ip: ms, total: ms });
    fc.assert(
      fc.property(timings, (given) => {
        const text = cloneSummary({ ...clone, timings: given });
        for (const [, bar = ''] of text.matchAll(/`([█░]+)`/g)) {
          expect(bar).toMatch(/^█*░*$/);
          expect(bar).toHaveLength(20);
        }
      }),
    );
  });
});

describe('validationSummary', () => {
  const cloneSpec = '{\n  "source": "vm-42"\n}';

  it('shows what would be sent', () => {
    expect(validationSummary({ name: 'shop', cloneSpec })).toBe(`### Checked \`shop\`, cloned nothing

With \`validate-only: true\` everything is looked up and checked. This is what would be sent:

\`\`\`json
{
  "source": "vm-42"
}
\`\`\`
`);
  });

  it.each([
    ['reuse', '`vm-9` would be handed out as it is'],
    ['replace', '`vm-9` would be deleted first'],
  ] as const)('says what if-exists: %s would do', (ifExists, words) => {
    expect(validationSummary({ name: 'shop', cloneSpec, existing: { id: 'vm-9', ifExists } })).toContain(
      words,
    );
  });
});

describe('failureSummary', () => {
  it('shows what happened, then one item for each line that follows', () => {
    const text = "Cloning 'a_b' failed.\n\n- vCenter: No room.\nChoose another 'datastore'.\n";
    expect(failureSummary({ title: 'The clone failed', text })).toBe(`### Failed: The clone failed

Cloning 'a\\_b' failed.

- vCenter: No room.
- Choose another 'datastore'.
`);
  });

  it('does with one line, and with none', () => {
    expect(failureSummary({ title: 'Cancelled', text: 'Told to end.' })).toBe(
      '### Failed: Cancelled\n\nTold to end.\n',
    );
    expect(failureSummary({ title: 'Cancelled', text: '' })).toBe('### Failed: Cancelled\n');
  });
});

describe('teardownSummary', () => {
  it('shows what was deleted', () => {
    const text = teardownSummary({
      asked: 'vm-9',
      deleted: { id: 'vm-9', name: 'shop' },
      milliseconds: 4_100,
    });
    expect(text).toBe('### Deleted `shop`\n\nThe VM `vm-9` and its files are gone. That took 4.1 s.\n');
  });

  it('shows that there was nothing', () => {
    expect(teardownSummary({ asked: 'vm-9', deleted: undefined, milliseconds: 90 })).toBe(
      '### Nothing to delete\n\n`vm-9` is not in vCenter (any more). Finding that out took 90 ms.\n',
    );
  });
});

describe('cleanUpSummary', () => {
  it('shows what was deleted', () => {
    expect(cleanUpSummary({ name: 'shop', deleted: 'vm-9', left: undefined })).toBe(
      '### Cleaned up `shop`\n\nThe VM `vm-9` and its files are deleted.\n',
    );
  });

  it('shows what is left', () => {
    expect(cleanUpSummary({ name: 'shop', deleted: undefined, left: "'shop' (vm-9) may be left." })).toBe(
      "### Left behind in vCenter: `shop`\n\n'shop' (vm-9) may be left.\n",
    );
  });
});

describe('any summary', () => {
  /** Every summary there is, with one text in every place where foreign text can stand. */
  const summaries = (text: string) => [
    cloneSummary({
      ...clone,
      ...{ name: text, id: text, source: text, powerState: text, addresses: [text, text] },
      placement: { folder: text, resource_pool: text, cluster: text, host: text, datastore: text },
    }),
    cloneSummary({ ...clone, name: text, created: false }),
    validationSummary({
      name: text,
      cloneSpec: JSON.stringify({ name: text }, null, 2),
      existing: { id: text, ifExists: 'replace' },
    }),
    failureSummary({ title: text, text: `Failed: ${text.replace(/[\r\n\u2028\u2029]/g, ' ')}` }),
    teardownSummary({ asked: text, deleted: undefined, milliseconds: 1 }),
    teardownSummary({ asked: text, deleted: { id: text, name: text }, milliseconds: 1 }),
    cleanUpSummary({ name: text, deleted: text, left: `${text} may be left.` }),
  ];

  it('has as many lines for hostile text as for a harmless one, and no workflow command', () => {
    const harmless = summaries('shop').map((markdown) => markdown.split('\n').length);
    fc.assert(
      fc.property(hostileText, (text) => {
        const hostile = summaries(text);
        for (const [index, markdown] of hostile.entries()) {
          const lines = markdown.split('\n');
          expect(lines).toHaveLength(harmless[index] ?? 0);
          for (const line of lines) {
            expect(line).not.toMatch(/^\s*::|##\[|[^\P{Cc}]/u);
          }
          if (!markdown.includes('```json')) {
            // Outside of code spans nothing is left that HTML or a link could be made of.
            const outside = markdown.replace(/(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
            expect(outside).not.toMatch(/(?<!\\)(?:\\\\)*[<[\]]/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('stays far below what a step may write, 1 MiB', () => {
    const text = '`<|&\\'.repeat(100_000);
    for (const markdown of summaries(text)) {
      expect(Buffer.byteLength(markdown)).toBeLessThan(100_000);
    }
  });
});
