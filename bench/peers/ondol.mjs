// Ours: fixture-stomp without storage.
import { existsSync } from 'node:fs';
import { BUILD } from '../lib/paths.mjs';
import { startServer } from '../lib/process.mjs';

const program = `${BUILD}/fixture-stomp`;
// Of the fixture, a test key.
const TOKEN_KEY = 'c3ByaW5nLXJlZmVyZW5jZS1zZWNyZXQta2V5LW9mLTQ4LW9jdGV0cy1sb25nISEh';

export const name = 'ondol';
export const title = 'ondol';
export const own = true;

export function missing() {
  if (!existsSync(program)) return `${program} is not built`;
}

export async function start({ config = 'plain', settings = [] }) {
  const command = [program, `--fixture.config=${config}`, '--server.port=0', '--server.loops=1',
    '--logging.level.root=warn', ...settings];
  const { pid, match, stop } = await startServer(command, { ready: /ready (http:\S+)/, stopMs: 5000 });
  return {
    command, pid, stop, url: match[1], path: '/websocket-endpoint', destination: '/topic/{ch}',
    tokenKey: config === 'main' ? TOKEN_KEY : undefined,
  };
}
