import { useRef, useState } from 'preact/hooks';
import { texts } from '../i18n';

const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]$/;

// Enter sends, Shift+Enter begins a line. While an input method composes, Enter belongs to it: it ends the composition. Of
// Hangul it sends, too, as people who write Korean expect, but only when the last syllable is in place; whether the browser
// sends another Enter behind the composition or not, what was sent is gone from the box, so it is sent once.
export function Composer({ send }: { send: (content: string) => void }) {
  const [empty, setEmpty] = useState(true);
  const box = useRef<HTMLTextAreaElement>(null);
  const enterWhileComposing = useRef(false);

  function submit() {
    const content = box.current!.value;
    if (!content.trim()) return;
    box.current!.value = '';
    setEmpty(true);
    send(content.replace(/\n+$/, ''));
  }
  // Lower case in the element: Preact would listen for an event of the name CompositionEnd.
  function composed(e: CompositionEvent) {
    const sends = enterWhileComposing.current && HANGUL.test(e.data);
    enterWhileComposing.current = false;
    if (sends) setTimeout(submit, 0);
  }
  return (
    <form class="composer" onSubmit={(e) => { e.preventDefault(); submit(); }}>
      <textarea rows={1} ref={box} placeholder={texts.write} aria-label={texts.write} maxLength={5000} data-testid="composer"
        onInput={(e) => setEmpty(!e.currentTarget.value.trim())}
        onKeyDown={(e) => {
          if (e.key !== 'Enter' && e.code !== 'Enter' && e.code !== 'NumpadEnter') return;
          if (e.shiftKey) return;
          if (e.isComposing || e.keyCode === 229) {
            enterWhileComposing.current = true;
            return;
          }
          e.preventDefault();
          submit();
        }}
        {...{ oncompositionend: composed }} />
      <button class="primary" disabled={empty} data-testid="send">{texts.send}</button>
    </form>
  );
}
