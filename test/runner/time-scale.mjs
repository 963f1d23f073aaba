/**
 * Makes time run faster in the process that imports this file first: `node --import .../time-scale.mjs?scale=60 ...`.
 *
 * Clocks start right and then run `scale` times as fast; timers fire `scale` times as soon. Only what JavaScript can reach is
 * changed: Node's internal timers (socket and server time-outs, keep-alive) and the age of certificates stay in real time.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const scale = Number(new URL(import.meta.url).searchParams.get('scale'));
if (!(scale > 0)) {
  throw new Error(`No time scale in ${import.meta.url}`);
}

const require = createRequire(import.meta.url);
const timers = require('node:timers');
const timersPromises = require('node:timers/promises');
const { promisify } = require('node:util');

/** A delay that Node does not take (too long, not a number) stays what it is, so that Node's own rule for it applies. */
const shorter = (delay) => (typeof delay === 'number' && delay <= 2 ** 31 - 1 ? delay / scale : delay);

scaleClocks();
scaleTimers();
syncBuiltinESMExports();

function scaleClocks() {
  const { performance, process } = globalThis;
  const realNow = performance.now.bind(performance);
  const start = realNow();
  const now = () => start + (realNow() - start) * scale;
  performance.now = now;

  const RealDate = globalThis.Date;
  const wallStart = RealDate.now() - start;
  const wallNow = () => Math.floor(wallStart + now());
  RealDate.now = wallNow;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [wallNow()] : args, newTarget),
    apply: () => new RealDate(wallNow()).toString(),
  });

  const realNanoseconds = process.hrtime.bigint;
  const startNanoseconds = realNanoseconds();
  const nanoseconds = () =>
    startNanoseconds + BigInt(Math.round(Number(realNanoseconds() - startNanoseconds) * scale));
  const hrtime = ([seconds, rest] = [0, 0]) => {
    const elapsed = nanoseconds() - (BigInt(seconds) * 1_000_000_000n + BigInt(rest));
    return [Number(elapsed / 1_000_000_000n), Number(elapsed % 1_000_000_000n)];
  };
  process.hrtime = Object.assign(hrtime, { bigint: nanoseconds });
}

function scaleTimers() {
  const { setTimeout, setInterval } = timers;
  const sooner =
    (start) =>
    (callback, delay, ...args) =>
      start(callback, shorter(delay), ...args);
  timers.setTimeout = sooner(setTimeout);
  timers.setInterval = sooner(setInterval);

  const { setTimeout: sleep, setInterval: ticks, scheduler } = timersPromises;
  timersPromises.setTimeout = (delay, value, options) => sleep(shorter(delay), value, options);
  timersPromises.setInterval = (delay, value, options) => ticks(shorter(delay), value, options);
  const wait = scheduler.wait.bind(scheduler);
  scheduler.wait = (delay, options) => wait(shorter(delay), options);

  timers.setTimeout[promisify.custom] = timersPromises.setTimeout;
  globalThis.setTimeout = timers.setTimeout;
  globalThis.setInterval = timers.setInterval;
}
