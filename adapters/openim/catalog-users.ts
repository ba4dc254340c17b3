/** Commands about accounts, profiles and presence (open-im-server pkg/callbackstruct/user.go, msg_gateway.go). */
import { PLATFORMS } from './codecs.js';
import type { OpenimRow } from './row.js';

/** An app administrator may act in the user's stead and is not named. */
const PROFILE = {
  'actor.id': 'userID',
  'target.id': 'userID',
  'user.nickname': 'nickName',
  'user.faceUrl': 'faceURL',
} as const;

/** Only app administrators create accounts; which one is not said. */
const REGISTER = {
  'actor.isAdmin': { constant: true },
  'target.id': 'users[].userID',
  'user.nickname': 'users[].nickname',
  'user.faceUrl': 'users[].faceURL',
  'user.custom': 'users[].ex',
  'user.level': 'users[].appMangerLevel',
  'user.receiveOption': 'users[].globalRecvMsgOpt',
} as const;

/** seq holds the milliseconds of the server's clock. */
const DEVICE = {
  'event.time': 'seq',
  'actor.platform': { path: 'platformID', words: PLATFORMS },
  'actor.isAdmin': { path: 'platformID', codec: 'adminPlatform' },
} as const;

export const USER_ROWS = [
  {
    // The request never shows ex; a blank value means "unchanged" in this older call.
    command: 'callbackBeforeUpdateUserInfoCommand',
    switch: 'beforeUpdateUserInfo',
    kind: 'user.update',
    stage: 'before',
    facts: PROFILE,
    reply: {
      rewrites: {
        'user.nickname': { field: 'nickName', notBlank: true },
        'user.faceUrl': { field: 'faceURL', notBlank: true },
        'user.custom': { field: 'ex', notBlank: true },
      },
    },
  },
  {
    command: 'callbackAfterUpdateUserInfoCommand',
    switch: 'afterUpdateUserInfo',
    kind: 'user.update',
    stage: 'after',
    facts: PROFILE,
    reply: {},
  },
  {
    // Every reply field that the change does not contain is a nil pointer in the server, and ex cannot be
    // seen (openimsdk/tools utils/datautil NotNilReplace).
    command: 'callbackBeforeUpdateUserInfoExCommand',
    switch: 'beforeUpdateUserInfoEx',
    kind: 'user.update',
    stage: 'before',
    facts: PROFILE,
    reply: {
      rewrites: {
        'user.nickname': { field: 'nickName', onlyIfSent: true },
        'user.faceUrl': { field: 'faceURL', onlyIfSent: true },
      },
    },
  },
  {
    command: 'callbackAfterUpdateUserInfoExCommand',
    switch: 'afterUpdateUserInfoEx',
    kind: 'user.update',
    stage: 'after',
    facts: PROFILE,
    reply: {},
  },
  {
    // A reply with appMangerLevel could make an administrator, so the level is not offered.
    command: 'callbackBeforeUserRegisterCommand',
    switch: 'beforeUserRegister',
    aliases: ['userRegisterBeforeCommand'],
    kind: 'user.register',
    stage: 'before',
    each: 'users',
    facts: REGISTER,
    reply: {
      targets: {
        field: 'users',
        mode: 'replace',
        members: {
          userID: 'string',
          nickname: 'string',
          faceURL: 'string',
          ex: 'string',
          createTime: 'int64',
          appMangerLevel: 'int32',
          globalRecvMsgOpt: 'int32',
        },
        rewrites: {
          'user.nickname': 'nickname',
          'user.faceUrl': 'faceURL',
          'user.custom': 'ex',
          'user.receiveOption': 'globalRecvMsgOpt',
        },
      },
    },
  },
  {
    command: 'callbackAfterUserRegisterCommand',
    switch: 'afterUserRegister',
    aliases: ['userRegisterAfterCommand'],
    kind: 'user.register',
    stage: 'after',
    each: 'users',
    facts: REGISTER,
    reply: {},
  },
  {
    // Repeated about every ten minutes for every device that stays connected, with an empty connID.
    command: 'callbackAfterUserOnlineCommand',
    switch: 'afterUserOnline',
    aliases: ['callbackUserOnlineCommand'],
    kind: 'user.presence',
    stage: 'after',
    facts: {
      ...DEVICE,
      'actor.id': 'userID',
      'presence.state': { constant: 'online' },
      'presence.isBackground': 'isAppBackground',
      'presence.connectionId': 'connID',
    },
    reply: {},
  },
  {
    command: 'callbackAfterUserOfflineCommand',
    switch: 'afterUserOffline',
    aliases: ['callbackUserOfflineCommand'],
    kind: 'user.presence',
    stage: 'after',
    facts: {
      ...DEVICE,
      'actor.id': 'userID',
      'presence.state': { constant: 'offline' },
      'presence.connectionId': 'connID',
    },
    reply: {},
  },
  {
    // No release calls the function that sends it.
    command: 'callbackAfterUserKickOffCommand',
    switch: 'afterUserKickOff',
    aliases: ['callbackUserKickOffCommand'],
    kind: 'user.presence',
    stage: 'after',
    facts: { ...DEVICE, 'actor.id': 'userID', 'presence.state': { constant: 'kicked' } },
    reply: {},
  },
] as const satisfies readonly OpenimRow[];
