import type { Login, Member, Message, Room } from './types';
import { texts } from './i18n';

export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, reason: string) {
    super(reason);
  }
}

const STORAGE_KEY = 'ondol.login';
let login: Login | null = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');

export const currentLogin = () => login;

export function keepLogin(next: Login | null) {
  login = next;
  if (next) localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
  else localStorage.removeItem(STORAGE_KEY);
}

async function call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, '0000', texts.unreachable);
  }
  const text = await response.text();
  const value = text ? JSON.parse(text) : undefined;
  if (!response.ok) {
    const details = value?.errors?.map((e: { field: string; message: string }) => `${e.field} ${e.message}`).join('; ');
    throw new ApiError(response.status, value?.code ?? '5000', details || value?.reason || texts.error);
  }
  return value as T;
}

// One tab at a time exchanges the refresh token: it is good once only (CH-3).
async function renew(): Promise<void> {
  await navigator.locks.request('ondol.refresh', async () => {
    const stored: Login | null = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
    if (!stored) throw new ApiError(401, '4010', texts.error);
    if (stored.accessToken !== login?.accessToken) {
      login = stored;
      return;
    }
    try {
      keepLogin(await call<Login>('POST', '/api/token/refresh', { refreshToken: stored.refreshToken }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) keepLogin(null);
      throw error;
    }
  });
}

// A token that is good for another half minute at least.
export async function accessToken(): Promise<string> {
  if (!login) throw new ApiError(401, '4010', texts.error);
  if (Date.parse(login.accessTokenExpiresAt) - Date.now() < 30_000) await renew();
  return login!.accessToken;
}

async function authorized<T>(method: string, path: string, body?: unknown): Promise<T> {
  return call<T>(method, path, body, await accessToken());
}

export const signUp = (loginId: string, password: string, name: string) =>
  call<Member>('POST', '/api/members', { loginId, password, name });
export const logIn = async (loginId: string, password: string) =>
  keepLogin(await call<Login>('POST', '/api/login', { loginId, password }));
export async function logOut() {
  const token = login?.refreshToken;
  keepLogin(null);
  if (token) await call('POST', '/api/logout', { refreshToken: token }).catch(() => undefined);
}
export const searchMembers = async (query: string) =>
  (await authorized<{ members: Member[] }>('GET', `/api/members?limit=20&query=${encodeURIComponent(query)}`)).members;

export async function allRooms(): Promise<Room[]> {
  const rooms: Room[] = [];
  let cursor: string | undefined;
  do {
    const page: { rooms: Room[]; nextCursor?: string } = await authorized(
      'GET', `/api/rooms?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    rooms.push(...page.rooms);
    cursor = page.nextCursor;
  } while (cursor);
  return rooms;
}
export const openRoom = (type: string, memberIds: number[], title?: string) =>
  authorized<Room>('POST', '/api/rooms', { type, memberIds, ...(title ? { title } : {}) });
export const roomDetail = (roomNo: number) => authorized<Room>('GET', `/api/rooms/${roomNo}`);
export const leaveRoom = (roomNo: number) => authorized<void>('DELETE', `/api/rooms/${roomNo}/members/me`);
export const messages = (roomNo: number, bound = '') =>
  authorized<{ messages: Message[]; hasMore: boolean }>('GET', `/api/rooms/${roomNo}/messages?limit=50${bound}`);
