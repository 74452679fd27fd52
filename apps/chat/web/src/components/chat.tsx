import { useLayoutEffect, useRef } from 'preact/hooks';
import { texts } from '../i18n';
import { unreadCount } from '../merge';
import { store, type OpenRoom } from '../store';
import type { Member, Message } from '../types';
import { Avatar } from './avatar';
import { Composer } from './composer';
import { roomName } from './room_list';
import { systemText } from './system_text';

const day = (iso: string) => new Date(iso).toLocaleDateString([], { dateStyle: 'full' });
const time = (iso: string) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

function Bubble({ message, me, members, first }: { message: Message; me: Member; members: Member[]; first: boolean }) {
  const mine = message.sender.memberId === me.memberId;
  const unread = unreadCount(message, members);
  return (
    <li class={`message ${mine ? 'mine' : ''} ${first ? 'first' : ''}`} data-testid="message" data-seq={message.seq}>
      {!mine && (first ? <Avatar name={message.sender.name} size={40} /> : <span class="avatar-gap" />)}
      <div class="stack">
        {!mine && first && <span class="sender">{message.sender.name}</span>}
        <div class="line">
          <p class="bubble">{message.content}</p>
          <span class="meta">
            {unread > 0 && <b class="unread" data-testid="unread" aria-label={`${texts.unread} ${unread}`}>{unread}</b>}
            <time>{time(message.sentAt)}</time>
          </span>
        </div>
      </div>
    </li>
  );
}

export function Chat({ open, me }: { open: OpenRoom; me: Member }) {
  const list = useRef<HTMLOListElement>(null);
  const before = useRef({ room: 0, first: 0, height: 0, atEnd: true });
  const { detail, messages } = open;
  const pending = store.pending.filter((p) => p.roomNo === detail.roomNo);

  // At the end it stays at the end; when older messages come in above, what was seen stays where it was.
  useLayoutEffect(() => {
    const box = list.current!;
    const known = before.current;
    const first = messages[0]?.seq ?? 0;
    if (known.room !== detail.roomNo || known.atEnd) box.scrollTop = box.scrollHeight;
    else if (first < known.first) box.scrollTop += box.scrollHeight - known.height;
    before.current = { room: detail.roomNo, first, height: box.scrollHeight, atEnd: known.room !== detail.roomNo || known.atEnd };
  });
  function scrolled() {
    const box = list.current!;
    before.current.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    if (box.scrollTop < 80) void store.older().catch((error) => store.tell(error));
  }

  return (
    <main class="chat">
      <header>
        <button class="round back" aria-label={texts.back} onClick={() => void store.select(null)}>‹</button>
        <h2 data-testid="room-name">{roomName(detail, me)}{detail.type === 'group' && <small> {detail.memberCount}</small>}</h2>
        <button class="link" data-testid="leave" onClick={() => void store.leave(detail.roomNo).catch((e) => store.tell(e))}>{texts.leave}</button>
      </header>
      <ol class="messages" ref={list} onScroll={scrolled} aria-live="polite" aria-label={texts.messages} tabIndex={0} data-testid="messages">
        {messages.map((message, i) => {
          const previous = messages[i - 1];
          const newDay = !previous || day(previous.sentAt) !== day(message.sentAt);
          const first = newDay || previous.type === 'system' || previous.sender.memberId !== message.sender.memberId;
          return [
            newDay && <li key={`d${message.seq}`} class="day"><span>{day(message.sentAt)}</span></li>,
            message.type === 'system'
              ? <li key={message.seq} class="system">{systemText(message)}</li>
              : <Bubble key={message.seq} message={message} me={me} members={detail.members} first={first} />,
          ];
        })}
        {pending.map((message) => (
          <li key={message.clientId} class="message mine pending" data-testid="pending">
            <div class="stack"><div class="line">
              <p class="bubble">{message.content}</p>
              {!message.failed && <span class="meta">{texts.sending}</span>}
            </div>
            {message.failed && (
              <p class="failed" role="alert">
                {texts.failed}: {message.failed}
                <button class="link" data-testid="again" onClick={() => store.retry(message)}>{texts.again}</button>
                <button class="link" data-testid="discard" onClick={() => void store.throwAway(message)}>{texts.discard}</button>
              </p>
            )}
            </div>
          </li>
        ))}
      </ol>
      <Composer key={detail.roomNo} send={(content) => { before.current.atEnd = true; store.send(detail.roomNo, content); }} />
    </main>
  );
}
