// What is measured, against whom, and what is hoped for. A goal compares ours with the contender `of`, pair by pair:
// `rate` is deliveries (connections, commits) per second, `cpu` the server's core time for one of them. Without `of` it
// is a figure of ours.

const ondol = { key: 'ondol', peer: 'ondol' };
const uws = { key: 'uws', peer: 'uws' };
const ws = { key: 'ws', peer: 'ws' };
const rabbitmq = { key: 'rabbitmq', peer: 'rabbitmq' };
const spring = { key: 'spring', peer: 'spring' };

// Two gathers in flight: see bench/floor/floor.cpp.
const floor = (gather) => ({
  key: 'floor', peer: 'floor', title: gather === 1 ? 'floor, one send each' : `floor, ${gather} gathered`,
  start: { gather }, load: { window: 2 * gather },
});

const room = { kind: 'fanout', subscribers: 1000, payload: 128 };
const rooms = { kind: 'rooms', rooms: 1000, members: 2, payload: 128 };
const fanout = (flight) => ({ ...room, publishers: flight, window: flight });

// Every subscription with an id of its own, against our own with equal ids.
const distinct = (flight) => ({
  id: `ids-${flight}`,
  title: `The same with ${flight} in flight, all subscription ids different`,
  load: { ...fanout(flight), distinctIds: true },
  contenders: [ondol, { key: 'equal', peer: 'ondol', title: 'ondol, equal ids', load: { distinctIds: false } }, uws],
  goals: [{ of: 'equal', metric: 'rate', atLeast: 0.8 }],
});

const openLoop = (rate) => ({
  id: `open-${rate}`,
  title: `Open loop: ${rate} messages/s into a room of 1,000, 16 publishers`,
  load: { ...room, publishers: 16, rate },
  contenders: [ondol, uws, ws],
  goals: [{ of: 'uws', metric: 'p99', atMost: 1 }, { of: 'uws', metric: 'cpu', atMost: 1 }],
});

// A subscriber that never reads, by what the server does with what waits for it; `alone` has no such subscriber.
const STALLED = ['terminate', 'drop-oldest', 'drop-newest'];
const slowReader = (overflow) => ({
  key: overflow, peer: 'ondol', title: `ondol, ${overflow}, one reader stalled`,
  start: { settings: [`--send.overflow=${overflow}`] },
});

export const WORKLOADS = [
  {
    id: 'fanout-1',
    title: 'Fan-out to 1,000: 1 publisher, 1 in flight',
    load: fanout(1),
    contenders: [ondol, floor(1), uws, ws, rabbitmq, spring],
    goals: [{ of: 'floor', metric: 'cpu', atMost: 1.25 }, { of: 'uws', metric: 'cpu', atMost: 1 }],
  },
  {
    id: 'fanout-16',
    title: 'Fan-out to 1,000: 16 publishers, 16 in flight',
    load: fanout(16),
    contenders: [ondol, floor(16), uws, ws, rabbitmq, spring],
    goals: [
      { of: 'floor', metric: 'rate', atLeast: 0.55 },
      { of: 'uws', metric: 'rate', atLeast: 1.3, stretch: 1.6 },
      { of: 'uws', metric: 'cpu', atMost: 0.7 },
      { of: 'spring', metric: 'rate', atLeast: 35 },
    ],
  },
  {
    id: 'fanout-64',
    title: 'Fan-out to 1,000: 64 publishers, 64 in flight',
    load: fanout(64),
    contenders: [ondol, floor(64), uws, ws, spring],
    goals: [
      { of: 'floor', metric: 'rate', atLeast: 0.25 },
      { of: 'uws', metric: 'rate', atLeast: 6 },
      { of: 'spring', metric: 'rate', atLeast: 50 },
    ],
  },
  distinct(1),
  distinct(16),
  distinct(64),
  openLoop(50),
  openLoop(200),
  {
    id: 'rooms-1',
    title: '1,000 rooms of 2: 1 in flight in each',
    load: { ...rooms, window: 1 },
    contenders: [ondol, uws, ws, rabbitmq, spring],
    goals: [{ of: 'uws', metric: 'rate', atLeast: 1.4 }, { of: 'spring', metric: 'rate', atLeast: 6 }],
  },
  {
    id: 'rooms-8',
    title: '1,000 rooms of 2: 8 in flight in each',
    load: { ...rooms, window: 8 },
    contenders: [ondol, uws, ws],
    goals: [{ of: 'uws', metric: 'rate', atLeast: 2.5 }],
  },
  {
    id: 'sessions',
    title: '10,000 sessions: CONNECTED, one subscription each, heart-beats on',
    load: { kind: 'idle', connections: 10_000, heartBeats: true, payload: 128 },
    config: 'main',
    contenders: [ondol, uws, ws],
    goals: [{ metric: 'rssEach', atMost: 2000 }],
  },
  {
    id: 'held',
    title: '19,000 sessions held: CONNECTED, one subscription each, heart-beats on',
    load: { kind: 'idle', connections: 19_000, heartBeats: true, payload: 128 },
    config: 'main',
    contenders: [ondol],
    goals: [{ metric: 'rssEach', atMost: 2000 }],
  },
  {
    id: 'slow-reader',
    title: 'A million messages, four who read them, and one who never reads: open loop, 40,000 messages/s',
    load: { kind: 'fanout', subscribers: 4, publishers: 16, rate: 40_000, seconds: 25.2, payload: 128, stalled: 1 },
    contenders: [{ ...ondol, key: 'alone', title: 'ondol, nobody stalled', load: { stalled: 0 } }, ...STALLED.map(slowReader)],
    goals: STALLED.flatMap((by) => [{ by, of: 'alone', metric: 'p99', atMost: 1.5 }, { by, of: 'alone', metric: 'rss', atMost: 1.25 }]),
  },
  {
    id: 'storm',
    title: 'Storm: TCP, upgrade, CONNECT with a token, CONNECTED, close; 32 at a time; only ondol checks the token',
    load: { kind: 'storm', concurrency: 32, payload: 128 },
    config: 'main',
    contenders: [ondol, uws, ws],
    goals: [{ of: 'uws', metric: 'cpu', atMost: 1.3, stretch: 1.15 }],
  },
  {
    id: 'durable',
    title: 'The chat on SQLite: 16 senders, 64 in flight each, 16 rooms of 2, receipts; committed and delivered',
    load: { kind: 'durable', senders: 16, window: 64, rooms: 16, members: 2, payload: 128 },
    inOrder: true,  // SQLite's own rate is taken at the batch that ours had just before
    contenders: [
      { key: 'ondol', peer: 'chat' },
      { key: 'sqlite', peer: 'sqlite', title: 'SQLite alone: the rows of a message', start: { rows: 'message' } },
      { key: 'insert', peer: 'sqlite', title: 'SQLite alone: one INSERT', start: { rows: 'insert' } },
    ],
    goals: [{ of: 'sqlite', metric: 'rate', atLeast: 0.5 }],
  },
  {
    id: 'spring-sessions',
    title: '5,000 sessions against Spring Boot',
    load: { kind: 'idle', connections: 5000, payload: 128 },
    contenders: [ondol, { ...spring, fresh: true }],
    goals: [{ of: 'spring', metric: 'rss', atMost: 1 / 25 }],
  },
];
