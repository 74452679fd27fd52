// A STOMP client of a page, for thousands of frames a second: what it gets goes to three callbacks.
import { WebSocket } from '../node/node_modules/ws/wrapper.mjs';

export class Stomp {
  constructor(url, token, parse = JSON.parse) {
    this.parse = parse;
    this.onMessage = () => {};
    this.onReceipt = () => {};
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/websocket-endpoint`);
    this.closed = new Promise((done) => this.socket.once('close', done));
    this.connected = new Promise((done, fail) => {
      this.fail = fail;
      this.done = done;
    });
    this.connected.catch(() => {});
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('closed')));
    this.socket.on('open', () => this.frame('CONNECT', { 'accept-version': '1.2', 'heart-beat': '0,0', Authorization: token }));
    this.socket.on('message', (data) => this.received(data.toString()));
  }

  frame(command, headers, body = '') {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`).join('');
    this.socket.send(`${command}\n${lines}\n${body}\0`);
    return true;
  }

  received(text) {
    if (text === '\n') return;
    const end = text.indexOf('\n\n');
    const [command, ...lines] = text.slice(0, end).split('\n');
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
    const body = text.slice(end + 2, text.lastIndexOf('\0'));
    if (command === 'CONNECTED') this.done();
    else if (command === 'RECEIPT') this.onReceipt(headers['receipt-id']);
    else if (command === 'MESSAGE') this.onMessage(this.parse(body), headers);
    else this.fail(new Error(text));
  }

  end() {
    this.socket.terminate();
    return this.closed;
  }
}
