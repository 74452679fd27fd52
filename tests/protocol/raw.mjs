// Raw sockets for tests: what is sent octet by octet, and all that comes back.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { resolve } from 'node:path';

const folder = resolve(process.env.BUILD ?? 'build/release');

// A fixture server → {port, pid, stop()}.
export async function startFixture(name, settings = {}) {
  const child = spawn(`${folder}/${name}`, Object.entries({ 'server.port': 0, ...settings }).map(([key, value]) => `--${key}=${value}`), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const ended = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal, errors })));
  const port = await new Promise((done, fail) => {
    child.stdout.once('data', (chunk) => done(Number(/:(\d+) pid/.exec(chunk)[1])));
    void ended.then((result) => fail(new Error(`${name} ended: ${JSON.stringify(result)}`)));
  });
  return { port, pid: child.pid, ended, stop: async () => { child.kill('SIGTERM'); return ended; }, running: () => child.exitCode === null && child.signalCode === null };
}

export class Raw {
  constructor(port) {
    this.received = Buffer.alloc(0);
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.waiting = new Set();
    this.closed = new Promise((done) => {
      this.socket.once('close', () => { this.gone = true; this.wake(); done(); });
    });
    this.socket.on('error', (error) => (this.error = error));
    this.socket.on('data', (chunk) => { this.received = Buffer.concat([this.received, chunk]); this.wake(); });
  }
  wake() {
    for (const check of [...this.waiting]) check();
  }
  write(octets) {
    return new Promise((done) => this.socket.write(octets, () => done()));
  }
  // Until `test` holds for what was received, or the connection is closed.
  until(test, ms = 5000) {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => { this.waiting.delete(check); fail(new Error(`waited ${ms} ms; received: ${JSON.stringify(this.text().slice(0, 300))}`)); }, ms);
      const check = () => {
        if (!this.gone && !test(this.received)) return;
        clearTimeout(timer);
        this.waiting.delete(check);
        done(this.received);
      };
      this.waiting.add(check);
      check();
    });
  }
  end(ms = 5000) {
    return this.until(() => false, ms);
  }
  text() {
    return this.received.toString('latin1');
  }
  destroy() {
    this.socket.destroy();
  }
}

// Sends octets, waits until the server has closed (or `ms` have passed without that) → the text it sent.
export async function exchange(port, octets, { ms = 5000, step = 0 } = {}) {
  const raw = new Raw(port);
  const all = Buffer.isBuffer(octets) ? octets : Buffer.from(octets, 'latin1');
  if (step === 0) {
    await raw.write(all);
  } else {
    for (let at = 0; at < all.length && !raw.gone; at += step) await raw.write(all.subarray(at, at + step));
  }
  await raw.end(ms).catch((error) => { raw.destroy(); throw error; });
  return raw.text();
}

// A client's WebSocket frame, masked.
export function frame(first, payload, { mask = Buffer.from([0x12, 0x34, 0x56, 0x78]), masked = true } = {}) {
  const body = Buffer.from(payload);
  const head = [first];
  const flag = masked ? 0x80 : 0;
  if (body.length < 126) head.push(flag | body.length);
  else if (body.length < 65536) head.push(flag | 126, body.length >> 8, body.length & 255);
  else {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(body.length));
    head.push(flag | 127, ...length);
  }
  if (!masked) return Buffer.concat([Buffer.from(head), body]);
  const coded = Buffer.alloc(body.length);
  for (let i = 0; i < body.length; i += 1) coded[i] = body[i] ^ mask[i % 4];
  return Buffer.concat([Buffer.from(head), mask, coded]);
}

// The server's frames in `octets` → [{first, payload}].
export function parseFrames(octets) {
  const frames = [];
  for (let at = 0; at + 2 <= octets.length;) {
    let length = octets[at + 1] & 0x7f;
    let head = 2;
    if (length === 126) { length = octets.readUInt16BE(at + 2); head = 4; }
    else if (length === 127) { length = Number(octets.readBigUInt64BE(at + 2)); head = 10; }
    if (at + head + length > octets.length) break;
    frames.push({ first: octets[at], payload: octets.subarray(at + head, at + head + length) });
    at += head + length;
  }
  return frames;
}

// An open WebSocket on a raw socket; frames() are those since the upgrade.
export async function webSocket(port, { path = '/echo', headers = '' } = {}) {
  const raw = new Raw(port);
  await raw.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
    `Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n${headers}\r\n`);
  await raw.until((all) => all.includes('\r\n\r\n'));
  raw.head = raw.text().slice(0, raw.text().indexOf('\r\n\r\n'));
  raw.received = raw.received.subarray(raw.received.indexOf('\r\n\r\n') + 4);
  raw.frames = () => parseFrames(raw.received);
  return raw;
}
