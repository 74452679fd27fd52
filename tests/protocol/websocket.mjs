// WebSocket against hostile clients: RFC 6455 and 7692 on raw sockets.
import assert from 'node:assert/strict';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { frame, startFixture, webSocket } from './raw.mjs';

const server = await startFixture('fixture-echo');
const { port } = server;
const closeCode = (frames) => {
  const last = frames.at(-1);
  assert.equal(last?.first, 0x88, 'no close frame');
  return last.payload.length >= 2 ? last.payload.readUInt16BE(0) : undefined;
};
async function after(octets, { step = 0, headers } = {}) {
  const raw = await webSocket(port, { headers });
  const all = Buffer.concat([octets].flat());
  if (step === 0) await raw.write(all);
  else for (let at = 0; at < all.length && !raw.gone; at += step) await raw.write(all.subarray(at, at + step));
  await raw.end();
  return raw.frames();
}
async function echo(octets, expected, { step = 0, headers, unpack = (f) => f.payload, ms } = {}) {
  const raw = await webSocket(port, { headers });
  const all = Buffer.concat([octets].flat());
  if (step === 0) void raw.write(all);
  else for (let at = 0; at < all.length; at += step) await raw.write(all.subarray(at, at + step));
  await raw.until(() => raw.frames().length >= expected.length, ms);
  const frames = raw.frames();
  expected.forEach(([first, payload], i) => {
    assert.equal(frames[i].first & 0xbf, first);
    assert.ok(unpack(frames[i]).equals(Buffer.from(payload)), `message ${i} differs`);
  });
  await raw.write(frame(0x88, Buffer.from([3, 232])));
  await raw.end();
  assert.equal(closeCode(raw.frames()), 1000);
}
const packed = (text, windowBits = 15) => {
  const octets = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH, windowBits });
  return octets.subarray(0, octets.length - 4);
};
const unpacked = ({ first, payload }) =>
  (first & 0x40 ? inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 255, 255])]), { finishFlush: constants.Z_SYNC_FLUSH }) : payload);
const extension = (parameters = '') => `Sec-WebSocket-Extensions: permessage-deflate${parameters}\r\n`;

const failures = [
  ['a reserved bit', frame(0xa1, 'x'), 1002], ['a compressed frame that was not agreed on', frame(0xc1, 'x'), 1002],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`opcode ${opcode}`, frame(0x80 | opcode, 'x'), 1002]),
  ['an unmasked frame', frame(0x81, 'x', { masked: false }), 1002], ['a fragmented ping', frame(0x09, 'x'), 1002], ['a long ping', frame(0x89, 'x'.repeat(126)), 1002],
  ['a long close', frame(0x88, Buffer.alloc(126, 3)), 1002], ['a continuation of nothing', frame(0x80, 'x'), 1002],
  ['a message within a message', [frame(0x01, 'x'), frame(0x81, 'y')], 1002], ['half a close code', frame(0x88, 'x'), 1002],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535].map((code) => [`close code ${code}`, frame(0x88, Buffer.from([code >> 8, code & 255])), 1002]),
  ['a reason that is no UTF-8', frame(0x88, Buffer.from([3, 232, 0xff])), 1007], ['text that is no UTF-8', frame(0x81, Buffer.from([0xce, 0xba, 0xff])), 1007],
  ['half a character at the end', frame(0x81, Buffer.from([0xed, 0x95])), 1007], ['half a character at the end of fragments', [frame(0x01, Buffer.from([0xed])), frame(0x80, Buffer.from([0x95]))], 1007],
  ['a surrogate', frame(0x81, Buffer.from([0xed, 0xa0, 0x80])), 1007], ['a length in too many octets', Buffer.from([0x81, 0xfe, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5]), 1002],
  ['a length with the highest bit', Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1002],
  ['a message above the limit', Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x7f, 0, 0, 0, 0, 0, 0, 0]), 1009],
];
const texts = ['', 'x', 'κόσμε', '안녕하세요 😀', 'x'.repeat(125), 'x'.repeat(126), 'x'.repeat(127), 'x'.repeat(65535), 'x'.repeat(65536)];

export const tests = {
  ...Object.fromEntries(failures.flatMap(([name, octets, code]) => [0, 1].map((step) => [
    `fails with ${code}${step ? ', octet by octet' : ''}: ${name}`, async () => assert.equal(closeCode(await after(octets, { step })), code)]))),
  ...Object.fromEntries([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => [
    `close ${code} is answered with the same`, async () => assert.equal(closeCode(await after(frame(0x88, Buffer.from([code >> 8, code & 255])))), code)])),
  'a close without code is answered without one': async () => assert.equal(closeCode(await after(frame(0x88, ''))), undefined),
  'nothing is read behind a close': async () => assert.equal((await after([frame(0x88, Buffer.from([3, 232])), frame(0x81, 'late')])).length, 1),
  ...Object.fromEntries(texts.map((text, i) => [`echoes text of ${Buffer.byteLength(text)} octets (${i})`, async () => {
    await echo(frame(0x81, text), [[0x81, text]]);
    await echo(frame(0x82, text), [[0x82, text]]);
  }])),
  'echoes what comes octet by octet, with pings between fragments': async () => echo(
    [frame(0x01, '안'), frame(0x89, 'p'), frame(0x00, '녕'), frame(0x89, ''), frame(0x80, '!')], [[0x8a, 'p'], [0x8a, ''], [0x81, '안녕!']], { step: 1 }),
  'echoes text cut at every octet': async () => {
    const text = Buffer.from('aκ안😀z');
    for (let cut = 0; cut <= text.length; cut += 1) await echo([frame(0x01, text.subarray(0, cut)), frame(0x80, text.subarray(cut))], [[0x81, text]]);
  },
  'bad text is refused at its first octet, before the frame is whole': async () => {
    const raw = await webSocket(port);
    const whole = frame(0x81, Buffer.concat([Buffer.from('ab\xff', 'latin1'), Buffer.alloc(1000, 'x')]));
    await raw.write(whole.subarray(0, whole.length - 1000));
    await raw.end();
    assert.equal(closeCode(raw.frames()), 1007);
  },
  'echoes 16 MiB, whole and in 4,096 fragments': async () => {
    const size = 16 * 1024 * 1024;
    const body = Buffer.alloc(size, 'abcdefghij');
    await echo(frame(0x82, body), [[0x82, body]], { ms: 30_000 });
    const fragments = [];
    for (let at = 0; at < size; at += 4096) fragments.push(frame(at === 0 ? 0x02 : at + 4096 === size ? 0x80 : 0x00, body.subarray(at, at + 4096)));
    await echo(fragments, [[0x82, body]], { ms: 30_000 });
  },
  'ten pings are ten pongs': async () => echo(Array.from({ length: 10 }, (_, i) => frame(0x89, `${i}`)), Array.from({ length: 10 }, (_, i) => [0x8a, `${i}`])),
  'an unasked pong is no matter': async () => echo([frame(0x8a, 'x'), frame(0x81, 'y')], [[0x81, 'y']]),
  ...Object.fromEntries([9, 10, 11, 12, 13, 14, 15].map((bits) => [`deflate with windows of ${bits}`, async () => {
    const text = 'hello '.repeat(2000) + Math.random();
    const raw = await webSocket(port, { headers: extension(`; server_max_window_bits=${bits}; client_max_window_bits=${bits}`) });
    assert.match(raw.head, new RegExp(`server_max_window_bits=${bits}`));
    raw.destroy();
    await echo([frame(0xc1, packed(text, bits)), frame(0x41, packed(text, bits).subarray(0, 9)), frame(0x80, packed(text, bits).subarray(9)), frame(0x81, 'plain')],
      [[0x81, text], [0x81, text], [0x81, 'plain']], { headers: extension(`; server_max_window_bits=${bits}; client_max_window_bits`), unpack: unpacked });
  }])),
  'deflate of random octets, cut anywhere': async () => {
    for (let i = 0; i < 20; i += 1) {
      const body = Buffer.from(Array.from({ length: 3000 }, () => Math.floor(Math.random() * 256)));
      await echo(frame(0xc2, packed(body)), [[0x82, body]], { headers: extension(), unpack: unpacked, step: 1 + i * 37 });
    }
  },
  'an offer of a window of 8 for the server is declined': async () => {
    const raw = await webSocket(port, { headers: extension('; server_max_window_bits=8') });
    assert.doesNotMatch(raw.head, /Sec-WebSocket-Extensions/i);
    raw.destroy();
  },
  'malformed offers are declined, and the session goes on': async () => {
    for (const parameters of ['; server_max_window_bits=99', '; unknown', '; client_max_window_bits=x', '; server_no_context_takeover=1']) {
      const raw = await webSocket(port, { headers: extension(parameters) });
      assert.match(raw.head, /^HTTP\/1\.1 101/);
      assert.doesNotMatch(raw.head, /Sec-WebSocket-Extensions/i);
      raw.destroy();
    }
  },
  'what unpacks to more than the limit is refused': async () => assert.equal(closeCode(await after(frame(0xc2, packed(Buffer.alloc(18 * 1024 * 1024))), { headers: extension() })), 1009),
  'what does not unpack is refused': async () => assert.equal(closeCode(await after(frame(0xc1, Buffer.from([255, 255, 255])), { headers: extension() })), 1007),
  'a compressed continuation or control frame is refused': async () => {
    assert.equal(closeCode(await after([frame(0x41, packed('a').subarray(0, 1)), frame(0xc0, 'x')], { headers: extension() })), 1002);
    assert.equal(closeCode(await after(frame(0xc9, 'x'), { headers: extension() })), 1002);
  },
  'bad upgrades are refused': async () => {
    const { exchange } = await import('./raw.mjs');
    const upgrade = (headers, method = 'GET') => `${method} /echo HTTP/1.1\r\nHost: x\r\n${headers}Connection: close\r\n\r\n`;
    const all = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n';
    for (const [text, status] of [[upgrade(all.replace('websocket', 'other')), 400], [upgrade(all.replace('13', '8')), 426], [upgrade(all.replace('AQID', '')), 400],
      [upgrade(all.replace('Connection: Upgrade\r\n', '')), 400], [upgrade(all, 'POST'), 405]]) {
      assert.match(await exchange(port, text), new RegExp(`^HTTP/1\\.1 ${status}`));
    }
  },
  'who does not answer a close is cut off after ws.close-timeout, and not before': async () => {
    for (const [timeout, cut] of [['200ms', true], ['60s', false]]) {
      const own = await startFixture('fixture-stomp', { 'fixture.config': 'plain', 'ws.close-timeout': timeout });
      const raw = await webSocket(own.port, { path: '/websocket-endpoint' });
      raw.socket.allowHalfOpen = true;
      await raw.write(frame(0x80, 'x'));
      await raw.until(() => raw.frames().length > 0);
      assert.equal(closeCode(raw.frames()), 1002);
      // The server has ended its side; whether it still listens shows when something is sent.
      for (let i = 0; i < (cut ? 100 : 15) && !raw.gone; i += 1) {
        await new Promise((done) => setTimeout(done, 50));
        if (!raw.gone) raw.socket.write('x');
      }
      assert.equal(Boolean(raw.gone), cut, timeout);
      raw.destroy();
      await own.stop();
    }
  },
  'the server is well after all this': async () => {
    await echo(frame(0x81, 'still here'), [[0x81, 'still here']]);
    assert.ok(server.running());
  },
};
export const stop = () => server.stop();
