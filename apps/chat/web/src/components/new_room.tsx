import { useEffect, useRef, useState } from 'preact/hooks';
import * as api from '../api';
import { texts } from '../i18n';
import { store } from '../store';
import type { Member } from '../types';
import { Avatar } from './avatar';

export function NewRoom({ me, close }: { me: Member; close: () => void }) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<Member[]>([]);
  const [chosen, setChosen] = useState<Member[]>([]);
  const [title, setTitle] = useState('');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      api.searchMembers(query)
        .then((members) => current && setFound(members.filter((m) => m.memberId !== me.memberId)))
        .catch((error) => store.tell(error));
    }, 150);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query]);

  const toggle = (member: Member) =>
    setChosen(chosen.some((m) => m.memberId === member.memberId)
      ? chosen.filter((m) => m.memberId !== member.memberId)
      : [...chosen, member]);
  async function create(event: SubmitEvent) {
    event.preventDefault();
    const ids = chosen.map((m) => m.memberId);
    try {
      await store.create(ids.length === 1 && !title ? 'direct' : 'group', ids, title || undefined);
      close();
    } catch (error) {
      store.tell(error);
    }
  }

  return (
    <dialog class="dialog" aria-label={texts.newRoom} ref={dialog} onClose={close}>
      <form class="card" onSubmit={create}>
        <h2>{texts.newRoom}</h2>
        <label>{texts.search}<input value={query} onInput={(e) => setQuery(e.currentTarget.value)} autofocus data-testid="member-search" /></label>
        <ul class="people">
          {found.map((member) => (
            <li key={member.memberId}>
              <label class="person">
                <input type="checkbox" checked={chosen.some((m) => m.memberId === member.memberId)} onChange={() => toggle(member)}
                  data-testid={`pick-${member.loginId}`} />
                <Avatar name={member.name} size={32} />
                <span>{member.name} <small>{member.loginId}</small></span>
              </label>
            </li>
          ))}
        </ul>
        <label>{texts.roomTitle}<input value={title} onInput={(e) => setTitle(e.currentTarget.value)} maxLength={50} data-testid="room-title" /></label>
        <div class="actions">
          <button type="button" class="link" onClick={close}>{texts.cancel}</button>
          <button class="primary" disabled={chosen.length === 0 && !title} data-testid="create-room">{texts.create}</button>
        </div>
      </form>
    </dialog>
  );
}
