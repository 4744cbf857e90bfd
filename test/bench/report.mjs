// From measurements to figures and to lines that people read.
import { median, medianOf, quantile } from './stats.mjs';

/** What PERF.md and the issue ask for beside the floors of the cases. */
export const GOALS = { halfP99Ms: 50, memoryMb: 250, lagP99Ms: 150, sizeRatio: 0.9 };

const spread = (values) => ({
  median: median(values),
  least: quantile(values, 0),
  most: quantile(values, 1),
});

const judged = (value, reached) => ({ value, reached: value === undefined ? undefined : reached(value) });

/** The figures of one case at one size: medians over the rounds, each with whether it is reached. */
export const figuresOf = (test, { ours, bare, half, bareHalf, memory }) => {
  const perSecond = spread(ours.map((it) => it.perSecond));
  const barePerSecond = spread(bare.map((it) => it.perSecond));
  const lagOf = (entries, name) => medianOf(entries, (it) => it.lag?.[name]);
  const atMost = (most) => (value) => value <= most;
  return {
    perSecond,
    barePerSecond,
    ratio: {
      ...judged(perSecond.median / barePerSecond.median, (ratio) => ratio >= test.floor),
      floor: test.floor,
      rounds: ours.map((it, round) => it.perSecond / bare[round].perSecond),
    },
    p50: medianOf(ours, (it) => it.p50),
    p99: medianOf(ours, (it) => it.p99),
    bareP99: medianOf(bare, (it) => it.p99),
    half: {
      perSecond: medianOf(half, (it) => it.perSecond),
      p50: medianOf(half, (it) => it.p50),
      p99: judged(
        medianOf(half, (it) => it.p99),
        atMost(GOALS.halfP99Ms),
      ),
      bareP99: medianOf(bareHalf, (it) => it.p99),
    },
    cpu: { ours: cpuOf(ours), bare: cpuOf(bare) },
    ...(test.writes
      ? {
          lag: {
            full: { p50: lagOf(ours, 'p50'), p99: judged(lagOf(ours, 'p99'), atMost(GOALS.lagP99Ms)) },
            half: { p50: lagOf(half, 'p50'), p99: judged(lagOf(half, 'p99'), atMost(GOALS.lagP99Ms)) },
          },
        }
      : {}),
    memoryMb: { ...judged(memory.now, atMost(GOALS.memoryMb)), most: memory.most },
  };
};

const cpuOf = (entries) => ({
  node: medianOf(entries, (it) => it.cpu.node),
  mongod: medianOf(entries, (it) => it.cpu.mongod),
});

/** How the largest size compares with the smallest; undefined with one size. */
export const growthOf = (bySize) => {
  const sizes = Object.keys(bySize).map(Number);
  if (sizes.length < 2) return undefined;
  const at = (size) => bySize[size].perSecond.median;
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return judged(at(most) / at(least), (ratio) => ratio >= GOALS.sizeRatio);
};

const number = (value, digits = 0) => (value === undefined ? '–' : value.toFixed(digits));
const verdict = ({ reached }) => (reached === undefined ? '' : reached ? ' ok' : ' MISSED');

const row = (title, size, it) => [
  title,
  String(size),
  `${number(it.perSecond.median)} [${number(it.perSecond.least)}–${number(it.perSecond.most)}]`,
  number(it.barePerSecond.median),
  `${number(it.ratio.value, 2)} ≥ ${number(it.ratio.floor, 2)}${verdict(it.ratio)}`,
  `${number(it.p50, 1)}/${number(it.p99, 1)}`,
  `${number(it.half.p99.value, 1)} (${number(it.half.bareP99, 1)})${verdict(it.half.p99)}`,
  it.lag === undefined
    ? '–'
    : `${number(it.lag.full.p50)}/${number(it.lag.full.p99.value)}${verdict(it.lag.full.p99)}`,
  it.lag === undefined
    ? '–'
    : `${number(it.lag.half.p50)}/${number(it.lag.half.p99.value)}${verdict(it.lag.half.p99)}`,
  `${number(it.cpu.ours.node)}/${number(it.cpu.ours.mongod)}`,
  `${number(it.cpu.bare.node)}/${number(it.cpu.bare.mongod)}`,
  `${number(it.memoryMb.value)}${verdict(it.memoryMb)}`,
];

const HEADINGS = [
  'case',
  'documents',
  'req/s',
  'bare',
  '× bare',
  'p50/p99 ms',
  'p99 at half (bare)',
  'lag full',
  'lag half',
  'CPU µs node/mongod',
  'bare CPU',
  'MB',
];

const table = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
};

/** The report as lines of text. */
export const linesOf = ({ machine: on, options, cases, traces }) => [
  `${on.processor}, ${on.cores} cores, ${on.memoryGb} GB, ${on.system}`,
  `Node.js ${on.node}, MongoDB ${on.mongodb}, NATS ${on.nats}, commit ${on.commit}`,
  `${options.rounds} interleaved rounds of ${options.seconds} s, ${options.connections} connections, ` +
    `${on.pinned ? 'server on one core, load generator on the other' : 'processes not bound to cores'}; ` +
    `traces exported: ${(traces / 1024).toFixed(0)} kB`,
  '',
  ...table([
    HEADINGS,
    ...cases.flatMap(({ title, sizes }) => Object.entries(sizes).map(([size, it]) => row(title, size, it))),
  ]),
  '',
  ...cases.flatMap(({ title, growth }) =>
    growth === undefined
      ? []
      : [
          `${title}: ${number(growth.value, 2)} × as fast with the most documents as with the fewest${verdict(growth)}`,
        ],
  ),
];
