/**
 * The shapes of message content, by contentType.
 *
 * Sources: openimsdk/openim-sdk-core sdk_struct/sdk_struct.go, openimsdk/protocol constant/constant.go,
 * open-im-server pkg/apistruct/msg.go. The server does not check any of it.
 */
import type { JsonObject } from '../adapter.js';
import { isJsonObject } from '../path.js';
import {
  anything,
  document,
  folded,
  link,
  list,
  media,
  mention,
  nested,
  object,
  payload,
  text,
  type Walk,
} from './content-walk.js';

export interface Shape {
  /** Value of the fact `message.type`. */
  readonly type: string;
  readonly walk: Walk;
}

/** MsgStruct: a whole message inside another, just as its sender claims it to be. */
const message: Walk = nested((value, visitor, depth) => {
  const mapped = elements(value, visitor, depth);
  if (!isJsonObject(mapped)) return mapped;
  return object({ content: document(shapeOf(claimedType(mapped)).walk) })(mapped, visitor, depth);
});

/** The contentType of a MsgStruct; none where several claim to be it, so that everything is read. */
function claimedType(value: JsonObject): unknown {
  const types = Object.entries(value).filter(([key]) => folded(key) === 'contenttype');
  return types.length === 1 ? types[0]?.[1] : undefined;
}

const entities = list(object({ url: link }));
const picture = object({ url: media });
const plain = object({ content: text });
const custom = object({ data: payload, description: anything, extension: payload });
const typing = object({ msgTips: text });
const face = object({ data: anything });
const location = object({ description: anything });
const card = object({ nickname: text, ex: anything, faceURL: media });
const sound = object({ sourceUrl: media });
const video = object({ videoUrl: media, snapshotUrl: media });
const file = object({ fileName: text, sourceUrl: media });
const pictures = object({ sourcePicture: picture, bigPicture: picture, snapshotPicture: picture });
const advanced = object({ text, messageEntityList: entities });
const quote = object({ text, quoteMessage: message, messageEntityList: entities });
const forward = object({
  title: text,
  abstractList: list(text),
  multiMessage: list(message),
  messageEntityList: entities,
});
const mentioning = object({
  text,
  atUserList: list(mention),
  atUsersInfo: list(object({ atUserID: mention, groupNickname: text })),
  quoteMessage: message,
});

const SHAPES: ReadonlyMap<number, Shape> = new Map([
  [101, { type: 'text', walk: plain }],
  [102, { type: 'image', walk: pictures }],
  [103, { type: 'audio', walk: sound }],
  [104, { type: 'video', walk: video }],
  [105, { type: 'file', walk: file }],
  [106, { type: 'text', walk: mentioning }],
  [107, { type: 'forward', walk: forward }],
  [108, { type: 'card', walk: card }],
  [109, { type: 'location', walk: location }],
  [110, { type: 'custom', walk: custom }],
  [113, { type: 'typing', walk: typing }],
  [114, { type: 'quote', walk: quote }],
  [115, { type: 'face', walk: face }],
  [117, { type: 'text', walk: advanced }],
  [118, { type: 'text', walk: plain }],
  [119, { type: 'custom', walk: custom }],
  [120, { type: 'custom', walk: custom }],
  [123, { type: 'stream', walk: plain }],
]);

/** The SDK empties `content` and fills the element that fits contentType; a client may fill all of them. */
const elements = object({
  textElem: plain,
  cardElem: card,
  pictureElem: pictures,
  soundElem: sound,
  videoElem: video,
  fileElem: file,
  mergeElem: forward,
  atTextElem: mentioning,
  faceElem: face,
  locationElem: location,
  customElem: custom,
  quoteElem: quote,
  notificationElem: anything,
  advancedTextElem: advanced,
  typingElem: typing,
  markdownTextElem: plain,
});

const NOTIFICATION: Shape = { type: 'notification', walk: anything };
const UNKNOWN: Shape = { type: 'unknown', walk: anything };

/**
 * The shape of a content type. Notifications (1000 to 5000) hold `{"detail": "<JSON>"}`, or the detail
 * itself in the push callbacks; like types without a shape they are read whole.
 */
export function shapeOf(contentType: unknown): Shape {
  if (typeof contentType !== 'number') return UNKNOWN;
  if (contentType >= 1000 && contentType <= 5000) return NOTIFICATION;
  return SHAPES.get(contentType) ?? UNKNOWN;
}
