// Spring Boot's simple broker: bench/peers/spring, built once by Maven. Warmed before it is measured, as a JVM must be.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { output } from '../lib/machine.mjs';
import { SCRATCH } from '../lib/paths.mjs';
import { startServer } from '../lib/process.mjs';

const jar = `${SCRATCH}/spring/simple-broker.jar`;
const OLDEST_JAVA = 17;

export const name = 'spring';
export const title = 'Spring Boot 3.5, simple broker';
export const keep = true;
export const warmUp = 40;

export function missing() {
  const version = Number(/version "(\d+)/.exec(output('sh', '-c', 'java -version 2>&1') ?? '')?.[1] ?? 0);
  if (version < OLDEST_JAVA) return `it needs Java ${OLDEST_JAVA} (Debian: openjdk-17-jdk-headless)`;
  if (existsSync(jar)) return undefined;
  if (!output('mvn', '-version')) return 'it needs Maven (Debian: maven)';
  const maven = spawnSync('mvn', ['-q', '-B', '-f', 'bench/peers/spring', 'package'], { encoding: 'utf8', timeout: 280_000 });
  if (maven.status !== 0) return `mvn package failed: ${(maven.stdout || String(maven.error)).trim().split('\n')[0]}`;
}

export async function start() {
  const command = ['java', '-Xmx4g', '-jar', jar, '--server.address=127.0.0.1', '--server.port=0',
    '--server.tomcat.max-connections=20000', '--logging.level.root=WARN'];
  const { pid, match, stop } = await startServer(command, { ready: /ready (http:\S+)/ });
  return { command, pid, stop, url: match[1], path: '/websocket-endpoint', destination: '/topic/{ch}' };
}
