/** What the servers that judge nothing answer: OpenIM's allow, which Tencent's reply is as short as. */
export const CONSTANT = { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: 0 };
