// The floor: bench/floor/floor.cpp.
import { existsSync } from 'node:fs';
import { BUILD } from '../lib/paths.mjs';
import { startServer } from '../lib/process.mjs';

const program = `${BUILD}/bench-floor`;

export const name = 'floor';
export const title = 'floor';

export function missing() {
  if (!existsSync(program)) return `${program} is not built`;
}

export async function start({ gather = 1 }) {
  const command = [program, `--gather=${gather}`];
  const { pid, match, stop } = await startServer(command, { ready: /ready (http:\S+)/, stopMs: 5000 });
  return { command, pid, stop, url: match[1], path: '/', destination: '/topic/{ch}' };
}
