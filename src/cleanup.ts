import { cleanup } from './bundle.ts';

process.exitCode = await cleanup();
