import { teardown } from './actions.ts';

process.exitCode = await teardown();
