// A real ondol-chat, spoken to by stomp.js as its users do.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from '@stomp/stompjs';
import { WebSocket } from 'ws';
import { api, binary, makeDataDirectory, member, removeDirectory, runTests, startServer } from '../support/server.mjs';

Object.assign(globalThis, { WebSocket });
const uuid = () => crypto.randomUUID();
const within = (promise, what, ms = 5000) =>
  Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error(`no ${what} within ${ms} ms`)), ms))]);

// A connected stomp.js client whose frames can be waited for.
async function connect(url, token, headers = {}) {
  const client = new Client({
    brokerURL: url.replace('http', 'ws') + '/websocket-endpoint',
    connectHeaders: { ...(token === undefined ? {} : { Authorization: token }), ...headers },
    reconnectDelay: 0,
  });
  const outcome = new Promise((done) => {
    client.onConnect = (frame) => done({ connected: frame });
    client.onStompError = (frame) => done({ error: frame });
  });
  const closed = new Promise((done) => (client.onWebSocketClose = (event) => done(event)));
  client.activate();
  const result = await within(outcome, 'CONNECTED or ERROR');
  const listen = async (destination) => {
    const waiting = [];
    const arrived = [];
    const receipt = uuid();
    const acknowledged = new Promise((done) => client.watchForReceipt(receipt, done));
    const subscription = client.subscribe(destination, (frame) => {
      const message = { headers: frame.headers, body: JSON.parse(frame.body) };
      const next = waiting.shift();
      next ? next(message) : arrived.push(message);
    }, destination.startsWith('/user/queue/errors') ? {} : { receipt });
    if (!destination.startsWith('/user/queue/errors')) await within(acknowledged, `RECEIPT of ${destination}`);
    return {
      next: () => within(arrived.length ? Promise.resolve(arrived.shift()) : new Promise((done) => waiting.push(done)), destination),
      arrived,
      unsubscribe: () => subscription.unsubscribe(),
    };
  };
  const send = (destination, body, receipt) => client.publish({
    destination, body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(receipt ? { receipt } : {}) },
  });
  const sendAndWait = (destination, body) => {
    const receipt = uuid();
    const done = new Promise((ok) => client.watchForReceipt(receipt, ok));
    send(destination, body, receipt);
    return within(done, 'RECEIPT');
  };
  return { ...result, client, closed, listen, send, sendAndWait, end: () => client.deactivate() };
}

const data = makeDataDirectory();
let server = await startServer(data);
const alice = await member(server.url, 'alice', '앨리스');
const bob = await member(server.url, 'bob.b');
const carol = await member(server.url, 'carol');
const room = (await api(server.url, 'POST', '/api/rooms', { type: 'group', title: 'room', memberIds: [bob.id] }, alice.token)).body;

function signed(claims) {
  const key = readFileSync(join(data, 'jwt.key'), 'utf8').trim();
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${head}.${createHmac('sha256', Buffer.from(key, 'base64')).update(head).digest('base64url')}`;
}

const tests = {
  'CH-1 sign-up checks its fields and refuses a taken id': async () => {
    const invalid = await api(server.url, 'POST', '/api/members', { loginId: 'A', password: 'short', name: ' ' });
    assert.equal(invalid.status, 422);
    assert.equal(invalid.body.code, '4221');
    assert.deepEqual(invalid.body.errors.map((e) => e.field), ['loginId', 'password', 'name']);
    const taken = await api(server.url, 'POST', '/api/members', { loginId: 'alice', password: 'long enough', name: 'x' });
    assert.equal(taken.status, 409);
    assert.equal(taken.body.code, '4091');
  },
  'CH-2 a wrong password and an unknown id get the same answer': async () => {
    const wrong = await api(server.url, 'POST', '/api/login', { loginId: 'alice', password: 'wrong password' });
    const unknown = await api(server.url, 'POST', '/api/login', { loginId: 'nobody', password: 'wrong password' });
    assert.equal(wrong.status, 401);
    assert.equal(wrong.body.code, '4010');
    assert.deepEqual(unknown.body, wrong.body);
  },
  'CH-3 a refresh token is good once, and its reuse ends the family': async () => {
    const first = (await api(server.url, 'POST', '/api/login', { loginId: 'carol', password: 'a long password' })).body;
    const second = await api(server.url, 'POST', '/api/token/refresh', { refreshToken: first.refreshToken });
    assert.equal(second.status, 200);
    assert.equal((await api(server.url, 'POST', '/api/token/refresh', { refreshToken: first.refreshToken })).status, 401);
    assert.equal((await api(server.url, 'POST', '/api/token/refresh', { refreshToken: second.body.refreshToken })).status, 401);
  },
  'CH-6 me, rename and search': async () => {
    assert.equal((await api(server.url, 'GET', '/api/members/me')).status, 401);
    assert.equal((await api(server.url, 'GET', '/api/members/me', undefined, alice.token)).body.loginId, 'alice');
    assert.equal((await api(server.url, 'PATCH', '/api/members/me', { name: 'Carola' }, carol.token)).body.name, 'Carola');
    const found = await api(server.url, 'GET', '/api/members?query=' + encodeURIComponent('앨'), undefined, bob.token);
    assert.deepEqual(found.body.members.map((m) => m.loginId), ['alice']);
  },
  'CH-10 a pair has one direct room': async () => {
    const first = await api(server.url, 'POST', '/api/rooms', { type: 'direct', memberIds: [bob.id] }, carol.token);
    const again = await api(server.url, 'POST', '/api/rooms', { type: 'direct', memberIds: [carol.id] }, bob.token);
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.equal(first.body.roomNo, again.body.roomNo);
    const self = await api(server.url, 'POST', '/api/rooms', { type: 'direct', memberIds: [carol.id] }, carol.token);
    assert.equal(self.body.code, '4221');
    const unknown = await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [999999] }, carol.token);
    assert.equal(unknown.body.code, '4040');
  },
  'CH-12 a room is for its members': async () => {
    assert.equal((await api(server.url, 'GET', `/api/rooms/${room.roomNo}`, undefined, carol.token)).body.code, '4030');
    assert.equal((await api(server.url, 'GET', '/api/rooms/999999', undefined, carol.token)).body.code, '4040');
  },
  'CH-21 CH-22 a message is stored, receipted and published with its count': async () => {
    const a = await connect(server.url, alice.token);
    const b = await connect(server.url, `Bearer ${bob.token}`);
    assert.equal(a.connected.headers['user-name'], String(alice.id));
    const inbox = await b.listen(`/sub/chat/${room.roomNo}`);
    const clientId = uuid();
    await a.sendAndWait(`/pub/chat/${room.roomNo}`, { type: 'text', content: '안녕하세요 😀', clientId });
    const { body } = await inbox.next();
    assert.equal(body.content, '안녕하세요 😀');
    assert.equal(body.clientId, clientId);
    assert.equal(body.unreadCount, 1);
    assert.deepEqual(body.sender, { memberId: alice.id, name: '앨리스' });
    const stored = await api(server.url, 'GET', `/api/rooms/${room.roomNo}/messages`, undefined, bob.token);
    assert.deepEqual(stored.body.messages.at(-1), body);
    await a.end();
    await b.end();
  },
  'CH-23 a repeated client id makes no second message': async () => {
    const a = await connect(server.url, alice.token);
    const sent = await a.listen('/user/queue/sent');
    const clientId = uuid();
    await a.sendAndWait(`/pub/chat/${room.roomNo}`, { content: 'once', clientId });
    await a.sendAndWait(`/pub/chat/${room.roomNo}`, { content: 'twice', clientId: clientId.toUpperCase() });
    assert.equal((await sent.next()).body.content, 'once');
    const stored = await api(server.url, 'GET', `/api/rooms/${room.roomNo}/messages`, undefined, alice.token);
    assert.equal(stored.body.messages.filter((m) => m.clientId === clientId).length, 1);
    await a.end();
  },
  'CH-24 everybody sees the messages in the order of seq': async () => {
    const senders = await Promise.all([alice, bob, alice, bob].map((m) => connect(server.url, m.token)));
    const inboxes = await Promise.all(senders.map((s) => s.listen(`/sub/chat/${room.roomNo}`)));
    for (let i = 0; i < 10; i += 1) senders.forEach((s, n) => s.send(`/pub/chat/${room.roomNo}`, { content: `${n}-${i}` }));
    for (const inbox of inboxes) {
      const seqs = [];
      for (let i = 0; i < 40; i += 1) seqs.push((await inbox.next()).body.seq);
      assert.deepEqual(seqs, [...seqs].sort((x, y) => x - y));
      assert.equal(new Set(seqs).size, 40);
    }
    await Promise.all(senders.map((s) => s.end()));
    await new Promise((done) => setTimeout(done, 1500));  // the buckets of CH-33 fill again
  },
  'CH-25 a stranger cannot listen; the error names the subscription': async () => {
    const c = await connect(server.url, carol.token);
    const errors = await c.listen('/user/queue/errors');
    c.client.subscribe(`/sub/chat/${room.roomNo}`, () => assert.fail('a stranger heard the room'), { id: 'mine', receipt: 'r1' });
    const error = await errors.next();
    assert.equal(error.body.code, '4030');
    assert.equal(error.headers['subscription-id'], 'mine');
    assert.equal(error.headers['receipt-id'], 'r1');
    await c.end();
  },
  'CH-26 reading raises the watermark and is told': async () => {
    const a = await connect(server.url, alice.token);
    const b = await connect(server.url, bob.token);
    const events = await a.listen(`/sub/chat/${room.roomNo}/events`);
    const rooms = await b.listen('/user/queue/rooms');
    await a.sendAndWait(`/pub/chat/${room.roomNo}`, { content: 'read me' });
    const seq = (await api(server.url, 'GET', `/api/rooms/${room.roomNo}/messages?limit=1`, undefined, alice.token)).body.messages[0].seq;
    const news = (await rooms.next()).body;
    assert.equal(news.event, 'room');
    assert.equal(news.lastMessage.seq, seq);
    assert.ok(news.unreadCount >= 1);
    await b.sendAndWait(`/pub/chat/${room.roomNo}/read`, { seq });
    assert.deepEqual((await events.next()).body, { event: 'read', reads: [{ memberId: bob.id, seq }] });
    const after = await api(server.url, 'GET', `/api/rooms/${room.roomNo}/messages?limit=1`, undefined, alice.token);
    assert.equal(after.body.messages[0].unreadCount, 0);
    await a.end();
    await b.end();
  },
  'CH-26 CH-30 reads and room news keep their rates and end with the newest state': async () => {
    const own = (await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [bob.id, carol.id] }, alice.token)).body;
    await new Promise((done) => setTimeout(done, 1100)); // the news of the new room are over
    const [a, b, c] = [await connect(server.url, alice.token), await connect(server.url, bob.token), await connect(server.url, carol.token)];
    const list = await b.listen('/user/queue/rooms');
    const there = await c.listen('/user/queue/rooms');
    await c.listen(`/sub/chat/${own.roomNo}`);
    const events = await c.listen(`/sub/chat/${own.roomNo}/events`);
    for (let i = 1; i <= 30; i += 1) await a.sendAndWait(`/pub/chat/${own.roomNo}`, { content: `${i}` });
    for (let i = 1; i <= 30; i += 1) await b.sendAndWait(`/pub/chat/${own.roomNo}/read`, { seq: i });
    await new Promise((done) => setTimeout(done, 1500));
    const news = list.arrived.filter((m) => m.body.roomNo === own.roomNo).map((m) => m.body);
    assert.ok(news.length >= 2 && news.length <= 4, `${news.length} news`);
    assert.deepEqual([news.at(-1).lastMessage.seq, news.at(-1).unreadCount, news.at(-1).lastReadSeq], [30, 0, 30]);
    assert.equal(there.arrived.filter((m) => m.body.roomNo === own.roomNo).length, 0, 'news of an open room');
    const reads = events.arrived.map((m) => m.body.reads.at(-1).seq);
    assert.ok(reads.length < 15, `${reads.length} read events`);
    assert.equal(reads.at(-1), 30);
    for (const client of [a, b, c]) await client.end();
  },
  'CH-14 who has left hears nothing more': async () => {
    const own = (await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [bob.id] }, alice.token)).body;
    const a = await connect(server.url, alice.token);
    const b = await connect(server.url, bob.token);
    const inbox = await b.listen(`/sub/chat/${own.roomNo}`);
    assert.equal((await api(server.url, 'DELETE', `/api/rooms/${own.roomNo}/members/me`, undefined, bob.token)).status, 204);
    await a.sendAndWait(`/pub/chat/${own.roomNo}`, { content: 'without bob' });
    await b.sendAndWait('/pub/chat/' + room.roomNo, { content: 'still here' });
    assert.ok(!inbox.arrived.some((m) => m.body.content === 'without bob'));
    await a.end();
    await b.end();
  },
  'CH-16 pages of history': async () => {
    const page = async (query) => (await api(server.url, 'GET', `/api/rooms/${room.roomNo}/messages${query}`, undefined, alice.token));
    const newest = (await page('?limit=5')).body;
    assert.equal(newest.messages.length, 5);
    assert.equal(newest.hasMore, true);
    const before = (await page(`?limit=5&before=${newest.messages[0].seq}`)).body;
    assert.equal(before.messages.at(-1).seq, newest.messages[0].seq - 1);
    assert.equal((await page(`?after=${newest.messages.at(-1).seq}`)).body.hasMore, false);
    assert.equal((await page('?limit=0')).body.code, '4002');
    assert.equal((await page('?before=2&after=1')).body.code, '4002');
  },
  'CH-33 limits of content and rate': async () => {
    const c = await connect(server.url, carol.token);
    const own = (await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [] }, carol.token)).body;
    const errors = await c.listen('/user/queue/errors');
    for (const [body, code] of [[{ content: ' ' }, '4221'], [{ content: 'x'.repeat(5001) }, '4221'],
      [{ content: 'x', clientId: 'no' }, '4221'], [{ content: 'x', fileIds: [] }, '4221'], ['{"content":', '4003'],
      ['['.repeat(1000), '4003']]) {
      c.send(`/pub/chat/${own.roomNo}`, body, 'r');
      const error = await errors.next();
      assert.equal(error.body.code, code, JSON.stringify(body).slice(0, 60));
      assert.equal(error.headers['receipt-id'], 'r');
    }
    await c.sendAndWait(`/pub/chat/${own.roomNo}`, { content: 'x'.repeat(5000) });
    for (let i = 0; i < 60; i += 1) c.send(`/pub/chat/${own.roomNo}`, { content: String(i) });
    const limited = await errors.next();
    assert.equal(limited.body.code, '4290');
    assert.ok(limited.body.retryAfter >= 1);
    await c.end();
  },
  'CH-35 the guard': async () => {
    const a = await connect(server.url, alice.token);
    const errors = await a.listen('/user/queue/errors');
    for (const destination of [`/sub/chat/${room.roomNo}`, '/queue/x', '/topic/x', `/user/${bob.id}/queue/errors`]) {
      a.send(destination, {});
      assert.equal((await errors.next()).body.code, '4030', destination);
    }
    for (const destination of ['/sub/**', '/sub/chat/*', '/queue/errors-user1', '/topic/x', '/user/queue/*']) {
      a.client.subscribe(destination, () => assert.fail(`${destination} was heard`));
      assert.equal((await errors.next()).body.code, '4030', destination);
    }
    a.send('/pub/nowhere', {});
    assert.equal((await errors.next()).body.code, '4041');
    await a.end();
  },
  'AU-5 CH-63 tokens of every bad kind are refused with their code': async () => {
    const good = signed({ sub: String(alice.id) });
    const cases = [[undefined, '4010'], ['', '4010'], ['garbage', '4013'], [good.slice(0, -3), '4013'],
      [signed({ sub: String(alice.id), exp: 1 }), '4011'], [signed({ sub: '999999' }), '4010'],
      [signed({ sub: String(alice.id), nbf: 99999999999 }), '4010'],
      [`${Buffer.from('{"alg":"none"}').toString('base64url')}.${good.split('.')[1]}.`, '4013']];
    for (const [token, code] of cases) {
      const c = await connect(server.url, token);
      assert.equal(c.error?.headers.message, code, String(token));
      assert.equal((await within(c.closed, 'close')).code, 1002);
      await c.end();
    }
    const c = await connect(server.url, good);
    assert.ok(c.connected);
    await c.end();
  },
  'a killed server has everything that it receipted': async () => {
    const a = await connect(server.url, alice.token);
    const own = (await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [] }, alice.token)).body;
    for (let i = 0; i < 5; i += 1) await a.sendAndWait(`/pub/chat/${own.roomNo}`, { content: `kept ${i}` });
    await server.kill('SIGKILL');
    await a.end();
    server = await startServer(data);
    const stored = await api(server.url, 'GET', `/api/rooms/${own.roomNo}/messages`, undefined, alice.token);
    assert.deepEqual(stored.body.messages.map((m) => m.content), [0, 1, 2, 3, 4].map((i) => `kept ${i}`));
  },
  'CH-52 SIGTERM closes clients with 1001 and ends with 0': async () => {
    const own = makeDataDirectory();
    const other = await startServer(own);
    const m = await member(other.url, 'drain');
    const c = await connect(other.url, m.token);
    const ended = other.kill('SIGTERM');
    assert.equal((await within(c.closed, 'close')).code, 1001);
    assert.equal((await within(ended, 'exit', 8000)).code, 0);
    await c.end();
    removeDirectory(own);
  },
  'CH-53 the key is made at the first start and is the owner\'s alone': async () => {
    assert.ok(existsSync(join(data, 'jwt.key')));
    assert.equal(statSync(join(data, 'jwt.key')).mode & 0o777, 0o600);
  },
  'CH-53 config check, print and docs start nothing': async () => {
    const own = makeDataDirectory();
    const config = (verb, ...settings) => execFileSync(binary, ['config', verb, ...settings], { cwd: own, encoding: 'utf8', stdio: 'pipe' });
    assert.match(config('check'), /can be read/);
    assert.throws(() => config('check', '--server.prot=1'), /did you mean server\.port/);
    assert.throws(() => config('check', '--server.port=eighty'), /server\.port = 'eighty'/);
    writeFileSync(join(own, 'application.yaml'), 'jwt.secret-key: hush\nserver.port: 1234\n');
    assert.match(config('print'), /^jwt\.secret-key=\*{6}$/m);
    assert.match(config('print'), /^server\.port=1234$/m);
    assert.ok(!existsSync(join(own, 'data')));
    const page = readFileSync('docs/settings.md', 'utf8');
    assert.ok(page.endsWith(`\n${config('docs')}`), 'docs/settings.md is not what config docs prints');
    removeDirectory(own);
  },
  'a full disk is 5030, and passes': async () => {
    const own = makeDataDirectory();
    const small = await startServer(own);
    const limit = (octets) => execFileSync('prlimit', ['--pid', String(small.pid), `--fsize=${octets}:unlimited`]);
    const dora = await member(small.url, 'dora');
    const made = (await api(small.url, 'POST', '/api/rooms', { type: 'group', memberIds: [] }, dora.token)).body;
    const c = await connect(small.url, dora.token);
    const errors = await c.listen('/user/queue/errors');
    const messages = await c.listen(`/sub/chat/${made.roomNo}`);
    const say = (content, receipt) => c.send(`/pub/chat/${made.roomNo}`, { type: 'text', content }, receipt);
    limit(4096);
    say('x'.repeat(4000), 'lost');
    const error = await errors.next();
    assert.equal(error.body.code, '5030');
    assert.equal(error.headers['receipt-id'], 'lost');
    const refused = await api(small.url, 'POST', '/api/rooms', { type: 'group', memberIds: [] }, dora.token);
    assert.deepEqual([refused.status, refused.body.code], [503, '5030']);
    assert.equal((await api(small.url, 'GET', '/api/rooms', undefined, dora.token)).status, 200);
    limit('unlimited');
    await c.sendAndWait(`/pub/chat/${made.roomNo}`, { type: 'text', content: 'again' });
    assert.deepEqual([(await messages.next()).body].map((m) => [m.seq, m.content]), [[1, 'again']]);
    await c.end();
    await small.kill();
    removeDirectory(own);
  },
  'a database of a newer version is left alone': async () => {
    const own = makeDataDirectory();
    await (await startServer(own)).kill();
    assert.ok(!existsSync(join(own, 'chat.db-wal')) || statSync(join(own, 'chat.db-wal')).size === 0, 'the journal was left');
    execFileSync('sqlite3', [join(own, 'chat.db'), "INSERT INTO schema_version (version, name) VALUES (9999, 'later')"]);
    await assert.rejects(startServer(own), /"code":1.*version 9999/);
    removeDirectory(own);
  },
  'CH-5 failed logins are throttled for an id and for an address': async () => {
    const own = makeDataDirectory();
    const throttled = await startServer(own);
    try {
      await member(throttled.url, 'dora');
      await member(throttled.url, 'emil');
      const logIn = (loginId, password) => api(throttled.url, 'POST', '/api/login', { loginId, password });
      for (let i = 0; i < 5; ++i) assert.equal((await logIn(i % 2 ? 'dora' : 'DORA', 'wrong password')).status, 401);
      const refused = await logIn('dora', 'a long password');
      assert.equal(refused.status, 429);
      assert.equal(refused.body.code, '4290');
      assert.ok(refused.body.retryAfter > 50 && refused.body.retryAfter <= 60);
      assert.equal(refused.headers.get('retry-after'), String(refused.body.retryAfter));
      assert.equal((await logIn('emil', 'a long password')).status, 200);
      for (let i = 0; i < 15; ++i) assert.equal((await logIn(`nobody${i}`, 'wrong password')).status, 401);
      assert.equal((await logIn('emil', 'a long password')).status, 429);
    } finally {
      await throttled.kill('SIGKILL');
      removeDirectory(own);
    }
  },
  'CH-5 many wrong logins at once gain nothing': async () => {
    const own = makeDataDirectory();
    const throttled = await startServer(own);
    try {
      await member(throttled.url, 'dora');
      const statuses = await Promise.all(Array.from({ length: 15 }, async () =>
        (await api(throttled.url, 'POST', '/api/login', { loginId: 'dora', password: 'wrong password' })).status));
      assert.equal(statuses.filter((status) => status === 401).length, 5);
      assert.equal(statuses.filter((status) => status === 429).length, 10);
    } finally {
      await throttled.kill('SIGKILL');
      removeDirectory(own);
    }
  },
  'CH-13 CH-15 inviting, renaming and removing are announced in the room': async () => {
    const group = (await api(server.url, 'POST', '/api/rooms', { type: 'group', title: 'old', memberIds: [bob.id] }, alice.token)).body;
    const path = `/api/rooms/${group.roomNo}`;
    const watcher = await connect(server.url, bob.token);
    const live = await watcher.listen(`/sub/chat/${group.roomNo}`);
    const invited = await api(server.url, 'POST', `${path}/members`, { memberIds: [carol.id, bob.id] }, bob.token);
    assert.equal(invited.status, 200);
    assert.deepEqual(invited.body.members.map((m) => m.memberId), [alice.id, bob.id, carol.id]);
    const announcement = (await live.next()).body;
    assert.equal(announcement.type, 'system');
    assert.equal(announcement.content, 'invited');
    assert.deepEqual(announcement.members.map((m) => m.memberId), [carol.id]);
    assert.equal(announcement.unreadCount, 0);
    const renamed = await api(server.url, 'PATCH', path, { title: '새 이름', muted: true }, carol.token);
    assert.equal(renamed.status, 200);
    assert.equal(renamed.body.title, '새 이름');
    assert.equal(renamed.body.muted, true);
    assert.equal((await live.next()).body.content, 'renamed');
    assert.equal((await api(server.url, 'GET', path, undefined, bob.token)).body.muted, false);
    assert.equal((await api(server.url, 'PATCH', path, { title: 'x'.repeat(51) }, bob.token)).body.code, '4221');
    assert.equal((await api(server.url, 'DELETE', `${path}/members/${carol.id}`, undefined, bob.token)).body.code, '4030');

    const leaver = await connect(server.url, carol.token);
    const heard = await leaver.listen(`/sub/chat/${group.roomNo}`);
    const news = await leaver.listen('/user/queue/rooms');
    assert.equal((await api(server.url, 'DELETE', `${path}/members/${carol.id}`, undefined, alice.token)).status, 204);
    assert.equal((await live.next()).body.content, 'removed');
    for (;;) {
      const event = (await news.next()).body;
      if (event.event === 'removed' && event.roomNo === group.roomNo) break;
    }
    await watcher.sendAndWait(`/pub/chat/${group.roomNo}`, { content: 'without carol' });
    assert.equal((await live.next()).body.content, 'without carol');
    assert.ok(!heard.arrived.some((m) => m.body.content === 'without carol'));
    assert.equal((await api(server.url, 'GET', path, undefined, carol.token)).body.code, '4030');

    const direct = (await api(server.url, 'POST', '/api/rooms', { type: 'direct', memberIds: [bob.id] }, alice.token)).body;
    assert.equal((await api(server.url, 'POST', `/api/rooms/${direct.roomNo}/members`, { memberIds: [carol.id] }, alice.token)).body.code, '4050');
    assert.equal((await api(server.url, 'POST', `${path}/members`, { memberIds: [987654] }, alice.token)).body.code, '4040');
    watcher.end();
    leaver.end();
  },
  'races: invitations at once, removal while sending, leaving while resuming, the last member leaving twice': async () => {
    const ask = (method, path, body, who) => api(server.url, method, path, body, who.token);
    for (let round = 0; round < 8; ++round) {
      const group = (await ask('POST', '/api/rooms', { type: 'group', memberIds: [bob.id] }, alice)).body;
      const path = `/api/rooms/${group.roomNo}`;
      // Two invite the same one: one of them did it, both get the room.
      const invited = await Promise.all([alice, bob, alice, bob].map((by) => ask('POST', `${path}/members`, { memberIds: [carol.id] }, by)));
      assert.deepEqual(invited.map((r) => r.status), [200, 200, 200, 200]);
      const history = async () => (await ask('GET', `${path}/messages`, undefined, alice)).body.messages;
      assert.deepEqual((await history()).map((m) => m.content), ['invited']);
      assert.deepEqual((await ask('GET', path, undefined, alice)).body.members.map((m) => m.memberId), [alice.id, bob.id, carol.id]);

      // What is receipted is in the history before the removal; what is not is refused; nothing is behind it.
      const sender = await connect(server.url, carol.token);
      const errors = await sender.listen('/user/queue/errors');
      const receipted = new Set();
      for (let i = 0; i < 4; ++i) {
        sender.client.watchForReceipt(`${round}-${i}`, () => receipted.add(`${i}`));
        sender.send(`/pub/chat/${group.roomNo}`, { content: `${i}` }, `${round}-${i}`);
      }
      const removed = ask('DELETE', `${path}/members/${carol.id}`, undefined, alice);
      assert.equal((await removed).status, 204);
      for (let i = 0; i < 100 && receipted.size + errors.arrived.length < 4; ++i) await new Promise((done) => setTimeout(done, 20));
      assert.equal(receipted.size + errors.arrived.length, 4);
      assert.ok(errors.arrived.every((error) => error.body.code === '4030'));
      const texts = (await history()).slice(1);
      assert.equal(texts.at(-1).content, 'removed');
      assert.deepEqual(texts.slice(0, -1).map((m) => m.content).sort(), [...receipted].sort());
      await sender.end();

      // Bob leaves while he resumes: either he is refused or what he got ends there; nothing reaches him afterwards.
      const leaver = await connect(server.url, bob.token);
      const heard = [];
      leaver.client.subscribe(`/sub/chat/${group.roomNo}`, (frame) => heard.push(JSON.parse(frame.body)), { after: '0' });
      assert.equal((await ask('DELETE', `${path}/members/me`, undefined, bob)).status, 204);
      const writer = await connect(server.url, alice.token);
      await writer.sendAndWait(`/pub/chat/${group.roomNo}`, { content: 'without bob' });
      await new Promise((done) => setTimeout(done, 50));
      assert.ok(!heard.some((m) => m.content === 'without bob'));
      assert.deepEqual(heard.map((m) => m.seq), heard.map((_, k) => k + 1));
      for (const each of [leaver, writer]) await each.end();

      // The last one leaves twice at once: once it counts.
      const both = await Promise.all([1, 2].map(() => ask('DELETE', `${path}/members/me`, undefined, alice)));
      assert.deepEqual(both.map((r) => r.status).sort(), [204, 404]);
      assert.equal((await ask('GET', path, undefined, alice)).body.code, '4040');
    }
  },
  'CH-32 the dotted forms are the same room': async () => {
    const one = await connect(server.url, alice.token);
    const two = await connect(server.url, bob.token);
    const dotted = await one.listen(`/sub/chat.room.${room.roomNo}`);
    const plain = await two.listen(`/sub/chat/${room.roomNo}`);
    await one.sendAndWait('/pub/chat.message', { roomId: room.roomNo, content: 'dotted' });
    const [a, b] = [await dotted.next(), await plain.next()];
    assert.equal(a.headers.destination, `/sub/chat.room.${room.roomNo}`);
    assert.equal(b.headers.destination, `/sub/chat/${room.roomNo}`);
    assert.deepEqual(a.body, b.body);
    const stranger = await connect(server.url, carol.token);
    const errors = await stranger.listen('/user/queue/errors');
    stranger.client.subscribe(`/sub/chat.room.${room.roomNo}`, () => assert.fail('heard a room of others'));
    assert.equal((await errors.next()).body.code, '4030');
    stranger.send('/pub/chat.message.exception', {});
    assert.equal((await errors.next()).body.code, '4041');
    for (const each of [one, two, stranger]) each.end();
  },
  'CH-25 after gives what was missed, then what is live, without hole or duplicate': async () => {
    const group = (await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [bob.id] }, alice.token)).body;
    const destination = `/sub/chat/${group.roomNo}`;
    const writers = await Promise.all([alice, bob].map((m) => connect(server.url, m.token)));
    let sent = 0;
    let busy = true;
    const writing = writers.map(async (writer) => {
      while (busy) {
        sent += 1;
        writer.send(`/pub/chat/${group.roomNo}`, { content: `message ${sent}` });
        await new Promise((done) => setTimeout(done, 60));
      }
    });
    const reader = await connect(server.url, bob.token);
    for (let round = 0; round < 12; ++round) {
      const seqs = [];
      const receipt = uuid();
      let atReceipt;
      const acknowledged = new Promise((done) => reader.client.watchForReceipt(receipt, () => { atReceipt = seqs.length; done(); }));
      const after = round % 3;
      const subscription = reader.client.subscribe(destination, (frame) => seqs.push(JSON.parse(frame.body).seq), { after: String(after), receipt });
      await within(acknowledged, 'RECEIPT');
      const target = seqs.length + 3;
      for (let i = 0; seqs.length < target && i < 100; ++i) await new Promise((done) => setTimeout(done, 20));
      subscription.unsubscribe();
      assert.ok(atReceipt >= 0 && seqs.length >= target, `${seqs.length} of ${target}`);
      assert.deepEqual(seqs, Array.from(seqs, (_, i) => after + 1 + i));
    }
    busy = false;
    await Promise.all(writing);
    for (const each of [...writers, reader]) each.end();
  },
  'CH-25 a socket cut at any moment of a resume loses and doubles nothing': async () => {
    const group = (await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [bob.id] }, alice.token)).body;
    const path = `/pub/chat/${group.roomNo}`;
    const writer = await connect(server.url, alice.token);
    const stored = 40;
    for (let i = 1; i <= stored; ++i) await writer.sendAndWait(path, { content: `m${i}` });
    let busy = true;
    const writing = (async () => {
      for (let i = stored + 1; busy; ++i) {
        writer.send(path, { content: `m${i}` });
        await new Promise((done) => setTimeout(done, 70));
      }
    })();
    const seen = [];
    // Cut before CONNECTED is out, before the first message, behind each one, and at last not at all.
    for (let cut = -2; cut <= stored + 5; ++cut) {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/websocket-endpoint`);
      const room = [];
      await within(new Promise((done) => {
        socket.on('error', () => {});
        socket.on('close', done);
        socket.on('open', () => {
          socket.send(`CONNECT\naccept-version:1.2\nAuthorization:${bob.token}\n\n\0`);
          socket.send(`SUBSCRIBE\nid:1\ndestination:/sub/chat/${group.roomNo}\nafter:0\n\n\0`);
          if (cut === -2) socket.terminate();
        });
        socket.on('message', (text) => {
          if (cut === -1) return socket.terminate();
          if (!text.toString().startsWith('MESSAGE')) return;
          room.push(JSON.parse(text.toString().split('\n\n')[1].replace('\0', '')));
          if (room.length >= Math.max(cut, 1)) socket.terminate();
        });
      }), 'the cut');
      assert.deepEqual(room.map((m) => m.seq), room.map((_, k) => k + 1));
      // Then it resumes from what it has.
      const from = room.length;
      const again = new WebSocket(`${server.url.replace('http', 'ws')}/websocket-endpoint`);
      await within(new Promise((done) => {
        again.on('open', () => again.send(`CONNECT\naccept-version:1.2\nAuthorization:${bob.token}\n\n\0SUBSCRIBE\nid:1\ndestination:/sub/chat/${group.roomNo}\nafter:${from}\n\n\0`));
        again.on('message', (text) => {
          if (!text.toString().startsWith('MESSAGE')) return;
          room.push(JSON.parse(text.toString().split('\n\n')[1].replace('\0', '')));
          if (room.length >= stored + 3 && room.length > from) done();
        });
      }), 'the rest');
      again.terminate();
      assert.deepEqual(room.map((m) => m.seq), room.map((_, k) => k + 1), `cut at ${cut}`);
      assert.equal(new Set(room.map((m) => m.content)).size, room.length);
      seen.push(room.length);
    }
    assert.equal(seen.length, stored + 8);
    busy = false;
    await writing;
    await writer.end();
  },
  'CH-25 a gap, a bad after, and one at the end': async () => {
    const own = makeDataDirectory();
    const small = await startServer(own, { 'chat.replay.max': 3, 'chat.rate.messages-per-second': 0 });
    try {
      const ann = await member(small.url, 'anna');
      const group = (await api(small.url, 'POST', '/api/rooms', { type: 'group', memberIds: [] }, ann.token)).body;
      const session = await connect(small.url, ann.token);
      for (let i = 0; i < 10; ++i) await session.sendAndWait(`/pub/chat/${group.roomNo}`, { content: '글'.repeat(5000) });
      const newest = (await api(small.url, 'GET', `/api/rooms/${group.roomNo}/messages`, undefined, ann.token)).body.messages.at(-1).seq;
      const resume = async (after, id) => {
        const got = [];
        const receipt = uuid();
        const done = new Promise((ok) => session.client.watchForReceipt(receipt, ok));
        session.client.subscribe(`/sub/chat/${group.roomNo}`, (frame) => got.push(JSON.parse(frame.body)), { id, after: String(after), receipt });
        await within(done, 'RECEIPT');
        return got;
      };
      const got = await resume(1, 'gap');
      assert.deepEqual(got[0], { event: 'gap', from: 2, to: newest - 3 });
      assert.deepEqual(got.slice(1).map((m) => m.seq), [newest - 2, newest - 1, newest]);
      assert.deepEqual(await resume(newest, 'end'), []);
      assert.deepEqual(await resume(newest + 100, 'beyond'), []);
      const errors = await session.listen('/user/queue/errors');
      for (const after of ['-1', 'x', '']) {
        session.client.subscribe(`/sub/chat/${group.roomNo}`, () => assert.fail('subscribed'), { id: 'bad', after, receipt: 'never' });
        const error = await errors.next();
        assert.equal(error.body.code, '4002');
        assert.equal(error.headers['subscription-id'], 'bad');
        assert.equal(error.headers['receipt-id'], 'never');
      }
      session.end();
    } finally {
      await small.kill('SIGKILL');
      removeDirectory(own);
    }
  },
  'CH-34 an expired session ends after the grace unless it is given a new token': async () => {
    const own = makeDataDirectory();
    const strict = await startServer(own, { 'jwt.access-token-ttl': '2s', 'auth.grace': '1s' });
    try {
      const ann = await member(strict.url, 'anna');
      const ben = await member(strict.url, 'benn');
      const silent = await connect(strict.url, ann.token);
      const ended = new Promise((done) => (silent.client.onStompError = done));
      const renewing = await connect(strict.url, ann.token);
      const errors = await renewing.listen('/user/queue/errors');
      renewing.send('/pub/auth/refresh', { accessToken: ben.token });
      assert.equal((await errors.next()).body.code, '4030');
      renewing.send('/pub/auth/refresh', { accessToken: 'no token' });
      assert.equal((await errors.next()).body.code, '4013');
      const begun = Date.now();
      const renewed = setInterval(async () => {
        const login = await api(strict.url, 'POST', '/api/login', { loginId: 'anna', password: 'a long password' });
        renewing.send('/pub/auth/refresh', { accessToken: login.body.accessToken });
      }, 1000);
      const frame = await within(ended, 'ERROR');
      assert.equal(frame.headers.message, '4011');
      assert.equal((await within(silent.closed, 'close')).code, 1002);
      assert.ok(Date.now() - begun > 1000);
      await new Promise((done) => setTimeout(done, 2000));
      clearInterval(renewed);
      assert.ok(renewing.client.connected);
      renewing.end();
    } finally {
      await strict.kill('SIGKILL');
      removeDirectory(own);
    }
  },
  'CH-34 told to report, an expired session stays and is refused until it has a new token': async () => {
    const own = makeDataDirectory();
    const lenient = await startServer(own, { 'jwt.access-token-ttl': '1s', 'auth.expiry': 'report', 'auth.grace': '1s' });
    try {
      const ann = await member(lenient.url, 'anna');
      const login = async () => (await api(lenient.url, 'POST', '/api/login', { loginId: 'anna', password: 'a long password' })).body.accessToken;
      const group = (await api(lenient.url, 'POST', '/api/rooms', { type: 'group', memberIds: [] }, ann.token)).body;
      const session = await connect(lenient.url, await login());
      const errors = await session.listen('/user/queue/errors');
      await new Promise((done) => setTimeout(done, 2500));
      assert.ok(session.client.connected);
      session.send(`/pub/chat/${group.roomNo}`, { content: 'too late' }, 'late');
      const refused = await errors.next();
      assert.deepEqual([refused.body.code, refused.headers['receipt-id']], ['4011', 'late']);
      session.send('/pub/auth/refresh', { accessToken: await login() });
      await session.sendAndWait(`/pub/chat/${group.roomNo}`, { content: 'in time' });
      await session.end();
    } finally {
      await lenient.kill('SIGKILL');
      removeDirectory(own);
    }
  },
  'chat.md 7: reasons in English and Korean': async () => {
    const get = async (language, path = '/api/rooms/987654', token = alice.token) =>
      (await (await fetch(server.url + path, { headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(language ? { 'Accept-Language': language } : {}) } })).json());
    const korean = { code: '4040', reason: '찾을 수 없습니다.' };
    assert.deepEqual(await get('ko-KR,ko;q=0.9,en;q=0.8'), korean);
    assert.match((await get('en-US,en;q=0.9,ko;q=0.8')).reason, /^[\x20-\x7e]+$/);
    assert.match((await get()).reason, /^[\x20-\x7e]+$/);
    assert.match((await get('fr')).reason, /^[\x20-\x7e]+$/);
    assert.deepEqual(await get('en;q=0.1, ko'), korean);
    const stale = signed({ sub: String(alice.id), exp: 1 });
    assert.equal((await get(undefined, '/api/rooms', stale)).reason, '만료된 JWT 토큰입니다.');
    assert.equal((await get('en', '/api/rooms', stale)).reason, 'The token has expired.');
    const response = await fetch(server.url + '/api/members', { method: 'POST', body: '{"loginId":"x","password":"y","name":"z"}',
      headers: { 'Content-Type': 'application/json', 'Accept-Language': 'ko' } });
    const invalid = await response.json();
    assert.equal(invalid.reason, '입력값이 올바르지 않습니다.');
    assert.equal(invalid.errors.length, 2);

    for (const [language, reason] of [['ko', '접근 권한이 없습니다.'], ['en', 'Not a member of this room.']]) {
      const session = await connect(server.url, carol.token, { 'accept-language': language });
      const errors = await session.listen('/user/queue/errors');
      session.client.subscribe(`/sub/chat/${room.roomNo}`, () => {});
      assert.equal((await errors.next()).body.reason, reason);
      session.end();
    }
    const refused = await connect(server.url, stale, { 'accept-language': 'en' });
    assert.equal(JSON.parse(refused.error.body).reason, 'The token has expired.');
    refused.end();
  },
  'CH-62 storage.url puts the database elsewhere; what it cannot be is refused': async () => {
    const [own, elsewhere] = [makeDataDirectory(), makeDataDirectory()];
    const split = await startServer(own, { 'storage.url': `sqlite:${join(elsewhere, 'deep')}` });
    await split.kill();
    assert.ok(existsSync(join(own, 'jwt.key')) && !existsSync(join(own, 'chat.db')));
    assert.ok(existsSync(join(elsewhere, 'deep', 'chat.db')));
    for (const wrong of [{ 'storage.url': 'mysql://localhost' }, { 'storage.url': 'sqlite:' }, { 'history.url': 'sqlite:/x' }]) {
      await assert.rejects(startServer(own, wrong), new RegExp(Object.keys(wrong)[0]));
    }
    for (const path of [own, elsewhere]) removeDirectory(path);
  },
  'the guide: a backup taken while it runs can be restored': async () => {
    const [own, backup] = [makeDataDirectory(), makeDataDirectory()];
    let running = await startServer(own);
    const erin = await member(running.url, 'erin');
    const made = (await api(running.url, 'POST', '/api/rooms', { type: 'group', memberIds: [] }, erin.token)).body;
    const c = await connect(running.url, erin.token);
    await c.sendAndWait(`/pub/chat/${made.roomNo}`, { content: 'kept' });
    execFileSync('sqlite3', [join(own, 'chat.db'), `.backup '${join(backup, 'chat.db')}'`]);
    writeFileSync(join(backup, 'jwt.key'), readFileSync(join(own, 'jwt.key')), { mode: 0o600 });
    await c.sendAndWait(`/pub/chat/${made.roomNo}`, { content: 'after the backup' });
    await c.end();
    await running.kill();
    running = await startServer(backup);
    const { body } = await api(running.url, 'GET', `/api/rooms/${made.roomNo}/messages`, undefined, erin.token);
    assert.deepEqual(body.messages.map((m) => m.content), ['kept']);
    await running.kill();
    for (const path of [own, backup]) removeDirectory(path);
  },
  'the guide: a chat in ten minutes': async () => {
    const program = join(dirname(binary), 'docs/examples/example-chat');
    const child = spawn(program, ['--server.port=0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const url = await new Promise((done) => child.stdout.on('data', (text) => done(/ready (http:\S+)/.exec(text)[1])));
      const client = new Client({ brokerURL: `${url.replace('http', 'ws')}/ws`, reconnectDelay: 0 });
      await within(new Promise((done) => { client.onConnect = done; client.activate(); }), 'CONNECTED');
      const heard = [];
      const refused = [];
      client.subscribe('/user/queue/errors', (frame) => refused.push(JSON.parse(frame.body).reason));
      client.subscribe('/topic/rooms/7', (frame) => heard.push(JSON.parse(frame.body)));
      const say = (text) => within(new Promise((done) => {
        const receipt = uuid();
        client.watchForReceipt(receipt, done);
        client.publish({ destination: '/pub/rooms/7', headers: { 'content-type': 'application/json', receipt }, body: JSON.stringify({ author: 'Kim', text }) });
      }), 'RECEIPT');
      await say('warm?');
      const sofar = await within(new Promise((done) => client.subscribe('/pub/rooms/7', (frame) => done(JSON.parse(frame.body)))), 'the answer to a subscription');
      assert.deepEqual(sofar, [{ room: 7, number: 1, author: 'Kim', text: 'warm?' }]);
      client.publish({ destination: '/pub/rooms/7', headers: { 'content-type': 'application/json' }, body: '{"author":"Kim","text":""}' });
      await say('yes');
      assert.deepEqual(heard.map((said) => said.text), ['warm?', 'yes']);
      assert.deepEqual(refused, ['Say something.']);
      assert.equal((await (await fetch(`${url}/rooms/7`)).json()).length, 2);
      await client.deactivate();
    } finally {
      child.kill();
    }
  },
  'what cannot start says why and ends with 1': async () => {
    const fails = async (directory, options, text) => {
      await assert.rejects(startServer(directory, options), (error) => {
        assert.match(error.message, text);
        assert.match(error.message, /"code":1/);
        return true;
      });
    };
    const own = makeDataDirectory();
    await fails(own, { 'server.port': server.port }, /cannot listen on 127\.0\.0\.1:\d+: Address already in use/);
    await fails(own, { 'jwt.secret-key': 'c2hvcnQ=' }, /at least 32/);
    await fails(own, { 'server.port': 'eighty' }, /server\.port = 'eighty'/);
    await fails(data, {}, /chat|director/i);
    writeFileSync(join(own, 'chat.db'), 'this is no database, and long enough to show it'.repeat(100));
    await fails(own, {}, /chat\.db|database/);
    removeDirectory(own);
  },
};

const status = await runTests(tests);
await server.kill('SIGKILL');
removeDirectory(data);
process.exit(status);
