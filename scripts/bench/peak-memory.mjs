/**
 * Appends the peak of this process's memory to the file BENCH_PEAK_FILE when it ends, in bytes: `node --import .../peak-memory.mjs ...`.
 * JavaScript, since a process that is measured must not load what turns TypeScript into it.
 */
import { appendFileSync, readFileSync } from 'node:fs';

process.on('exit', () => {
  appendFileSync(process.env.BENCH_PEAK_FILE, `${peak()}\n`);
});

/** Linux counts what the parent had in use at the fork into maxRSS (getrusage), but not into VmHWM. */
function peak() {
  if (process.platform === 'linux') {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return Number(kibibytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
