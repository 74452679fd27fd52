// Writes the corpora: small inputs, valid and nearly valid. Run it again after a change here; the files are committed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, constants } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
function write(target, seeds) {
  const folder = join(here, 'corpus', target);
  mkdirSync(folder, { recursive: true });
  seeds.forEach((seed, i) => writeFileSync(join(folder, String(i).padStart(2, '0')), seed));
}
const cut = (step, text) => Buffer.concat([Buffer.from([step]), Buffer.from(text, 'latin1')]);

const get = 'GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n';
write('http_head_fuzz', [
  get, get + get, 'GET / HTTP/1.0\r\n\r\n', 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello',
  'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a="b"\r\nhello\r\n0\r\nT: r\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
  'GET http://y/z HTTP/1.1\r\nHost: x\r\n\r\n', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HTTP/1.1\nHost: x\n\n',
  'GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n', 'GET /\r\n\r\n', 'GET / HTTP/2.0\r\n\r\n',
  'PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx', '\r\n\r\n' + get, 'PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n',
].map((text, i) => cut(i, text)));
write('http_uri_fuzz', ['/', '/a/b', '/%ED%95%9C/x', '/a%2Fb', '/a%zz', '/..//.', 'a=b&c=d+e', 'a=%00', '=&=&', '/a;b=c/d', '/\xff']
  .map((text) => Buffer.from(text, 'latin1')));

function frame(first, payload, mask = [1, 2, 3, 4]) {
  const body = Buffer.from(payload, 'latin1').map((octet, i) => octet ^ mask[i % 4]);
  const length = body.length < 126 ? [0x80 | body.length] : [0xfe, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([first, ...length, ...mask]), body]);
}
const packed = (text) => {
  const octets = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
  return octets.subarray(0, octets.length - 4);
};
const frames = [
  frame(0x81, 'hello'), frame(0x82, '\x00\xff'), Buffer.concat([frame(0x01, 'he'), frame(0x89, 'p'), frame(0x80, 'llo')]),
  frame(0x88, '\x03\xe8bye'), frame(0x8a, ''), frame(0x81, 'x'.repeat(300)), frame(0x81, '\xed\x95\x9c'), frame(0x81, '\xff'),
  frame(0x88, '\x03\xed'), Buffer.from([0x81, 0x01, 0x78]), frame(0xc1, packed('hello hello hello').toString('latin1')),
  Buffer.concat([frame(0x41, packed('hello').toString('latin1').slice(0, 3)), frame(0x80, packed('hello').toString('latin1').slice(3))]),
];
write('websocket_receiver_fuzz', frames.flatMap((f, i) => [Buffer.concat([Buffer.from([i]), f]), Buffer.concat([Buffer.from([0x80 | i]), f])]));
write('websocket_inflate_fuzz', [packed('hello'), packed(''), packed('a'.repeat(60_000)), packed('{"content":"안녕하세요"}'.repeat(20)),
  deflateRawSync('final block'), Buffer.from('000500faff48656c6c6f00', 'hex'), Buffer.from('f248050000 00ffffcac9c90700'.replaceAll(' ', ''), 'hex'),
  Buffer.from('ffffffff', 'hex'), Buffer.from('0600', 'hex')]);
write('stomp_decoder_fuzz', [
  'CONNECT\naccept-version:1.2\nheart-beat:0,0\nhost:x\n\n\0', 'STOMP\r\nlogin:a\r\npasscode:b\r\n\r\n\0', 'SEND\ndestination:/a\n\nbody\0',
  'SEND\ndestination:/a\ncontent-length:3\n\na\0b\0', 'SEND\na\\cb:c\\nd\n\n\0', 'SEND\na:\\x\n\n\0', '\n\n\r\n', 'SUBSCRIBE\nid:1\ndestination:/a\n\n\0',
  'SUBSCRIBE\nid:1\n\nbody\0', 'SEND\ncontent-length:-1\n\nx\0', 'SEND\ncontent-length:99999999\n\nx\0', 'MESSAGE\ncontent-type:text/plain;charset=utf-8\n\nx\0',
  'ACK\nid:1\n\n\0NACK\nid:1\n\n\0', 'SEND\rx', 'HELLO\n\n\0', 'SEND\nheart-beat:1,a\n\n\0', 'ERROR\nmessage:x\n\n\0\0', 'SEND\na:1\na:2\n\n\xff\0',
].map((text, i) => cut(i, text)));
write('json_document_fuzz', ['{"leaves":[{"number":1,"text":"x"}],"map":{"a":1.5}}', '{"leaves":[],"map":{}}', '{"leaves":[{"number":1e3}]}',
  '{"leaves":null}', '{"a":', '[]', '"\\ud83d\\ude00"', '{"map":{"a":1e400}}', '['.repeat(200), '{"leaves":[{"number":99999999999}]}', '{"leaves":[{"text":null}]}']);
const b64 = (text) => Buffer.from(text).toString('base64url');
write('security_jwt_fuzz', [`${b64('{"alg":"HS256"}')}.${b64('{"sub":"1"}')}.${b64('x'.repeat(32))}`, `${b64('{"alg":"none"}')}.${b64('{"sub":"1"}')}.`,
  `${b64('{"alg":"RS256"}')}.${b64('{}')}.${b64('y')}`, 'a.b.c', '..', 'Bearer x', `${b64('{"alg":"HS512","typ":"JWT"}')}.${b64('{"exp":1}')}.AA`]);
write('bind_pattern_fuzz', ['/a/*\0/a/b', '/**/x\0/a/b/x', '/{a}/{b}\0/1/2', '/a?c\0/abc', '/*a*b*c\0/aabbcc', '/{a\0/x', '/{a:b}\0/x', '/a*/\0/ab/', '{a}.{b}\0x.y']);
