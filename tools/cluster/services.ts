import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { serverPorts } from './ports.js';
import type { Postgres } from './postgres.js';
import { ClusterProcess } from './process.js';
import { dynamicConfig, SERVICES, type Service, type ServicePorts, serverConfig } from './server-config.js';

/** How many processes there are, and how they are set. */
export interface ServicesOptions {
  /** How many processes of a service; one when absent. */
  counts?: Partial<Record<Service, number>>;
  /** The port of the first frontend; any free one when absent. */
  port?: number;
  /** Settings of the server by their names; each limit is the server's default when absent. */
  dynamicConfig?: Record<string, string | number | boolean>;
}

/** The processes of each service. */
export type Services = Record<Service, ClusterProcess[]>;

/** Makes the processes of the services, each with its configuration in the folder, and starts none of them. */
export async function makeServices(
  server: string,
  postgres: Postgres,
  folder: string,
  { counts = {}, port, dynamicConfig: settings }: ServicesOptions,
): Promise<{ services: Services; addresses: string[] }> {
  const settingsFile = path.join(folder, 'dynamic-config.yaml');
  if (settings) await writeFile(settingsFile, JSON.stringify(dynamicConfig(settings)));
  const ports = await choosePorts(counts, port);
  const firsts = Object.fromEntries(SERVICES.map((service) => [service, ports[service][0]]));
  const services: Services = { frontend: [], history: [], matching: [], worker: [] };
  for (const service of SERVICES) {
    for (const [index, own] of ports[service].entries()) {
      const name = `${service}-${index + 1}`;
      const configFile = path.join(folder, `${name}.yaml`);
      const all = { ...firsts, [service]: own } as Record<Service, ServicePorts>;
      // JSON is YAML too.
      const config = JSON.stringify(serverConfig(all, postgres, settings && settingsFile));
      await writeFile(configFile, config, { mode: 0o600 });
      const args = ['--config-file', configFile, '--allow-no-auth', 'start', '--service', service];
      const isReady = () => listens(own.grpc);
      services[service].push(new ClusterProcess({ name, command: server, args, isReady }));
    }
  }
  const addresses = ports.frontend.map(({ grpc }) => `127.0.0.1:${grpc}`);
  return { services, addresses };
}

async function choosePorts(
  counts: NonNullable<ServicesOptions['counts']>,
  frontendPort?: number,
): Promise<Record<Service, ServicePorts[]>> {
  const ports: Record<Service, ServicePorts[]> = { frontend: [], history: [], matching: [], worker: [] };
  const all = SERVICES.flatMap((service) => Array.from({ length: counts[service] ?? 1 }, () => service));
  const free = await serverPorts(2 * all.length);
  for (const service of all) {
    const [grpc = 0, membership = 0] = free.splice(0, 2);
    ports[service].push({ grpc, membership });
  }
  const [first] = ports.frontend;
  if (first && frontendPort !== undefined) first.grpc = frontendPort;
  return ports;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
