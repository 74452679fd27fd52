// Two people in two browsers: the page that ondol-chat serves, in headless Chromium.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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

async function person(loginId, name) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => problems.push(`${loginId}: ${error}`));
  await page.goto(server.url);
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
