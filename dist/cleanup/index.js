import { cleanup } from '../bundle/index.js';
process.exitCode = await cleanup();
