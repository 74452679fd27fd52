// HTTP/1.1 against hostile clients: what is malformed is answered with its status and closed, and nobody else notices.
import assert from 'node:assert/strict';
import { exchange, Raw, startFixture } from './raw.mjs';

const server = await startFixture('fixture-echo', { 'server.head-timeout': '700ms', 'server.body-timeout': '900ms' });
const { port } = server;
const status = (text) => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
const good = 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const chunked = (body) => `POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;

// [name, octets, status]: each is answered so, once, and the connection is closed.
const refused = [
  ['no version', 'GET /\r\n\r\n', 400], ['no target', 'GET HTTP/1.1\r\nHost: x\r\n\r\n', 400], ['no method', ' / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['two blanks before the target', 'GET  / HTTP/1.1\r\nHost: x\r\n\r\n', 400], ['a tab between', 'GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['two blanks before the version', 'GET /  HTTP/1.1\r\nHost: x\r\n\r\n', 400], ['a blank in the target', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['HTTP/2', 'GET / HTTP/2.0\r\nHost: x\r\n\r\n', 505], ['HTTP/1.2', 'GET / HTTP/1.2\r\nHost: x\r\n\r\n', 505], ['HTTP/0.9 with a version', 'GET / HTTP/0.9\r\nHost: x\r\n\r\n', 505],
  ['a lower-case version', 'GET / http/1.1\r\nHost: x\r\n\r\n', 400], ['a version of three numbers', 'GET / HTTP/1.1.1\r\nHost: x\r\n\r\n', 400],
  ['a long method', `${'A'.repeat(40)} / HTTP/1.1\r\nHost: x\r\n\r\n`, 501], ['a method that is no token', 'GE(T / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 405], ['a long target', `GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
  ['a fragment', 'GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n', 400], ['an authority as target', 'GET x:80 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a star for GET', 'GET * HTTP/1.1\r\nHost: x\r\n\r\n', 400], ['another scheme', 'GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['a relative target', 'GET a/b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400], ['two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n', 400], ['a host with a user', 'GET / HTTP/1.1\r\nHost: a@x\r\n\r\n', 400],
  ['a host with a blank', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400], ['a host with a slash', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
  ['a blank before the colon', 'GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n', 400], ['a tab before the colon', 'GET / HTTP/1.1\r\nHost: x\r\nA\t: b\r\n\r\n', 400],
  ['no name', 'GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n', 400], ['no colon', 'GET / HTTP/1.1\r\nHost: x\r\nA b\r\n\r\n', 400],
  ['a folded line', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n', 400], ['a folded first line', 'GET / HTTP/1.1\r\n Host: x\r\n\r\n', 400],
  ['a name with a parenthesis', 'GET / HTTP/1.1\r\nHost: x\r\nA(: b\r\n\r\n', 400], ['a NUL in a value', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n', 400],
  ['a NUL in a name', 'GET / HTTP/1.1\r\nHost: x\r\nA\0: b\r\n\r\n', 400], ['a bare CR in a value', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n', 400],
  ['bare LFs', 'GET / HTTP/1.1\nHost: x\n\n', 400], ['a bare LF at one line', 'GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n', 400], ['a bare LF at the end', 'GET / HTTP/1.1\r\nHost: x\r\n\n', 400],
  ['a bare CR at the end', 'GET / HTTP/1.1\r\nHost: x\r\n\rX', 400], ['a large head', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(17000)}\r\n\r\n`, 431],
  ['many headers', `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(101)}\r\n`, 431],
  ['both lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  ['both lengths, turned', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n', 400],
  ['two different lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello', 400],
  ['two equal lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello', 400],
  ['a list of lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello', 400],
  ...['-1', '+5', '0x5', '5 5', '', '5a', '1e1', '99999999999999999999', ' ', '٥'].map((length) =>
    [`a length of '${length}'`, Buffer.from(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\nhello`), 400]),
  ['too long a body', `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${18 * 1024 * 1024}\r\n\r\n`, 413],
  ['an unknown coding', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n', 501], ['identity', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n', 501],
  ['chunked twice', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n', 400],
  ['chunked first', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n', [400, 501]],
  ['xchunked', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n', 501],
  ['a vertical tab in the coding', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n', [400, 501]],
  ['a coding in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  ...['-5', '+5', '0x5', 'g', '', ' 5', '5 ', 'ffffffffffffffff', '10000000000000000', '5_0', '5\t'].map((size) => [`a chunk of '${size}'`, chunked(`${size}\r\nhello\r\n0\r\n\r\n`), [400, 413]]),
  ['a chunk without its end', chunked('5\r\nhelloX\r\n0\r\n\r\n'), 400], ['a chunk that ends in LF', chunked('5\r\nhello\n0\r\n\r\n'), 400], ['a size that ends in LF', chunked('5\nhello\r\n0\r\n\r\n'), 400],
  ['a large chunk', chunked(`${(18 * 1024 * 1024).toString(16)}\r\n`), 413], ['a bare CR in an extension', chunked('5;a\rb\r\nhello\r\n0\r\n\r\n'), 400],
  ['another expectation', 'POST / HTTP/1.1\r\nHost: x\r\nExpect: something\r\nContent-Length: 1\r\n\r\nx', 417],
  ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex'), 400], ['octets of no kind', Buffer.from([0xff, 0xfe, 0, 1, 2, 13, 10, 13, 10]), 400],
  ['a SIP request', 'OPTIONS sip:a@b SIP/2.0\r\n\r\n', 400],
];

export const tests = {
  ...Object.fromEntries(refused.flatMap(([name, octets, expected]) => [0, 1].map((step) => [
    `refused${step ? ', octet by octet' : ''}: ${name}`, async () => {
      if (step && octets.length > 2000) return;
      const text = await exchange(port, octets, { step });
      assert.ok([expected].flat().includes(status(text)), `answered ${JSON.stringify(text.slice(0, 60))}`);
      assert.equal(text.match(/HTTP\/1\.1 /g).length, 1, 'answered more than once');
      assert.match(text, /\r\nConnection: close\r\n/i);
    }]))),
  'nothing is smuggled behind a refused request': async () => {
    const text = await exchange(port, `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${good}`);
    assert.equal(text.match(/HTTP\/1\.1 /g).length, 1);
  },
  'a pipeline is answered in order, up to what is malformed': async () => {
    const post = (body) => `POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const text = await exchange(port, `${post('one')}${chunked('3\r\ntwo\r\n0\r\n\r\n')}${post('three')}garbage\r\n\r\n${good}`);
    assert.deepEqual(text.match(/HTTP\/1\.1 \d{3}/g), ['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400']);
    assert.ok(text.indexOf('one') < text.indexOf('two') && text.indexOf('two') < text.indexOf('three'));
  },
  'chunks with extensions and trailers are one body': async () => {
    const text = await exchange(port, `${chunked('5;a="b;c"\r\nhello\r\n1;x\r\n!\r\n0\r\nTrailer: x\r\nContent-Length: 7\r\n\r\n')}${good}`);
    assert.deepEqual(text.match(/HTTP\/1\.1 \d{3}/g), ['HTTP/1.1 200', 'HTTP/1.1 200']);
    assert.match(text, /\r\n\r\nhello!HTTP/);
  },
  'an absolute target is taken': async () => assert.equal(status(await exchange(port, 'GET http://y/z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')), 200),
  'who expects is told to continue': async () => {
    const raw = new Raw(port);
    await raw.write('POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n');
    await raw.until((all) => all.includes('HTTP/1.1 100 Continue\r\n\r\n'));
    await raw.write('hello');
    await raw.end();
    assert.match(raw.text(), /HTTP\/1\.1 200 [^]*hello$/);
  },
  'HEAD has no body': async () => {
    const text = await exchange(port, `HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n${good}`);
    assert.equal(text.match(/HTTP\/1\.1 200/g).length, 2);
  },
  'a head that drips is cut off with 408': async () => {
    const begin = Date.now();
    const raw = new Raw(port);
    const drip = setInterval(() => raw.gone || raw.write('A'), 100);
    await raw.write('GET / HTTP/1.1\r\nHost: x\r\nX: ');
    await raw.end();
    clearInterval(drip);
    assert.equal(status(raw.text()), 408);
    assert.ok(Date.now() - begin < 4500);
  },
  'a body that drips is cut off with 408': async () => {
    const raw = new Raw(port);
    const drip = setInterval(() => raw.gone || raw.write('A'), 100);
    await raw.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n');
    await raw.end();
    clearInterval(drip);
    assert.equal(status(raw.text()), 408);
  },
  'a body of 17 MiB comes back': async () => {
    const size = 17 * 1024 * 1024;
    const raw = new Raw(port);
    await raw.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`);
    void raw.write(Buffer.alloc(size, 'x'));
    await raw.end(20_000);
    assert.equal(raw.received.length - raw.text().indexOf('\r\n\r\n') - 4, size);
  },
  'the server is well after all this': async () => {
    assert.equal(status(await exchange(port, good)), 200);
    assert.ok(server.running());
  },
};
export const stop = () => server.stop();
