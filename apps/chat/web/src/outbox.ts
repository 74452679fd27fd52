import type { Pending } from './types';

// What was typed and is not stored by the server yet, kept in IndexedDB: it survives a reload, a crash and a closed tab.
// Where there is no IndexedDB (some private windows) it is kept as long as the page.
const NAME = 'ondol';
const STORE = 'outbox';

let database: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  database ??= new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'clientId' });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  return database;
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const transaction = (await open()).transaction(STORE, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(STORE));
    return await new Promise<T>((done, fail) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = () => fail(transaction.error);
    });
  } catch (error) {
    console.warn('the outbox cannot be kept:', error);
    return undefined;
  }
}

export const keep = (message: Pending) => run('readwrite', (store) => store.put(message));
export const forget = (clientId: string) => run('readwrite', (store) => store.delete(clientId));

// Of one member, as they were typed: another one may use the same browser.
export async function load(memberId: number): Promise<Pending[]> {
  const all: Pending[] = (await run('readonly', (store) => store.getAll())) ?? [];
  return all.filter((message) => message.memberId === memberId).sort((a, b) => a.typedAt - b.typedAt);
}
