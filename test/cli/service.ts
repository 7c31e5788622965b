import { join } from 'node:path';
import { systemClock } from '../../local/clock.ts';
import { openService, type Service, type ServiceOptions } from '../../local/service.ts';

/** The service of a folder, on a free port, which says nothing. */
export const serviceIn = (folder: string, options: Partial<ServiceOptions> = {}): Promise<Service> =>
  openService({
    config: join(folder, 'config'),
    runbooks: join(folder, 'runbooks'),
    store: join(folder, '.tocsin/tocsin.sqlite'),
    port: 0,
    clock: systemClock,
    write: () => {},
    colors: false,
    ...options,
  });
