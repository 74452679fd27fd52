// The STOMP 1.2 that a server without one needs: CONNECT, SUBSCRIBE, UNSUBSCRIBE, SEND, DISCONNECT, receipts. A SEND
// becomes one text per subscription id of its destination; the transport publishes that text to the topic of
// (destination, id). No token is checked and no heart-beat offered: less than our server does.
import { randomBytes } from 'node:crypto';

const CONNECTED = 'CONNECTED\nversion:1.2\nheart-beat:0,0\n\n\0';

export class StompLayer {
  // transport: send(connection, text), join(connection, topic), leave(connection, topic), publish(topic, text).
  constructor(transport) {
    this.transport = transport;
    this.destinations = new Map();  // destination → Map(subscription id → {topic, subscribers})
    this.run = randomBytes(6).toString('hex');
    this.messages = 0;
  }

  // connection.subscriptions: undefined, or Map(subscription id → destination)
  received(connection, text) {
    const lineEnd = text.indexOf('\n');
    if (lineEnd <= 0) return;  // a heart-beat
    const command = text.slice(0, lineEnd);
    if (command === 'SEND') return this.#send(connection, text, lineEnd);
    const headerEnd = text.indexOf('\n\n', lineEnd - 1);
    const head = text.slice(lineEnd, headerEnd < 0 ? text.length : headerEnd + 1);
    switch (command) {
      case 'CONNECT':
      case 'STOMP': return this.transport.send(connection, CONNECTED);
      case 'SUBSCRIBE': this.#subscribe(connection, header(head, 'id'), header(head, 'destination')); break;
      case 'UNSUBSCRIBE': this.#unsubscribe(connection, header(head, 'id')); break;
      case 'DISCONNECT': break;
      default: return this.transport.send(connection, `ERROR\nmessage:unknown command\n\n\0`);
    }
    this.#receipt(connection, head);
  }

  closed(connection) {
    for (const id of connection.subscriptions?.keys() ?? []) this.#unsubscribe(connection, id);
  }

  #send(connection, text, lineEnd) {
    const headerEnd = text.indexOf('\n\n', lineEnd);
    const head = text.slice(lineEnd, headerEnd + 1);
    const destination = header(head, 'destination');
    const ids = this.destinations.get(destination);
    if (ids) {
      const type = header(head, 'content-type');
      const { body, length } = bodyOf(text, headerEnd + 2, header(head, 'content-length'));
      const tail = '\ndestination:' + destination + (type === undefined ? '' : '\ncontent-type:' + type) +
        '\nmessage-id:' + this.run + '-' + this.messages++ + '\ncontent-length:' + length + '\n\n' + body + '\0';
      for (const [id, entry] of ids) this.transport.publish(entry.topic, 'MESSAGE\nsubscription:' + id + tail);
    }
    this.#receipt(connection, head);
  }

  #subscribe(connection, id, destination) {
    this.#unsubscribe(connection, id);  // an id in use changes its destination
    let ids = this.destinations.get(destination);
    if (!ids) this.destinations.set(destination, (ids = new Map()));
    let entry = ids.get(id);
    if (!entry) ids.set(id, (entry = { topic: destination + '\n' + id, subscribers: 0 }));
    entry.subscribers++;
    (connection.subscriptions ??= new Map()).set(id, destination);
    this.transport.join(connection, entry.topic);
  }

  #unsubscribe(connection, id) {
    const destination = connection.subscriptions?.get(id);
    if (destination === undefined) return;
    connection.subscriptions.delete(id);
    const ids = this.destinations.get(destination);
    const entry = ids.get(id);
    this.transport.leave(connection, entry.topic);
    if (--entry.subscribers > 0) return;
    ids.delete(id);
    if (ids.size === 0) this.destinations.delete(destination);
  }

  #receipt(connection, head) {
    const receipt = header(head, 'receipt');
    if (receipt !== undefined) this.transport.send(connection, 'RECEIPT\nreceipt-id:' + receipt + '\n\n\0');
  }
}

// Header values are passed on as they were written, escapes included.
function header(head, name) {
  const at = head.indexOf('\n' + name + ':');
  if (at < 0) return undefined;
  const from = at + name.length + 2;
  return head.slice(from, head.indexOf('\n', from));
}

// content-length counts octets; without it the body ends at the first NUL.
function bodyOf(text, from, contentLength) {
  if (contentLength === undefined) {
    const body = text.slice(from, text.indexOf('\0', from));
    return { body, length: Buffer.byteLength(body) };
  }
  const length = Number(contentLength);
  if (text.length - from === length + 1) return { body: text.slice(from, -1), length };  // all of it ASCII
  return { body: Buffer.from(text.slice(from)).toString('utf8', 0, length), length };
}
