// Our own generator: apps/load, docs/load.md. It knows every workload.
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { BUILD } from '../lib/paths.mjs';

export const name = 'ondol-load';
export const program = `${BUILD}/ondol-load`;
export const shownAs = program;

export function missing() {
  if (!existsSync(program)) return `${program} is not built`;
}
export const cannot = () => undefined;
export const differs = () => undefined;

export function command(workload, server, window) {
  const args = [workload.kind, '--url', server.url + server.path, '--server-pid', server.pid, '--json', '--quiet',
    '--size', workload.payload, '--warm-up', window.warmUp, '--duration', window.duration, '--drain', 4];
  if (workload.kind !== 'durable') args.push('--subscribe-to', server.destination, '--send-to', server.destination);
  if (server.login) args.push('--login', server.login, '--passcode', server.passcode, '--virtual-host', server.host);
  if (server.tokenKey) args.push('--token', token(server.tokenKey));
  switch (workload.kind) {
    case 'fanout': args.push('--subscribers', workload.subscribers, '--publishers', workload.publishers); break;
    case 'rooms': args.push('--rooms', workload.rooms, '--members', workload.members); break;
    case 'idle': args.push('--connections', workload.connections); break;
    case 'storm': args.push('--concurrency', workload.concurrency); break;
    case 'durable': args.push('--senders', workload.senders); break;
  }
  if (workload.heartBeats) args.push('--heart-beats');
  if (workload.distinctIds) args.push('--distinct-ids');
  if (workload.stalled) args.push('--stalled', workload.stalled);
  if (workload.rate) args.push('--rate', workload.rate);
  else if (workload.window) args.push('--window', workload.window);
  return [program, ...args.map(String)];
}

export function result(stdout) {
  const json = JSON.parse(stdout);
  const rate = json.deliveries_per_s ?? json.sessions_per_s ?? json.commits_per_s;
  return {
    rate: json.workload === 'idle' ? undefined : rate,
    cpu: json.server_core_us_each,
    p50: json.latency_p50_us ?? json.setup_p50_us ?? json.receipt_p50_us,
    p99: json.latency_p99_us ?? json.setup_p99_us ?? json.receipt_p99_us,
    serverBusy: json.server_core_share === undefined ? undefined : json.server_core_share * 100,
    rssEach: json.server_resident_each,
    rss: json.server_resident_after ?? json.server_resident_octets,
    faults: { lost: json.lost, doubled: json.doubled, 'out of order': json.out_of_order, unreceipted: json.unreceipted },
  };
}

function token(key) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1', iat: now, exp: now + 3600 })}`;
  return `${head}.${createHmac('sha256', Buffer.from(key, 'base64')).update(head).digest('base64url')}`;
}
