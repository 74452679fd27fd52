// The peers of a run: which are there, and their servers. A server is started afresh for each run, but for those that
// need warming (`warmUp`, seconds) or a long start (`keep`): they stay, and are stopped by SIGSTOP while others run.
import { setTimeout as sleep } from 'node:timers/promises';
import * as ondol from '../peers/ondol.mjs';
import * as floor from '../peers/floor.mjs';
import * as uws from '../peers/uws.mjs';
import * as ws from '../peers/ws.mjs';
import * as rabbitmq from '../peers/rabbitmq.mjs';
import * as spring from '../peers/spring.mjs';
import * as chat from '../peers/chat.mjs';
import * as sqlite from '../peers/sqlite.mjs';
import { LOAD_CORE, runToEnd, signalTree } from './process.mjs';

const PEERS = [ondol, floor, uws, ws, rabbitmq, spring, chat, sqlite];
const QUICK_WARM_UP = 10;
const SETTLE_MS = 1000;  // for what a stopped server missed: connections that were closed

export const peerOf = (contender) => PEERS.find((peer) => peer.name === contender.peer);
export const titleOf = (contender) => contender.title ?? peerOf(contender).title;

export class Peers {
  #kept = new Map();  // name → server
  #usable = new Map();

  constructor({ quick, skipped, wanted }) {
    Object.assign(this, { quick, skipped, wanted });
  }

  async usable(contender) {
    const peer = peerOf(contender);
    if (this.wanted && !peer.own && !this.wanted.includes(peer.name)) return false;
    if (!this.#usable.has(peer)) {
      const reason = await peer.missing();
      if (reason) this.skipped.push({ what: `peer ${peer.name}`, reason });
      this.#usable.set(peer, !reason);
    }
    return this.#usable.get(peer);
  }

  async get(contender, workload, generator) {
    const peer = peerOf(contender);
    const options = { config: workload.config, ...contender.start };
    if (!peer.keep || contender.fresh) return peer.start(options);
    let server = this.#kept.get(peer.name);
    if (server) {
      signalTree(server.pid, 'SIGCONT');
      await sleep(SETTLE_MS);
      return server;
    }
    server = await peer.start(options);
    this.#kept.set(peer.name, server);
    if (peer.warmUp) await this.#warm(server, peer.warmUp, generator);
    return server;
  }

  async release(contender, server) {
    if (this.#kept.get(contender.peer) !== server) return server.stop();
    await sleep(SETTLE_MS);
    signalTree(server.pid, 'SIGSTOP');
  }

  async stopAll() {
    for (const server of this.#kept.values()) {
      signalTree(server.pid, 'SIGCONT');
      await server.stop();
    }
    this.#kept.clear();
  }

  async #warm(server, seconds, generator) {
    const load = { kind: 'fanout', subscribers: 1000, publishers: 16, window: 16, payload: 128 };
    const window = { warmUp: 0, duration: this.quick ? QUICK_WARM_UP : seconds };
    await runToEnd(generator.command(load, server, window),
      { core: LOAD_CORE, timeoutMs: seconds * 1000 + 200_000 });
  }
}
