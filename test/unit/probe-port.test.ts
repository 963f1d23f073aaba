import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { probePort } from '../../src/probe-port.ts';

const patient = new AbortController().signal;

async function listen(
  host: string,
  greeting = '',
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => {
    socket.resume().write(greeting);
  });
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

it.each(['127.0.0.1', '::1'])('finds an open port of %s, and leaves no connection', async (address) => {
  const { server, port } = await listen(address, 'SSH-2.0-OpenSSH_9.6\r\n');
  const closed = new Promise((resolve, reject) => {
    server.on('connection', (socket) => socket.on('error', reject).on('close', resolve));
  });
  expect(await probePort({ address, port, signal: patient })).toBe('open');
  await closed;
});

it('does not wait for a server that keeps its side open', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await probePort({ address: '127.0.0.1', port, signal: patient })).toBe('open');
});

it('finds that nobody listens', async () => {
  const { server, port } = await listen('127.0.0.1');
  server.close();
  await once(server, 'close');
  expect(await probePort({ address: '127.0.0.1', port, signal: patient })).toBe('refused');
});

it('finds that there is no way', async () => {
  // TCP to a multicast address has no route anywhere.
  expect(await probePort({ address: 'ff02::1', port: 22, signal: patient })).toBe('unreachable');
});

it('ends with the reason of its signal, before and while it connects', async () => {
  const { port } = await listen('127.0.0.1');
  const reason = new Error('the time is over');
  await expect(probePort({ address: '127.0.0.1', port, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
  const controller = new AbortController();
  const probe = probePort({ address: '127.0.0.1', port, signal: controller.signal });
  controller.abort(reason);
  await expect(probe).rejects.toBe(reason);
});
