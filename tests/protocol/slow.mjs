// Slow and dead peers of a STOMP server: each policy for a reader that takes nothing, and others beside it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { frame, startFixture, webSocket } from './raw.mjs';

const LIMIT = 200_000;
const MESSAGES = Number(process.env.SLOW_MESSAGES ?? 40_000);
const servers = [];
const residentOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
const stomp = (text) => frame(0x81, `${text}\0`);
const closeFrame = (raw) => raw.until(() => raw.frames().some((f) => f.first === 0x88));
const payloads = (raw) => raw.frames().map((f) => f.payload.toString());

async function session(port, subscribe) {
  const raw = await webSocket(port, { path: '/websocket-endpoint' });
  await raw.write(stomp('CONNECT\naccept-version:1.2\n\n'));
  await raw.until(() => payloads(raw).some((p) => p.startsWith('CONNECTED')));
  for (const [i, destination] of subscribe.entries()) await raw.write(stomp(`SUBSCRIBE\nid:${i}\ndestination:${destination}\n\n`));
  raw.received = Buffer.alloc(0);
  return raw;
}

// A reader that takes nothing while many messages pass; another one beside it gets them all.
async function pour(overflow) {
  const server = await startFixture('fixture-stomp', { 'fixture.config': 'plain', 'send.overflow': overflow, 'send.buffer-size-limit': LIMIT, 'send.time-limit': '60s' });
  servers.push(server);
  const slow = await session(server.port, ['/topic/a', '/user/queue/errors']);
  const reader = await session(server.port, ['/topic/a']);
  const sender = await session(server.port, []);
  await sleep(100);
  slow.socket.pause();
  const before = residentOf(server.pid);
  let count = 0;
  reader.socket.removeAllListeners('data');
  let rest = Buffer.alloc(0);
  reader.socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let at = rest.indexOf('\0'); at >= 0; at = rest.indexOf('\0', at + 1)) { count += 1; rest = rest.subarray(at + 1); at = -1; }
  });
  for (let i = 0; i < MESSAGES; i += 100) {
    while (count < i - 500) await sleep(1); // no faster than the one who reads
    await sender.write(Buffer.concat(Array.from({ length: 100 }, (_, k) => stomp(`SEND\ndestination:/topic/a\n\n${'x'.repeat(300)}#${i + k}`))));
  }
  for (let i = 0; i < 300 && count < MESSAGES; i += 1) await sleep(50);
  assert.equal(count, MESSAGES, 'the other reader missed something');
  const grown = residentOf(server.pid) - before;
  // The sanitizers keep freed memory for a while.
  if (!/asan|tsan/.test(process.env.BUILD ?? '')) assert.ok(grown < 20_000_000, `the server grew by ${grown} octets`);
  slow.socket.resume();
  await sleep(500);
  const numbers = payloads(slow).map((p) => Number(/#(\d+)\0$/.exec(p)?.[1])).filter(Number.isFinite);
  return { server, slow, numbers, heard: payloads(slow) };
}

async function comesBack(port) {
  const again = await session(port, ['/topic/a']);
  await again.write(stomp('SEND\ndestination:/topic/a\n\nback'));
  await again.until(() => payloads(again).some((p) => p.endsWith('back\0')));
  again.destroy();
}

const increasing = (numbers) => numbers.every((n, i) => i === 0 || n > numbers[i - 1]);
const told = (heard) => heard.filter((p) => p.includes('"code":"4290"')).length;

export const tests = {
  'terminate ends the session of a reader that takes nothing, and it may come again': async () => {
    const { server, slow, numbers } = await pour('terminate');
    await slow.closed;
    assert.ok(numbers.length < MESSAGES && increasing(numbers));
    await comesBack(server.port);
  },
  'drop-oldest keeps the session and the newest, and tells': async () => {
    const { server, slow, numbers, heard } = await pour('drop-oldest');
    assert.ok(!slow.gone && numbers.length < MESSAGES && increasing(numbers));
    assert.equal(numbers.at(-1), MESSAGES - 1, 'the newest was dropped');
    assert.equal(told(heard), 1);
    slow.destroy();
    await comesBack(server.port);
  },
  'drop-newest keeps the session and what waited longest, and tells': async () => {
    const { server, slow, numbers, heard } = await pour('drop-newest');
    assert.ok(!slow.gone && increasing(numbers));
    assert.deepEqual(numbers.slice(0, 100), Array.from({ length: 100 }, (_, i) => i));
    assert.ok(numbers.length < MESSAGES);
    assert.equal(told(heard), 1);
    slow.destroy();
    await comesBack(server.port);
  },
  'a session that says nothing is ended': async () => {
    const server = await startFixture('fixture-stomp', { 'fixture.config': 'plain', 'session.time-to-first-message': '300ms' });
    servers.push(server);
    const raw = await webSocket(server.port, { path: '/websocket-endpoint' });
    await closeFrame(raw);
    assert.equal(raw.frames().at(-1).payload.readUInt16BE(0), 4500);
  },
  'heart-beats that stop end the session, within three periods': async () => {
    const server = await startFixture('fixture-stomp', { 'fixture.config': 'plain', 'broker.heartbeat': '200,200' });
    servers.push(server);
    const raw = await webSocket(server.port, { path: '/websocket-endpoint' });
    await raw.write(stomp('CONNECT\naccept-version:1.2\nheart-beat:200,200\n\n'));
    const beat = setInterval(() => raw.write(frame(0x81, '\n')), 150);
    await sleep(1500);
    assert.ok(!raw.gone, 'ended although it beat');
    assert.ok(payloads(raw).filter((p) => p === '\n').length >= 5, 'no heart-beats came');
    clearInterval(beat);
    await closeFrame(raw);
    assert.match(payloads(raw).at(-2), /^ERROR\nmessage:Session closed\./);
    assert.equal(raw.frames().at(-1).payload.readUInt16BE(0), 1002);
  },
  'a frame after CONNECTED that is bad gets its ERROR before the close, every time': async () => {
    const server = await startFixture('fixture-stomp', { 'fixture.config': 'plain' });
    servers.push(server);
    for (let i = 0; i < 200; i += 1) {
      const raw = await webSocket(server.port, { path: '/websocket-endpoint' });
      await raw.write(Buffer.concat([stomp('CONNECT\naccept-version:1.2\n\n'), stomp('BAD\n\n')]));
      await closeFrame(raw);
      assert.deepEqual(payloads(raw).slice(0, 2).map((p) => p.split('\n')[0]), ['CONNECTED', 'ERROR']);
      assert.equal(raw.frames().at(-1).payload.readUInt16BE(0), 1002);
      raw.destroy();
    }
  },
};
export const stop = async () => { for (const server of servers) await server.stop(); };
