import { KIND_NAMES } from '../../engine/kinds.js';
import type { BlindSpot } from '../blind-spots.js';

/** Read from the server's sources; the place is named with each. */
export const BLIND_SPOTS: readonly BlindSpot[] = [
  {
    // pkg/common/http/http_client.go v3.6.0
    kinds: KIND_NAMES,
    stage: 'before',
    text: 'v3.6.0 and v3.6.1-beta.0 log a refusal and go on: they cannot be stopped.',
  },
  {
    // openimsdk/tools mq/memamq/queue.go; pkg/common/webhook/http_client.go v3.7.0
    kinds: KIND_NAMES,
    stage: 'after',
    text: 'Reports wait in the memory of each OpenIM process, 100 at most; when it is full or restarts, they are lost.',
  },
  {
    // internal/rpc/msg/filter.go, verify.go on the main branch; send.go v3.8.2-alpha.1
    kinds: ['message.send'],
    text: 'A contentType from 1000 to 5000 is called back neither one-to-one (v3.8.2 and later) nor at all (main branch, 113 too), and clients can send such numbers.',
  },
  {
    // internal/msggateway/message_handler.go, internal/rpc/msg/send.go v3.8.3-patch.16
    kinds: ['message.send'],
    text: 'The sender is what the client wrote: no tagged release compares it with the login.',
  },
  {
    // internal/rpc/friend/black.go v3.7.0, internal/rpc/relation/black.go
    kinds: ['block.add', 'block.remove'],
    text: 'v3.4.2 to v3.8.0 never call for blocking and unblocking, although the switches exist.',
  },
  {
    // internal/msggateway/ws_server.go v3.8.0, online.go v3.8.2
    kinds: ['user.presence'],
    text: 'v3.8.0 and v3.8.1 send no presence, later releases repeat it about every ten minutes, and none sends afterUserKickOff.',
  },
  {
    // open-im-server commits b36f00f2a and b969827b9: in no tag
    kinds: ['message.saved', 'conversation.create'],
    text: 'Only the main branch has these callbacks, no release.',
  },
];
