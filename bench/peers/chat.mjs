// Ours with storage: ondol-chat on SQLite, on a new data directory each time.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { BUILD, SCRATCH } from '../lib/paths.mjs';
import { startServer } from '../lib/process.mjs';
import { median } from '../lib/statistics.mjs';

const program = `${BUILD}/ondol-chat`;
const data = `${SCRATCH}/chat`;
const CHANGES_OFFSET = 8;  // of the header of SQLite's -shm file: a counter of committed transactions

export const name = 'chat';
export const title = 'ondol-chat';
export const own = true;

export function missing() {
  if (!existsSync(program)) return `${program} is not built`;
}

export async function start() {
  rmSync(data, { recursive: true, force: true });
  const command = [program, '--server.port=0', '--server.loops=1', `--data.directory=${data}`, '--password.cost=10',
    '--chat.rate.messages-per-second=0', '--logging.level.root=warn'];
  const { pid, match, stop } = await startServer(command, { ready: /ready (http:\S+)/, stopMs: 25_000 });
  return {
    command, pid, url: match[1], path: '/websocket-endpoint',
    sample: () => ({ at: performance.now(), commits: commits() }),
    summary: (samples, { rate }) => ({ batch: rate / commitRate(samples) }),
    async stop() {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function commits() {
  try { return readFileSync(`${data}/chat.db-shm`).readUInt32LE(CHANGES_OFFSET); } catch { return 0; }
}

// Commits per second under load: the middle of the intervals that have at least half of what the busiest has.
function commitRate(samples) {
  const rates = samples.slice(1).map((now, i) => (now.commits - samples[i].commits) / (now.at - samples[i].at) * 1000);
  return median(rates.filter((rate) => rate >= Math.max(...rates) / 2));
}
