import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Every step of a scenario gets folders of its own, thousands in all: a disk takes longer for them than the tests do. */
const memory = '/dev/shm';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: '100%',
    // No test changes what another one imports.
    isolate: false,
    env: existsSync(memory) ? { TMPDIR: memory } : {},
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text', 'json'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,contract,docs}/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'scenarios',
          include: ['test/scenarios/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'bundle',
          include: ['test/bundle/**/*.test.ts'],
          // Each test waits for processes of its own most of the time, but some watch the clock: one more than a small machine has cores.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
