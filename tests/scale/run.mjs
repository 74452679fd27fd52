// What a long history costs: a member of 500 rooms, once with 100,000 messages in them and once with 5 million. The list, a
// page of history, a resume and a send are timed in turns on both and told as ratios; that they answer rightly is tested.
// node tests/scale/run.mjs [MESSAGES]; the server is ONDOL_CHAT, the database is filled by the sqlite3 program.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { api, makeDataDirectory, member, removeDirectory, startServer } from '../support/server.mjs';
import { Stomp } from '../chaos/stomp.mjs';

const ROOMS = 500;
const FEW = 100_000;
const MANY = Number(process.argv[2] ?? 5_000_000);
const PAIRS = 5;
const settings = { 'chat.rate.messages-per-second': 0, 'logging.level.root': 'warn' };

const UUID = `lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6)))`;
const fill = (each) => `
  PRAGMA cache_size = -1000000; PRAGMA synchronous = OFF;
  BEGIN;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${each})
    INSERT INTO message (message_key, sender_id, type, content, client_id, sent_at, text_count)
    SELECT (r.room_no << 32) + r.last_seq + i, r.owner_id, 'text', 'message ' || i || ' of a long history, with some words to read', ${UUID},
      r.created_at, r.text_count + i FROM room r CROSS JOIN n ORDER BY r.room_no, i;
  UPDATE room SET last_seq = last_seq + ${each}, text_count = text_count + ${each};
  COMMIT;`;

async function prepare(messages) {
  const data = makeDataDirectory();
  let server = await startServer(data, settings);
  const people = [await member(server.url, 'reader'), await member(server.url, 'friend')];
  for (let i = 0; i < ROOMS; ++i) {
    const made = await api(server.url, 'POST', '/api/rooms', { type: 'group', title: `room ${i}`, memberIds: [people[1].id] }, people[0].token);
    assert.equal(made.status, 201);
  }
  await server.kill('SIGTERM');
  const database = readdirSync(data).find((name) => /\.(db|sqlite3?)$/.test(name));
  execFileSync('sqlite3', [join(data, database)], { input: fill(messages / ROOMS), stdio: ['pipe', 'ignore', 'inherit'] });
  server = await startServer(data, settings);
  const { token } = people[0];
  const rooms = await list({ server, token });
  assert.equal(rooms.length, ROOMS);
  const session = new Stomp(server.url, token);
  await session.connected;
  return { data, server, token, rooms, session, messages: 0 };
}

async function list({ server, token }) {
  const rooms = [];
  for (let cursor; ;) {
    const { body } = await api(server.url, 'GET', `/api/rooms?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, undefined, token);
    rooms.push(...body.rooms);
    if (!(cursor = body.nextCursor)) return rooms;
  }
}
const anyOf = (all) => all[Math.floor(Math.random() * all.length)];

const operations = {
  list: async (side) => assert.equal((await list(side)).length, ROOMS),
  page: async ({ server, token, rooms }) => {
    const room = anyOf(rooms);
    const { body } = await api(server.url, 'GET', `/api/rooms/${room.roomNo}/messages?limit=50&before=${room.lastMessage.seq - 60}`, undefined, token);
    assert.equal(body.messages.length, 50);
  },
  resume: async ({ session, rooms }) => {
    const room = anyOf(rooms);
    let shown = 0;
    session.onMessage = () => { shown += 1; };
    await new Promise((done) => {
      session.onReceipt = done;
      session.frame('SUBSCRIBE', { id: 'r', destination: `/sub/chat/${room.roomNo}`, after: room.lastMessage.seq - 50, receipt: 'r' });
    });
    assert.ok(shown >= 50);
    await new Promise((done) => {
      session.onReceipt = done;
      session.frame('UNSUBSCRIBE', { id: 'r', receipt: 'u' });
    });
  },
  send: ({ session, rooms }) => new Promise((done) => {
    session.onReceipt = done;
    session.frame('SEND', { destination: `/pub/chat/${anyOf(rooms).roomNo}`, 'content-type': 'application/json', receipt: 's' },
      JSON.stringify({ type: 'text', content: 'one more', clientId: crypto.randomUUID() }));
  }),
};
const TIMES = { list: 10, page: 200, resume: 100, send: 200 };

async function timed(operation, side, times) {
  const begin = performance.now();
  for (let i = 0; i < times; ++i) await operations[operation](side);
  return (performance.now() - begin) / times;
}

const sides = [];
let status = 1;
try {
  for (const messages of [FEW, MANY]) sides.push(await prepare(messages));
  const result = {};
  for (const operation of Object.keys(operations)) {
    for (const side of sides) await timed(operation, side, 5);
    const ratios = [];
    const times = [[], []];
    for (let pair = 0; pair < PAIRS; ++pair) {
      for (const i of pair % 2 ? [1, 0] : [0, 1]) times[i].push(await timed(operation, sides[i], TIMES[operation]));
      ratios.push(times[1].at(-1) / times[0].at(-1));
    }
    const middle = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
    result[operation] = { few: `${middle(times[0]).toFixed(2)} ms`, many: `${middle(times[1]).toFixed(2)} ms`, ratios: ratios.map((r) => Number(r.toFixed(2))) };
  }
  console.log(`scale: ${JSON.stringify({ rooms: ROOMS, few: FEW, many: MANY, ...result })}`);
  console.log('1 passed, 0 failed, 0 skipped');
  status = 0;
} catch (error) {
  console.log(`scale: ${error.stack}`);
  console.log('0 passed, 1 failed, 0 skipped');
} finally {
  for (const { server, data } of sides) {
    await server.kill('SIGKILL');
    removeDirectory(data);
  }
}
process.exit(status);
