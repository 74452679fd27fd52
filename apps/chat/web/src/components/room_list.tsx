import { useState } from 'preact/hooks';
import * as api from '../api';
import { texts } from '../i18n';
import { store } from '../store';
import type { Member, Room } from '../types';
import { Avatar } from './avatar';
import { NewRoom } from './new_room';
import { systemText } from './system_text';

const shortTime = (iso: string) => {
  const date = new Date(iso);
  const today = new Date().toDateString() === date.toDateString();
  return today
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString([], { month: 'short', day: 'numeric' });
};

export const roomName = (room: Room, me: Member) =>
  room.type === 'direct' ? (room.members.find((m) => m.memberId !== me.memberId)?.name ?? room.title) : room.title;

export function RoomList({ me }: { me: Member }) {
  const [creating, setCreating] = useState(false);
  return (
    <aside class="rooms">
      <header>
        <Avatar name={me.name} size={32} />
        <h1>{texts.rooms}</h1>
        <button class="round" aria-label={texts.newRoom} title={texts.newRoom} data-testid="new-room" onClick={() => setCreating(true)}>+</button>
        <button class="link" data-testid="log-out" onClick={() => { void api.logOut(); store.stop(); }}>{texts.logOut}</button>
      </header>
      {creating && <NewRoom me={me} close={() => setCreating(false)} />}
      {store.pending.filter((p) => p.failed && !store.rooms.some((room) => room.roomNo === p.roomNo)).map((message) => (
        <p key={message.clientId} class="unsent" role="alert" data-testid="unsent">
          {texts.failed}: “{message.content}” {message.failed}
          <button class="link" data-testid="discard" onClick={() => void store.throwAway(message)}>{texts.discard}</button>
        </p>
      ))}
      {store.everConnected && store.rooms.length === 0 && <p class="hint">{texts.noRooms}</p>}
      <ul>
        {store.rooms.map((room) => {
          const open = store.open?.detail.roomNo === room.roomNo;
          const last = room.lastMessage;
          return (
            <li key={room.roomNo}>
              <button class={`room ${open ? 'selected' : ''}`} aria-current={open} data-testid={`room-${room.roomNo}`}
                onClick={() => void store.select(room.roomNo)}>
                <Avatar name={roomName(room, me)} size={48} />
                <span class="room-text">
                  <span class="room-name">{roomName(room, me)}{room.type === 'group' && <small> {room.memberCount}</small>}</span>
                  <span class="room-last">{last ? (last.type === 'system' ? systemText(last) : last.content) : ''}</span>
                </span>
                <span class="room-side">
                  <time>{last ? shortTime(last.sentAt) : ''}</time>
                  {room.unreadCount > 0 && !open && <span class="badge" data-testid="badge">{room.unreadCount > 999 ? '999+' : room.unreadCount}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </aside>
  );
}
