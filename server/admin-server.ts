/** The admin listener of a gate, whether one process answers for it or several. */
import type { Logger } from 'pino';
import type { Config } from '../store/config.js';
import { createAdminGuard } from './access/admin-guard.js';
import { createAdminApp, type AdminAppParts } from './admin-app.js';
import { openListener } from './listener.js';

export interface AdminServer {
  readonly origin: string;
  close(): Promise<void>;
}

const DRAIN_LIMIT = 1_000;

/** Opens the admin listener. @throws ListenError */
export async function startAdminServer(
  admin: Config['admin'],
  logger: Logger,
  pages: Omit<AdminAppParts, 'guard'>,
): Promise<AdminServer> {
  const { listen, tls } = admin;
  const app = createAdminApp({ ...pages, guard: createAdminGuard(admin) });
  const listener = await openListener(app.callback(), listen, { tls: tls && { settings: tls, logger } });
  return {
    origin: listener.origin,
    close: async () => void (await listener.drain(DRAIN_LIMIT, 0)),
  };
}
