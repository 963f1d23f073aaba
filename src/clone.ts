import { clone } from './bundle.ts';

process.exitCode = await clone();
