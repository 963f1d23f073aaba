import { cleanup } from '../actions/index.js';
process.exitCode = await cleanup();
