import { useEffect, useReducer, useState } from 'preact/hooks';
import { currentLogin } from '../api';
import { texts } from '../i18n';
import { store } from '../store';
import { Chat } from './chat';
import { LoginForm } from './login_form';
import { RoomList } from './room_list';

export function App() {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [started, setStarted] = useState(false);
  useEffect(() => {
    const stop = store.subscribe(() => redraw(0));
    return () => void stop();
  }, []);
  const login = currentLogin();
  useEffect(() => {
    document.title = texts.title;
    if (login && !started) {
      store.start();
      setStarted(true);
    }
    if (!login && started) setStarted(false);
  });
  if (!login) return <LoginForm done={() => redraw(0)} />;
  return (
    <div class={`app ${store.open ? 'in-room' : ''}`}>
      {store.everConnected && !store.connected && <div class="banner" role="status">{texts.offline}</div>}
      {store.notice && (
        <button class="notice" role="alert" onClick={() => store.clearNotice()}>{store.notice}</button>
      )}
      <RoomList me={login.member} />
      {store.open ? <Chat open={store.open} me={login.member} /> : <main class="chat empty">{texts.pick}</main>}
    </div>
  );
}
