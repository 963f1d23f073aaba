import { spawn } from 'node:child_process';
import { startVcenter } from './test/simulator/vcenter.ts';
import { startStep } from './test/runner/step.ts';
const v = await startVcenter({ behaviour: { cloneDuration: 10 } });
const conn = { 'vcenter-server': v.server, username: v.username, password: v.password, 'ca-certificate': v.caFile };
const node0 = () => new Promise<number>((r) => { const t = performance.now(); spawn(process.execPath, ['-e', '0']).on('exit', () => r(performance.now() - t)); });
const a: number[] = [], b: number[] = [];
for (let i = 0; i < 15; i++) {
  a.push(await node0());
  const arrived = v.on({ operation: 'POST /api/session', when: 'received' });
  const t = performance.now();
  const step = await startStep({ action: 'clone', inputs: { ...conn, source: 'vm-42' } });
  const e = await arrived; b.push(e.receivedAt - t);
  await step.done;
}
const med = (x: number[]) => x.sort((p, q) => p - q)[x.length >> 1] ?? 0;
console.log('node -e 0', med(a).toFixed(1), 'login arrives', med(b).toFixed(1), 'ratio', (med(b) / med(a)).toFixed(2));
await v.close();
