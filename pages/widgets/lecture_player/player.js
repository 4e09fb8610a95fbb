// The lecture on the page: the video, what is told of it to the server, and the bar of what was watched beneath it.
// Streamlit calls the default export at every run with the server's newest figures; the video plays on meanwhile.

const SECONDS_BETWEEN_REPORTS = 5;
const SECONDS_BETWEEN_READINGS = 10;
const MOST_ASKS = 4;
const MOST_GAPS = 6;
const VIDEO_EVENTS = ["timeupdate", "play", "playing", "waiting", "seeking", "seeked", "ratechange", "pause", "ended"];
const REPORTED_AT = ["seeking", "pause", "ended"];
const SAYINGS = {
  saved: () => "Saved",
  waiting: () => "Not saved yet – will be sent when you are online again",
  "signed out": () => "Not saved yet – sign in again, and it will be sent",
  refused: (reason) => `Not saved: ${reason}`,
};

// "2:10", as the video's own clock has it.
function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const parts = hours ? [hours, String(minutes).padStart(2, "0")] : [minutes];
  return [...parts, String(whole % 60).padStart(2, "0")].join(":");
}

function span([from, to]) {
  return `${clock(from)}–${clock(to)}`;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text; // a status is read aloud whenever it is set
}

class Player {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.video = root.querySelector("video");
    this.played = new Played(this.video);
    this.outbox = new Outbox(data.user_id, (...news) => this.tell(...news));
    this.reported = null; // the position that the server knows from here
    this.read = performance.now();
    this.isNewSaved = false;
    this.asksLeft = 0;
    this.leaving = new AbortController();
    if (data.media_url) this.load();
    else this.video.hidden = true;
    this.listen();
    this.outbox.send();
  }

  find(name) {
    return this.root.querySelector(`.${name}`);
  }

  load() {
    const { video, data } = this;
    video.setAttribute("aria-label", data.title);
    if (data.captions_url) {
      const track = Object.assign(document.createElement("track"), { kind: "captions", srclang: "en", label: "English" });
      Object.assign(track, { src: data.captions_url, default: true });
      video.append(track);
    }
    video.addEventListener("loadedmetadata", () => this.resume(), { once: true });
    video.src = data.media_url;
  }

  resume() {
    if (this.data.resumes_at) this.video.currentTime = this.data.resumes_at;
    if (this.data.plays_at_once) this.video.play().catch(() => {}); // a browser may want a click on the video itself
  }

  listen() {
    const until = { signal: this.leaving.signal };
    for (const name of VIDEO_EVENTS) this.video.addEventListener(name, () => this.follow(name), until);
    this.video.addEventListener("error", () => this.say("The video cannot be played. Reload the page to try again."), until);
    document.addEventListener("visibilitychange", () => document.hidden && this.reportBeforeLeaving(), until);
    window.addEventListener("pagehide", () => this.reportBeforeLeaving(), until);
    window.addEventListener("online", () => this.outbox.send(), until);
    this.timer = setInterval(() => this.report(), SECONDS_BETWEEN_REPORTS * 1000);
  }

  follow(name) {
    this.played.look(name);
    if (REPORTED_AT.includes(name)) this.report();
    this.draw();
  }

  // What was watched since the last report goes on its way, and with it whatever is still waiting.
  report() {
    this.collect();
    this.outbox.send();
    this.askForReading();
  }

  reportBeforeLeaving() {
    this.collect();
    this.outbox.sendBeforeLeaving();
  }

  collect() {
    this.played.look();
    const watched = this.played.take();
    const position = Math.round(this.video.currentTime * 1000) / 1000;
    const hasMoved = this.reported !== null && !this.video.seeking && Math.abs(position - this.reported) > 1;
    if (!watched.length && !hasMoved) return;
    this.reported = position;
    this.outbox.put({
      source: "lecture-page",
      event_id: newId(),
      user_id: this.data.user_id,
      module_id: this.data.module_id,
      kind: "played",
      occurred_at: new Date().toISOString(),
      position_seconds: position,
      watched_intervals: watched,
    });
  }

  tell(outcome, detail) {
    this.say(SAYINGS[outcome](detail));
    if (outcome === "saved") [this.isNewSaved, this.asksLeft] = [true, MOST_ASKS];
    this.askForReading();
  }

  say(words) {
    setText(this.find("saving"), words);
  }

  // The server's figures are asked for now and then, and at once when the lecture is complete by what was saved; again
  // if no answer came, because the connection may have been away.
  askForReading() {
    const since = (performance.now() - this.read) / 1000;
    const isDue = this.isNewSaved && since > SECONDS_BETWEEN_READINGS;
    const isReached = !this.data.is_completed && this.data.threshold !== null && this.share() >= this.data.threshold;
    const isAwaited = isReached && !this.outbox.waiting.size && (this.isNewSaved || since > SECONDS_BETWEEN_REPORTS - 1);
    if (!isDue && !(isAwaited && this.asksLeft)) return;
    this.isNewSaved = false;
    this.asksLeft -= 1;
    this.read = performance.now();
    this.readAgain("saved", this.read);
  }

  watched() {
    return union([...this.data.watched, ...this.played.all]);
  }

  share() {
    return watchedShare(this.watched(), this.data.duration_seconds);
  }

  update(data, readAgain) {
    this.data = data;
    this.readAgain = readAgain;
    this.draw();
  }

  draw() {
    const watched = this.watched();
    const gaps = skipped(watched);
    const share = watchedShare(watched, this.data.duration_seconds);
    const percentage = share ? Math.max(1, Math.floor(100 * share + 1e-6)) : 0; // rounded as everywhere else
    setText(this.find("share"), `You have watched ${percentage}%.`);
    setText(this.find("goal"), this.data.goal);
    this.find("goal").classList.toggle("done", this.data.is_completed);
    this.drawBar(watched, gaps);
    this.drawGaps(gaps);
  }

  drawBar(watched, gaps) {
    const { duration_seconds: duration, media_url: hasVideo } = this.data;
    const heard = watched.length ? `Watched ${watched.map(span).join(", ")}` : "Nothing watched yet";
    const missing = gaps.length ? `; skipped ${gaps.map(span).join(", ")}` : "";
    this.find("bar").setAttribute("aria-label", `${heard} of ${clock(duration)}${missing}`);
    const part = (name) => ([from, to]) => {
      const place = { left: `${(100 * from) / duration}%`, width: `${(100 * (to - from)) / duration}%` };
      const element = Object.assign(document.createElement("div"), { className: name });
      Object.assign(element.style, place);
      return element;
    };
    this.find("parts").replaceChildren(...watched.map(part("seen")), ...gaps.map(part("gap")));
    this.find("here").style.left = `${(100 * Math.min(this.video.currentTime, duration)) / duration}%`;
    this.find("here").hidden = !hasVideo;
  }

  // Buttons are kept and worded anew, so that one that has the focus keeps it.
  drawGaps(gaps) {
    const list = this.find("gaps");
    const shown = gaps.slice(0, MOST_GAPS);
    while (list.children.length > shown.length) list.lastChild.remove();
    shown.forEach((gap, number) => {
      const item = list.children[number] ?? list.appendChild(this.newGap());
      setText(item.firstChild, `You skipped ${span(gap)}`);
      item.firstChild.onclick = () => this.playFrom(gap[0]);
    });
  }

  newGap() {
    const item = document.createElement("li");
    item.append(document.createElement(this.data.media_url ? "button" : "span"));
    return item;
  }

  playFrom(second) {
    this.video.currentTime = second;
    this.video.play().catch(() => {});
    this.video.scrollIntoView({ block: "nearest" });
  }

  leave() {
    this.reportBeforeLeaving();
    this.readAgain = () => {};
    this.leaving.abort();
    clearInterval(this.timer);
  }
}

const players = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  if (!players.has(parentElement)) players.set(parentElement, new Player(parentElement, data));
  const player = players.get(parentElement);
  player.update(data, setTriggerValue);
  return () => {
    player.leave();
    players.delete(parentElement);
  };
}
