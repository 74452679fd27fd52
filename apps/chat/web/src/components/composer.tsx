import { useState } from 'preact/hooks';
import { texts } from '../i18n';

// Enter sends, Shift+Enter begins a line. While an input method composes (Korean), Enter belongs to it.
export function Composer({ send }: { send: (content: string) => void }) {
  const [content, setContent] = useState('');
  function submit() {
    if (!content.trim()) return;
    send(content);
    setContent('');
  }
  return (
    <form class="composer" onSubmit={(e) => { e.preventDefault(); submit(); }}>
      <textarea rows={1} value={content} placeholder={texts.write} aria-label={texts.write} maxLength={5000} data-testid="composer"
        onInput={(e) => setContent(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return;
          e.preventDefault();
          submit();
        }} />
      <button class="primary" disabled={!content.trim()} data-testid="send">{texts.send}</button>
    </form>
  );
}
