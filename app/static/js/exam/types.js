/**
 * The shapes that the modules of the exam page hand to each other. No code.
 *
 * @typedef {string | string[] | Record<string, string> | null} Answer
 *
 * One change that has no receipt yet. (user, attempt, epoch, seq) is its key, here and at the
 * server; what stands under a key that may have been sent is never changed.
 * @typedef {object} Row
 * @property {number} user
 * @property {number} attempt
 * @property {number} epoch        0: made before any tab of this browser had a token
 * @property {number} seq
 * @property {string | null} token the token it was made under
 * @property {number} position
 * @property {Answer} answer
 * @property {boolean} flagged
 * @property {number} spent_ms
 * @property {boolean} blind       made before the page had seen the server's answer
 * @property {string | null} refused  the server's message, when it will never take this row
 *
 * The last token that a tab of this browser got, and how many blocks of seq were given out to
 * pages that had to start without a claim.
 * @typedef {object} Session
 * @property {number} user
 * @property {number} attempt
 * @property {string | null} token
 * @property {number} epoch
 * @property {number} blocks
 *
 * What the server has for a position, with its receipt.
 * @typedef {{answer: Answer, flagged: boolean, epoch: number, seq: number, at: string,
 *   receipt: string}} ServerAnswer
 *
 * An event that the candidate is told. minutes: of time_added. text: of a message.
 * @typedef {{id: number, kind: "message" | "time_added" | "pause" | "resume", at: string,
 *   text?: string, minutes?: number}} Notice
 *
 * @typedef {object} Claim
 * @property {string} token
 * @property {number} epoch
 * @property {number} next_seq
 * @property {number} remaining_ms
 * @property {Record<string, ServerAnswer>} answers
 * @property {string} attempt
 * @property {number} section
 * @property {Notice[]} notices
 *
 * @typedef {{position: number, seq: number, at: string, state: string, receipt: string}} Receipt
 *
 * @typedef {object} SaveResponse
 * @property {Receipt[]} receipts
 * @property {number} remaining_ms
 * @property {"writing" | "read_only"} tab
 * @property {string} attempt
 * @property {number} section
 * @property {Notice[]} notices
 */
export {};
