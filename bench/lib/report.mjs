// RESULTS.md from the cells of a run.
import { commit, describe, output } from './machine.mjs';
import { ROOT } from './paths.mjs';
import { titleOf } from './peers.mjs';
import { LOAD_CORE, SERVER_CORE } from './process.mjs';
import { median, range } from './statistics.mjs';

const AGREEMENT = 0.15;  // two generators agree when their median ratios differ by no more
const NAMES = {
  rate: 'per second', cpu: 'core time', p99: 'p99', rss: 'resident memory', rssEach: 'resident memory each',
};

const good = (cell) => cell.runs.filter((run) => !run.error);
const values = (cell, metric) => good(cell).map((run) => run[metric]).filter(Number.isFinite);

export function ratios(ours, peer, metric) {
  return ours.runs.flatMap((run, pair) => {
    const ratio = run[metric] / peer.runs[pair]?.[metric];
    return Number.isFinite(ratio) ? [ratio] : [];
  });
}

function big(value) {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (value >= 1e5) return `${(value / 1e3).toFixed(0)} k`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  return Math.round(value).toLocaleString('en-US');
}
const small = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const time = (micros) => (micros >= 1000 ? `${small(micros / 1000)} ms` : `${small(micros)} µs`);
const octets = (value) => (value >= 1 << 20 ? `${(value / (1 << 20)).toFixed(1)} MiB` : `${big(value)} B`);
const FORMAT = { rate: big, cpu: small, core: small, p50: time, p99: time, rss: octets, rssEach: octets };
const ratioText = (value) => (value >= 10 ? value.toFixed(1) : value.toPrecision(3));
const percent = (value) => `${Math.round(value)} %`;

function spread(cell, metric, format = FORMAT[metric]) {
  const all = values(cell, metric);
  if (all.length === 0) return '–';
  const { min, median: middle, max } = range(all);
  return `${format(min)} / **${format(middle)}** / ${format(max)}`;
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

export function report({ started, pairs, window, quick, skipped, cells, generators, workloads }) {
  const machine = describe();
  const facts = [
    ['commit', commit(ROOT)],
    ['date', started.toISOString().slice(0, 16).replace('T', ' ') + ' UTC'],
    ['processor', `${machine.processor}, ${machine.cores} cores, ${machine.memory}`],
    ['system', `${machine.system}, ${machine.kernel}, TCP congestion control ${machine.congestion}, ${machine.openFiles} open files`],
    ['versions', [`Node ${process.versions.node}`, javaVersion()].filter(Boolean).join(', ')],
    ['method', `server on core ${SERVER_CORE}, generator on core ${LOAD_CORE}, ${pairs} interleaved pairs, ` +
      `${window.warmUp} s of warm-up and ${window.duration} s measured in each run but of slow-reader`],
    ['other work on the server’s core', foreignText(cells)],
    ['load average at the end', machine.load],
  ];
  return [
    '# Results of `make bench`', '',
    ...(quick ? ['**A quick run**: its windows are too short to conclude anything from.', ''] : []),
    table(['', ''], facts), '',
    'A cell is the smallest, the **median** and the largest of its runs; a ratio is ours by theirs within one pair.',
    'Core time is the user and system time of the server process and its children.', '',
    '## Goals', '', table(['workload', 'goal', 'generator', 'median (of the pairs)', ''], goalRows(workloads, cells, generators)), '',
    ...section('## Left out', skipped.map(({ what, reason }) => `- ${what}: ${reason}`)),
    ...section('## Lost, doubled, out of order, and other faults', faultLines(cells)),
    ...agreement(workloads, cells, generators),
    ...workloads.flatMap((workload) => workloadSection(workload, cells, generators)),
    '## Commands', '', '```sh', ...commandLines(cells), '```', '',
  ].join('\n');
}

const section = (title, lines) => [title, '', ...(lines.length ? lines : ['None.']), ''];
const javaVersion = () => output('sh', '-c', 'java -version 2>&1')?.split('\n')[0]?.replace(/"/g, '');

function foreignText(cells) {
  const all = cells.flatMap((cell) => values(cell, 'foreign').map((share) => share * 100));
  if (all.length === 0) return '–';
  const { median: middle, max } = range(all);
  return `median ${percent(middle)}, at most ${percent(max)} of a run`;
}

function cellOf(cells, workload, generator, key) {
  return cells.find((c) => c.workload === workload && c.generator === generator && c.contender.key === key);
}

function goalText({ by, of, metric, atLeast, atMost, stretch }, workload) {
  const unit = of ? ' ×' : FORMAT_UNIT[metric];
  const shown = (value) => (value < 0.1 ? `1/${Math.round(1 / value)}` : value.toLocaleString('en-US'));
  const against = of ? ` ${titleOf(workload.contenders.find((c) => c.key === of))}` : '';
  const more = stretch === undefined ? '' : `, stretch ${shown(stretch)}`;
  const whose = by ? `${titleOf(workload.contenders.find((c) => c.key === by))}: ` : '';
  return `${whose}${NAMES[metric]} ${atLeast !== undefined ? '≥' : '≤'} ${shown(atLeast ?? atMost)}${unit}${against}${more}`;
}
const FORMAT_UNIT = { rssEach: ' B' };

function judge({ atLeast, atMost, stretch }, value) {
  const reaches = (limit) => (atLeast !== undefined ? value >= limit : value <= limit);
  if (stretch !== undefined && reaches(stretch)) return '**reached**, stretch too';
  return reaches(atLeast ?? atMost) ? '**reached**' : '**missed**';
}

function goalRows(workloads, cells, generators) {
  return workloads.flatMap((workload) => workload.goals.flatMap((goal) => {
    const text = goalText(goal, workload);
    const rows = generators.flatMap((generator) => {
      const ours = cellOf(cells, workload, generator, goal.by ?? 'ondol');
      const peer = goal.of && cellOf(cells, workload, generator, goal.of);
      if (!ours || (goal.of && !peer)) return [];
      const all = goal.of ? ratios(ours, peer, goal.metric) : values(ours, goal.metric);
      if (all.length === 0) return [[workload.id, text, generator.name, '–', 'not measured: see the faults']];
      const { min, median: middle, max } = range(all);
      const format = goal.of ? ratioText : FORMAT[goal.metric];
      return [[workload.id, text, generator.name, `${format(middle)} (${format(min)} to ${format(max)})`, judge(goal, middle)]];
    });
    return rows.length ? rows : [[workload.id, text, '–', '–', 'not measured: see what was left out']];
  }));
}

function faultLines(cells) {
  return cells.flatMap((cell) => {
    const where = `- ${cell.workload.id} by ${cell.generator.name}, ${titleOf(cell.contender)}`;
    return cell.runs.flatMap((run, pair) => {
      if (run.error) return [`${where}, pair ${pair + 1}: no result: ${run.error}`];
      const faults = Object.entries(run.faults ?? {}).filter(([, count]) => count > 0).map(([what, count]) => `${what} ${count}`);
      if (faults.length === 0) return [];
      const first = run.firstError ? `; first error: ${JSON.stringify(run.firstError.slice(0, 120))}` : '';
      return [`${where}, pair ${pair + 1}: ${faults.join(', ')}${first}`];
    });
  });
}

// Of a workload, what two generators are compared by.
const mainMetric = ({ load }) => (load.kind === 'idle' ? 'rssEach' : load.kind === 'storm' || load.rate ? 'cpu' : 'rate');

function agreement(workloads, cells, generators) {
  if (generators.length < 2) return [];
  const rows = workloads.flatMap((workload) => workload.contenders.filter((c) => c.key !== 'ondol').flatMap((contender) => {
    const metric = mainMetric(workload);
    const medians = generators.map((generator) => {
      const ours = cellOf(cells, workload, generator, 'ondol');
      const peer = cellOf(cells, workload, generator, contender.key);
      const all = ours && peer ? ratios(ours, peer, metric) : [];
      return all.length ? median(all) : undefined;
    });
    if (medians.includes(undefined)) return [];
    const apart = Math.max(...medians) / Math.min(...medians) - 1;
    return [[workload.id, titleOf(contender), NAMES[metric], ...medians.map(ratioText), percent(apart * 100),
      apart <= AGREEMENT ? 'agree' : '**disagree**']];
  }));
  const head = ['workload', 'ondol by', 'ratio of', ...generators.map((g) => g.name), 'apart', ''];
  return [`## Do the generators agree within ${AGREEMENT * 100} %?`, '', table(head, rows), ''];
}

function workloadSection(workload, cells, generators) {
  const parts = generators.flatMap((generator) => {
    const mine = cells.filter((c) => c.workload === workload && c.generator === generator);
    if (mine.length === 0) return [];
    const differs = generator.differs(workload.load);
    return [`By ${generator.name}${differs ? ` (${differs})` : ''}:`, '', figures(workload, mine), '', comparisons(workload, mine), ''];
  });
  return parts.length ? [`## ${workload.id}: ${workload.title}`, '', ...parts] : [];
}

function figures(workload, cells) {
  const busy = (cell, metric) => (values(cell, metric).length ? percent(median(values(cell, metric))) : '–');
  if (workload.load.kind === 'idle') {
    return table(['server', 'resident memory each', 'resident memory'],
      cells.map((c) => [titleOf(c.contender), spread(c, 'rssEach'), spread(c, 'rss')]));
  }
  const unit = { storm: 'connections', durable: 'messages' }[workload.load.kind] ?? 'deliveries';
  const [last, lastHead] = workload.load.kind === 'durable' ? ['batch', 'messages in a commit'] : ['octets', 'octets each'];
  const middle = (cell) => (values(cell, last).length ? Math.round(median(values(cell, last))) : '–');
  return table(
    ['server', `${unit}/s`, 'core time, µs each', 'whole core, µs each', 'p50', 'p99', 'server, load busy', lastHead, 'resident memory'],
    cells.map((c) => [titleOf(c.contender), spread(c, 'rate'), spread(c, 'cpu'), spread(c, 'core'), spread(c, 'p50'), spread(c, 'p99'),
      `${busy(c, 'serverBusy')}, ${busy(c, 'loadBusy')}`, middle(c), spread(c, 'rss')]));
}

function comparisons(workload, cells) {
  const ours = cells.find((c) => c.contender.key === 'ondol') ?? cells[0];
  const metrics = workload.load.kind === 'idle' ? ['rssEach', 'rss'] : workload.load.rate ? ['cpu', 'p99'] : ['rate', 'cpu'];
  const rows = cells.filter((c) => c !== ours).flatMap((peer) => metrics.flatMap((metric) => {
    const all = ratios(ours, peer, metric);
    return all.length ? [[titleOf(peer.contender), NAMES[metric], all.map(ratioText).join(', '), `**${ratioText(median(all))}**`]] : [];
  }));
  return rows.length ? table([`${titleOf(ours.contender)} by`, 'ratio of', 'each pair', 'median'], rows) : '';
}

function commandLines(cells) {
  const lines = new Set();
  for (const cell of cells) {
    const run = cell.runs.find((r) => r.commands);
    if (!run) continue;
    const { server, load } = run.commands;
    lines.add(`taskset -c ${SERVER_CORE} ${server.join(' ')}`);
    if (load) lines.add(`taskset -c ${LOAD_CORE} ${shownLoad(load, cell.generator)}`);
  }
  return [...lines].sort((a, b) => a.localeCompare(b));
}

// What differs from run to run is shown by a name.
function shownLoad([program, ...args], generator) {
  const named = { '--port': '$PORT', '--pid': '$PID', '--server-pid': '$PID', '--jwt-secret': '$KEY', '--jwt-key': '$KEY', '--url': '$URL' };
  return [generator.shownAs, ...args.map((arg, i) => named[args[i - 1]] ?? (/[;&{} ]/.test(arg) ? `'${arg}'` : arg))].join(' ');
}
