import { cleanup } from './actions.ts';

process.exitCode = await cleanup();
