/** Tencent Cloud Chat. */
import type { Platform } from '../adapter.js';
import type { TencentApp } from './app.js';
import { CAPABILITIES } from './capabilities.js';
import { renderReply, replyNeedsBody } from './render.js';
import { readCallback } from './request.js';

export const tencent = {
  name: 'tencent',
  capabilities: CAPABILITIES,
  bind: (app) => ({
    platform: 'tencent',
    read: (request) => readCallback(app, request),
    render: renderReply,
    replyNeedsBody,
  }),
} as const satisfies Platform<TencentApp>;
