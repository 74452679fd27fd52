// Installs the packages of package-lock.json here, once. → undefined, or why that failed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

let reason;
let tried = false;

export function installed() {
  if (tried) return reason;
  tried = true;
  if (existsSync('bench/peers/node_modules/ws/package.json')) return undefined;
  const npm = spawnSync('npm', ['ci', '--prefix', 'bench/peers', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'],
    { encoding: 'utf8', timeout: 120_000 });
  if (npm.status !== 0) reason = `npm ci failed: ${(npm.stderr || String(npm.error)).trim().split('\n').at(-1)}`;
  return reason;
}
