// Initials on a colour that stays the same for a name.
export function Avatar({ name, size = 40 }: { name: string; size?: number }) {
  let hash = 0;
  for (const c of name) hash = (hash * 31 + c.codePointAt(0)!) >>> 0;
  return <span class={`avatar tone-${hash % 6} size-${size}`} aria-hidden="true">{[...name][0] ?? '?'}</span>;
}
