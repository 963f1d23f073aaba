import { spawn } from 'node:child_process';

/**
 * Runs Node with these arguments to its end.
 *
 * @returns the milliseconds that took.
 * @throws Error where it fails.
 */
export function timeNode(
  nodeArguments: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    // As bare an environment as a step gets from the fake runner.
    const { SystemRoot, PATH } = process.env;
    const child = spawn(process.execPath, nodeArguments, {
      stdio: 'ignore',
      env: { ...(SystemRoot !== undefined && { SystemRoot }), PATH, ...env },
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) {
        resolve(performance.now() - startedAt);
      } else {
        reject(new Error(`node ${nodeArguments.join(' ')} ended with exit code ${code}.`));
      }
    });
  });
}

/** A program that does nothing: what Node itself takes. */
export const NOTHING: readonly string[] = ['-e', '0'];
