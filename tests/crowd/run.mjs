// A room with as many members as a room may have, all of them listening and reading at random: what each of them would show
// as not read, against an oracle; and what a message costs the server there when nearly nobody is connected.
// node tests/crowd/run.mjs [MEMBERS]; the server is ONDOL_CHAT.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, makeDataDirectory, removeDirectory, startServer } from '../support/server.mjs';
import { Stomp } from '../chaos/stomp.mjs';

const MEMBERS = Number(process.argv[2] ?? 3000);
const MESSAGES = 50;
const READS = 3 * MEMBERS;
const READING_MS = 4000;
const QUIET_MS = 1000;
const KEY = Buffer.from('a key of this test and of no other server.......').toString('base64');
const EVENTS_A_SECOND = 5;  // CH-26

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
function token(memberId) {
  const now = Math.floor(Date.now() / 1000);
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: String(memberId), iat: now, exp: now + 3600, jti: crypto.randomUUID() })}`;
  return `${head}.${createHmac('sha256', Buffer.from(KEY, 'base64')).update(head).digest('base64url')}`;
}
async function eachOf(all, atOnce, work) {
  const left = [...all.entries()];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let next = left.pop(); next; next = left.pop()) await work(next[1], next[0]);
  }));
}

// The same event reaches thousands: it is parsed once.
let lastText;
let lastValue;
const parse = (text) => {
  if (text !== lastText) [lastText, lastValue] = [text, JSON.parse(text)];
  return lastValue;
};

async function listen(url, memberId, destinations) {
  const session = new Stomp(url, token(memberId), parse);
  await session.connected;
  const receipts = new Map();
  session.onReceipt = (id) => { receipts.get(id)?.(); receipts.delete(id); };
  session.asked = (command, headers, body) => new Promise((done) => {
    const receipt = crypto.randomUUID();
    receipts.set(receipt, done);
    session.frame(command, { ...headers, receipt }, body);
  });
  for (const [id, destination] of destinations.entries()) await session.asked('SUBSCRIBE', { id, destination });
  return session;
}
const say = (session, roomNo, content) =>
  session.asked('SEND', { destination: `/pub/chat/${roomNo}`, 'content-type': 'application/json' }, JSON.stringify({ type: 'text', content, clientId: crypto.randomUUID() }));

// How many have not read each message: the sender is not counted.
function counts(watermarks, sender) {
  const bySeq = new Uint32Array(MESSAGES + 2);
  for (let member = 0; member < MEMBERS; ++member) {
    if (member !== sender) bySeq[Math.min(watermarks[member] ?? 0, MESSAGES + 1)] += 1;
  }
  const unread = [];
  for (let seq = 1, below = bySeq[0]; seq <= MESSAGES; ++seq) {
    unread.push(below);
    below += bySeq[seq];
  }
  return unread;
}

const coreTime = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;  // µs
};

const data = makeDataDirectory();
const server = await startServer(data, { 'chat.rate.messages-per-second': 0, 'jwt.secret-key': KEY, 'logging.level.root': 'warn' });
let status = 1;
try {
  const ids = new Array(MEMBERS);
  await eachOf(ids, 16, async (_, i) => {
    ids[i] = (await api(server.url, 'POST', '/api/members', { loginId: `member${i}`, password: 'a long password', name: `Member ${i}` })).body.memberId;
  });
  const owner = token(ids[0]);
  const { body: room, status: made } = await api(server.url, 'POST', '/api/rooms', { type: 'group', title: 'everybody', memberIds: ids.slice(1) }, owner);
  assert.equal(made, 201);
  const indexOf = new Map(ids.map((id, i) => [id, i]));

  const readers = new Array(MEMBERS);
  await eachOf(ids, 64, async (id, i) => {
    const session = await listen(server.url, id, [`/sub/chat/${room.roomNo}/events`]);
    readers[i] = { session, watermarks: new Uint32Array(MEMBERS), events: [] };
    session.onMessage = ({ event, reads }) => {
      if (event !== 'read') return;
      readers[i].events.push(performance.now());
      for (const { memberId, seq } of reads) {
        const member = indexOf.get(memberId);
        readers[i].watermarks[member] = Math.max(readers[i].watermarks[member], seq);
      }
    };
  });
  for (let i = 0; i < MESSAGES; ++i) await say(readers[0].session, room.roomNo, `message ${i}`);
  await sleep(QUIET_MS);

  const oracle = new Uint32Array(MEMBERS);
  const reading = performance.now();
  const answered = [];
  for (let i = 0; i < READS; ++i) {
    const member = Math.floor(Math.random() * MEMBERS);
    const seq = 1 + Math.floor(Math.random() * MESSAGES);
    oracle[member] = Math.max(oracle[member], seq);
    answered.push(readers[member].session.asked('SEND', { destination: `/pub/chat/${room.roomNo}/read`, 'content-type': 'application/json' }, JSON.stringify({ seq })));
    if (i % 100 === 99) await sleep((READING_MS * 100) / READS);
  }
  await Promise.all(answered);
  const seconds = (performance.now() - reading) / 1000;
  await sleep(QUIET_MS);

  const expected = counts(oracle, 0);
  let events = 0;
  for (const [i, reader] of readers.entries()) {
    assert.deepEqual(counts(reader.watermarks, 0), expected, `member ${i} shows other counts than the oracle`);
    events = Math.max(events, reader.events.length);
  }
  assert.ok(events > 0);
  assert.ok(events <= EVENTS_A_SECOND * (seconds + QUIET_MS / 1000) + 1, `${events} read events in ${seconds} s`);
  const { body: late } = await api(server.url, 'GET', `/api/rooms/${room.roomNo}`, undefined, owner);
  const stored = new Uint32Array(MEMBERS);
  for (const { memberId, lastReadSeq } of late.members) stored[indexOf.get(memberId)] = lastReadSeq;
  assert.deepEqual(counts(stored, 0), expected, 'who comes later sees other counts');

  // Two of the thousands connected, against two who have a room for themselves.
  await Promise.all(readers.map((reader) => reader.session.end()));
  const { body: pair } = await api(server.url, 'POST', '/api/rooms', { type: 'direct', memberIds: [ids[1]] }, owner);
  const two = await Promise.all([0, 1].map((i) => listen(server.url, ids[i], [`/sub/chat/${room.roomNo}`, `/sub/chat/${pair.roomNo}`])));
  const ratios = [];
  for (let round = 0; round < 5; ++round) {
    const cost = {};
    for (const roomNo of round % 2 ? [pair.roomNo, room.roomNo] : [room.roomNo, pair.roomNo]) {
      const before = coreTime(server.pid);
      for (let i = 0; i < 40; ++i) await Promise.all(Array.from({ length: 50 }, (_, k) => say(two[0], roomNo, `cost ${i} ${k}`)));
      cost[roomNo] = (coreTime(server.pid) - before) / 2000;
    }
    ratios.push(cost[room.roomNo] / cost[pair.roomNo]);
  }
  await Promise.all(two.map((session) => session.end()));
  console.log(`crowd: ${JSON.stringify({ members: MEMBERS, reads: READS, seconds: Number(seconds.toFixed(1)), mostEventsOfAClient: events,
    costOfAMessageAgainstARoomOfTwo: ratios.map((r) => Number(r.toFixed(2))).sort((a, b) => a - b) })}`);
  console.log('1 passed, 0 failed, 0 skipped');
  status = 0;
} catch (error) {
  console.log(`crowd: ${error.stack}`);
  console.log('0 passed, 1 failed, 0 skipped');
} finally {
  await server.kill('SIGKILL');
  removeDirectory(data);
}
process.exit(status);
