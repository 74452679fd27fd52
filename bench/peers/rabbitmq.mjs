// RabbitMQ with Web-STOMP, as a private instance: own directories, own ports, loopback, bounded memory.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { resolve } from 'node:path';
import { once } from 'node:events';
import { output } from '../lib/machine.mjs';
import { SCRATCH } from '../lib/paths.mjs';
import { startServer } from '../lib/process.mjs';

// The script itself; the wrapper on the PATH changes the user.
const program = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const MEMORY = '1GB';

export const name = 'rabbitmq';
export const title = 'RabbitMQ, Web-STOMP';
export const keep = true;

export function missing() {
  if (existsSync(program)) return undefined;
  if (process.getuid() !== 0) return 'it is not installed (Debian: rabbitmq-server)';
  const apt = spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'rabbitmq-server'],
    { encoding: 'utf8', timeout: 280_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  // The package starts a service of its own; the bench wants none.
  output('systemctl', 'disable', '--now', 'rabbitmq-server');
  if (!existsSync(program)) return `apt-get install failed: ${(apt.stderr || String(apt.error)).trim().split('\n').at(-1)}`;
}

export async function start() {
  const home = resolve(SCRATCH, 'rabbitmq');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const [amqp, dist, stomp, web, epmd] = await freePorts(5);
  writeFileSync(`${home}/enabled_plugins`, '[rabbitmq_stomp,rabbitmq_web_stomp].\n');
  writeFileSync(`${home}/env.conf`, '');
  writeFileSync(`${home}/rabbitmq.conf`, [
    `listeners.tcp.default = 127.0.0.1:${amqp}`, `stomp.listeners.tcp.1 = 127.0.0.1:${stomp}`,
    'web_stomp.tcp.ip = 127.0.0.1', `web_stomp.tcp.port = ${web}`,
    `vm_memory_high_watermark.absolute = ${MEMORY}`, 'log.console.level = warning', ''].join('\n'));
  const env = {
    HOME: home, RABBITMQ_NODENAME: 'bench@localhost', RABBITMQ_MNESIA_BASE: home, RABBITMQ_LOG_BASE: home,
    RABBITMQ_PID_FILE: `${home}/pid`, RABBITMQ_CONFIG_FILE: `${home}/rabbitmq.conf`, RABBITMQ_CONF_ENV_FILE: `${home}/env.conf`,
    RABBITMQ_ENABLED_PLUGINS_FILE: `${home}/enabled_plugins`, RABBITMQ_NODE_PORT: `${amqp}`, RABBITMQ_DIST_PORT: `${dist}`,
    ERL_EPMD_PORT: `${epmd}`, ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none',
  };
  const command = [program];
  const { pid, stop } = await startServer(command, { ready: () => answers(web), env });
  const helper = epmdOf(epmd);
  return {
    command, pid, url: `http://127.0.0.1:${web}`, path: '/ws', destination: '/topic/{ch}',
    login: 'guest', passcode: 'guest', host: '/',
    async stop() {
      await stop();
      if (helper) process.kill(helper);  // the port mapper that Erlang leaves behind
    },
  };
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

function answers(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); done(true); });
    socket.once('error', () => done(false));
  });
}

// The epmd of our port, by its own pid: it detaches itself from the server.
function epmdOf(port) {
  for (const pid of (output('pgrep', '-x', 'epmd') ?? '').split('\n').filter(Boolean)) {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    if (environment.includes(`ERL_EPMD_PORT=${port}`)) return Number(pid);
  }
}
