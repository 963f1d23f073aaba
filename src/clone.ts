import { clone } from './actions.ts';

process.exitCode = await clone();
