import type { Member, Message } from './types';

// Two lists of one room, each ascending by seq, as one without doubles; the newer copy of a message wins.
export function mergeMessages(known: Message[], added: Message[]): Message[] {
  const bySeq = new Map<number, Message>();
  for (const message of known) bySeq.set(message.seq, message);
  for (const message of added) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

// The yellow number: members, the sender excluded, who have not read that far.
export function unreadCount(message: Message, members: Member[]): number {
  if (message.type === 'system') return 0;
  return members.filter(
    (member) => member.memberId !== message.sender.memberId && (member.lastReadSeq ?? 0) < message.seq,
  ).length;
}

// Newest message first, as the server lists them.
export function sortRooms<R extends { lastMessage?: Message; roomNo: number }>(rooms: R[]): R[] {
  const time = (room: R) => room.lastMessage?.sentAt ?? '';
  return [...rooms].sort((a, b) => (time(a) === time(b) ? b.roomNo - a.roomNo : time(a) < time(b) ? 1 : -1));
}
