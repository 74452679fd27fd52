// Starts and stops a real ondol-chat for tests, and counts what they find.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const binary = resolve(process.env.ONDOL_CHAT ?? 'build/release/ondol-chat');

export const makeDataDirectory = () => mkdtempSync(join(tmpdir(), 'ondol-chat-'));
export const removeDirectory = (path) => rmSync(path, { recursive: true, force: true });

export async function startServer(data, options = {}) {
  const settings = { 'server.port': 0, 'data.directory': data, 'password.cost': 10, 'server.shutdown-grace': '3s', ...options };
  const child = spawn(binary, Object.entries(settings).map(([name, value]) => `--${name}=${value}`), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const exited = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal, errors })));
  const url = await new Promise((done, fail) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const ready = /^ready (http:\S+) pid \d+$/m.exec(output);
      if (ready) done(ready[1]);
    });
    void exited.then((result) => fail(new Error(`the server ended: ${JSON.stringify(result)}`)));
  });
  return {
    url,
    pid: child.pid,
    port: Number(new URL(url).port),
    exited,
    kill: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}

export async function api(url, method, path, body, token) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

export async function member(url, loginId, name = loginId) {
  await api(url, 'POST', '/api/members', { loginId, password: 'a long password', name });
  const login = await api(url, 'POST', '/api/login', { loginId, password: 'a long password' });
  return { ...login.body, token: login.body.accessToken, id: login.body.member.memberId };
}

export async function runTests(tests) {
  let passed = 0;
  let failed = 0;
  const only = process.argv[2];
  for (const [name, test] of Object.entries(tests)) {
    if (only && !name.includes(only)) continue;
    try {
      await test();
      passed += 1;
      console.log(`ok   ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${name}\n${error.stack}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}
