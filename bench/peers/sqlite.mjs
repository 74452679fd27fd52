// SQLite's own rate: bench/floor/sqlite_rate.cpp, on the server's core, at the batch that ours had.
import { existsSync } from 'node:fs';
import { BUILD, SCRATCH } from '../lib/paths.mjs';
import { SERVER_CORE, runToEnd } from '../lib/process.mjs';

const program = `${BUILD}/bench-sqlite-rate`;

export const name = 'sqlite';
export const title = 'SQLite alone';
export const own = true;

export function missing() {
  if (!existsSync(program)) return `${program} is not built`;
}

export async function run({ rows, seconds, ours }) {
  const batch = Math.max(1, Math.round(ours?.batch));
  if (!Number.isFinite(batch)) throw new Error('the batch of ours is not known');
  const command = [program, `${SCRATCH}/sqlite`, `${batch}`, `${seconds}`, rows];
  const { stdout } = await runToEnd(command, { core: SERVER_CORE, timeoutMs: seconds * 1000 + 30_000 });
  const result = JSON.parse(stdout);
  return { rate: result.messages_per_s, cpu: result.cpu_us_per_message, batch, commands: { server: command } };
}
