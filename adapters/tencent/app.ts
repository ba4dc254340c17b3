import type { AppSettings } from '../adapter.js';

/** A Tencent Cloud Chat application that calls us. */
export interface TencentApp extends AppSettings {
  readonly platform: 'tencent';
  /** The SdkAppid, as text. */
  readonly sdkAppId: string;
  /** Token of the console's callback authentication; without one `Sign` is not looked at. */
  readonly token?: string;
  /** Seconds that `RequestTime` may be from our clock; 300 without it. */
  readonly signatureWindow?: number;
}
