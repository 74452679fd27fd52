// The shapes of the public contract, as the server sends them.

export interface Member {
  memberId: number;
  loginId?: string;
  name: string;
  lastReadSeq?: number;
}

export interface Message {
  roomNo: number;
  seq: number;
  sender: Member;
  type: 'text' | 'system';
  content: string;
  clientId?: string;
  sentAt: string;
  unreadCount: number;
  members?: Member[];
}

export interface Room {
  roomNo: number;
  type: 'direct' | 'group';
  title: string;
  memberCount: number;
  members: Member[];
  lastMessage?: Message;
  lastReadSeq: number;
  unreadCount: number;
  muted: boolean;
}

export interface Login {
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string;
  refreshTokenExpiresAt: string;
  member: Member;
}

// A message that was typed here and is not stored by the server yet.
export interface Pending {
  clientId: string;
  memberId: number;
  roomNo: number;
  content: string;
  typedAt: number;
  failed: string;  // why the server refused it, in words; empty: it did not
}
