// make bench: ours against peers in interleaved pairs, server on core 0, load on core 1. Writes bench/RESULTS.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import os from 'node:os';
import { SCRATCH } from './lib/paths.mjs';
import { LOAD_CORE, runToEnd } from './lib/process.mjs';
import { output } from './lib/machine.mjs';
import { Peers, peerOf } from './lib/peers.mjs';
import { report } from './lib/report.mjs';
import { WORKLOADS } from './workloads.mjs';
import * as ondolLoad from './generators/ondol_load.mjs';
import * as wsload from './generators/wsload.mjs';

const USAGE = `node bench/run.mjs [options]
  --only A,B        these workloads (fanout: all fanout-…): ${WORKLOADS.map((w) => w.id).join(' ')}
  --peers A,B       only these peers besides ondol
  --generator NAME  only this one of: ondol-load wsload
  --pairs N         interleaved pairs of each cell (5)
  --quick           two pairs of short windows: says that it works, not how fast it is
  --out FILE        instead of bench/RESULTS.md`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' }, peers: { type: 'string' }, generator: { type: 'string' }, pairs: { type: 'string' },
    quick: { type: 'boolean', default: false }, out: { type: 'string', default: 'bench/RESULTS.md' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const list = (text) => text?.split(',').filter(Boolean);
const only = list(options.only);
const wanted = list(options.peers);
const pairs = Number(options.pairs ?? (options.quick ? 2 : 5));
const window = options.quick ? { warmUp: 0.3, duration: 0.8 } : { warmUp: 0.8, duration: 2.5 };
const workloads = WORKLOADS.filter((w) => !only || only.some((text) => w.id === text || w.id.startsWith(`${text}-`)));
if (!(pairs >= 1) || workloads.length === 0) {
  console.error(USAGE);
  process.exit(2);
}
if (os.cpus().length < 2 || !output('taskset', '--version')) {
  console.error('bench: it takes two cores and taskset (util-linux)');
  process.exit(1);
}

const skipped = [];  // {what, reason}, shown in the results
const generators = [];
for (const generator of [ondolLoad, wsload]) {
  if (options.generator && options.generator !== generator.name) continue;
  const reason = generator.missing();
  if (reason) skipped.push({ what: `generator ${generator.name}`, reason });
  else generators.push(generator);
}
if (generators.length === 0) {
  console.error(`bench: no load generator: ${skipped.map((s) => `${s.what}: ${s.reason}`).join('; ')}`);
  process.exit(1);
}

const peers = new Peers({ quick: options.quick, skipped, wanted });
const started = new Date();
const cells = [];  // {workload, generator, contender, runs: [result or {error}]}

for (const generator of generators) {
  for (const workload of workloads) {
    const reason = generator.cannot(workload.load);
    if (reason) {
      skipped.push({ what: `${workload.id} by ${generator.name}`, reason });
      continue;
    }
    const contenders = [];
    for (const contender of workload.contenders) {
      if (await peers.usable(contender)) contenders.push({ workload, generator, contender, runs: [] });
    }
    for (let pair = 0; pair < pairs; ++pair) {
      // There and back, so that neither of two neighbours is always the later one.
      const order = pair % 2 && !workload.inOrder ? [...contenders].reverse() : contenders;
      for (const cell of order) cell.runs.push(await measure(cell, contenders[0].runs.at(-1)));
      console.log(`${workload.id} by ${generator.name}: pair ${pair + 1} of ${pairs}: ${contenders.map(brief).join(', ')}`);
    }
    cells.push(...contenders);
  }
}
await peers.stopAll();

mkdirSync(SCRATCH, { recursive: true });
writeFileSync(`${SCRATCH}/results.json`, JSON.stringify({ started, pairs, window, skipped,
  cells: cells.map((c) => ({ ...c, workload: c.workload.id, generator: c.generator.name })) }, null, 1));
writeFileSync(options.out, report({ started, pairs, window, quick: options.quick, skipped, cells, generators, workloads }));
console.log(`written: ${options.out}`);

async function measure({ workload, generator, contender }, ours) {
  const load = { ...workload.load, ...contender.load };
  let server;
  try {
    const peer = peerOf(contender);
    if (peer.run) return await peer.run({ ...contender.start, seconds: window.duration, ours });
    server = await peers.get(contender, workload, generator);
    const seconds = options.quick ? window.duration : load.seconds ?? window.duration;
    const command = generator.command(load, server, { ...window, duration: seconds });
    const { stdout, foreign, samples } = await runToEnd(command, {
      core: LOAD_CORE, serverPid: server.pid, sample: server.sample,
      timeoutMs: (window.warmUp + seconds) * 1000 + 200_000,
    });
    const result = generator.result(stdout, load);
    return { ...result, ...server.summary?.(samples, result), foreign, commands: { server: server.command, load: command } };
  } catch (error) {
    return { error: error.message };
  } finally {
    if (server) await peers.release(contender, server);
    await sleep(100);
  }
}

function brief({ contender, runs }) {
  const { error, rate, cpu, rssEach } = runs.at(-1);
  if (error) return `${contender.key} failed: ${error}`;
  return `${contender.key} ${rate === undefined ? `${Math.round(rssEach)} B` : `${Math.round(rate)}/s ${cpu.toFixed(2)} µs`}`;
}
