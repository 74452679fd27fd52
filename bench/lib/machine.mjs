// What /proc and a few commands say about this machine.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';

const TICKS = 100;  // USER_HZ

function read(path) {
  try { return readFileSync(path, 'utf8'); } catch { return ''; }
}

export function output(command, ...args) {
  try { return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(); }
  catch { return undefined; }
}

// Busy seconds of a core since the start of the machine: everything but idle, waiting for a disk, and stolen time.
export function busySeconds(core) {
  const line = read('/proc/stat').split('\n').find((text) => text.startsWith(`cpu${core} `)) ?? '';
  const [user, nice, system, , , irq, softirq] = line.split(/ +/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
}

// User and system time of a process and its children; 0 for none.
export function cpuSeconds(pid) {
  if (!pid) return 0;
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), own);
}

export function childrenOf(pid) {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

export function describe() {
  const memory = Number(/MemTotal: +(\d+)/.exec(read('/proc/meminfo'))?.[1] ?? 0);
  return {
    processor: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    memory: `${(memory / 1024 / 1024).toFixed(0)} GiB`,
    kernel: `${os.type()} ${os.release()}`,
    system: /PRETTY_NAME="(.*)"/.exec(read('/etc/os-release'))?.[1] ?? 'unknown',
    congestion: read('/proc/sys/net/ipv4/tcp_congestion_control').trim(),
    openFiles: output('sh', '-c', 'ulimit -Hn') ?? 'unknown',
    load: read('/proc/loadavg').split(' ').slice(0, 3).join(' '),
  };
}

export function commit(root) {
  const id = output('git', '-C', root, 'rev-parse', '--short=12', 'HEAD') ?? 'unknown';
  return output('git', '-C', root, 'status', '--porcelain', '--untracked-files=no') ? `${id} with changes` : id;
}
