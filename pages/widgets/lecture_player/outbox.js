// Events on their way to the server. What could not be sent stays, here and in the browser's storage, and goes again
// under the same id, so that it counts once however often it arrives. Each event has an entry of its own in the
// storage, so that several tabs never overwrite one another's.

const EVENTS_URL = "/api/v1/events";
const MOST_AT_ONCE = 100; // what may still be sent while the page is left: 64 kilobytes
const TRY_AGAIN = [401, 403, 408, 429];

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID(); // browsers have it on localhost and over HTTPS alone
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Outbox {
  // `tell` is called with "saved" and the number of events, "waiting", "signed out" or "refused" and the reason.
  constructor(userId, tell) {
    this.prefix = `waymark lecture ${userId} `;
    this.tell = tell;
    this.waiting = new Map(this.stored().map((event) => [event.event_id, event]));
    this.atOnce = MOST_AT_ONCE;
    this.isSending = false;
  }

  stored() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      return keys.map((key) => JSON.parse(localStorage.getItem(key)));
    } catch {
      return []; // a browser that stores nothing
    }
  }

  put(event) {
    this.waiting.set(event.event_id, event);
    try {
      localStorage.setItem(this.prefix + event.event_id, JSON.stringify(event));
    } catch {
      // full, or not allowed: it waits in memory
    }
  }

  drop(eventId) {
    this.waiting.delete(eventId);
    try {
      localStorage.removeItem(this.prefix + eventId);
    } catch {
      // nothing was stored
    }
  }

  // Sends what waits, the oldest first, until nothing is left or it cannot be sent.
  async send() {
    if (this.isSending) return;
    this.isSending = true;
    while (this.waiting.size && (await this.deliver([...this.waiting.values()].slice(0, this.atOnce))));
    this.isSending = false;
  }

  // Sends the newest once, whatever else is under way: the page may be gone in a moment.
  sendBeforeLeaving() {
    if (this.waiting.size) this.deliver([...this.waiting.values()].slice(-MOST_AT_ONCE));
  }

  // Whether it arrived, so that more can follow.
  async deliver(events) {
    try {
      const answer = await fetch(EVENTS_URL, {
        method: "POST",
        keepalive: true,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(events),
      });
      if (answer.ok) return this.settle((await answer.json()).verdicts);
      return this.isHopeless(answer.status, events);
    } catch {
      this.tell("waiting");
      return false;
    }
  }

  settle(verdicts) {
    for (const { event_id: eventId } of verdicts) this.drop(eventId);
    const refused = verdicts.find((verdict) => verdict.outcome === "refused");
    if (refused) this.tell("refused", refused.reason);
    else this.tell("saved", verdicts.length);
    return true;
  }

  // What the server cannot read at all would block what comes after it: one by one, until it is found and dropped.
  isHopeless(status, events) {
    if (status >= 500 || TRY_AGAIN.includes(status)) {
      this.tell(status === 401 ? "signed out" : "waiting");
      return false;
    }
    this.atOnce = 1;
    if (events.length === 1) this.drop(events[0].event_id);
    return true;
  }
}
