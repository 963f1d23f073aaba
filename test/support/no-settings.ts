import type { Settings } from '../../src/actions/clone/configure.ts';

/** Those of a clone that is as its source. */
export const noSettings: Settings = {
  cpuCount: undefined,
  memory: undefined,
  userData: undefined,
  metaData: undefined,
  networks: [],
  tags: [],
};
