// npm `ws` with the STOMP layer: a loop over the sockets of a topic.
import { WebSocketServer } from 'ws';
import { StompLayer } from './stomp_layer.mjs';

const TEXT = { binary: false, compress: false };
const topics = new Map();  // topic → Set of sockets

const layer = new StompLayer({
  send: (socket, text) => socket.send(text, TEXT),
  join: (socket, topic) => {
    const sockets = topics.get(topic);
    if (sockets) sockets.add(socket);
    else topics.set(topic, new Set([socket]));
  },
  leave: (socket, topic) => {
    const sockets = topics.get(topic);
    sockets.delete(socket);
    if (sockets.size === 0) topics.delete(topic);
  },
  publish: (topic, text) => {
    const octets = Buffer.from(text);  // encoded once for all
    for (const socket of topics.get(topic)) socket.send(octets, TEXT);
  },
});

const server = new WebSocketServer({
  host: '127.0.0.1', port: 0, backlog: 4096, perMessageDeflate: false, clientTracking: false, maxPayload: 128 * 1024,
  handleProtocols: (offered) => offered.has('v12.stomp') && 'v12.stomp',
});
server.on('connection', (socket) => {
  socket.on('message', (octets) => layer.received(socket, octets.toString()));
  socket.on('close', () => layer.closed(socket));
  socket.on('error', () => {});  // 'close' follows
});
server.on('listening', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
