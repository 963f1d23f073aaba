import { describe, expect, it } from 'vitest';
import { packageOf, packageSizes } from '../../../scripts/bench/bundle-stats.ts';

describe('packageOf', () => {
  it.each([
    ['./node_modules/undici/lib/api/index.js', 'undici'],
    ['./node_modules/@actions/core/lib/core.js', '@actions/core'],
    ['./node_modules/a/node_modules/@scope/b/index.js', '@scope/b'],
    ['./node_modules/.cache/bench-x/clone/run.js', 'src'],
    ['./build/clone.js', 'src'],
    ['external "node:https"', undefined],
    ['webpack/runtime/ensure chunk', undefined],
  ])('of %s is %s', (module, name) => {
    expect(packageOf(module)).toBe(name);
  });
});

describe('packageSizes', () => {
  const stats = {
    assets: [
      { name: 'index.js', chunks: [1] },
      { name: '2.index.js', chunks: [2] },
    ],
    modules: [
      {
        name: './build/clone/run.js + 2 modules',
        size: 60,
        chunks: [1],
        modules: [
          { name: './build/clone/run.js', size: 20 },
          { name: './node_modules/node-fetch/src/index.js', size: 30 },
        ],
      },
      { name: './build/clone.js', size: 5, chunks: [1] },
      { name: './node_modules/undici/a.js', size: 100, chunks: [2] },
      { name: './node_modules/undici/b.js', size: 50, chunks: [2] },
      { name: './node_modules/unused/index.js', size: 999, chunks: [] },
      { name: 'external "node:https"', size: 42, chunks: [1] },
    ],
  };

  it('adds up the modules of a file, the biggest package first', () => {
    expect(packageSizes(stats, 'index.js')).toEqual([
      { name: 'node-fetch', size: 30 },
      { name: 'src', size: 25 },
    ]);
    expect(packageSizes(stats, '2.index.js')).toEqual([{ name: 'undici', size: 150 }]);
  });
});
