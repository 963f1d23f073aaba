import { teardown } from './bundle.ts';

process.exitCode = await teardown();
