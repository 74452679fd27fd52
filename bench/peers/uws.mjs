// uWebSockets.js from npm with the STOMP layer of stomp_layer.mjs.
import { installed } from './npm.mjs';
import { startServer } from '../lib/process.mjs';

export const name = 'uws';
export const title = 'uWebSockets.js 20.30';

export async function missing() {
  const reason = installed();
  if (reason) return reason;
  try {
    (await import('./uws_native.mjs')).native();
  } catch {
    return `the package has no native build for Node ${process.versions.node} (it has 18 and 20)`;
  }
}

export async function start() {
  const command = ['node', 'bench/peers/uws_server.mjs'];
  const { pid, match, stop } = await startServer(command, { ready: /ready (http:\S+)/, stopMs: 1000 });
  return { command, pid, stop, url: match[1], path: '/', destination: '/topic/{ch}' };
}
