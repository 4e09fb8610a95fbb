// What was really watched: stretches of playing forward, in seconds of the video. A seek ends a stretch; a video that
// waits for its data adds nothing. Nothing in here draws or sends.

// Clocks differ a little, an event can come late, and a video plays on for a moment when it is paused.
const LEEWAY_SECONDS = 0.5;

// The stretches merged where they touch, in order.
function union(stretches) {
  const merged = [];
  for (const [from, to] of [...stretches].sort((one, other) => one[0] - other[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

// What lies unwatched before the last second that was watched. Less than a second is nobody's doing.
function skipped(watched) {
  const begins = [0, ...watched.map((stretch) => stretch[1])];
  return watched.map(([from], number) => [begins[number], from]).filter(([from, to]) => to - from >= 1);
}

function watchedShare(watched, duration) {
  return Math.min(1, watched.reduce((sum, [from, to]) => sum + to - from, 0) / duration);
}

class Played {
  constructor(video) {
    this.video = video;
    this.all = [];
    this.unsent = [];
    this.last = null;
  }

  // Adds what was played since the last look. To be called at every event of the video. After a seek, playing goes on
  // from the second that was sought, which is the video's time by then.
  look(event) {
    const { currentTime, paused, playbackRate, seeking } = this.video;
    const now = { second: currentTime, paused, rate: playbackRate, clock: performance.now() };
    if (this.last && !seeking && event !== "seeking") this.add(this.last, now);
    this.last = now;
  }

  add(before, now) {
    const passed = before.paused ? 0 : (now.clock - before.clock) / 1000;
    const possible = (passed + LEEWAY_SECONDS) * Math.max(before.rate, now.rate);
    const played = now.second - before.second;
    if (played <= 0 || played > possible) return;
    for (const stretches of [this.all, this.unsent]) {
      if (stretches.at(-1)?.[1] === before.second) stretches.at(-1)[1] = now.second;
      else stretches.push([before.second, now.second]);
    }
  }

  // What has not been taken yet.
  take() {
    return this.unsent.splice(0).map((stretch) => stretch.map((second) => Math.round(second * 1000) / 1000));
  }
}
