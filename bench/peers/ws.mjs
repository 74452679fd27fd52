// npm `ws` with the STOMP layer of stomp_layer.mjs.
import { installed } from './npm.mjs';
import { startServer } from '../lib/process.mjs';

export const name = 'ws';
export const title = 'npm ws 8.23';

export const missing = () => installed();

export async function start() {
  const command = ['node', 'bench/peers/ws_server.mjs'];
  const { pid, match, stop } = await startServer(command, { ready: /ready (http:\S+)/, stopMs: 1000 });
  return { command, pid, stop, url: match[1], path: '/', destination: '/topic/{ch}' };
}
