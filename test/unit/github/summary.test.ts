import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CloneSummary, cloneSummary, validationSummary } from '../../../src/github/clone-summary.ts';
import { InputsError } from '../../../src/github/inputs.ts';
import { failureSummary, postSummary, teardownSummary } from '../../../src/github/summary.ts';
import { hostileText } from '../../support/hostile-text.ts';

const clone: CloneSummary = {
  name: 'shop-pr12-e2e-9912345678-1-4f09ac',
  id: 'vm-1067',
  source: { id: 'vm-42', asked: 'ci/base/ubuntu-24.04' },
  created: true,
  placement: {
    folder: { id: 'group-v23', asked: 'ci' },
    resource_pool: { id: 'resgroup-31' },
    datastore: { id: 'datastore-15', asked: 'fast' },
  },
  how: 'full',
  hardware: { networks: [], tags: [] },
  guest: { guestinfo: [] },
  powerState: 'POWERED_ON',
  addresses: ['10.20.4.43', '2001:db8::5'],
  timings: { connect: 312, resolve: 90, request: 50, clone: 42_123, ip: 3_021, total: 45_600 },
  teardown: 'on-failure',
};

describe('cloneSummary', () => {
  it('A14: shows the VM, the names beside the ids, what becomes of it, and where the time went', () => {
    expect(cloneSummary(clone)).toBe(`### Cloned \`shop-pr12-e2e-9912345678-1-4f09ac\`

| VM | \`shop-pr12-e2e-9912345678-1-4f09ac\`, \`vm-1067\` |
| --- | --- |
| Source | \`ci/base/ubuntu-24.04\` (\`vm-42\`) |
| Clone | full |
| Placement | folder \`ci\` (\`group-v23\`), resource pool \`resgroup-31\`, datastore \`fast\` (\`datastore-15\`); otherwise the source's |
| Power | \`POWERED_ON\` |
| Address | \`10.20.4.43\`, \`2001:db8::5\` |
| What becomes of it | It is deleted at the end of the job unless the job succeeds (\`teardown: on-failure\`). |

| Phase | Time | Share |
| --- | --- | --- |
| Log in | 312 ms | \`░░░░░░░░░░░░░░░░░░░░\` |
| Look up and check | 90 ms | \`░░░░░░░░░░░░░░░░░░░░\` |
| Request the clone | 50 ms | \`░░░░░░░░░░░░░░░░░░░░\` |
| Clone | 42.1 s | \`███████████████████░\` |
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

  it('A13: shows what was replaced', () => {
    expect(cloneSummary({ ...clone, replaced: { id: 'vm-9', name: 'shop' } })).toContain(
      '| Replaced | `shop`, `vm-9`, which is deleted |',
    );
    expect(cloneSummary(clone)).not.toContain('Replaced');
  });

  it('A13: shows every phase by its name, in order', () => {
    const ms = 1_000;
    const text = cloneSummary({
      ...clone,
      timings: {
        ...{ port: ms, ip: ms, customization: ms, power: ms, configure: ms, clone: ms, request: ms },
        ...{ replace: ms, resolve: ms, connect: ms, total: 10_000 },
      },
    });
    expect([...text.matchAll(/^\| ([^|*]+) \| 1 s \| `██░+` \|$/gm)].map(([, title]) => title)).toEqual([
      'Log in',
      'Look up and check',
      'Replace',
      'Request the clone',
      'Clone',
      'Configure',
      'Power on',
      'Customize the guest',
      'Wait for the address',
      'Wait for the ports',
    ]);
  });

  const barsOf = (timings: CloneSummary['timings']) =>
    [...cloneSummary({ ...clone, timings }).matchAll(/`([█░]+)`/g)].map(([, bar = '']) => bar);
  const blocksOf = (bar: string) => bar.replaceAll('░', '').length;

  it('A18: shows 9 ms of 7.6 s as nothing', () => {
    expect(barsOf({ connect: 9, clone: 7_600, total: 7_609 }).map(blocksOf)).toEqual([0, 20]);
  });

  it('A18: draws bars of one length that add up to the whole, for any times', () => {
    const ms = fc.option(fc.oneof(fc.constant(0), fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true })), {
      nil: undefined,
    });
    const timings = fc.record({
      connect: ms,
      resolve: ms,
      replace: ms,
      request: ms,
      clone: ms,
      ip: ms,
      total: ms,
    });
    fc.assert(
      fc.property(timings, (given) => {
        const bars = barsOf(given);
        for (const bar of bars) {
          expect(bar).toMatch(/^█*░*$/);
          expect(bar).toHaveLength(20);
        }
        const { total: _, ...phases } = given;
        const isAny = Object.values(phases).some((time) => time !== undefined && time > 0);
        expect(bars.map(blocksOf).reduce((sum, length) => sum + length, 0)).toBe(isAny ? 20 : 0);
      }),
    );
  });
});

describe('validationSummary', () => {
  const cloneSpec = '{\n  "source": "vm-42"\n}';
  const found = { checked: ["'source'", "'folder'"], unchecked: ['privileges', 'free space'] };

  it('A6: shows what would be sent, what was checked, and what was not', () => {
    expect(
      validationSummary({ name: 'shop', cloneSpec, ...found }),
    ).toBe(`### Checked \`shop\`, cloned nothing

This is what would be sent without \`validate-only: true\`:

\`\`\`json
{
  "source": "vm-42"
}
\`\`\`

Checked: 'source', 'folder'.

Not checked: privileges, free space.
`);
  });

  it.each([
    ['reuse', '`vm-9` would be reused as it is'],
    ['replace', '`vm-9` would be deleted first'],
  ] as const)('says what if-exists: %s would do', (ifExists, words) => {
    expect(
      validationSummary({ name: 'shop', cloneSpec, ...found, existing: { id: 'vm-9', ifExists } }),
    ).toContain(words);
  });
});

describe('failureSummary', () => {
  const text = "Cloning 'a_b' failed.\n\n- vCenter: No room.\nChoose another 'datastore'.\n";
  const shown = `### Failed: The clone failed

Cloning 'a\\_b' failed.

- vCenter: No room.
- Choose another 'datastore'.

What to do: see 'The clone failed' in TROUBLESHOOTING.md.
`;

  it('shows what happened, then one item for each line that follows', () => {
    expect(failureSummary({ title: 'The clone failed', text })).toBe(shown);
  });

  it.each([': ', '. ', '\n', ':\n'])(
    'A9: has the title once, where the text begins with it and %j',
    (mark) => {
      const title = 'The clone failed';
      expect(failureSummary({ title, text: `${title}${mark}${text}` })).toBe(shown);
    },
  );

  it('A9: leaves alone a sentence that only begins with the words of the title', () => {
    expect(failureSummary({ title: 'Cancelled', text: 'Cancelled by the runner.' })).toContain(
      '\n\nCancelled by the runner.\n',
    );
  });

  it("A9: links the title's section where the page is known", () => {
    const troubleshooting = 'https://github.com/octo/vcenter-clone-vm/blob/v1/TROUBLESHOOTING.md';
    expect(failureSummary({ title: 'The clone failed', text, troubleshooting })).toContain(
      `\n\n[What to do](${troubleshooting}#the-clone-failed)\n`,
    );
    expect(failureSummary({ title: "Can't: (1) or_2", text, troubleshooting })).toContain('#cant-1-or_2)');
  });

  it('A18: lists several invalid inputs below one sentence', () => {
    const problem = { got: undefined, problem: 'is required' };
    const error = new InputsError([
      { input: 'source', ...problem },
      { input: 'username', ...problem },
    ]);
    expect(failureSummary({ title: 'Invalid inputs', text: `Invalid inputs: ${error.message}` })).toContain(
      '\n\nThese inputs need another value:\n\n- source is required.\n- username is required.\n',
    );
  });

  it('does with one line, and with none', () => {
    const see = "What to do: see 'Cancelled' in TROUBLESHOOTING.md.\n";
    expect(failureSummary({ title: 'Cancelled', text: 'Told to end.' })).toBe(
      `### Failed: Cancelled\n\nTold to end.\n\n${see}`,
    );
    expect(failureSummary({ title: 'Cancelled', text: '' })).toBe(`### Failed: Cancelled\n\n${see}`);
    expect(failureSummary({ title: 'Cancelled', text: 'Cancelled' })).toBe(`### Failed: Cancelled\n\n${see}`);
  });
});

describe('teardownSummary', () => {
  it('shows what was deleted', () => {
    const text = teardownSummary({
      deleted: { id: 'vm-9', name: 'shop' },
      milliseconds: 4_100,
    });
    expect(text).toBe('### Deleted `shop`\n\nThe VM `vm-9` and its files are gone. That took 4.1 s.\n');
  });

  it('shows that there was nothing', () => {
    expect(teardownSummary({ deleted: undefined, outcome: "No VM 'shop_1' is in vCenter (any more)." })).toBe(
      "### Nothing to delete\n\nNo VM 'shop\\_1' is in vCenter (any more).\n",
    );
  });
});

describe('postSummary', () => {
  it('shows what was deleted', () => {
    expect(
      postSummary({ name: 'shop', deleted: 'vm-9', leftover: undefined, troubleshooting: undefined }),
    ).toBe('### Cleaned up `shop`\n\nThe VM `vm-9` and its files are deleted.\n');
  });

  it('shows what is left', () => {
    const left = {
      ...{ name: 'shop', deleted: undefined, leftover: "'shop' (vm-9) may be left." },
      troubleshooting: 'https://github.com/o/r/blob/v1/TROUBLESHOOTING.md',
    };
    expect(postSummary(left)).toBe(
      "### Left behind in vCenter: `shop`\n\n'shop' (vm-9) may be left.\n\n[What to do](https://github.com/o/r/blob/v1/TROUBLESHOOTING.md#left-behind-in-vcenter)\n",
    );
  });
});

describe('any summary', () => {
  /** Every summary there is, with one text in every place where foreign text can stand. */
  const summaries = (text: string, object = { id: text, asked: text }) => [
    cloneSummary({
      ...clone,
      ...{ name: text, id: text, source: object, powerState: text, addresses: [text, text] },
      placement: { folder: object, resource_pool: object, cluster: object, host: object, datastore: object },
      replaced: { id: text, name: text },
      guest: { customization: text, guestinfo: [text, text] },
    }),
    cloneSummary({ ...clone, name: text, created: false }),
    validationSummary({
      name: text,
      cloneSpec: JSON.stringify({ name: text }, null, 2),
      ...{ checked: [text], unchecked: [text] },
      existing: { id: text, ifExists: 'replace' },
    }),
    failureSummary({ title: text, text: `Failed: ${text.replace(/[\r\n\u2028\u2029]/g, ' ')}` }),
    teardownSummary({ deleted: undefined, outcome: `No VM ${text} is there.` }),
    teardownSummary({ deleted: { id: text, name: text }, milliseconds: 1 }),
    postSummary({ name: text, deleted: text, leftover: `${text} may be left.`, troubleshooting: undefined }),
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
