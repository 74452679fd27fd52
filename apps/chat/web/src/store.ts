import { Client, type IMessage, type StompSubscription } from '@stomp/stompjs';
import * as api from './api';
import { language, texts } from './i18n';
import { mergeMessages, sortRooms } from './merge';
import * as outbox from './outbox';
import type { Message, Pending, Room } from './types';

export interface OpenRoom {
  detail: Room;
  messages: Message[];
  hasOlder: boolean;
  ready: boolean;
}

const MAX_RECONNECT_DELAY = 15_000;
const TOO_FAST = '4290';
const TRY_AGAIN_AFTER = 1000;

// Everything the page shows, and the connection that keeps it true. Components listen with subscribe().
class Store {
  rooms: Room[] = [];
  open: OpenRoom | null = null;
  pending: Pending[] = [];
  connected = false;
  everConnected = false;
  notice = '';
  private listeners = new Set<() => void>();
  private client: Client | null = null;
  private roomSubscriptions: StompSubscription[] = [];
  private reportedSeq = 0;
  private attempts = 0;

  subscribe(listener: () => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  private changed() {
    this.listeners.forEach((listener) => listener());
  }
  tell(error: unknown) {
    this.notice = error instanceof Error ? error.message : String(error);
    this.changed();
  }
  clearNotice() {
    this.notice = '';
    this.changed();
  }

  start() {
    void this.restore();
    const client = new Client({
      brokerURL: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/websocket-endpoint`,
      reconnectDelay: 500,
      heartbeatIncoming: 10_000,
      heartbeatOutgoing: 10_000,
      beforeConnect: async () => {
        try {
          client.connectHeaders = { Authorization: `Bearer ${await api.accessToken()}`, 'accept-language': language };
        } catch (error) {
          if (error instanceof api.ApiError && error.status === 401) this.stop();
        }
      },
      onConnect: () => void this.onConnect(),
      // A message for the open room comes by itself and is shown in the same moment.
      onUnhandledReceipt: (frame) => {
        const stored = this.pending.find((p) => p.clientId === frame.headers['receipt-id']);
        if (stored && stored.roomNo !== this.open?.detail.roomNo) this.discard(stored.clientId);
      },
      onWebSocketClose: () => {
        this.connected = false;
        this.roomSubscriptions = [];
        // Not all at the same moment, when a server has gone.
        client.reconnectDelay = Math.min(MAX_RECONNECT_DELAY, 500 * 2 ** this.attempts++) * (0.5 + Math.random() / 2);
        this.changed();
      },
    });
    this.client = client;
    client.activate();
  }

  stop() {
    void this.client?.deactivate();
    this.client = null;
    this.rooms = [];
    this.open = null;
    this.pending = [];
    this.everConnected = false;
    api.keepLogin(null);
    this.changed();
  }

  private async onConnect() {
    const client = this.client!;
    this.connected = this.everConnected = true;
    this.attempts = 0;
    client.subscribe('/user/queue/errors', (frame) => this.onError(frame));
    client.subscribe('/user/queue/rooms', (frame) => this.onRoomEvent(JSON.parse(frame.body)));
    client.subscribe('/user/queue/sent', (frame) => this.onMessage(JSON.parse(frame.body)));
    for (const message of this.pending.filter((p) => !p.failed)) this.publish(message);
    await this.refresh();
  }

  // What the page shows is made true again: nothing is thrown away, what was missed comes in.
  private async refresh() {
    try {
      const listed = api.allRooms().then((rooms) => { this.rooms = sortRooms(rooms); });
      await Promise.all([listed, this.open && this.follow(this.open)]);
    } catch (error) {
      const passing = error instanceof api.ApiError && (error.status === 0 || error.status >= 500);
      if (passing && this.client?.connected) setTimeout(() => void this.refresh(), TRY_AGAIN_AFTER);
      else this.tell(error);
    }
    this.changed();
  }

  // What an earlier page of this browser left unsent; the rooms are shown before there is a connection.
  private async restore() {
    const left = await outbox.load(api.currentLogin()!.member.memberId);
    const known = new Set(this.pending.map((p) => p.clientId));
    const added = left.filter((p) => !known.has(p.clientId));
    this.pending = [...added, ...this.pending];
    for (const message of added.filter((p) => !p.failed)) this.publish(message);
    if (!this.connected) await this.refresh();
    this.changed();
  }

  // A page that was hidden may have slept: its connection may be dead without knowing it.
  async shown() {
    this.reportRead();
    const client = this.client;
    if (!client) return;
    if (client.connected) {
      await this.refresh();
    } else {
      this.attempts = 0;
      await client.deactivate();
      client.activate();
    }
  }

  // Subscribe first, then fetch what was missed: what arrives twice is merged by seq.
  private async follow(open: OpenRoom) {
    const { roomNo } = open.detail;
    this.roomSubscriptions.forEach((subscription) => subscription.unsubscribe());
    this.roomSubscriptions = this.client?.connected
      ? [
          this.client.subscribe(`/sub/chat/${roomNo}`, (frame) => this.onMessage(JSON.parse(frame.body))),
          this.client.subscribe(`/sub/chat/${roomNo}/events`, (frame) => this.onEvent(roomNo, JSON.parse(frame.body))),
        ]
      : [];
    const last = open.messages.at(-1)?.seq;
    open.detail = await api.roomDetail(roomNo);
    if (last === undefined) {
      const page = await api.messages(roomNo);
      this.merge(open, page.messages);
      open.hasOlder = page.hasMore;
    } else {
      for (let after = last, more = true; more; ) {
        const page = await api.messages(roomNo, `&after=${after}`);
        this.merge(open, page.messages);
        after = page.messages.at(-1)?.seq ?? after;
        more = page.hasMore;
      }
    }
    open.ready = true;
    this.changed();
    this.reportRead();
  }

  async select(roomNo: number | null) {
    if (roomNo !== null && this.open?.detail.roomNo === roomNo) return;
    this.roomSubscriptions.forEach((subscription) => this.client?.connected && subscription.unsubscribe());
    this.roomSubscriptions = [];
    this.reportedSeq = 0;
    const room = this.rooms.find((r) => r.roomNo === roomNo);
    this.open = room ? { detail: room, messages: [], hasOlder: false, ready: false } : null;
    this.changed();
    if (this.open) await this.follow(this.open).catch((error) => this.tell(error));
  }

  async older() {
    const open = this.open;
    const first = open?.messages[0]?.seq;
    if (!open || !open.hasOlder || first === undefined) return;
    const page = await api.messages(open.detail.roomNo, `&before=${first}`);
    this.merge(open, page.messages);
    open.hasOlder = page.hasMore;
    this.changed();
  }

  async create(type: string, memberIds: number[], title?: string) {
    const room = await api.openRoom(type, memberIds, title);
    if (!this.rooms.some((r) => r.roomNo === room.roomNo)) this.rooms = sortRooms([room, ...this.rooms]);
    await this.select(room.roomNo);
  }

  async leave(roomNo: number) {
    await api.leaveRoom(roomNo);
    this.rooms = this.rooms.filter((r) => r.roomNo !== roomNo);
    await this.select(null);
  }

  // Kept before it leaves: whatever happens then, it is sent again with the same client id, and stored once (CH-23).
  send(roomNo: number, content: string) {
    const memberId = api.currentLogin()!.member.memberId;
    const message: Pending = { clientId: crypto.randomUUID(), memberId, roomNo, content, typedAt: Date.now(), failed: '' };
    this.pending = [...this.pending, message];
    this.changed();
    void outbox.keep(message).then(() => this.publish(message));
  }
  retry(message: Pending) {
    message.failed = '';
    void outbox.keep(message);
    this.changed();
    this.publish(message);
  }
  // By the member: it is gone when it is not shown any more.
  async throwAway(message: Pending) {
    await outbox.forget(message.clientId);
    this.discard(message.clientId);
  }
  private discard(clientId: string | undefined) {
    if (!clientId || !this.pending.some((p) => p.clientId === clientId)) return;
    this.pending = this.pending.filter((p) => p.clientId !== clientId);
    void outbox.forget(clientId);
    this.changed();
  }
  private publish(message: Pending) {
    if (!this.client?.connected) return;
    this.client.publish({
      destination: `/pub/chat/${message.roomNo}`,
      headers: { 'content-type': 'application/json', receipt: message.clientId },
      body: JSON.stringify({ type: 'text', content: message.content, clientId: message.clientId }),
    });
  }

  // What is stored need not be sent any more, however it came to be known.
  private merge(open: OpenRoom, messages: Message[]) {
    open.messages = mergeMessages(open.messages, messages);
    for (const message of messages) this.discard(message.clientId);
  }

  private onMessage(message: Message) {
    this.discard(message.clientId);
    if (this.open?.detail.roomNo === message.roomNo) {
      this.merge(this.open, [message]);
      const sender = this.open.detail.members.find((m) => m.memberId === message.sender.memberId);
      if (sender && message.type === 'text') sender.lastReadSeq = Math.max(sender.lastReadSeq ?? 0, message.seq);
      this.listed(message.roomNo, (room) => {
        room.lastMessage = message;
        // Seen at once or not: reportRead() takes it off again.
        if (message.type === 'text' && message.sender.memberId !== api.currentLogin()?.member.memberId) room.unreadCount += 1;
      });
      if (message.type === 'system') void this.follow(this.open).catch((error) => this.tell(error));
    }
    this.changed();
    this.reportRead();
  }

  // The list keeps itself true for the open room: the server tells of the others only (CH-30).
  private listed(roomNo: number, change: (room: Room) => void) {
    this.rooms = sortRooms(this.rooms.map((room) => {
      if (room.roomNo !== roomNo) return room;
      const changed = { ...room };
      change(changed);
      return changed;
    }));
  }

  private onEvent(roomNo: number, event: { event: string; reads?: { memberId: number; seq: number }[] }) {
    if (this.open?.detail.roomNo !== roomNo || event.event !== 'read') return;
    for (const read of event.reads ?? []) {
      const member = this.open.detail.members.find((m) => m.memberId === read.memberId);
      if (member) member.lastReadSeq = Math.max(member.lastReadSeq ?? 0, read.seq);
      if (read.memberId === api.currentLogin()?.member.memberId) this.seen(roomNo, read.seq);
    }
    this.changed();
  }

  private seen(roomNo: number, seq: number) {
    this.listed(roomNo, (room) => {
      room.lastReadSeq = Math.max(room.lastReadSeq, seq);
      if (seq >= (room.lastMessage?.seq ?? 0)) room.unreadCount = 0;
    });
  }

  private onRoomEvent(event: Room & { event: string }) {
    const others = this.rooms.filter((r) => r.roomNo !== event.roomNo);
    if (event.event === 'removed') {
      this.rooms = others;
      if (this.open?.detail.roomNo === event.roomNo) void this.select(null);
    } else if (event.event === 'room') {
      this.rooms = sortRooms([event, ...others]);
    }
    this.changed();
  }

  private onError(frame: IMessage) {
    const { code, reason } = JSON.parse(frame.body) as { code: string; reason: string };
    const message = this.pending.find((p) => p.clientId === frame.headers['receipt-id']);
    if (!message) return this.tell(new Error(reason));
    if (code === TOO_FAST) {
      setTimeout(() => this.publish(message), TRY_AGAIN_AFTER);
      return;
    }
    message.failed = reason || texts.error;
    void outbox.keep(message);
    this.changed();
  }

  // Read means seen: only while the page is visible.
  reportRead() {
    const newest = this.open?.messages.at(-1)?.seq ?? 0;
    if (!this.open?.ready || document.hidden || !this.client?.connected || newest <= this.reportedSeq) return;
    if (newest <= this.open.detail.lastReadSeq) return;
    this.reportedSeq = newest;
    this.seen(this.open.detail.roomNo, newest);
    this.client.publish({
      destination: `/pub/chat/${this.open.detail.roomNo}/read`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ seq: newest }),
    });
    this.changed();
  }
}

export const store = new Store();
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void store.shown();
});
addEventListener('online', () => void store.shown());
