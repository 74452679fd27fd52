// uWebSockets.js with the STOMP layer: subscribe and publish are its own, in C++.
import { native } from './uws_native.mjs';
import { StompLayer } from './stomp_layer.mjs';

const uws = native();
const app = uws.App();
const layer = new StompLayer({
  send: (socket, text) => socket.send(text),
  join: (socket, topic) => socket.subscribe(topic),
  leave: (socket, topic) => { if (!socket.gone) socket.unsubscribe(topic); },
  publish: (topic, text) => app.publish(topic, text),
});

app.ws('/*', {
  compression: uws.DISABLED,
  maxPayloadLength: 128 * 1024,
  maxBackpressure: 64 * 1024 * 1024,  // the default skips a slow subscriber's messages silently
  idleTimeout: 0,
  maxLifetime: 0,
  sendPingsAutomatically: false,
  message: (socket, octets) => layer.received(socket, Buffer.from(octets).toString()),
  close: (socket) => { socket.gone = true; layer.closed(socket); },
}).listen('127.0.0.1', 0, (listener) => {
  if (!listener) throw new Error('cannot listen');
  console.log(`ready http://127.0.0.1:${uws.us_socket_local_port(listener)}`);
});
