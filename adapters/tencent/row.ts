/** The columns that only Tencent's catalog has. */
import type { Row } from '../catalog.js';
import type { CommonCodec } from '../codecs.js';
import type { TencentCodec } from './codecs.js';
import type { FamilyName } from './families.js';

/** What the reply to a command may carry beside `ActionStatus`, `ErrorCode` and `ErrorInfo`. */
export interface TencentReply {
  readonly family: FamilyName;
  /** Whether `ErrorCode` 2 drops the message while its sender sees success. */
  readonly discard?: boolean;
  /** Whether `MsgBody` and `CloudCustomData` replace the message's. */
  readonly rewrites?: boolean;
  /** Array of plain account names that are refused while the others pass. */
  readonly refusedList?: 'RefusedMembers_Account' | 'RefusedSubscribers_Account';
  /** Further fields that must be in every reply. */
  readonly constants?: Readonly<Record<string, string>>;
}

/** Parameters that the documentation does not show in the URL of every command. */
export type OptionalParameter = 'ClientIP' | 'OptPlatform';

export type TencentRow = Row<CommonCodec | TencentCodec, TencentReply> & {
  readonly urlLacks?: readonly OptionalParameter[];
  /**
   * The command whose switch in the console turns this one on, where it has none of its own; `null` where
   * it comes without any switch (1047/34520).
   */
  readonly switch?: string | null;
};

/** The reply column of everything that has already happened. */
export const REPORT = { family: 'report' } as const satisfies TencentReply;
