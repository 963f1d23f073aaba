import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluateInputs, loadAction, resolveEntry } from '../../runner/action-metadata.ts';
import { defaultContext, expressionContexts } from '../../runner/context.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const fixture = (file: string) => fileURLToPath(new URL(`fixtures/script/${file}`, import.meta.url));
const inProject = (path = '') => relative(root, path);

describe("the project's actions", () => {
  it.each([
    ['clone', 'dist/clone/index.js', 'dist/post/index.js'],
    ['teardown', 'dist/teardown/index.js', ''],
  ])('%s: their scripts are found', (action, main, post) => {
    const metadata = loadAction(action);
    expect(inProject(metadata.main)).toBe(main);
    expect(metadata.post === undefined ? '' : inProject(metadata.post)).toBe(post);
  });

  it.each(['clone', 'teardown'])('%s: all defaults can be evaluated', (action) => {
    const inputs = evaluateInputs({
      metadata: loadAction(action),
      given: {},
      contexts: expressionContexts({ ...defaultContext, jobStatus: 'failure' }),
    });
    expect(inputs.environment).toMatchObject({ 'INPUT_VCENTER-SERVER': '', INPUT_INSECURE: 'false' });
    expect(inputs.environment['INPUT_JOB-STATUS']).toBe(action === 'clone' ? 'failure' : undefined);
  });
});

describe('what is run', () => {
  it('is the source in the place of the bundle, where that is asked for', () => {
    expect(inProject(resolveEntry(loadAction('clone').main, 'src'))).toBe('src/clone.ts');
    expect(inProject(resolveEntry(loadAction('clone').post ?? '', 'src'))).toBe('src/post.ts');
  });

  it('is the script itself for any other action', () => {
    expect(resolveEntry(fixture('main.js'), 'src')).toBe(fixture('main.js'));
  });

  it('must exist', () => {
    const missing = loadAction('clone').main.replace(/clone(?=[/\\]index\.js$)/, 'nothing');
    expect(() => resolveEntry(missing, 'dist')).toThrow(/does not exist. Run 'npm run build'/);
    expect(() => resolveEntry(missing, 'src')).toThrow(/nothing.ts does not exist.$/);
  });

  it('must be JavaScript', () => {
    expect(() => loadAction(fixture('composite.yml'))).toThrow('only JavaScript actions');
  });

  it('must not have a post step under a condition', () => {
    expect(() => loadAction(fixture('sometimes.yml'))).toThrow('no post-if but always()');
  });
});
