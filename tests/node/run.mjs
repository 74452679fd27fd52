// A real ondol-chat, spoken to by stomp.js as its users do.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
