// Processes of a run: pinned to a core, waited for, and gone at the end whatever happens.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { busySeconds, childrenOf, cpuSeconds } from './machine.mjs';

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
const START_MS = 60_000;
const STOP_MS = 30_000;

const SAMPLE_MS = 250;

const running = new Set();
process.on('exit', () => { for (const child of running) signalTree(child.pid, 'SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

// A process that was started here, and its children.
export function signalTree(pid, signal) {
  for (const child of childrenOf(pid)) signalTree(child, signal);
  try { process.kill(pid, signal); } catch { /* it is gone */ }
}

// `exec` keeps the pid: what is measured is the program itself. The limit of open files is raised to what is allowed.
function spawnPinned(core, [command, ...args], options) {
  const script = `ulimit -n "$(ulimit -Hn)"; exec taskset -c ${core} "$@"`;
  const child = spawn('sh', ['-c', script, 'sh', command, ...args], options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

// Starts a server and waits for `ready`, a pattern in its output or a function that answers true.
// → {pid, match, stop()}
export async function startServer(command, { ready, env = {}, cwd, stopMs = STOP_MS }) {
  const child = spawnPinned(SERVER_CORE, command,
    { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => { output = (output + text).slice(-20_000); });
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => signalTree(child.pid, 'SIGKILL'), stopMs);
    await gone;
    clearTimeout(timer);
  };
  for (const until = Date.now() + START_MS; Date.now() < until; await sleep(20)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const match = typeof ready === 'function' ? await ready() : ready.exec(output);
    if (match) return { pid: child.pid, match, stop };
  }
  await stop();
  throw new Error(`${command[0]} did not start: ${output.trim().split('\n').slice(-3).join(' / ') || 'no output'}`);
}

// Runs a program to its end on a core. → {stdout, foreign, samples}. foreign: the share of the server's core that others
// than the server had; samples: what `sample` answered four times a second.
export async function runToEnd(command, { core, timeoutMs, serverPid, sample }) {
  const child = spawnPinned(core, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '', stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const samples = [];
  const sampler = sample && setInterval(() => samples.push(sample()), SAMPLE_MS);
  const notOurs = () => busySeconds(SERVER_CORE) - cpuSeconds(serverPid);
  const before = { busy: notOurs(), at: performance.now() };
  const [code, signal] = await once(child, 'close');
  const foreign = (notOurs() - before.busy) / ((performance.now() - before.at) / 1000);
  clearTimeout(timer);
  clearInterval(sampler);
  if (signal) throw new Error(`${command[0]} did not end within ${timeoutMs / 1000} s`);
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}: ${lastLine(stderr) || lastLine(stdout)}`);
  return { stdout, foreign: Math.max(0, foreign), samples };
}

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';
