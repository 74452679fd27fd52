// A load generator named by the environment variable WSLOAD. It checks the order per publisher and counts every copy;
// a copy that comes twice counts as out of order.
import { accessSync, constants } from 'node:fs';

export const name = 'wsload';
export const program = process.env.WSLOAD;
export const shownAs = '$WSLOAD';

export function missing() {
  if (!program) return 'the environment variable WSLOAD does not name it';
  try { accessSync(program, constants.X_OK); } catch { return 'WSLOAD names no program'; }
}

// Why this generator cannot drive a workload, or undefined.
export function cannot(workload) {
  if (workload.kind === 'durable') return 'it cannot log in to the chat or ask for receipts';
  if (workload.stalled) return 'all its subscribers read';
  if (workload.distinctIds) return 'all its subscriptions have the same id';
}

// What it leaves out of a workload.
export function differs(workload) {
  if (workload.heartBeats) return 'heart-beats are off with this generator';
}

export function command(workload, server, window) {
  const { port } = new URL(server.url);
  const args = [workload.kind, '--port', port, '--path', server.path, '--json', '--payload', workload.payload,
    '--sub-dest', server.destination, '--send-dest', server.destination, '--pid', server.pid, '--cpu', 0,
    '--settle', 0.5, '--warmup', window.warmUp, '--duration', window.duration, '--drain', 4];
  if (server.login) args.push('--login', server.login, '--passcode', server.passcode, '--vhost', server.host);
  if (server.tokenKey) args.push('--jwt-secret', Buffer.from(server.tokenKey, 'base64').toString());
  switch (workload.kind) {
    case 'fanout': args.push('--subs', workload.subscribers, '--pubs', workload.publishers); break;
    case 'rooms': args.push('--rooms', workload.rooms, '--members', workload.members); break;
    case 'idle': args.push('--conns', workload.connections); break;
    case 'storm': args.push('--concurrency', workload.concurrency, '--src-addrs', 16); break;
  }
  if (workload.rate) args.push('--rate', workload.rate);
  else if (workload.window) args.push('--window', workload.window);
  return [program, ...args.map(String)];
}

export function result(stdout) {
  const json = JSON.parse(stdout);
  return {
    rate: { storm: json.connects_per_s, idle: undefined }[json.workload] ?? json.deliveries_per_s,
    cpu: json.server_cpu_us_per_unit,
    core: json.core_us_per_unit,
    p50: json.lat_p50_us,
    p99: json.lat_p99_us,
    serverBusy: json.server_cpu_percent,
    loadBusy: json.load_cpu_percent,
    octets: json.bytes_per_delivery,
    rssEach: json.rss_per_connection_b,
    rss: json.rss_after_kb * 1024,
    faults: {
      lost: json.lost, 'out of order or doubled': json.out_of_order, stalls: json.stalls, failed: json.failed,
      dropped: json.dropped_while_live, errors: json.errors,
      'not ready': json.workload === 'storm' ? 0 : json.connections - json.ready,
    },
    firstError: json.first_error,
  };
}
