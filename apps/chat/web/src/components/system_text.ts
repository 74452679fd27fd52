import { texts } from '../i18n';
import type { Message } from '../types';

// What a system message says, in words.
export function systemText(message: Message): string {
  const about = (message.members ?? []).map((m) => m.name).join(', ');
  const verb = texts[message.content as 'invited' | 'left' | 'removed' | 'renamed'] ?? message.content;
  return message.content === 'left' ? `${about} ${verb}` : `${message.sender.name} ${verb} ${about}`.trim();
}
