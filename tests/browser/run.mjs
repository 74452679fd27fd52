// Two people in two browsers: the page that ondol-chat serves, in headless Chromium.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { makeDataDirectory, removeDirectory, runTests, startServer, api } from '../support/server.mjs';

const screenshots = process.env.SCREENSHOTS ?? 'build/screenshots';
mkdirSync(screenshots, { recursive: true });

const data = makeDataDirectory();
let server = await startServer(data, { 'chat.rate.messages-per-second': 0 });
const { port } = server;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const problems = [];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function open(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => problems.push(`${error}`));
  await page.goto(server.url);
  return page;
}

async function person(loginId, name, locale = 'en-US') {
  const page = await open(await browser.newContext({ viewport: { width: 1100, height: 760 }, locale }));
  await page.getByTestId('switch').click();
  await page.getByTestId('login-id').fill(loginId);
  await page.getByTestId('password').fill('a long password');
  await page.getByTestId('name').fill(name);
  await page.getByTestId('submit').click();
  await page.getByTestId('new-room').waitFor();
  return page;
}
const say = async (page, text) => {
  await page.getByTestId('composer').fill(text);
  await page.getByTestId('composer').press('Enter');
};
const message = (page, text) => page.getByTestId('message').filter({ hasText: text });
const until = async (what, condition) => {
  const end = Date.now() + 10_000;
  while (Date.now() < end) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(what);
};
// What axe calls serious or critical, in what is shown now.
async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const bad = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
  assert.deepEqual(bad.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), [], where);
}
// As the browser tells a page that another tab or window covers it.
const setHidden = (page, hidden) => page.evaluate((value) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (value ? 'hidden' : 'visible') });
  document.dispatchEvent(new Event('visibilitychange'));
}, hidden);
const shot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`) });

let alice;
let bob;
const tests = {
  'two people sign up, and one opens a room with the other': async () => {
    const visitor = await (await browser.newContext({ locale: 'en-US' })).newPage();
    await visitor.goto(server.url);
    await visitor.getByTestId('login-form').waitFor();
    await shot(visitor, 'login');
    await visitor.close();
    alice = await person('alice', 'Alice Kim');
    bob = await person('bobby', '박보검');
    await alice.getByTestId('new-room').click();
    await alice.getByTestId('pick-bobby').check();
    await shot(alice, 'new-room');
    await alice.getByTestId('create-room').click();
    await alice.getByTestId('composer').waitFor();
    assert.equal(await alice.getByTestId('room-name').innerText(), '박보검');
  },
  'a message shows unread until the other one looks': async () => {
    await say(alice, '안녕하세요! Is the floor warm?');
    await message(alice, 'floor warm').getByTestId('unread').waitFor();
    await bob.getByTestId('badge').waitFor();
    assert.equal(await bob.getByTestId('badge').innerText(), '1');
    await bob.getByTestId('badge').click();
    await message(bob, 'floor warm').waitFor();
    await message(alice, 'floor warm').getByTestId('unread').waitFor({ state: 'detached' });
    await say(bob, '네, 따뜻해요 😀');
    await message(alice, '따뜻해요').waitFor();
    await say(bob, 'Two lines\nin one message.');
    await say(alice, 'Good. See you at the table by the window.');
    await message(bob, 'window').waitFor();
    await until('the unread numbers stay', async () => (await alice.getByTestId('unread').count()) === 0);
    await shot(alice, 'desktop');
  },
  'one Enter sends once': async () => {
    await say(alice, 'exactly once');
    await message(bob, 'exactly once').waitFor();
    await new Promise((done) => setTimeout(done, 300));
    assert.equal(await message(bob, 'exactly once').count(), 1);
    assert.equal(await alice.getByTestId('pending').count(), 0);
    for (const page of [alice, bob]) {
      await until('the list does not follow the open room', async () => (await page.getByTestId('room-1').innerText()).includes('exactly once'));
      await until('the open room has a badge', async () => (await page.getByTestId('badge').count()) === 0);
    }
  },
  'older messages come when scrolled up, and what was seen stays in place': async () => {
    for (let i = 0; i < 120; i += 1) await say(alice, `line ${i}.`);
    await message(bob, 'line 119.').waitFor();
    await bob.reload();
    await bob.getByTestId('room-1').click();
    await message(bob, 'line 119.').waitFor();
    assert.equal(await message(bob, 'line 3.').count(), 0);
    await until('the oldest message does not come', async () => {
      await bob.getByTestId('messages').evaluate((box) => { box.scrollTop = 0; });
      return (await message(bob, 'floor warm').count()) === 1;
    });
    const seqs = await bob.getByTestId('message').evaluateAll((all) => all.map((m) => Number(m.dataset.seq)));
    assert.deepEqual(seqs, seqs.map((_, i) => i + 1));
  },
  'a reload stays logged in': async () => {
    await alice.reload();
    await alice.getByTestId('room-1').click();
    await message(alice, 'line 119.').waitFor();
  },
  'after a lost server what was missed is there once': async () => {
    await bob.getByTestId('room-1').click();
    const login = await api(server.url, 'POST', '/api/login', { loginId: 'alice', password: 'a long password' });
    assert.equal(login.status, 200);
    await server.kill('SIGKILL');
    await alice.getByRole('status').waitFor();
    await say(alice, 'typed while away');
    await alice.getByTestId('pending').waitFor();
    await shot(alice, 'offline');
    server = await startServer(data, { 'server.port': port, 'chat.rate.messages-per-second': 0 });
    await message(alice, 'typed while away').waitFor();
    await message(bob, 'typed while away').waitFor();
    await new Promise((done) => setTimeout(done, 300));
    assert.equal(await message(bob, 'typed while away').count(), 1);
    assert.equal(await alice.getByTestId('pending').count(), 0);
  },
  'what was typed offline goes out once, also when the page was closed meanwhile': async () => {
    const context = alice.context();
    await server.kill('SIGKILL');
    await alice.getByRole('status').waitFor();
    await say(alice, 'kept one');
    await say(alice, 'kept two');
    await until('both wait', async () => (await alice.getByTestId('pending').count()) === 2);
    await alice.close();
    server = await startServer(data, { 'server.port': port, 'chat.rate.messages-per-second': 0 });
    // Two pages of the same browser have the same outbox.
    alice = await open(context);
    const second = await open(context);
    await alice.getByTestId('room-1').click();
    await message(alice, 'kept two').waitFor();
    await message(bob, 'kept two').waitFor();
    await new Promise((done) => setTimeout(done, 500));
    const order = (await bob.getByTestId('message').allInnerTexts()).filter((text) => text.includes('kept')).map((text) => /kept \w+/.exec(text)[0]);
    assert.deepEqual(order, ['kept one', 'kept two']);
    await until('the outbox is not empty', async () => (await alice.getByTestId('pending').count()) === 0);
    await second.reload();
    await second.getByTestId('room-1').click();
    await message(second, 'kept two').waitFor();
    assert.equal(await second.getByTestId('pending').count(), 0);
    await second.close();
  },
  'a hidden tab reads nothing, and catches up when it is shown': async () => {
    await setHidden(alice, true);
    await say(bob, 'while hidden');
    await message(bob, 'while hidden').getByTestId('unread').waitFor();
    await new Promise((done) => setTimeout(done, 500));
    assert.equal(await message(bob, 'while hidden').getByTestId('unread').innerText(), '1');
    // Its connection ends while it sleeps, and it does not try again by itself.
    await server.kill('SIGKILL');
    await alice.getByRole('status').waitFor();
    server = await startServer(data, { 'server.port': port, 'chat.rate.messages-per-second': 0 });
    await say(bob, 'and after a restart');
    await message(bob, 'and after a restart').waitFor();
    await setHidden(alice, false);
    await message(alice, 'and after a restart').waitFor();
    await until('what was shown was not read', async () => (await bob.getByTestId('unread').count()) === 0);
  },
  'one Enter sends once while Hangul is composed': async () => {
    const box = bob.getByTestId('composer');
    const count = async (text) => (await alice.getByTestId('message').allInnerTexts()).filter((t) => t.includes(text)).length;
    // By the browser's own input method interface: the syllable is composed, Enter ends it.
    const devtools = await bob.context().newCDPSession(bob);
    await box.focus();
    await devtools.send('Input.imeSetComposition', { text: '온돌', selectionStart: 2, selectionEnd: 2 });
    await devtools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 });
    await devtools.send('Input.insertText', { text: '온돌' });
    await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
    await message(alice, '온돌').waitFor();
    // As browsers do that send a second Enter behind the composition.
    await box.fill('방바닥');
    await box.evaluate((element) => {
      const key = (init) => element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, ...init }));
      element.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
      key({ isComposing: true, keyCode: 229 });
      element.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '닥' }));
      key({ keyCode: 13 });
    });
    await message(alice, '방바닥').waitFor();
    // Japanese: Enter chooses the word, it does not send.
    await box.fill('床');
    await box.evaluate((element) => {
      element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', isComposing: true, keyCode: 229, bubbles: true }));
      element.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '床' }));
    });
    await new Promise((done) => setTimeout(done, 500));
    assert.deepEqual([await count('온돌'), await count('방바닥'), await count('床')], [1, 1, 0]);
    assert.equal(await box.inputValue(), '床');
    await box.fill('');
  },
  'a refused message says why, survives a reload, and can be discarded': async () => {
    // Typed before he was removed, sent after it.
    const token = await alice.evaluate(() => JSON.parse(localStorage.getItem('ondol.login')).accessToken);
    const { body: room } = await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [2], title: 'Short' }, token);
    await bob.getByTestId(`room-${room.roomNo}`).click();
    await bob.getByTestId('composer').waitFor();
    await bob.evaluate((roomNo) => new Promise((done) => {
      const request = indexedDB.open('ondol', 1);
      request.onsuccess = () => {
        const transaction = request.result.transaction('outbox', 'readwrite');
        transaction.objectStore('outbox').put({ clientId: crypto.randomUUID(), memberId: 2, roomNo: roomNo + 1, content: 'too late', typedAt: 1, failed: '' });
        transaction.oncomplete = done;
      };
    }), room.roomNo);
    await api(server.url, 'POST', '/api/rooms', { type: 'group', memberIds: [], title: 'Not his' }, token);
    await bob.reload();
    await bob.getByTestId('unsent').waitFor();
    assert.match(await bob.getByTestId('unsent').innerText(), /too late/);
    await bob.reload();
    await bob.getByTestId('discard').click();
    await bob.getByTestId('unsent').waitFor({ state: 'detached' });
    await bob.reload();
    await bob.getByTestId('room-1').click();
    await message(bob, '방바닥').waitFor();
    assert.equal(await bob.getByTestId('unsent').count(), 0);
  },
  'axe finds nothing serious, in light and dark': async () => {
    const visitor = await open(await browser.newContext({ locale: 'en-US' }));
    for (const colorScheme of ['light', 'dark']) {
      await visitor.emulateMedia({ colorScheme });
      await accessible(visitor, `the login in ${colorScheme}`);
      await alice.emulateMedia({ colorScheme });
      await accessible(alice, `a room in ${colorScheme}`);
      await alice.getByTestId('new-room').click();
      await alice.getByTestId('pick-bobby').waitFor();
      await accessible(alice, `the new room in ${colorScheme}`);
      await shot(alice, `new-room-${colorScheme}`);
      await alice.keyboard.press('Escape');
      await alice.getByTestId('member-search').waitFor({ state: 'detached' });
      await shot(alice, `desktop-${colorScheme}`);
    }
    await alice.emulateMedia({ colorScheme: 'light' });
    await visitor.close();
  },
  'it is usable by keyboard alone': async () => {
    await alice.getByTestId('log-out').focus();
    await alice.keyboard.press('Tab');
    const label = await alice.evaluate(() => document.activeElement.dataset.testid);
    assert.match(label, /^room-\d+$/);
    await alice.getByTestId('room-1').focus();
    await alice.keyboard.press('Enter');
    await alice.getByTestId('composer').focus();
    await alice.keyboard.type('by keyboard');
    await alice.keyboard.press('Enter');
    await message(bob, 'by keyboard').waitFor();
  },
  'it speaks Korean to who prefers it': async () => {
    const visitor = await open(await browser.newContext({ locale: 'ko-KR' }));
    assert.equal(await visitor.getByTestId('submit').innerText(), '로그인');
    assert.equal(await visitor.evaluate(() => document.documentElement.lang), 'ko');
    await visitor.getByTestId('login-id').fill('nobody');
    await visitor.getByTestId('password').fill('not the password');
    await visitor.getByTestId('submit').click();
    assert.match(await visitor.getByTestId('form-error').innerText(), /[가-힣]/);
    await visitor.close();
  },
  'it fits a phone, in light and dark': async () => {
    await bob.setViewportSize({ width: 390, height: 780 });
    await bob.getByTestId('composer').waitFor();
    await shot(bob, 'phone-room');
    assert.equal(await bob.getByTestId('room-1').isVisible(), false);
    await bob.getByRole('button', { name: 'Back to chats' }).click();
    await bob.getByTestId('room-1').waitFor();
    await bob.emulateMedia({ colorScheme: 'dark' });
    await shot(bob, 'phone-list-dark');
    const width = await bob.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `the page is ${width} wide`);
  },
  'an unknown login is refused in words': async () => {
    await bob.getByTestId('log-out').click();
    await bob.getByTestId('login-id').fill('bobby');
    await bob.getByTestId('password').fill('not the password');
    await bob.getByTestId('submit').click();
    assert.match(await bob.getByTestId('form-error').innerText(), /비밀번호|password/);
  },
  'no script failed on the way': async () => assert.deepEqual(problems, []),
};

const status = await runTests(tests);
await browser.close();
await server.kill('SIGKILL');
removeDirectory(data);
process.exit(status);
