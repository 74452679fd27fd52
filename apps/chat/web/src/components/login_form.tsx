import { useState } from 'preact/hooks';
import * as api from '../api';
import { texts } from '../i18n';

export function LoginForm({ done }: { done: () => void }) {
  const [signingUp, setSigningUp] = useState(false);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const value = (name: string) => String(form.get(name) ?? '');
    setBusy(true);
    setError('');
    try {
      if (signingUp) await api.signUp(value('loginId'), value('password'), value('name'));
      await api.logIn(value('loginId'), value('password'));
      done();
    } catch (e) {
      setError(e instanceof Error ? e.message : texts.error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <main class="welcome">
      <form class="card" onSubmit={submit} data-testid="login-form">
        <h1>{texts.title}</h1>
        <p class="tagline">{texts.tagline}</p>
        <label>{texts.loginId}<input name="loginId" autocomplete="username" required autocapitalize="none" data-testid="login-id" /></label>
        <label>{texts.password}<input name="password" type="password" required data-testid="password"
          autocomplete={signingUp ? 'new-password' : 'current-password'} /></label>
        {signingUp && <label>{texts.name}<input name="name" autocomplete="name" required data-testid="name" /></label>}
        {error && <p class="error" role="alert" data-testid="form-error">{error}</p>}
        <button class="primary" disabled={busy} data-testid="submit">{signingUp ? texts.signUp : texts.logIn}</button>
        <button type="button" class="link" data-testid="switch" onClick={() => setSigningUp(!signingUp)}>
          {signingUp ? texts.toLogIn : texts.toSignUp}
        </button>
      </form>
    </main>
  );
}
